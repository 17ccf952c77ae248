//! What is read out: by a region that was there before, once for each revision, and nothing else.

use serde_json::{Value, json};

use super::{
    super::site::{ROOT, Site, widget_says},
    matrix::read_in,
    open_page,
    portal::Portal,
    states::stop_clock,
};
use crate::support::{browser::Browser, outage};

/// Notes what live regions say, in the shadow roots as well: how each is when it comes, and each text that is put into it.
pub(in crate::browser) const LISTEN: &str = "
    window.heard = [];
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (options) {
        const root = attach.call(this, options);
        new MutationObserver((changes) => {
            for (const { addedNodes, target } of changes) for (const node of addedNodes) {
                const around = node.nodeType == 1 ? node : target;
                const region = around.closest?.('[role=status], [role=alert], [aria-live]');
                if (region === node) heard.push(['comes', region.role, region.textContent]);
                else if (region) heard.push(['says', region.role, region.textContent]);
            }
        }).observe(root, { childList: true, subtree: true, characterData: true });
        return root;
    };";

/// What was said, without the time at which it happened in the test.
const WITHOUT_TIME: &str = "text.replace(/seit \\w+, .* Uhr(?=:)/, 'seit …')";

#[tokio::test]
async fn each_revision_is_announced_once_by_a_region_that_was_there_before() {
    let site = Site::start();
    let browser = Browser::start().await;
    browser.before_each_page(LISTEN).await;
    browser.open(&site.url("/demo/")).await;
    browser.until("window.umleitung && document.readyState == 'complete'").await;
    let says = |count: usize| format!("heard.filter(([what]) => what == 'says').length >= {count}");

    // An outage that begins under one's eyes is urgent.
    let id = site.publish(&outage("wohngeld", "Wohngeld: Antrag nicht möglich")).await;
    browser.until(&widget_says("Wohngeld: Antrag nicht möglich")).await;
    browser.until(&says(1)).await;
    let first = json!([
        ["comes", "status", ""],
        ["comes", "alert", ""],
        ["says", "alert", "Störung: Wohngeld: Antrag nicht möglich"]
    ]);
    assert_eq!(browser.run("return heard").await, first);

    // The same document again, as after a new connection: nothing is said. The next thing that is said is the update.
    browser.network().await;
    browser.run("document.dispatchEvent(new Event('visibilitychange')); return 0").await;
    browser.network_until("Network.eventSourceMessageReceived").await;
    site.post(
        &format!("/api/v1/notices/{id}/updates"),
        &json!({"text": {"de": "Noch eine Stunde."}}),
    )
    .await;
    browser.until(&widget_says("Noch eine Stunde.")).await;
    browser.until(&says(2)).await;
    site.resolve(&id).await;
    browser.until(&widget_says("Behoben")).await;
    browser.until(&says(3)).await;
    let heard = browser
        .run(&format!(
            "return heard.slice(3).map(([what, where, text]) => [what, where, {WITHOUT_TIME}])"
        ))
        .await;
    assert_eq!(
        heard,
        json!([
            [
                "says",
                "status",
                "Störung: Wohngeld: Antrag nicht möglich. Neueste Nachricht: Noch eine Stunde."
            ],
            ["says", "status", "Geht wieder seit …: Wohngeld: Antrag nicht möglich"]
        ])
    );
    // Who reads on through the page does not come upon what is no longer so.
    browser
        .until(&format!(
            "[...{ROOT}.querySelectorAll('.v')].every((region) => !region.textContent)"
        ))
        .await;
    what_was_there_before_is_not_urgent(&site, &browser).await;
}

/// What was already so when the page was opened.
async fn what_was_there_before_is_not_urgent(site: &Site, browser: &Browser) {
    browser.devtools("Network.setCacheDisabled", json!({"cacheDisabled": true})).await;
    site.publish(&outage("elterngeld", "Elterngeld: Antrag nicht möglich")).await;
    browser.open(&site.url("/demo/")).await;
    browser.until(&widget_says("Elterngeld: Antrag nicht möglich")).await;
    browser.until("heard.some(([what]) => what == 'says')").await;
    let heard = browser.run("return heard").await;
    assert_eq!(
        heard,
        json!([
            ["comes", "status", ""],
            ["comes", "alert", ""],
            ["says", "status", "Störung: Elterngeld: Antrag nicht möglich"]
        ])
    );
    assert_eq!(
        browser
            .run(&format!(
                "return [...{ROOT}.querySelectorAll('[role=alert]')].map((region) => region.textContent)"
            ))
            .await,
        json!([""])
    );
    assert_ne!(browser.run(&format!("return {ROOT}.querySelector('.frame')")).await, Value::Null);
}

/// A page with its clock stopped, which listens for events, and what its live regions have said there.
async fn listening(site: &Site, browser: &Browser, content: &str) -> Portal {
    let portal = Portal::serve(site, "data-live=\"sse\"", content, None).await;
    browser.before_each_page(LISTEN).await;
    open_page(browser, &portal).await;
    portal
}

async fn said(browser: &Browser) -> Value {
    browser
        .run("return heard.filter(([what]) => what == 'says').map(([, role, text]) => role + ': ' + text)")
        .await
}

