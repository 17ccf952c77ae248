//! The pages in the place of a portal that does not answer, in every state of a notice: what can be seen of them, not what stands in their
//! markup. An empty page is the worst that they can be.

use serde_json::{Value, json};

use crate::support::{
    browser::{Browser, Engine, in_each_engine},
    server::TestServer,
};

const TITLE: &str = "Wohngeld wird gewartet";

/// What the page shows to somebody who looks at it: no text of height or width zero counts.
const SEEN: &str = "
    const seen = [...document.querySelectorAll('main *')]
        .filter((one) => !one.children.length && one.textContent.trim())
        .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && one.getBoundingClientRect().height > 4)
        .map((one) => one.textContent);
    return seen.join('\\n');";

fn maintenance(at_end: &str) -> Value {
    json!({
        "kind": "maintenance", "severity": "outage", "services": ["wohngeld"], "portals": [],
        "title": {"de": TITLE, "en": "Housing benefit under maintenance"}, "impact": {"de": "Der Antrag lädt nicht."},
        "starts_at": "2026-05-05T20:00:00Z", "ends_at": "2026-05-05T22:00:00Z", "at_end": at_end, "publish": true,
    })
}

fn trouble(kind: &str, severity: &str) -> Value {
    json!({
        "kind": kind, "severity": severity, "services": ["wohngeld"], "portals": [], "title": {"de": TITLE},
        "impact": {"de": "Der Antrag lädt nicht."}, "publish": true,
    })
}

async fn expect_seen(browser: &Browser, server: &TestServer, state: &str, notice: Option<&str>) {
    for page in ["fallback.html", "503.html"] {
        // A browser may keep a page for some seconds; another query is another page to it.
        let query = state.replace(' ', "-");
        browser.open(&server.url(&format!("/p/musterstadt/{page}?{query}"))).await;
        // With nothing unfolded by hand.
        expect_first_language(browser, &format!("{page}, {state}"), notice).await;
        // The other languages step in for the first, one at a time, and back again.
        let summaries = "[...document.querySelectorAll('.languages > details > summary')]";
        let count = browser.run(&format!("return {summaries}.length")).await.as_u64().unwrap();
        assert!(count > 0, "{page} has no other language");
        for i in 0..count {
            browser.run(&format!("{summaries}[{i}].click(); return 0")).await;
            browser.until(&format!("{summaries}[{i}].parentElement.open")).await;
            let other = browser.run(SEEN).await;
            let other = other.as_str().unwrap();
            assert!(other.contains("030 23125"), "{page}, {state}, language {i} shows\n{other}");
            assert!(
                browser
                    .run("return !document.querySelector('main > .part').checkVisibility()")
                    .await
                    .as_bool()
                    .unwrap(),
                "{page}, {state}: two languages at once"
            );
            browser.run(&format!("{summaries}[{i}].click(); return 0")).await;
            browser.until(&format!("!{summaries}[{i}].parentElement.open")).await;
        }
        expect_first_language(browser, &format!("{page}, {state}, back again"), notice).await;
        // Whatever somebody unfolds within the first language leaves it there.
        browser
            .run("for (const fold of document.querySelectorAll('main > .part details')) fold.open = true; return 0")
            .await;
        expect_first_language(browser, &format!("{page}, {state}, unfolded"), notice).await;
    }
}

/// What it is, whom to call, what to do instead.
async fn expect_first_language(browser: &Browser, page: &str, notice: Option<&str>) {
    let seen = browser.run(SEEN).await;
    let seen = seen.as_str().unwrap();
    for part in ["gerade nicht", "030 23125", "Das können Sie stattdessen tun"]
        .into_iter()
        .chain(notice)
    {
        assert!(seen.contains(part), "{page}: {part:?} is not seen in\n{seen:.900}");
    }
}

async fn the_pages_in_its_place_can_be_seen_in_every_state(engine: Engine) {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let browser = Browser::start_in(engine).await;
    expect_seen(&browser, &server, "nothing to tell", None).await;

    let id = server.post("/api/v1/notices", &maintenance("confirm")).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    expect_seen(&browser, &server, "announced", Some(TITLE)).await;
    server.clock.set("2026-05-05T20:30:00Z");
    expect_seen(&browser, &server, "in progress", Some(TITLE)).await;
    server.clock.set("2026-05-05T22:30:00Z");
    expect_seen(&browser, &server, "overrunning", Some(TITLE)).await;
    server.post(&format!("/api/v1/notices/{id}/complete"), &json!({})).await;
    expect_seen(&browser, &server, "completed", None).await;

    server.clock.set("2026-05-06T08:00:00Z");
    let id = server.post("/api/v1/notices", &trouble("outage", "outage")).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    expect_seen(&browser, &server, "outage", Some(TITLE)).await;
    server.post("/api/v1/notices", &trouble("information", "information")).await;
    let mut announced = maintenance("complete");
    announced["starts_at"] = json!("2026-05-07T20:00:00Z");
    announced["ends_at"] = json!("2026-05-07T22:00:00Z");
    let called_off = server.post("/api/v1/notices", &announced).await["id"].as_str().unwrap().to_owned();
    expect_seen(&browser, &server, "three at once", Some(TITLE)).await;
    server.post(&format!("/api/v1/notices/{called_off}/cancel"), &json!({})).await;
    server
        .post(
            &format!("/api/v1/notices/{id}/resolve"),
            &json!({"text": {"de": "Es geht wieder."}}),
        )
        .await;
    expect_seen(&browser, &server, "called off and resolved", None).await;
}

in_each_engine!(the_pages_in_its_place_can_be_seen_in_every_state);
