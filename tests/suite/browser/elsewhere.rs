//! Visitors whose clocks show another time than the portal's: each time says whose it is, and no day is called today that is another one there.

use serde_json::{Value, json};

use super::{
    host::{Host, Plan},
    site::{ROOT, banner_says, widget_says},
};
use crate::support::{
    browser::{Browser, Engine, in_each_engine},
    server::TestServer,
};

/// A portal that shows all from the start.
fn portal(server: &TestServer) -> Host {
    let tag = format!(
        "<script async data-open data-live=\"sse\" src=\"{}\"></script>",
        server.url("/p/musterstadt/umleitung.js")
    );
    Plan::new().tag(&tag).serve()
}

/// What the notice at the top of the page says.
async fn told(browser: &Browser) -> String {
    let told = browser.run(&format!("return {ROOT}.querySelector('.frame').innerText")).await;
    told.as_str().unwrap().to_owned()
}

fn outage(next_update_at: &str) -> Value {
    json!({
        "kind": "outage", "severity": "outage", "services": ["wohngeld"], "portals": [], "title": {"de": "Wohngeld geht nicht"},
        "next_update_at": next_update_at, "publish": true,
    })
}

async fn a_visitor_elsewhere_is_told_whose_time_it_is(engine: Engine) {
    // Monday, 23:30 in Berlin.
    let server = TestServer::start("2026-05-04T21:30:00Z").await;
    server.post("/api/v1/notices", &outage("2026-05-05T21:30:00Z")).await;
    for (zone, next, whose) in [
        ("Europe/Vienna", "morgen, Dienstag, 5. Mai, 23:30 Uhr", None),
        (
            "America/New_York",
            "Dienstag, 5. Mai, 23:30 Uhr (Ortszeit Berlin)",
            Some("(Ortszeit Berlin)"),
        ),
        (
            "Europe/London",
            "Dienstag, 5. Mai, 23:30 Uhr (Ortszeit Berlin)",
            Some("(Ortszeit Berlin)"),
        ),
    ] {
        let browser = Browser::start_where(engine, zone).await;
        let host = portal(&server);
        browser.open(&host.origin).await;
        browser.until(&widget_says(next)).await;
        let told = told(&browser).await;
        match whose {
            None => assert!(!told.contains("Ortszeit"), "{zone}: {told}"),
            Some(whose) => {
                for day in ["heute", "morgen", "gestern"] {
                    assert!(!told.to_lowercase().contains(&format!("{day},")), "{zone}: {day} in {told}");
                }
                assert!(!told.contains(": ,") && !told.contains(" , "), "{zone}: a day is missing in {told}");
                // Opening hours too.
                let times = told.matches(" Uhr").count();
                assert_eq!(told.matches(whose).count(), times, "{zone}: {told}");
            }
        }
        // A banner says it once.
        browser.open(&server.url("/demo/")).await;
        browser
            .until(&banner_says("nächste Nachricht spätestens Dienstag, 5. Mai, 23:30 Uhr"))
            .await;
        let named = browser
            .run(&format!("return {}", banner_says("Alle Uhrzeiten: Ortszeit Berlin")))
            .await;
        assert_eq!(named, json!(whose.is_some()), "{zone}");
    }
}

/// Whose clocks agree today and will not when it matters.
async fn a_zone_that_parts_ways_before_the_window_is_another_zone(engine: Engine) {
    let server = TestServer::start("2026-03-28T10:00:00Z").await;
    let browser = Browser::start_where(engine, "Africa/Algiers").await;
    server.post("/api/v1/notices", &outage("2026-03-28T20:00:00Z")).await;
    let host = portal(&server);
    browser.open(&host.origin).await;
    browser.until(&widget_says("nächste Nachricht spätestens 21:00 Uhr")).await;
    assert!(!told(&browser).await.contains("Ortszeit"));
    // While the page is open, work is announced for after the change of clocks in Berlin.
    server
        .post(
            "/api/v1/notices",
            &json!({
                "kind": "maintenance", "severity": "outage", "services": ["bundid"], "portals": [], "title": {"de": "BundID wird gewartet"},
                "starts_at": "2026-03-30T20:00:00Z", "ends_at": "2026-03-30T22:00:00Z", "publish": true,
            }),
        )
        .await;
    browser.open(&host.origin).await;
    browser
        .until(&widget_says("nächste Nachricht spätestens 21:00 Uhr (Ortszeit Berlin)"))
        .await;
    browser.until(&widget_says("Montag, 30. März, 22:00 Uhr (Ortszeit Berlin)")).await;
}

in_each_engine!(a_visitor_elsewhere_is_told_whose_time_it_is);
in_each_engine!(a_zone_that_parts_ways_before_the_window_is_another_zone);