#[tokio::test]
async fn what_is_rendered_anew_without_news_is_not_announced() {
    let site = Site::start();
    let browser = Browser::start().await;
    stop_clock(&browser).await;
    let _portal = listening(&site, &browser, "").await;
    let id = site.publish(&outage("wohngeld", "Wohngeld: Antrag nicht möglich")).await;
    browser.until(&widget_says("Wohngeld")).await;
    browser.until("heard.length == 3").await;

    // Minutes pass; the language changes and changes back; the page replaces its body, and the notice comes back.
    browser.run("minute(); minute(); return 0").await;
    read_in(&browser, "en").await;
    read_in(&browser, "de").await;
    browser
        .run("document.body.replaceWith(document.createElement('body')); return 0")
        .await;
    browser.until("document.body.querySelector('umleitung-notice')").await;
    browser.until(&widget_says("Wohngeld")).await;
    // The next thing that is said is the update; the regions came back empty.
    let regions = format!("return [...{ROOT}.querySelectorAll('.v')].map((region) => region.textContent)");
    assert_eq!(browser.run(&regions).await, json!(["", ""]));
    let news = json!({"text": {"de": "Noch eine Stunde."}});
    site.post(&format!("/api/v1/notices/{id}/updates"), &news).await;
    browser.until(&widget_says("Noch eine Stunde.")).await;
    browser.until("heard.filter(([what]) => what == 'says').length == 2").await;
    assert_eq!(
        said(&browser).await,
        json!([
            "alert: Störung: Wohngeld: Antrag nicht möglich",
            "status: Störung: Wohngeld: Antrag nicht möglich. Neueste Nachricht: Noch eine Stunde."
        ])
    );
    let came = browser
        .run("return heard.filter(([what]) => what == 'comes').map(([, , text]) => text)")
        .await;
    assert_eq!(came, json!(["", "", "", ""]));
}

#[tokio::test]
async fn a_notice_in_two_places_is_announced_once() {
    let site = Site::start();
    let browser = Browser::start().await;
    let element = "<umleitung-notice service=\"wohngeld\"></umleitung-notice>";
    let compact = "<umleitung-notice service=\"wohngeld\" compact></umleitung-notice>";
    let _portal = listening(&site, &browser, &[element, compact].concat()).await;
    let id = site.publish(&outage("wohngeld", "Wohngeld: Antrag nicht möglich")).await;
    browser.until(&widget_says("Wohngeld")).await;
    browser.until("heard.some(([what]) => what == 'says')").await;
    site.resolve(&id).await;
    browser.until(&widget_says("Behoben")).await;
    browser.until("heard.some(([, , text]) => text.startsWith('Geht wieder'))").await;
    browser
        .run(&format!(
            "for (const one of heard) {{ const [, , text] = one; if (text) one[2] = {WITHOUT_TIME}; }} return 0"
        ))
        .await;
    assert_eq!(
        said(&browser).await,
        json!([
            "alert: Störung: Wohngeld: Antrag nicht möglich",
            "status: Geht wieder seit …: Wohngeld: Antrag nicht möglich"
        ])
    );
}

#[tokio::test]
async fn a_place_that_is_hidden_takes_nobody_elses_announcement() {
    let site = Site::start();
    let browser = Browser::start().await;
    // A menu that is closed.
    let menu = "<div style=\"display: none\"><umleitung-notice compact></umleitung-notice></div>";
    let _portal = listening(&site, &browser, menu).await;
    site.publish(&outage("wohngeld", "Wohngeld: Antrag nicht möglich")).await;
    browser.until("heard.some(([what]) => what == 'says')").await;
    assert_eq!(said(&browser).await, json!(["alert: Störung: Wohngeld: Antrag nicht möglich"]));
    let silent =
        "return [...document.querySelector('div umleitung-notice').shadowRoot.querySelectorAll('.v')].map((region) => region.textContent)";
    assert_eq!(browser.run(silent).await, json!(["", ""]));
}

#[tokio::test]
async fn the_beginning_of_a_maintenance_is_told_politely() {
    let site = Site::start();
    let browser = Browser::start().await;
    let _portal = listening(&site, &browser, "").await;
    let mut work = outage("wohngeld", "Wohngeld: Arbeiten am Antrag");
    work["kind"] = json!("maintenance");
    work["starts_at"] = json!("2026-05-04T07:10:00Z");
    work["ends_at"] = json!("2099-05-04T07:10:00Z");
    site.publish(&work).await;
    browser.until(&widget_says("Wohngeld")).await;
    browser.until("heard.some(([what]) => what == 'says')").await;
    let first = said(&browser).await;
    assert_eq!(first, json!(["status: Wartung: Wohngeld: Arbeiten am Antrag"]));
}

#[tokio::test]
async fn a_region_that_arrives_filled_would_be_seen() {
    let site = Site::start();
    let browser = Browser::start().await;
    let _portal = listening(&site, &browser, "").await;
    let planted = "
        const element = document.createElement('div');
        const region = document.createElement('p');
        region.role = 'alert';
        region.textContent = 'Störung';
        element.attachShadow({ mode: 'open' }).append(region);
        return 0";
    browser.run(planted).await;
    browser.until("heard.length == 1").await;
    assert_eq!(browser.run("return heard").await, json!([["comes", "alert", "Störung"]]));
}
