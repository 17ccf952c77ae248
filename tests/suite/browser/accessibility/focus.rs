//! Focus and caret never move by themselves, and are never lost in a notice that changes.

use serde_json::{Value, json};

use super::{
    super::site::{ROOT, Site, widget_says},
    LOOK, begin,
    matrix::read_in,
    open_page,
    portal::{Portal, WITHOUT_WIDGET},
    preview,
    states::{changed, several, show, stop_clock, whole},
};
use crate::support::browser::Browser;

async fn focused(browser: &Browser) -> Value {
    browser.run(&format!("{LOOK}; return look.focused()")).await
}

/// The focus on what this selector finds in the notice.
async fn focus(browser: &Browser, selector: &str) {
    browser
        .run(&format!(
            "{ROOT}.querySelector('{selector}').focus({{ preventScroll: true }}); return 0"
        ))
        .await;
    assert_eq!(focused(browser).await["within"], true, "{selector} cannot be focused");
}

async fn open(site: &Site, browser: &Browser) -> (Portal, Value) {
    let document = whole(site).await;
    stop_clock(browser).await;
    let portal = Portal::serve(site, "data-live=\"off\"", "", None).await;
    open_page(browser, &portal).await;
    (portal, document)
}

#[tokio::test]
async fn the_caret_in_the_pages_own_field_stays_whatever_the_notices_do() {
    let site = Site::start();
    let browser = Browser::start().await;
    let (_portal, document) = open(&site, &browser).await;
    browser
        .run(
            "const field = document.getElementById('name'); field.focus(); field.setSelectionRange(2, 5); window.moved = 0;
            for (const name of ['focusin', 'focusout', 'blur']) document.addEventListener(name, () => { moved += 1; }, true); return 0",
        )
        .await;
    // It comes, is joined by others, changes its words, grows older, changes its language, is over, goes.
    show(&browser, &document).await;
    show(&browser, &several(&document)).await;
    show(&browser, &changed(&document, "news", json!({"title": {"de": "Neuer Titel"}}))).await;
    browser.run("minute(2); return 0").await;
    read_in(&browser, "en").await;
    show(
        &browser,
        &changed(&document, "over", json!({"timing": "past", "stage": "resolved"})),
    )
    .await;
    browser.run("umleitung.preview(null); return 0").await;
    browser.until("!document.querySelector('umleitung-notice')").await;
    let state = "const field = document.activeElement; return [field.id, field.selectionStart, field.selectionEnd, moved]";
    assert_eq!(browser.run(state).await, json!(["name", 2, 5, 0]));
}

#[tokio::test]
async fn the_focus_in_a_notice_stays_on_its_link_when_a_graver_one_comes_first() {
    let site = Site::start();
    let browser = Browser::start().await;
    let (_portal, document) = open(&site, &browser).await;
    let read = several(&document);
    let mut one = document.clone();
    one["revision"] = json!("one");
    one["notices"] = json!([read["notices"][1]]);
    show(&browser, &one).await;
    let id = one["notices"][0]["id"].as_str().unwrap();
    focus(&browser, "footer a").await;
    let before = focused(&browser).await;
    assert!(before["href"].as_str().unwrap().ends_with(id));
    // A graver one comes first: the one that is read is folded by others' weight, but not under the reader's eyes.
    show(&browser, &read).await;
    let after = focused(&browser).await;
    assert_eq!(after["href"], before["href"]);
    assert_eq!(browser.run(&format!("return {ROOT}.activeElement.checkVisibility()")).await, true);
    // News.
    let mut news = read.clone();
    news["revision"] = json!("news");
    news["notices"][1]["updates"][0]["text"]["de"] = json!([{"t": "text", "s": "Noch eine Stunde."}]);
    show(&browser, &news).await;
    assert_eq!(focused(&browser).await["href"], before["href"]);
    // And back.
    one["revision"] = json!("alone again");
    show(&browser, &one).await;
    assert_eq!(focused(&browser).await["href"], before["href"]);
}

#[tokio::test]
async fn who_is_at_something_that_goes_stays_in_the_notice() {
    let site = Site::start();
    let browser = Browser::start().await;
    let (_portal, document) = open(&site, &browser).await;
    show(&browser, &document).await;
    focus(&browser, ".help a").await;
    // It is over, and nobody is to be called any more.
    let over = changed(&document, "over", json!({"timing": "past", "stage": "resolved"}));
    show(&browser, &over).await;
    let now = focused(&browser).await;
    let url = document["notices"][0]["url"].as_str().unwrap();
    assert!(now["href"].as_str().is_some_and(|href| href.ends_with(url)), "{now}");
}

#[tokio::test]
async fn the_focus_stays_on_the_button_of_the_language_that_was_chosen() {
    let site = Site::start();
    let browser = Browser::start().await;
    let (_portal, document) = open(&site, &browser).await;
    show(&browser, &document).await;
    focus(&browser, "nav button[lang=en]").await;
    read_in(&browser, "en").await;
    assert_eq!(browser.run(&format!("return {ROOT}.activeElement.lang")).await, "en");
}

/// Holds the widget's code back until `letGo()`.
const HOLD: &str = "
    const real = fetch;
    window.fetch = async (what, ...more) => {
        if (String(what).includes('widget_bg.wasm')) await new Promise((go) => { window.letGo = go; });
        return real(what, ...more);
    };";

#[tokio::test]
async fn the_focus_goes_on_to_the_same_link_when_the_whole_notice_takes_over() {
    let site = Site::start();
    let browser = Browser::start().await;
    browser.before_each_page(HOLD).await;
    let (portal, document) = open(&site, &browser).await;
    for (link, href) in [
        (".banner .foot a", document["notices"][0]["url"].as_str().unwrap()),
        (".banner a[href^=tel]", "tel:"),
    ] {
        open_page(&browser, &portal).await;
        browser.run(&format!("umleitung.preview({document}); return 0")).await;
        browser.until(&format!("window.letGo && {ROOT}?.querySelector('.banner')")).await;
        focus(&browser, link).await;
        browser.run("window.before = scrollY; letGo(); return 0").await;
        browser.until(&widget_says("Kfz-Zulassung")).await;
        browser.until(&format!("!{ROOT}.querySelector('.banner')")).await;
        let now = focused(&browser).await;
        assert_eq!(now["within"], true, "the focus is lost: {now}");
        assert!(now["href"].as_str().is_some_and(|at| at.contains(href)), "{now}");
        assert_eq!(browser.run("return scrollY == before").await, true);
    }
}

#[tokio::test]
async fn the_focus_stays_on_the_link_of_a_banner_that_is_told_anew() {
    let (site, browser, document) = begin().await;
    for (form, policy) in [("", Some(WITHOUT_WIDGET)), ("data-compact", None)] {
        let portal = Portal::serve(&site, &format!("data-live=\"off\" {form}"), "", policy).await;
        open_page(&browser, &portal).await;
        preview(&browser, &document, ".banner").await;
        focus(&browser, ".banner :is(.foot a, p:last-child a)").await;
        let before = focused(&browser).await;
        let mut news = document.clone();
        news["revision"] = json!("news");
        for (_, brief) in news["notices"][0]["brief"].as_object_mut().unwrap() {
            brief["title"]["s"] = json!("Neuer Titel");
        }
        browser.run(&format!("umleitung.preview({news}); return 0")).await;
        browser
            .until(&format!("{ROOT}.querySelector('.banner').textContent.includes('Neuer Titel')"))
            .await;
        assert_eq!(focused(&browser).await["href"], before["href"], "{form}");
    }
}
