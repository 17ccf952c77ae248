//! The record on the page: found by time, subject and author, with what has changed; seen again; taken out.

use serde_json::json;

use super::{says, set, tap, to_office};
use crate::{
    browser::{
        accessibility::expect_accessible,
        site::{OPERATOR, Site},
    },
    support::{binary, browser::Browser, outage},
};

const ENTRIES: &str = "document.querySelectorAll('[data-test=record] article').length";

/// The newest entry.
const NEWEST: &str = "[data-test=record] li:first-child";

async fn administrator() -> (Site, Browser, String) {
    let site = Site::start();
    site.add_operator();
    binary::succeed(site.folder(), &["user", "grant", OPERATOR, "--role", "admin"]);
    let id = site.publish(&outage("wohngeld", "Wohngeld: Antrag nicht möglich")).await;
    let browser = Browser::start().await;
    site.sign_in(&browser).await;
    (site, browser, id)
}

#[tokio::test]
async fn what_was_done_is_found_again_with_what_has_changed() {
    let (site, browser, id) = administrator().await;
    site.edit(&id, json!({"title": {"de": "Wohngeld: Antrag erst morgen wieder möglich"}}))
        .await;
    browser.viewport(360, 780).await;
    to_office(&site, &browser, "#/record").await;
    browser.until(&says(NEWEST, "hat die Angaben geändert")).await;
    tap(&browser, &format!("{NEWEST} summary")).await;
    browser.until(&says(&format!("{NEWEST} del"), "Antrag nicht möglich")).await;
    browser
        .until(&says(&format!("{NEWEST} ins"), "Antrag erst morgen wieder möglich"))
        .await;
    assert_eq!(
        browser
            .run(&format!("return document.querySelectorAll('{NEWEST} dt').length"))
            .await,
        1,
        "nothing else has changed"
    );
    expect_accessible(&browser, "what has changed").await;
    browser.viewport(360, 780).await;
    // Only what is about this notice; the address says so too.
    let all = browser.run(&format!("return {ENTRIES}")).await.as_u64().unwrap();
    assert!(all > 2, "{all}");
    tap(&browser, &format!("{NEWEST} [data-test=entry-about]")).await;
    browser.until(&format!("{ENTRIES} == 2")).await;
    browser.until(&says("[data-test=record-only]", &id)).await;
    tap(&browser, "[data-test=record-lift]").await;
    browser.until(&format!("{ENTRIES} == {all}")).await;
    // The catalogue was somebody else's.
    tap(&browser, "[data-test=entry-by]").await;
    browser.until(&format!("{ENTRIES} == 2")).await;
    to_office(&site, &browser, &format!("#/record/{id}")).await;
    browser.until(&format!("{ENTRIES} == 2")).await;
    let file = browser.run("return document.querySelector('[data-test=record-csv]').href").await;
    assert!(file.as_str().unwrap().contains(&format!("subject={id}")), "{file}");
    // Whoever was here before is offered what came since.
    to_office(&site, &browser, "#/record").await;
    browser.until(&format!("{ENTRIES} == {all}")).await;
    browser
        .run("const key = Object.keys(localStorage).find((key) => key.startsWith('umleitung-record-looked-')); localStorage.setItem(key, ' 2010-03-03T10:00:00Z'); return 0")
        .await;
    browser.run("location.reload(); return 0").await;
    tap(&browser, "[data-test=record-last]").await;
    browser
        .until("document.querySelector('#field-from').value.startsWith('2010-03-03')")
        .await;
    browser.until(&format!("{ENTRIES} == {all}")).await;
    set(&browser, "#field-until", "2010-03-04T10:00").await;
    browser.visible("[data-test=record-none]").await;
    tap(&browser, "[data-test=record-all]").await;
    browser.until(&format!("{ENTRIES} == {all}")).await;
}

#[tokio::test]
async fn what_people_saw_is_seen_again_and_a_name_is_taken_out() {
    let (site, browser, id) = administrator().await;
    to_office(&site, &browser, &format!("#/record/{id}")).await;
    browser
        .until(&says(NEWEST, "hat veröffentlicht: Wohngeld: Antrag nicht möglich"))
        .await;
    // What it says stands there in words, not as it is stored.
    tap(&browser, &format!("{NEWEST} summary")).await;
    browser.until(&says(&format!("{NEWEST} .changes"), "Störung")).await;
    tap(&browser, "#seen").await;
    browser.visible("[data-test=seen-form]").await;
    expect_accessible(&browser, "what was to be seen").await;
    browser.viewport(1280, 900).await;
    let address = browser.run("return document.querySelector('[data-test=seen-show]').href").await;
    browser.open(address.as_str().unwrap()).await;
    browser
        .until("document.body.innerText.includes('So war diese Seite am') && document.body.innerText.includes('Wohngeld: Antrag nicht möglich')")
        .await;

    to_office(&site, &browser, &format!("#/record/{id}")).await;
    browser.until(&says(NEWEST, "hat veröffentlicht")).await;
    tap(&browser, &format!("{NEWEST} [data-test=redact]")).await;
    tap(&browser, "[data-test=redact-confirm]").await;
    browser.until(&says("#field-reason-fault", "fehlt")).await;
    expect_accessible(&browser, "a redaction").await;
    browser.viewport(1280, 900).await;
    browser.fill("#field-reason", "Name einer Bürgerin").await;
    tap(&browser, "[data-test=redact-confirm]").await;
    browser.until(&says("[data-test=status]", "Der Inhalt ist geschwärzt")).await;
    browser.until(&says(NEWEST, "Der Inhalt ist geschwärzt")).await;
    // It is gone for people, too.
    let state = site.state().await;
    assert!(!state.to_string().contains("Antrag nicht möglich"), "{state}");
}
