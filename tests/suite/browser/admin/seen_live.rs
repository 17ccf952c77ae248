//! What staff change is changed on the pages that citizens have open already, without their doing anything.

use jiff::SignedDuration;
use serde_json::{Value, json};
use store::clock::{Clock, SystemClock};

use super::{desk, go, says, set, tap};
use crate::{
    browser::site::{ROOT, Site, banner_says, widget_says},
    support::{browser::Browser, outage},
};

/// Somebody whose page is open before anything happens.
async fn citizen(site: &Site) -> Browser {
    let citizen = Browser::start().await;
    citizen.open(&site.url("/demo/")).await;
    citizen.until("typeof umleitung == 'object'").await;
    citizen.run("window.unreloaded = true; return 0").await;
    assert_eq!(
        citizen.run(&format!("return {ROOT} ?? null")).await,
        Value::Null,
        "nothing has happened"
    );
    citizen
}

/// It is still the page that was opened then.
async fn expect_unreloaded(citizen: &Browser) {
    assert_eq!(citizen.run("return window.unreloaded").await, true);
}

fn maintenance(title: &str, starts_at: &str, ends_at: &str) -> Value {
    json!({"kind": "maintenance", "severity": "outage", "services": ["wohngeld"], "portals": [], "title": {"de": title},
        "starts_at": starts_at, "ends_at": ends_at, "publish": true})
}

/// Takes a step of a notice, with a word to the people.
async fn take(browser: &Browser, step: &str, word: &str) {
    browser.fill("#field-text-de", word).await;
    tap(browser, &format!("[data-test={step}-confirm]")).await;
    browser.until(&says("[data-test=history]", word)).await;
}

#[tokio::test]
async fn the_end_of_a_running_maintenance_moves_out_and_in_and_comes() {
    let (site, browser) = desk().await;
    let citizen = citizen(&site).await;
    let begun = SystemClock.now().checked_sub(SignedDuration::from_hours(2)).unwrap().to_string();
    let id = site.publish(&maintenance("Umstellung", &begun, "2097-05-04T18:00:00Z")).await;
    citizen.until(&banner_says("bis Samstag, 4. Mai 2097, 20:00 Uhr")).await;

    go(&browser, &format!("#/notice/{id}")).await;
    for (end, told, before, word) in [
        (
            "2098-06-07T21:15",
            "bis Samstag, 7. Juni 2098, 21:15 Uhr",
            "Neues Ende. Vorher: Samstag, 4. Mai 2097, 20:00 Uhr",
            "Es dauert länger.",
        ),
        (
            "2096-02-03T06:45",
            "bis Freitag, 3. Februar 2096, 6:45 Uhr",
            "Neues Ende. Vorher: Samstag, 7. Juni 2098, 21:15 Uhr",
            "Es geht schneller.",
        ),
    ] {
        tap(&browser, "[data-test=extend]").await;
        set(&browser, "#field-ends_at", end).await;
        take(&browser, "extend", word).await;
        citizen.until(&banner_says(told)).await;
        citizen.until(&widget_says(word)).await;
        citizen.until(&widget_says(before)).await;
    }
    assert_eq!(site.state().await["notices"][0]["ends_at"], "2096-02-03T06:45:00+01:00");

    tap(&browser, "[data-test=complete]").await;
    take(&browser, "complete", "Die Arbeiten sind fertig.").await;
    citizen.until(&banner_says("Geht wieder seit")).await;
    citizen.until(&widget_says("Die Arbeiten sind fertig.")).await;
    assert_eq!(site.state().await["status"], "operational");
    expect_unreloaded(&citizen).await;
}

#[tokio::test]
async fn a_planned_window_is_moved_and_called_off_and_another_was_a_mistake() {
    let (site, browser) = desk().await;
    let citizen = citizen(&site).await;
    let window = |title| maintenance(title, "2097-05-04T18:00:00Z", "2097-05-04T20:00:00Z");
    let id = site.publish(&window("Umbau")).await;
    citizen.until(&widget_says("Ab Samstag, 4. Mai 2097, 20:00 Uhr")).await;

    go(&browser, &format!("#/notice/{id}/edit")).await;
    set(&browser, "#field-starts_at", "2098-06-07T21:15").await;
    set(&browser, "#field-ends_at", "2098-06-07T23:45").await;
    tap(&browser, "[data-test=save]").await;
    citizen.until(&widget_says("Ab Samstag, 7. Juni 2098, 21:15 Uhr")).await;
    citizen
        .until(&widget_says(
            "Verschoben, vorher: Von Samstag, 4. Mai 2097, 20:00 Uhr bis 22:00 Uhr",
        ))
        .await;

    browser.until(&says("[data-test=history]", "Verschoben. Vorher geplant:")).await;
    tap(&browser, "[data-test=cancel]").await;
    take(&browser, "cancel", "Der Umbau ist nicht mehr nötig.").await;
    citizen.until(&banner_says("Abgesagt")).await;
    citizen.until(&widget_says("Der Umbau ist nicht mehr nötig.")).await;

    let other = site.publish(&window("Anderer Umbau")).await;
    citizen.until(&widget_says("Anderer Umbau")).await;
    go(&browser, &format!("#/notice/{other}")).await;
    tap(&browser, "[data-test=withdraw]").await;
    take(&browser, "withdraw", "Gemeint war ein anderes Jahr.").await;
    citizen.until(&widget_says("Versehentlich veröffentlicht")).await;
    citizen.until(&widget_says("Gemeint war ein anderes Jahr.")).await;
    expect_unreloaded(&citizen).await;
}

#[tokio::test]
async fn an_outage_loses_its_end_gets_a_cause_and_is_over() {
    let (site, browser) = desk().await;
    let citizen = citizen(&site).await;
    let mut notice = outage("fundbuero", "Fundbüro: Suche geht nicht");
    notice["ends_at"] = json!("2097-05-04T18:00:00Z");
    let id = site.publish(&notice).await;
    citizen
        .until(&banner_says("voraussichtlich bis Samstag, 4. Mai 2097, 20:00 Uhr"))
        .await;

    go(&browser, &format!("#/notice/{id}")).await;
    tap(&browser, "[data-test=extend]").await;
    tap(&browser, "[data-test=end-unknown]").await;
    take(&browser, "extend", "Ein Teil fehlt noch.").await;
    citizen.until(&banner_says("Ende noch nicht bekannt")).await;
    citizen.until(&format!("!{}", banner_says("2097"))).await;

    tap(&browser, "[data-test=add-update]").await;
    tap(&browser, "#field-stage label:has(input[value='1'])").await;
    take(&browser, "add-update", "Der Speicher war voll.").await;
    citizen.until(&banner_says("Der Speicher war voll.")).await;
    citizen.until(&widget_says("Wir haben die Ursache gefunden")).await;

    tap(&browser, "[data-test=resolve]").await;
    take(&browser, "resolve", "Der Speicher ist größer.").await;
    citizen.until(&banner_says("Geht wieder seit")).await;
    citizen.until(&widget_says("Der Speicher ist größer.")).await;
    citizen.until(&format!("!{}", banner_says("Ende noch nicht bekannt"))).await;
    expect_unreloaded(&citizen).await;
}
