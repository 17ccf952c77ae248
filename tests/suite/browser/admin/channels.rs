//! A channel that is out of order, as somebody meets it at night on a phone; and what a citizen's open page shows of it.

use serde_json::json;

use super::{desk, go, learns, says, set, tap, value};
use crate::{
    browser::{accessibility::expect_accessible, site::widget_says},
    support::browser::Browser,
};

const NUMBER: &str = "030 23125 111";

#[tokio::test]
async fn one_switch_on_a_phone_and_nobody_is_sent_there_any_more() {
    let (site, browser) = desk().await;
    let outage = json!({"kind": "outage", "severity": "outage", "services": ["bundid"], "portals": [], "channels": ["online-hilfe", "email"],
        "title": {"de": "BundID: Anmeldung nicht möglich"}, "impact": {"de": "Nichts geht."}, "publish": true});
    let notice = site.publish(&outage).await;
    let citizen = Browser::start().await;
    citizen.open(&site.url("/demo/")).await;
    citizen.until(&widget_says(NUMBER)).await;
    citizen.run("window.unreloaded = true; return 0").await;

    browser.viewport(360, 780).await;
    tap(&browser, "[data-test=to-channels]").await;
    let card = "[data-test=channel-online-hilfe]";
    tap(&browser, &format!("{card} [data-test=channel-report]")).await;
    expect_accessible(&browser, "channels").await;
    browser.viewport(360, 780).await;
    let runs_over = browser.run("return document.documentElement.scrollWidth > innerWidth").await;
    assert_eq!(runs_over, false);
    browser.fill("#field-note", "Anlage wird getauscht").await;
    // An end that is past is none; what was typed stays.
    set(&browser, "#field-from", "2026-01-02T10:00").await;
    set(&browser, "#field-until", "2026-01-02T11:00").await;
    tap(&browser, "[data-test=channel-report-confirm]").await;
    browser
        .until("document.activeElement.id == 'field-until' && document.querySelector('#field-until-fault').innerText")
        .await;
    tap(&browser, "[data-test=until-clear]").await;
    tap(&browser, "[data-test=from-clear]").await;
    tap(&browser, "[data-test=channel-report-confirm]").await;
    browser.until(&says("[data-test=status]", "ist als gestört gemeldet")).await;
    browser.until(&says(card, "Ende nicht bekannt")).await;
    browser.until(&says(card, "Anlage wird getauscht")).await;
    citizen.until(&format!("!({})", widget_says(NUMBER))).await;
    assert_eq!(citizen.run("return window.unreloaded").await, true);

    // The start page says so, and who has nobody left, also when somebody else has reported it.
    go(&browser, "#/").await;
    browser.until(&says("[data-test=channels-trouble]", NUMBER)).await;
    assert_eq!(
        browser
            .run("return document.querySelector('[data-test=channels-left]').checkVisibility()")
            .await,
        false
    );
    site.post("/api/v1/channels/email/outage", &json!({})).await;
    learns(&browser, &says("[data-test=channels-left]", &format!("Meldung {notice}"))).await;
    expect_accessible(&browser, "channels out of order").await;
    browser.viewport(360, 780).await;
    // And so does the form, to whoever writes.
    go(&browser, &format!("#/notice/{notice}/edit")).await;
    browser
        .until(&says("[data-test=preview-nobody]", "keinen Kontaktweg, der geht"))
        .await;

    go(&browser, "#/channels").await;
    tap(&browser, &format!("{card} [data-test=channel-clear]")).await;
    browser.until(&says("[data-test=status]", "geht wieder")).await;
    browser.until(&format!("!{}", says(card, "gestört"))).await;
    citizen.until(&widget_says(NUMBER)).await;
}

#[tokio::test]
async fn what_somebody_else_has_said_meanwhile_is_not_passed_over() {
    let (site, browser) = desk().await;
    go(&browser, "#/channels").await;
    let card = "[data-test=channel-email]";
    tap(&browser, &format!("{card} [data-test=channel-report]")).await;
    browser.fill("#field-note", "Meine Notiz").await;
    site.post("/api/v1/channels/email/outage", &json!({"note": "Andere Notiz"})).await;
    tap(&browser, "[data-test=channel-report-confirm]").await;
    browser.until(&says("[data-test=status]", "inzwischen jemand anderes")).await;
    browser.until(&says(card, "Andere Notiz")).await;
    // What was typed stays, and is said by whoever has seen the other.
    assert_eq!(value(&browser, "#field-note").await, "Meine Notiz");
    let told = site.read("/api/v1/channels").await;
    let all = told["channels"].as_array().unwrap();
    let email = all.iter().find(|one| one["id"] == "email").unwrap();
    assert_eq!((&email["revision"], &email["outage"]["note"]), (&json!(1), &json!("Andere Notiz")));
    tap(&browser, "[data-test=channel-report-confirm]").await;
    browser.until(&says("[data-test=status]", "ist als gestört gemeldet")).await;
    browser.until(&says(card, "Meine Notiz")).await;
}
