//! What two people write, what a server does not live to answer, and what no disk has room for: the text stays, and nothing is said to be stored that
//! is not.

use serde_json::{Value, json};

use super::{desk, draft, go, says, tap, value};
use crate::{
    browser::site::{OPERATOR, Site, sign_in_as},
    support::{browser::Browser, outage, relay::Relay},
};

const NEWS: &str = "Die Ursache ist gefunden.";
const TITLE: &str = "#field-title-de";

/// How often a text stands in the history of the notice on the page.
async fn told(browser: &Browser) -> usize {
    let history = browser.run("return document.querySelector('[data-test=history]').innerText").await;
    history.as_str().unwrap().matches(NEWS).count()
}

/// A form for an update, with a text in it.
async fn type_news(browser: &Browser, id: &str) {
    go(browser, &format!("#/notice/{id}")).await;
    tap(browser, "[data-test=add-update]").await;
    browser.visible("#field-text-de").await;
    browser.fill("#field-text-de", NEWS).await;
}

#[tokio::test]
async fn what_two_have_written_is_put_side_by_side_and_put_together() {
    let (site, browser) = desk().await;
    let id = site.publish(&draft()).await;
    go(&browser, &format!("#/notice/{id}/edit")).await;
    browser.visible(TITLE).await;
    let replace = |text: &str| {
        let text = json!(text);
        format!(
            "const field = document.querySelector('{TITLE}'); field.value = {text};
             field.dispatchEvent(new Event('input', {{ bubbles: true }})); return 0"
        )
    };
    browser.run(&replace("Mein Titel")).await;
    // Meanwhile somebody else has changed the same field, and another one.
    site.edit(
        &id,
        json!({"title": {"de": "Ihr Titel", "en": "Their title"}, "impact": {"de": "Ihr Satz.", "en": null}}),
    )
    .await;
    tap(&browser, "[data-test=save-draft]").await;
    browser.visible("[data-test=conflict]").await;
    let shown = browser.run("return document.querySelector('[data-test=conflict]').innerText").await;
    let shown = shown.as_str().unwrap();
    assert!(shown.contains("Mein Titel") && shown.contains("Ihr Titel"), "{shown}");
    assert_eq!(value(&browser, TITLE).await, "Mein Titel");
    let stored = async || site.read(&format!("/api/v1/notices/{id}")).await;
    assert_eq!(stored().await["title"]["de"], "Ihr Titel", "nobody has decided yet");
    tap(&browser, "[data-test=conflict-keep]").await;
    browser
        .until("!document.querySelector('[data-test=conflict]')?.checkVisibility()")
        .await;
    browser.until(&says("[data-test=status]", "gespeichert")).await;
    let kept = stored().await;
    // Mine where I have written; theirs where I have not.
    assert_eq!(
        json!([kept["title"]["de"], kept["title"]["en"], kept["impact"]["de"]]),
        json!(["Mein Titel", "Their title", "Ihr Satz."])
    );
}

#[tokio::test]
async fn a_server_that_dies_while_it_saves_loses_no_text_and_tells_nothing_twice() {
    let mut site = Site::start();
    site.add_operator();
    let id = site.publish(&outage("bundid", "Eins")).await;
    let relay = Relay::to(site.origin()).await;
    let browser = Browser::start().await;
    browser.open(&format!("{}/admin/", relay.base)).await;
    sign_in_as(&browser, OPERATOR).await;
    browser.visible(&format!("[data-test=notice-{id}]")).await;
    type_news(&browser, &id).await;
    // It takes the request and never answers.
    site.halt();
    tap(&browser, "[data-test=add-update-confirm]").await;
    site.kill();
    browser.until(&says("[data-test=status]", "nicht bekannt")).await;
    assert_eq!(value(&browser, "#field-text-de").await, NEWS);
    assert_eq!(told(&browser).await, 0, "nothing is said to be there");
    site.start_again();
    relay.lead_to(site.origin());
    // The page asks by itself what has become of it, and says so.
    browser
        .until("/nicht angekommen|Aktualisierung veröffentlicht/.test(document.querySelector('[data-test=status]').innerText)")
        .await;
    if browser.run("return !!document.querySelector('#field-text-de')").await == Value::Bool(true) {
        assert_eq!(value(&browser, "#field-text-de").await, NEWS);
        tap(&browser, "[data-test=add-update-confirm]").await;
    }
    browser.until(&says("[data-test=history]", NEWS)).await;
    assert_eq!(told(&browser).await, 1);
}

#[tokio::test]
async fn a_disk_without_room_is_said_and_the_text_stays() {
    let (site, browser) = desk().await;
    let id = site.publish(&outage("bundid", "Eins")).await;
    // The browser has no room either: what is typed cannot be kept beside the form.
    let fill = "for (let size = 2 ** 22; size >= 1; size = Math.floor(size / 2)) {
        try { for (;;) { localStorage.setItem(`full ${size} ${Math.random()}`, 'x'.repeat(size)); } } catch {}
    } return 0";
    go(&browser, &format!("#/notice/{id}")).await;
    browser.run(fill).await;
    type_news(&browser, &id).await;
    site.has_room(false);
    for _ in 0..2 {
        tap(&browser, "[data-test=add-update-confirm]").await;
        browser
            .until("document.querySelector('.told .message.danger')?.checkVisibility()")
            .await;
        assert_eq!(value(&browser, "#field-text-de").await, NEWS);
        assert_eq!(told(&browser).await, 0, "nothing is said to be there");
    }
    site.has_room(true);
    tap(&browser, "[data-test=add-update-confirm]").await;
    browser.until(&says("[data-test=history]", NEWS)).await;
    assert_eq!(told(&browser).await, 1);
}
