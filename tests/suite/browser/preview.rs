//! `umleitung.preview()`: what a portal owner sees, and that nothing about the page leaves it.

use serde_json::{Value, json};

use super::{
    host::{Host, ORDINARY},
    site::{PUSHED, ROOT, Site, widget_says},
};
use crate::support::{browser::Browser, outage};

/// Everything that requests to this origin tell: address, headers, body.
fn told(events: &[Value], origin: &str) -> Vec<String> {
    let host = origin.trim_start_matches("http://");
    let tells = |event: &Value| {
        let (request, headers) = (&event["params"]["request"], &event["params"]["headers"]);
        match event["method"].as_str() {
            Some("Network.requestWillBeSent") if request["url"].as_str()?.starts_with(origin) => Some(request.to_string()),
            Some("Network.requestWillBeSentExtraInfo") if headers["Host"] == host => Some(headers.to_string()),
            _ => None,
        }
    };
    events.iter().filter_map(tells).collect()
}

#[tokio::test]
async fn a_preview_is_marked_and_tells_nobody_about_the_page() {
    let site = Site::start();
    let host = Host::serve(ORDINARY, &site.tag(PUSHED), None).await;
    let browser = Browser::start().await;
    browser
        .open(&format!("{}/antrag/heimlich?aktenzeichen=4711-xy#abschnitt", host.origin))
        .await;
    browser.until("window.umleitung && document.readyState == 'complete'").await;
    let mut events = browser.network().await;

    browser.run("umleitung.preview(); return 0").await;
    browser.until(&widget_says("Vorschau: Das ist ein Beispiel.")).await;
    let mark = browser
        .run(&format!("return {ROOT}.querySelector('.preview').checkVisibility()"))
        .await;
    assert_eq!(mark, Value::Bool(true));
    // Also what a portal owner has written, here the document that the server made of a draft.
    let mut draft = outage("kfz-zulassung", "Entwurf der Kfz-Stelle");
    draft["publish"] = json!(false);
    let document = site.post("/api/v1/preview", &draft).await;
    browser.run(&format!("umleitung.preview({document}); return 0")).await;
    browser.until(&widget_says("Entwurf der Kfz-Stelle")).await;
    browser.until(&widget_says("Vorschau: Das ist ein Beispiel.")).await;
    browser.run("umleitung.preview(null); return 0").await;
    browser.until("!document.querySelector('umleitung-notice')").await;
    // A real notice ends a preview, and is not marked.
    browser.run("umleitung.preview(); return 0").await;
    browser.until(&widget_says("Vorschau")).await;
    site.publish(&outage("wohngeld", "Wohngeld: Antrag nicht möglich")).await;
    browser.until(&widget_says("Wohngeld: Antrag nicht möglich")).await;
    assert_eq!(browser.run(&format!("return {ROOT}.querySelector('.preview')")).await, Value::Null);

    events.extend(browser.network().await);
    let told = told(&events, site.origin());
    for file in ["/p/musterstadt/umleitung.js", "/p/musterstadt/events", "widget_bg.wasm"] {
        assert!(
            told.iter().any(|request| request.contains(file)),
            "the record of the network lacks {file}"
        );
    }
    assert!(
        told.iter().any(|request| request.contains("Sec-Fetch-Mode")),
        "the record of the network lacks what the browser itself adds"
    );
    for request in told {
        for secret in ["heimlich", "aktenzeichen", "4711-xy", "abschnitt"] {
            assert!(!request.contains(secret), "{secret} is told: {request}");
        }
    }
}
