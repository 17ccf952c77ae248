//! Clock times that come twice or never, in the nights in which the clocks change: in Berlin on 31 October 2027 and on 28 March 2027.

use serde_json::{Value, json};

use super::{desk, go, says, set, tap, value};

/// The start and the end of a notice, as they are stored.
fn window(notice: &Value) -> [&str; 2] {
    ["starts_at", "ends_at"].map(|name| notice[name].as_str().unwrap())
}

#[tokio::test]
async fn of_an_hour_that_comes_twice_the_author_says_which() {
    let (site, browser) = desk().await;
    go(&browser, "#/new/maintenance").await;
    browser.fill("#field-title-de", "Zweimal halb drei").await;
    tap(&browser, "[data-test=service-bundid]").await;
    set(&browser, "#field-starts_at", "2027-10-31T02:30").await;
    set(&browser, "#field-ends_at", "2027-10-31T02:45").await;
    // A start is the first and an end the second, unless somebody says otherwise.
    browser.visible("[data-test=starts-at-first]:checked").await;
    browser.visible("[data-test=ends-at-second]:checked").await;
    tap(&browser, "[data-test=save-draft]").await;
    browser.visible("[data-test=facts]").await;
    let place = browser.run("return location.hash").await.as_str().unwrap().to_owned();
    let path = format!("/api/v1/notices/{}", place.trim_start_matches("#/notice/"));
    assert_eq!(window(&site.read(&path).await), ["2027-10-31T00:30:00Z", "2027-10-31T01:45:00Z"]);
    browser.until(&says("[data-test=facts]", "02:30 Uhr (die erste")).await;
    browser.until(&says("[data-test=facts]", "02:45 Uhr (die zweite")).await;
    // The other ones, and they are still those after the form is opened again.
    go(&browser, &format!("{place}/edit")).await;
    tap(&browser, "[data-test=starts-at-second]").await;
    tap(&browser, "[data-test=save-draft]").await;
    browser.visible("[data-test=facts]").await;
    assert_eq!(window(&site.read(&path).await), ["2027-10-31T01:30:00Z", "2027-10-31T01:45:00Z"]);
    go(&browser, &format!("{place}/edit")).await;
    browser.visible("[data-test=starts-at-second]:checked").await;
    tap(&browser, "[data-test=ends-at-first]").await;
    tap(&browser, "[data-test=starts-at-first]").await;
    tap(&browser, "[data-test=save-draft]").await;
    browser.visible("[data-test=facts]").await;
    assert_eq!(window(&site.read(&path).await), ["2027-10-31T00:30:00Z", "2027-10-31T00:45:00Z"]);
    // An hour that comes once asks nothing.
    go(&browser, &format!("{place}/edit")).await;
    set(&browser, "#field-ends_at", "2027-10-31T04:00").await;
    browser.until("!document.querySelector('[data-test=ends-at-first]')").await;

    // The same in a step.
    let running = json!({"kind": "maintenance", "severity": "outage", "services": ["bundid"], "portals": [], "title": {"de": "Fenster"},
        "starts_at": "2027-10-30T20:00:00Z", "ends_at": "2027-10-30T22:00:00Z", "publish": true});
    let id = site.publish(&running).await;
    go(&browser, &format!("#/notice/{id}")).await;
    tap(&browser, "[data-test=extend]").await;
    set(&browser, "#field-ends_at", "2027-10-31T02:30").await;
    tap(&browser, "[data-test=ends-at-first]").await;
    tap(&browser, "[data-test=extend-confirm]").await;
    browser.until(&says("[data-test=facts]", "02:30 Uhr (die erste")).await;
    let extended = site.read(&format!("/api/v1/notices/{id}")).await;
    assert_eq!(extended["ends_at"], "2027-10-31T00:30:00Z");
}

#[tokio::test]
async fn of_an_hour_that_never_comes_the_form_says_so() {
    let (_site, browser) = desk().await;
    go(&browser, "#/new/maintenance").await;
    set(&browser, "#field-starts_at", "2027-03-28T02:30").await;
    browser.until(&says(".said.late", "gibt es wegen der Zeitumstellung nicht")).await;
    browser.until(&says(".said.late", "03:30 Uhr")).await;
    assert_eq!(value(&browser, "#field-starts_at").await, "2027-03-28T02:30");
    set(&browser, "#field-starts_at", "2027-03-28T03:30").await;
    browser.until("!document.querySelector('.said.late')").await;
}
