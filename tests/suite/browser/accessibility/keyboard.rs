//! Everything by keyboard: in the order in which it is seen, with a focus that is seen, and out again.

use serde_json::{Value, json};
use thirtyfour::Key;

use super::{
    super::site::{ROOT, Site},
    Colours, LOOK, begin, found, look_in, open_page,
    portal::Portal,
    preview,
    states::{several, show, stop_clock, whole},
};
use crate::support::browser::Browser;

async fn press(browser: &Browser, key: Key) {
    browser.session.action_chain().send_keys(key).perform().await.unwrap();
}

async fn focused(browser: &Browser) -> Value {
    browser.run(&format!("{LOOK}; return look.focused()")).await
}

async fn open(site: &Site, browser: &Browser) -> Portal {
    let document = several(&whole(site).await);
    stop_clock(browser).await;
    let portal = Portal::serve(site, "data-live=\"off\"", "", None).await;
    browser.open(&portal.origin).await;
    show(browser, &document).await;
    portal
}

/// Where Tab stops in the notice, from the top of the page to the page's own field; of so many stops at most.
async fn walk(browser: &Browser, most: usize) -> Vec<Value> {
    browser
        .run("document.activeElement.blur(); document.body.focus(); scrollTo(0, 0); return 0")
        .await;
    browser.run("const start = document.createElement('i'); start.tabIndex = -1; document.body.prepend(start); start.focus(); start.remove(); return 0").await;
    let mut stops = Vec::new();
    loop {
        press(browser, Key::Tab).await;
        let stop = focused(browser).await;
        if stop["within"] == false {
            assert_eq!(stop["id"], "name", "after the notice comes the page's own field");
            return stops;
        }
        assert_eq!(stop["ring"], true, "the focus is not to be seen: {stop}");
        assert_eq!(stop["onScreen"], true, "{stop}");
        assert_eq!(stop["tabindex"], Value::Null, "{stop}");
        stops.push(stop);
        assert!(stops.len() <= most, "the keyboard is trapped: {stops:?}");
    }
}

#[tokio::test]
async fn tab_goes_through_all_in_the_order_in_which_it_is_seen_and_out_again() {
    let site = Site::start();
    let browser = Browser::start().await;
    let _portal = open(&site, &browser).await;
    found(&browser, "[look.unfold()]").await;
    for (width, colours) in [
        (320, Colours::Light),
        (1280, Colours::Dark),
        (1280, Colours::Forced),
        (1280, Colours::ForcedDark),
    ] {
        look_in(&browser, width, colours).await;
        let targets = found(&browser, "look.targets().map(look.name)").await;
        let stops = walk(&browser, targets.len()).await;
        let names: Vec<_> = stops.iter().map(|stop| stop["is"].as_str().unwrap()).collect();
        assert_eq!(names, targets);
        // In one column from the top to the bottom; in two, each stays a group of its own.
        if width == 320 {
            for pair in stops.windows(2) {
                let [a, b] = [&pair[0]["top"], &pair[1]["top"]].map(|top| top.as_f64().unwrap());
                assert!(b >= a - 1.0, "{} comes before {}", pair[0], pair[1]);
            }
        }
        // And back in.
        browser
            .session
            .action_chain()
            .key_down(Key::Shift)
            .send_keys(Key::Tab)
            .key_up(Key::Shift)
            .perform()
            .await
            .unwrap();
        assert_eq!(focused(&browser).await["is"], stops.last().unwrap()["is"]);
    }
}

#[tokio::test]
async fn each_fold_opens_and_closes_by_enter_and_by_space_and_escape_does_no_harm() {
    let site = Site::start();
    let browser = Browser::start().await;
    let _portal = open(&site, &browser).await;
    found(&browser, "[look.unfold()]").await;
    let count = browser
        .run(&format!("return {ROOT}.querySelectorAll('summary').length"))
        .await
        .as_u64()
        .unwrap();
    assert!(count >= 8, "{count} folds");
    for i in 0..count {
        let fold = format!("{ROOT}.querySelectorAll('summary')[{i}]");
        browser.run(&format!("{fold}.focus(); return 0")).await;
        for (key, open) in [(Key::Enter, false), (Key::Space, true), (Key::Space, false), (Key::Enter, true)] {
            press(&browser, key).await;
            assert_eq!(
                browser.run(&format!("return {fold}.parentElement.open")).await,
                json!(open),
                "fold {i}"
            );
        }
    }
    let before = browser.run(&format!("return {ROOT}.innerHTML")).await;
    let focus = focused(&browser).await;
    press(&browser, Key::Escape).await;
    assert_eq!(browser.run(&format!("return {ROOT}.innerHTML")).await, before);
    assert_eq!(focused(&browser).await["is"], focus["is"]);
}

#[tokio::test]
async fn a_banner_is_gone_through_and_unfolded_by_keyboard() {
    let (site, browser, document) = begin().await;
    let document = several(&document);
    let portal = Portal::serve_banner(&site, "data-live=\"off\"", "", None).await;
    open_page(&browser, &portal).await;
    preview(&browser, &document, ".u").await;
    for (width, colours) in [(320, Colours::Light), (1280, Colours::Dark), (1280, Colours::Forced)] {
        look_in(&browser, width, colours).await;
        assert_eq!(found(&browser, "look.small()").await, [""; 0], "{width} px");
        let targets = found(&browser, "look.targets().map(look.name)").await;
        let stops = walk(&browser, targets.len()).await;
        let names: Vec<_> = stops.iter().map(|stop| stop["is"].as_str().unwrap()).collect();
        assert_eq!(names, targets);
        // The languages, the first thing to do, whom to call, and the control.
        assert_eq!(names.len(), 4, "{names:?}");
    }
    let control = format!("{ROOT}.querySelector('.u')");
    browser.run(&format!("{control}.focus(); return 0")).await;
    for (key, open) in [(Key::Enter, true), (Key::Space, false), (Key::Space, true)] {
        press(&browser, key).await;
        browser
            .until(&format!(
                "{open} == ({ROOT}.querySelector('.frame')?.getBoundingClientRect().height > 99)"
            ))
            .await;
        assert_eq!(
            browser
                .run(&format!("return [{ROOT}.activeElement == {control}, {control}.ariaExpanded]"))
                .await,
            json!([true, open.to_string()])
        );
    }
    press(&browser, Key::Tab).await;
    assert_eq!(
        browser.run(&format!("return !!{ROOT}.activeElement.closest('.frame')")).await,
        true,
        "what was unfolded comes next"
    );
}

#[tokio::test]
async fn a_language_is_chosen_by_keyboard() {
    let site = Site::start();
    let browser = Browser::start().await;
    let _portal = open(&site, &browser).await;
    for (lang, key) in [("en", Key::Enter), ("de-simple", Key::Space)] {
        browser
            .run(&format!("{ROOT}.querySelector('nav button[lang={lang}]').focus(); return 0"))
            .await;
        press(&browser, key).await;
        browser.until(&format!("{ROOT}.querySelector('.umleitung').lang == '{lang}'")).await;
        let pressed = browser
            .run(&format!(
                "return [...{ROOT}.querySelectorAll('[aria-pressed=true]')].map((button) => button.lang)"
            ))
            .await;
        assert_eq!(pressed, json!([lang]));
    }
}
