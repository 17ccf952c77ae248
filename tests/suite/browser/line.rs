//! Acceptance: a notice published by ops staff reaches citizens whose page is already open.

use std::time::Duration;

use serde_json::{Value, json};

use super::site::{ROOT, Site, widget_says};
use crate::support::browser::Browser;

const TITLE: &str = "BundID: Anmeldung nicht möglich";
/// The poll interval of the loader is 30 s, plus up to a fifth so that visitors do not come in step; and the page has to be painted.
const POLL: Duration = Duration::from_secs(45);

/// Notes when a notice is on the page: by the same clock as the admin page, since both run on this machine.
const STOPWATCH: &str = "
    new MutationObserver((changes, observer) => {
        if (!document.querySelector('umleitung-notice')?.shadowRoot?.querySelector('h2')) return;
        window.appeared = performance.timeOrigin + performance.now();
        observer.disconnect();
    }).observe(document, { childList: true, subtree: true });";

/// The operator's hands: each thing done after signing in is counted.
struct Operator<'a> {
    browser: &'a Browser,
    interactions: u32,
}

impl Operator<'_> {
    async fn click(&mut self, selector: &str) {
        self.browser.click(selector).await;
        self.interactions += 1;
    }
}

#[tokio::test]
async fn an_outage_opened_on_the_admin_page_reaches_pages_that_are_already_open() {
    let site = Site::start();
    site.add_operator();
    let desk = Browser::start().await;
    let citizen = Browser::start().await;
    citizen.before_each_page(STOPWATCH).await;

    // Two pages are open before anything happens: one listens, one polls.
    citizen.open(&site.url("/demo/satzung.html")).await;
    let polling = citizen.session.window().await.unwrap();
    let listening = citizen.session.new_window().await.unwrap();
    citizen.session.switch_to_window(listening.clone()).await.unwrap();
    citizen.before_each_page(STOPWATCH).await;
    citizen.open(&site.url("/demo/")).await;
    for window in [&polling, &listening] {
        citizen.session.switch_to_window(window.clone()).await.unwrap();
        let state = citizen
            .run("return [document.hidden, document.querySelector('umleitung-notice'), typeof umleitung]")
            .await;
        assert_eq!(state, json!([false, null, "object"]));
        citizen.run("window.unreloaded = true").await;
    }

    site.sign_in(&desk).await;
    let mut operator = Operator {
        browser: &desk,
        interactions: 0,
    };
    operator.click("[data-test=template-bundid-outage]").await;
    operator.click("#publish").await;
    desk.visible("[data-test=facts]").await;
    assert!(operator.interactions <= 3, "{} interactions", operator.interactions);

    // Over server-sent events: within a second of the answer to the operator.
    citizen.until("window.appeared").await;
    citizen.until(&widget_says(TITLE)).await;
    let appeared = citizen.run("return window.appeared").await.as_f64().unwrap();
    let published = published_at(&desk).await;
    let took = appeared - published;
    println!("umleitung:  notice on an open page {took:.0} ms after the answer");
    assert!(took <= 1000.0, "it took {took} ms");
    assert_eq!(citizen.run("return window.unreloaded").await, Value::Bool(true));

    // An update.
    let news = "Die Ursache ist gefunden. Wir rechnen mit einer Stunde.";
    desk.click("[data-test=add-update]").await;
    desk.fill("#field-text-de", news).await;
    desk.click("[data-test=add-update-confirm]").await;
    citizen.until(&widget_says(news)).await;

    // The page that polls: within the interval.
    citizen.session.switch_to_window(polling.clone()).await.unwrap();
    citizen.within(POLL, &widget_says(TITLE)).await;
    let appeared = citizen.run("return window.appeared").await.as_f64().unwrap();
    println!(
        "umleitung:  notice on a polling page {:.0} ms after the answer",
        appeared - published
    );
    assert!(appeared - published <= POLL.as_millis() as f64);
    assert_eq!(
        citizen.run("return [window.unreloaded, document.hidden]").await,
        json!([true, false])
    );

    // Resolved, and shown so.
    citizen.session.switch_to_window(listening).await.unwrap();
    desk.click("[data-test=resolve]").await;
    desk.click("[data-test=resolve-confirm]").await;
    citizen.until(&widget_says("Behoben")).await;

    // Later nothing. The portal's linger of two hours is cut to none, which is what its end comes to.
    site.end_lingering();
    citizen.until("!document.querySelector('umleitung-notice')").await;
    assert_eq!(citizen.run("return window.unreloaded").await, Value::Bool(true));
    assert_eq!(citizen.run(&format!("return {ROOT} ?? null")).await, Value::Null);
}

/// When the answer to the publishing call had come, by the browser's own record: milliseconds since 1970.
async fn published_at(desk: &Browser) -> f64 {
    let events = desk.network().await;
    let is_publishing = |event: &&Value| {
        let request = &event["params"]["request"];
        event["method"] == "Network.requestWillBeSent"
            && request["method"] == "POST"
            && request["url"].as_str().is_some_and(|url| url.ends_with("/api/v1/notices"))
    };
    let sent = &events.iter().find(is_publishing).expect("no notice was sent")["params"];
    let is_answer = |event: &&Value| event["method"] == "Network.responseReceived" && event["params"]["requestId"] == sent["requestId"];
    let answered = &events.iter().find(is_answer).expect("no answer came")["params"];
    // Events carry monotonic seconds; a request also carries the wall clock at the same moment.
    let ahead = sent["wallTime"].as_f64().unwrap() - sent["timestamp"].as_f64().unwrap();
    (answered["timestamp"].as_f64().unwrap() + ahead) * 1000.0
}
