//! What was published by mistake, ended too early, or begins ahead of its time.

use jiff::SignedDuration;
use serde_json::{Value, json};
use store::clock::{Clock, SystemClock};

use super::{desk, go, learns, says, tap, to_office, value};
use crate::{
    browser::{
        accessibility::expect_accessible,
        site::{ROOT, widget_says},
    },
    support::{browser::Browser, notice, outage},
};

#[tokio::test]
async fn an_outage_published_by_mistake_is_withdrawn_and_reopened_before_the_eyes_of_citizens() {
    let (site, browser) = desk().await;
    let id = site.publish(&outage("bundid", "BundID gestört")).await;
    let citizen = Browser::start().await;
    citizen.open(&site.url("/demo/")).await;
    citizen.until(&widget_says("BundID gestört")).await;
    go(&browser, &format!("#/notice/{id}")).await;
    tap(&browser, "[data-test=withdraw]").await;
    browser.fill("#field-text-de", "Gemeint war ein anderer Dienst.").await;
    tap(&browser, "[data-test=withdraw-confirm]").await;
    browser.until(&says("[data-test=stage]", "Zurückgezogen")).await;
    citizen.until(&widget_says("Versehentlich veröffentlicht")).await;
    citizen.until(&widget_says("Gemeint war ein anderer Dienst.")).await;
    let state = site.state().await;
    assert_eq!(state["status"], "operational");
    let shown = notice(&state, "BundID gestört").unwrap();
    assert_eq!((&shown["stage"], &shown["timing"]), (&json!("withdrawn"), &json!("past")));
    assert_eq!(shown["brief"]["de"]["kicker"], "Versehentlich veröffentlicht");
    // What stays says that there was none.
    for path in [format!("/p/musterstadt/notices/{id}"), "/p/musterstadt/history".to_owned()] {
        let page = site.get(&path).await;
        assert!(page.contains("Versehentlich veröffentlicht"), "{path}");
        assert!(!page.contains("war online nicht nutzbar"), "{path} says that there was an outage");
    }
    // It was no mistake after all.
    tap(&browser, "[data-test=reopen]").await;
    tap(&browser, "[data-test=reopen-confirm]").await;
    browser.until(&says("[data-test=stage]", "Wird untersucht")).await;
    citizen.until(&format!("!{ROOT}?.querySelector('.past')")).await;
    citizen.until(&widget_says("Wieder aufgenommen")).await;
    assert_eq!(site.state().await["status"], "outage");
    // Ended too early, and no longer shown.
    site.resolve(&id).await;
    site.end_lingering();
    citizen.until("!document.querySelector('umleitung-notice')").await;
    learns(&browser, "document.querySelector('[data-test=reopen]')?.checkVisibility()").await;
    tap(&browser, "[data-test=reopen]").await;
    browser.fill("#field-text-de", "Die Störung ist wieder da.").await;
    tap(&browser, "[data-test=reopen-confirm]").await;
    citizen.until(&widget_says("Die Störung ist wieder da.")).await;
    let history = browser.run("return document.querySelector('[data-test=history]').innerText").await;
    assert!(history.as_str().unwrap().contains("Behoben"), "{history}");
}

