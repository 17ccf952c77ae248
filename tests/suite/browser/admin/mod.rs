//! The admin page as ops staff meet it: what it says is so, and what was typed stays.

mod approvals;
mod arrival;
mod beginnings;
mod calendar;
mod catalogue;
mod catalogue_forms;
mod channels;
mod clocks;
mod english;
mod frozen;
mod lasting;
mod newcomer;
mod passkeys;
mod people;
mod planning;
mod provider;
mod publishing;
mod record;
mod repeating;
mod second_factor;
mod second_thoughts;
mod seen_live;
mod sessions;
mod situation;
mod some_portals;
mod switch;
mod typed;
mod writing_lasts;

use serde_json::{Value, json};

use super::site::Site;
use crate::support::browser::Browser;

/// A server with an operator, who is signed in.
async fn desk() -> (Site, Browser) {
    let site = Site::start();
    site.add_operator();
    let browser = Browser::start().await;
    site.sign_in(&browser).await;
    (site, browser)
}

/// Goes to a place of the page.
async fn go(browser: &Browser, place: &str) {
    browser.run(&format!("location.hash = {}; return 0", json!(place))).await;
    browser.until(&format!("location.hash == {}", json!(place))).await;
}

/// Goes to a place of the other pages, the office and the registry, by its address.
async fn to_office(site: &Site, browser: &Browser, place: &str) {
    let registry = ["#/people", "#/catalogue", "#/record", "#/account"];
    let page = if registry.iter().any(|start| place.starts_with(start)) {
        "registry"
    } else {
        "office"
    };
    browser.open(&site.url(&format!("/admin/{page}{place}"))).await;
    browser.visible("[data-test=sign-out]").await;
}

/// Waits until the page knows of something that happened elsewhere. By itself it looks every ten seconds, and whenever its reader comes back
/// to it, as here.
async fn learns(browser: &Browser, condition: &str) {
    let coming_back = "(window.cameBack > performance.now() - 500 || (window.cameBack = performance.now(), document.dispatchEvent(new Event('visibilitychange'))))";
    browser.until(&format!("{coming_back}, {condition}")).await;
}

/// Brings an element to the middle of the window, where nothing sticks, and clicks it.
async fn tap(browser: &Browser, selector: &str) {
    browser.visible(selector).await;
    let scroll = format!(
        "document.querySelector({}).scrollIntoView({{ block: 'center' }}); return 0",
        json!(selector)
    );
    browser.run(&scroll).await;
    browser.click(selector).await;
}

/// True once an element says this.
fn says(selector: &str, text: &str) -> String {
    format!("document.querySelector({})?.innerText.includes({})", json!(selector), json!(text))
}

/// Sets a field for a point in time, as its own picker does.
async fn set(browser: &Browser, selector: &str, value: &str) {
    browser.visible(selector).await;
    let (selector, value) = (json!(selector), json!(value));
    browser
        .run(&format!(
            "const field = document.querySelector({selector}); field.value = {value}; field.dispatchEvent(new Event('input', {{ bubbles: true }})); return 0"
        ))
        .await;
}

/// What a field holds.
async fn value(browser: &Browser, selector: &str) -> Value {
    browser
        .run(&format!("return document.querySelector({}).value", json!(selector)))
        .await
}

/// An outage as a draft, in two languages.
fn draft() -> Value {
    json!({"kind": "outage", "severity": "outage", "services": ["bundid"], "portals": [],
        "title": {"de": "BundID: Anmeldung nicht möglich", "en": "BundID: signing in is not possible"},
        "impact": {"de": "Nichts geht.", "en": "Nothing works."}})
}
