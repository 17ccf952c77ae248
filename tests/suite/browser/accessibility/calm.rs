//! Nothing moves, nothing counts down, nothing hides by itself, nothing is only to be had with a pointer.

use serde_json::json;

use super::{
    super::site::{ROOT, Site},
    found,
    portal::Portal,
    states::{several, show, stop_clock, whole},
};
use crate::support::browser::Browser;

async fn open(site: &Site, browser: &Browser) -> Portal {
    let document = whole(site).await;
    stop_clock(browser).await;
    let portal = Portal::serve(site, "data-live=\"off\"", "", None).await;
    browser.open(&portal.origin).await;
    show(browser, &several(&document)).await;
    // What is read out follows a moment later.
    browser.until(&format!("{ROOT}.querySelector('[role=status]').textContent")).await;
    portal
}

#[tokio::test]
async fn minutes_that_pass_change_nothing_and_hide_nothing() {
    let site = Site::start();
    let browser = Browser::start().await;
    let _portal = open(&site, &browser).await;
    let as_shown = format!("{ROOT}.innerHTML");
    // What was read out when it came is gone from the regions that nobody sees.
    browser.run("minute(); return 0").await;
    browser
        .until(&format!(
            "[...{ROOT}.querySelectorAll('.v')].every((region) => !region.textContent)"
        ))
        .await;
    browser
        .run(&format!(
            "window.before = {as_shown}; window.changes = 0;
            new MutationObserver((all) => {{ changes += all.length; }}).observe({ROOT}, {{ childList: true, subtree: true, characterData: true, attributes: true }});
            return 0"
        ))
        .await;
    for _ in 0..2 {
        browser.run("minute(); return 0").await;
    }
    let same = browser.run(&format!("return [{as_shown} == before, changes]")).await;
    assert_eq!(same, json!([true, 0]));
    // Hours later only the hours have changed: the clock is the one that the notice goes by.
    let words = format!("[...{ROOT}.querySelectorAll('.hours')].map((hours) => hours.textContent)");
    let others = format!(
        "(() => {{ const copy = {ROOT}.querySelector('.frame').cloneNode(true); copy.querySelectorAll('.help').forEach((help) => help.remove()); return copy.textContent; }})()"
    );
    browser.run(&format!("window.before = [{words}, {others}]; return 0")).await;
    browser.run("minute(60); return 0").await;
    assert_eq!(browser.run(&format!("return {others} == before[1]")).await, json!(true));
    browser.run("minute(8 * 60); return 0").await;
    let changed = browser.run(&format!("return {words}.join() != before[0].join()")).await;
    assert_eq!(changed, json!(true), "the page's clock was not heeded");
    assert_eq!(browser.run(&format!("return {ROOT}.querySelectorAll('.notice').length")).await, 4);
}

#[tokio::test]
async fn nothing_moves_whether_less_motion_is_asked_for_or_not() {
    let site = Site::start();
    let browser = Browser::start().await;
    let _portal = open(&site, &browser).await;
    for wish in ["no-preference", "reduce"] {
        let features = json!([{"name": "prefers-reduced-motion", "value": wish}]);
        browser.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
        browser
            .until(&format!("matchMedia('(prefers-reduced-motion: {wish})').matches"))
            .await;
        for open in ["true", "false"] {
            found(&browser, &format!("[look.unfold({open})]")).await;
            assert_eq!(found(&browser, "look.moving()").await, [""; 0], "{wish}");
        }
    }
}

#[tokio::test]
async fn nothing_is_told_by_a_tooltip_alone() {
    let site = Site::start();
    let browser = Browser::start().await;
    let _portal = open(&site, &browser).await;
    found(&browser, "[look.unfold()]").await;
    assert_eq!(found(&browser, "look.hinted()").await, [""; 0]);
}