#[tokio::test]
async fn a_window_that_is_begun_early_is_asked_for_its_end_and_keeps_its_length() {
    let (site, browser) = desk().await;
    let window = json!({"kind": "maintenance", "severity": "outage", "services": ["bundid"], "portals": [], "title": {"de": "Fenster"},
        "starts_at": "2098-05-04T20:00:00Z", "ends_at": "2098-05-05T00:00:00Z", "publish": true});
    let minutes = |notice: &Value| {
        let at = |name: &str| notice[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        at("ends_at").duration_since(at("starts_at")).as_mins()
    };
    let id = site.publish(&window).await;
    go(&browser, &format!("#/notice/{id}")).await;
    tap(&browser, "[data-test=start]").await;
    browser.until(&says("[data-test=begins-early]", "4 Std.")).await;
    assert_ne!(value(&browser, "#field-ends_at").await, "");
    tap(&browser, "[data-test=start-confirm]").await;
    browser.until(&says("[data-test=stage]", "Läuft")).await;
    let begun = site.read(&format!("/api/v1/notices/{id}")).await;
    assert!((240..=245).contains(&minutes(&begun)), "{begun}");
    // A program that says nothing about the end gets the same length.
    let other = site.publish(&window).await;
    let begun = site.post(&format!("/api/v1/notices/{other}/start"), &json!({})).await;
    assert_eq!(minutes(&begun), 240, "{begun}");
}

#[tokio::test]
async fn what_was_just_done_is_taken_back_with_one_tap() {
    let (site, browser) = desk().await;
    browser.viewport(360, 780).await;
    let citizen = Browser::start().await;
    citizen.open(&site.url("/demo/")).await;
    go(&browser, "#/report/fundbuero").await;
    tap(&browser, "#publish").await;
    tap(&browser, "[data-test=undo]").await;
    browser.until(&says("[data-test=status]", "Rückgängig gemacht")).await;
    browser.until(&says("[data-test=stage]", "Zurückgezogen")).await;
    citizen.until(&widget_says("Versehentlich veröffentlicht")).await;
    assert_eq!(site.state().await["status"], "operational");
    browser.until("!document.querySelector('[data-test=undo]').checkVisibility()").await;

    // The all-clear, too.
    let id = site.publish(&outage("bundid", "BundID gestört")).await;
    go(&browser, "#/").await;
    learns(&browser, "document.querySelector('[data-test=now] [data-test=all-clear]')").await;
    tap(&browser, "[data-test=now] [data-test=all-clear]").await;
    tap(&browser, "[data-test=all-clear-kept]").await;
    tap(&browser, "[data-test=undo]").await;
    browser
        .until(&says("[data-test=status]", &format!("Rückgängig gemacht: {id}")))
        .await;
    site.until_state(|state| state["status"] == "outage").await;
    // Once it is too late, its own step is there.
    browser.until("!document.querySelector('[data-test=undo]').checkVisibility()").await;
}

#[tokio::test]
async fn work_is_asked_about_at_its_point_of_no_return_and_rolled_back_before_the_eyes_of_citizens() {
    let (site, browser) = desk().await;
    let now = SystemClock.now();
    let at = |minutes: i64| now.checked_add(SignedDuration::from_mins(minutes)).unwrap().to_string();
    // Its own length of rolling back is none of those that are offered.
    let window = |end: i64, title: &str| {
        json!({"kind": "maintenance", "severity": "outage", "services": ["bundid"], "portals": [], "title": {"de": title},
            "starts_at": at(-120), "ends_at": at(end), "rollback_minutes": 100, "publish": true})
    };
    let (late, early) = (
        site.publish(&window(50, "Umstellung")).await,
        site.publish(&window(600, "Umbau")).await,
    );
    let citizen = Browser::start().await;
    citizen.open(&site.url("/demo/")).await;
    citizen.until(&widget_says("Umstellung")).await;
    go(&browser, "#/").await;
    learns(&browser, &says("[data-test=now]", "Weitermachen oder zurückrollen?")).await;
    browser.until(&says("[data-test=now]", "es dauert 1 Std. 40 Min.")).await;
    go(&browser, &format!("#/notice/{early}")).await;
    browser.until(&says("[data-test=facts]", "beginnen bis")).await;
    browser.visible("[data-test=roll-back]").await;
    assert_eq!(
        browser.run("return document.querySelector('[data-test=go-on]') == null").await,
        true
    );
    browser.viewport(360, 780).await;
    go(&browser, &format!("#/notice/{late}")).await;
    tap(&browser, "[data-test=go-on]").await;
    expect_accessible(&browser, "a decision at the point of no return").await;
    browser.viewport(360, 780).await;
    tap(&browser, "[data-test=go-on-confirm]").await;
    browser.until(&says("[data-test=facts]", "Entschieden: Es geht weiter")).await;
    assert_eq!(notice(&site.state().await, "Umstellung").unwrap()["updates"], json!([]));
    // Whoever has gone on may still turn back, and says so in words that stand there already.
    browser.until("!document.querySelector('[data-test=go-on]')").await;
    tap(&browser, "[data-test=roll-back]").await;
    browser
        .until("document.querySelector('#field-text-de').value.includes('den Stand von vorher')")
        .await;
    tap(&browser, "[data-test=roll-back-confirm]").await;
    browser
        .until(&says("[data-test=facts]", "Entschieden: Es wird zurückgerollt"))
        .await;
    citizen.until(&widget_says("Wir stellen den Stand von vorher wieder her.")).await;
    // The length stands in the form as it was planned.
    go(&browser, &format!("#/notice/{early}/edit")).await;
    browser
        .until(&says("#field-rollback_minutes label:has(input:checked)", "1 Std. 40 Min."))
        .await;
    to_office(&site, &browser, "#/record").await;
    browser
        .until(&says("[data-test=record]", "Entschieden: Es wird zurückgerollt"))
        .await;
}
