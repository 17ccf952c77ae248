//! Acceptance: where nothing is wrong, a page carries the loader and nothing else.

use serde_json::{Value, json};

use super::{
    host::{Host, ORDINARY},
    site::{Site, widget_says},
};
use crate::support::{browser::Browser, outage};

/// Sums up the layout shifts, and waits for the loader to have had its say.
const WATCH: &str = "
    window.shift = 0;
    window.shifted = [];
    new PerformanceObserver((list) => {
        for (const { value, sources } of list.getEntries()) {
            window.shift += value;
            for (const { node } of sources) shifted.push(node?.outerHTML?.slice(0, 200) ?? node?.data ?? null);
        }
    }).observe({ type: 'layout-shift', buffered: true });
    addEventListener('umleitung:change', ({ detail }) => { window.told = detail; });";

/// All that can be stored on a visitor's device.
const STORED: &str = "
    (async () => done([
        localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length, (await caches.keys()).length,
        (await navigator.serviceWorker.getRegistrations()).length,
    ]))();";

fn requested(events: &[Value]) -> Vec<String> {
    let sent = events.iter().filter(|event| event["method"] == "Network.requestWillBeSent");
    sent.map(|event| event["params"]["request"]["url"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_healthy_page_transfers_the_loader_and_nothing_more() {
    let site = Site::start();
    let browser = Browser::start().await;
    browser.before_each_page(WATCH).await;
    let own = [
        "/demo/",
        "/p/musterstadt/umleitung.js",
        "/p/musterstadt/state.json",
        "/p/musterstadt/events",
    ]
    .map(|path| site.url(path));
    for page in ["/demo/kfz-zulassung.html", "/demo/sperrmuell.html", "/demo/"] {
        browser.open(&site.url(page)).await;
        let events = browser.network_until("Network.eventSourceMessageReceived").await;
        browser
            .until("window.told?.status == 'operational' && document.readyState == 'complete'")
            .await;
        let urls = requested(&events);
        for url in &urls {
            assert!(own.iter().any(|own| url.starts_with(own)), "{page} asked for {url}");
            assert!(!url.ends_with(".wasm"), "{url}");
        }
        let of_ours = |file: &str| urls.iter().filter(|url| url.ends_with(file)).count();
        assert_eq!((of_ours("/umleitung.js"), of_ours("/events")), (1, 1), "{urls:?}");
        // The loader brings the state with it.
        assert_eq!(of_ours("/state.json"), 0, "{urls:?}");
        let entries = browser.run("return performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => /wasm|assets|messages/.test(name))").await;
        assert_eq!(entries, json!([]));
        assert_eq!(browser.run("return [window.shift, shifted]").await, json!([0, []]), "{page} shifts");
        assert_eq!(browser.run("return document.querySelector('umleitung-notice')").await, Value::Null);
        assert_eq!(browser.run_until_done(STORED).await, json!([0, 0, "", 0, 0, 0]));
        assert_eq!(browser.session.get_all_cookies().await.unwrap().len(), 0);
    }
    // The measure is alive: a notice above everything does shift the page, and brings the widget.
    site.publish(&outage("wohngeld", "Wohngeld: Antrag nicht möglich")).await;
    browser.until(&widget_says("Wohngeld: Antrag nicht möglich")).await;
    browser.until("window.shift > 0").await;
    assert!(
        requested(&browser.network().await)
            .iter()
            .any(|url| url.ends_with("widget_bg.wasm"))
    );
    // With a notice, too, nothing is stored.
    assert_eq!(browser.run_until_done(STORED).await, json!([0, 0, "", 0, 0, 0]));
}

#[tokio::test]
async fn the_loader_leaves_the_focus_where_it_is() {
    let site = Site::start();
    let host = Host::serve(ORDINARY, "", None).await;
    let browser = Browser::start().await;
    browser.before_each_page(WATCH).await;
    browser.open(&host.origin).await;
    // Someone types before the script is even there.
    browser.run("const field = document.getElementById('name'); field.focus(); field.setSelectionRange(2, 4);
        document.addEventListener('focusin', () => { window.moved = true; }); document.addEventListener('focusout', () => { window.moved = true; }); return 0").await;
    let source = json!(site.url("/p/musterstadt/umleitung.js"));
    browser
        .run(&format!("const script = document.createElement('script'); script.dataset.live = 'sse'; script.src = {source}; document.head.append(script); return 0"))
        .await;
    browser.until("window.told?.status == 'operational'").await;
    browser.network_until("Network.eventSourceMessageReceived").await;
    let focus = browser
        .run("const field = document.activeElement; return [field.id, field.selectionStart, field.selectionEnd, window.moved ?? false]")
        .await;
    assert_eq!(focus, json!(["name", 2, 4, false]));
}
