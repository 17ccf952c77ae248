//! Acceptance: trouble of a base service shows where it matters, with its cause, and nowhere else.

use serde_json::Value;

use super::site::{ROOT, Site, widget_says};
use crate::support::{browser::Browser, outage};

#[tokio::test]
async fn an_outage_of_a_base_service_shows_on_the_pages_that_need_it_and_on_no_other() {
    let site = Site::start();
    let browser = Browser::start().await;
    browser.open(&site.url("/demo/sperrmuell.html")).await;
    browser
        .run("window.told = []; addEventListener('umleitung:change', ({ detail }) => told.push(detail)); return 0")
        .await;
    site.publish(&outage("bundid", "BundID: Anmeldung nicht möglich")).await;

    // The page that does not need BundID hears of it, live, and shows nothing; later it is opened anew and shows nothing either.
    let detail = browser.until("told.find(({ status }) => status == 'outage')").await;
    assert_eq!(
        (&detail["services"], &detail["notices"]),
        (&Value::Array(vec![]), &Value::Array(vec![]))
    );
    assert_eq!(browser.run("return document.querySelector('umleitung-notice')").await, Value::Null);
    browser
        .before_each_page("addEventListener('umleitung:change', ({ detail }) => { window.told = detail; })")
        .await;
    browser.open(&site.url("/demo/sperrmuell.html")).await;
    browser.until("window.told?.status == 'outage'").await;
    assert_eq!(browser.run("return document.querySelector('umleitung-notice')").await, Value::Null);

    browser.open(&site.url("/demo/kfz-zulassung.html")).await;
    browser.until(&widget_says("BundID: Anmeldung nicht möglich")).await;
    let text = browser.run(&format!("return {ROOT}.querySelector('.frame').innerText")).await;
    let text = text.as_str().unwrap();
    let line = text
        .lines()
        .find(|line| line.starts_with("Kfz-Zulassung: online nicht nutzbar, Grund: "))
        .unwrap_or_else(|| panic!("{text}"));
    assert!(line.contains("Störung bei ") && line.contains("BundID"), "{line}");
    // Other services that need BundID are not this page's business.
    assert!(!text.contains("Wohngeld"), "{text}");
    let detail = browser.run("return [told.services, told.status]").await;
    assert_eq!(
        (detail[0][0]["id"].as_str(), detail[0][0]["because"].as_str()),
        (Some("kfz-zulassung"), Some("bundid"))
    );
}
