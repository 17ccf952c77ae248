//! The three engines, each by itself: that a notice comes and goes in all of them, and that each can do what we rely on.

use serde_json::{Value, json};
use thirtyfour::Key;

use super::{
    host::{EVERYTHING, Host, Plan, SCRIPT},
    site::{PUSHED, Site, widget_says},
};
use crate::support::{
    browser::{Browser, Engine, Preference, in_each_engine},
    outage,
};

const TITLE: &str = "Wohngeld: Antrag nicht möglich";

/// A script that runs before the loader: it notes what the loader tells.
const LISTEN: &str = "addEventListener('umleitung:change', ({ detail }) => { window.told = detail; });";

async fn a_notice_comes_to_an_open_page_and_goes_again(engine: Engine) {
    let site = Site::start();
    let host = Plan::new().tag(&site.tag(PUSHED)).first_script(LISTEN).serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser
        .until("window.told?.status == 'operational' && document.readyState == 'complete'")
        .await;
    let nothing = "return [document.querySelector('umleitung-notice'), document.body.firstElementChild.id]";
    assert_eq!(browser.run(nothing).await, json!([null, "heading"]));

    let id = site.publish(&outage("wohngeld", TITLE)).await;
    browser.until(&widget_says(TITLE)).await;
    site.end_lingering();
    site.resolve(&id).await;
    browser.until("!document.querySelector('umleitung-notice')").await;
    assert_eq!(browser.run(nothing).await, json!([null, "heading"]));
}

async fn the_tests_hold_the_browser_in_hand(engine: Engine) {
    let host = Plan::new()
        .page(include_str!("../../pages/host.html"))
        .first_script("window.first = document.scripts.length; addEventListener('keydown', ({ key }) => { window.pressed = key; });")
        .policy("default-src 'none'; style-src 'self'; img-src data:; script-src 'nonce-5eal' 'self'; frame-ancestors 'self'")
        .header("/extra*", "x-extra", "yes")
        .file("/extra.txt", "text/plain", "Mehr")
        .quirks()
        .serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    assert_eq!(
        browser
            .run("return [first, document.compatMode, navigator.language, matchMedia('(prefers-color-scheme: dark)').matches]")
            .await,
        json!([1, "BackCompat", "de-DE", false])
    );
    browser.click("#button").await;
    browser.fill("#text", "!").await;
    browser.keys("?" + Key::Tab).await;
    let done = "return [count.textContent, document.getElementById('text').value, document.activeElement.id, pressed]";
    assert_eq!(browser.run(done).await, json!(["1", "Guten Tag!?", "button", "Tab"]));
    assert_eq!(host.requests("/style.css"), 1);

    // Waiting goes on in the page that comes, when one goes away meanwhile.
    browser.run("setTimeout(() => location.assign('/weiter'), 300); return 0").await;
    browser
        .until("location.pathname == '/weiter' && document.readyState == 'complete'")
        .await;

    browser.viewport(600, 700).await;
    assert_eq!(browser.run("return [innerWidth, innerHeight]").await, json!([600, 700]));
    browser.open_framed(&host.framed(320, "/antrag?schritt=2")).await;
    assert_eq!(
        browser
            .run("return [location.pathname, innerWidth, matchMedia('(max-width: 320px)').matches, first]")
            .await,
        json!(["/antrag", 320, true, 1])
    );
}

async fn a_site_fails_and_comes_back_as_a_test_wants(engine: Engine) {
    let mut host = Host::serve("", "", None).await;
    let browser = Browser::start_in(engine).await;
    let reached = "fetch('/extra').then(({ status }) => done(status), () => done(0));";
    browser.open(&host.origin).await;
    assert_eq!(browser.run_until_done(reached).await, 200);
    host.fail(EVERYTHING, 502);
    assert_eq!(browser.run_until_done(reached).await, 502);
    host.fail("/extra", 503);
    assert_eq!(browser.run_until_done(reached).await, 503);
    host.stop().await;
    assert_eq!(browser.run_until_done(reached).await, 0);
    host.restart();
    assert_eq!(browser.run_until_done(reached).await, 503);
    host.recover("/extra");
    host.recover(EVERYTHING);
    assert_eq!(browser.run_until_done(reached).await, 200);
    assert_eq!(host.requests("/extra"), 5);
}

async fn visitors_may_prefer_the_dark(engine: Engine) {
    let host = Host::serve("", "", None).await;
    let browser = Browser::start_preferring(engine, Preference::Dark).await;
    browser.open(&host.origin).await;
    assert_eq!(
        browser.run("return matchMedia('(prefers-color-scheme: dark)').matches").await,
        Value::Bool(true)
    );
}

/// Whether each engine can do what we rely on. The table in `docs/building.md` says the same in words.
async fn what_an_engine_can_do_is_known(engine: Engine) {
    let host = Plan::new()
        .tag("<script defer src=\"/facts.js\"></script>")
        .policy("default-src 'self'; img-src data:")
        .file("/facts.js", SCRIPT, include_str!("../../pages/facts.js"))
        .file(
            "/module.js",
            SCRIPT,
            "globalThis.runs = (globalThis.runs ?? 0) + 1; export default 1;",
        )
        .serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    let facts = browser.until("window.facts").await;
    let mut missing: Vec<&str> = facts
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, can)| **can != Value::Bool(true))
        .map(|(name, _)| name.as_str())
        .collect();
    missing.sort_unstable();
    let known: &[&str] = match engine {
        Engine::Chromium => &[],
        Engine::Firefox => &["layout shifts are told"],
        Engine::WebKit => &[
            "layout shifts are told",
            "modulepreload refuses an altered module",
            "overflow-anchor",
            "the refusal of WebAssembly is told",
        ],
    };
    assert_eq!(missing, known);
    assert_eq!(facts.as_object().unwrap().len(), 15);
}

/// A worker as a site may have one: it answers where the site does not.
const WORKER: &str = "
    addEventListener('install', () => skipWaiting());
    addEventListener('activate', (event) => event.waitUntil(clients.claim()));
    const instead = () => new Response('<!doctype html><p id=instead>Wir sind gleich wieder da.', { headers: { 'content-type': 'text/html' } });
    addEventListener('fetch', (event) => {
        if (event.request.mode != 'navigate') return;
        event.respondWith(fetch(event.request).then((answer) => (answer.status == 503 ? instead() : answer), instead));
    });";

async fn a_service_worker_answers_where_the_site_does_not(engine: Engine) {
    let mut host = Plan::new().file("/worker.js", SCRIPT, WORKER).serve();
    let browser = Browser::start_in(engine).await;
    browser.open(&host.origin).await;
    browser.run("navigator.serviceWorker.register('/worker.js'); return 0").await;
    browser.until("navigator.serviceWorker.controller").await;
    let antrag = format!("{}/antrag", host.origin);
    browser.open(&antrag).await;
    browser.visible("#heading").await;
    host.fail("/antrag", 503);
    browser.open(&antrag).await;
    browser.visible("#instead").await;
    host.recover("/antrag");
    browser.open(&antrag).await;
    browser.visible("#heading").await;
    host.stop().await;
    browser.open(&antrag).await;
    browser.visible("#instead").await;
    host.restart();
    browser.open(&antrag).await;
    browser.visible("#heading").await;
}

in_each_engine!(
    a_notice_comes_to_an_open_page_and_goes_again,
    the_tests_hold_the_browser_in_hand,
    a_site_fails_and_comes_back_as_a_test_wants,
    visitors_may_prefer_the_dark,
    what_an_engine_can_do_is_known,
    a_service_worker_answers_where_the_site_does_not,
);

#[tokio::test]
async fn visitors_may_force_their_colours() {
    for engine in Engine::ALL.into_iter().filter(|engine| engine.forces_colours()) {
        let host = Host::serve("", "", None).await;
        let browser = Browser::start_preferring(engine, Preference::ForcedColours).await;
        browser.open(&host.origin).await;
        let active = browser.run("return matchMedia('(forced-colors: active)').matches").await;
        assert_eq!(active, Value::Bool(true), "{engine:?}");
    }
}
