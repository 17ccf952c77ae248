//! What can be read by people who need larger letters, wider spacing, a narrow window or a big target.

use serde_json::{Value, json};

use super::{
    super::site::{ROOT, Site},
    Colours, found, look_in,
    matrix::read_in,
    open_page,
    portal::{Portal, WITHOUT_WIDGET},
    preview,
    states::{several, show, speak_all_languages, stop_clock, whole},
};
use crate::support::browser::Browser;

/// A page with several notices, all unfolded; the portal speaks all languages.
async fn open(site: &Site, browser: &Browser) -> (Portal, Value) {
    speak_all_languages(site, browser).await;
    let document = several(&whole(site).await);
    stop_clock(browser).await;
    let portal = Portal::serve(site, "data-live=\"off\"", "", None).await;
    browser.open(&portal.origin).await;
    show(browser, &document).await;
    found(browser, "[look.unfold()]").await;
    (portal, document)
}

#[tokio::test]
async fn at_320_px_nothing_runs_over_the_edge_in_any_language() {
    let site = Site::start();
    let browser = Browser::start().await;
    let (_portal, document) = open(&site, &browser).await;
    // 320 px are also what a window of 1280 px has at 400 %.
    look_in(&browser, 320, Colours::Light).await;
    for lang in ["de", "en", "de-simple", "tr", "uk", "ar"] {
        read_in(&browser, lang).await;
        assert_eq!(found(&browser, "look.spilt()").await, [""; 0], "{lang}");
    }
    // German can put a whole office into one word.
    let word = "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung";
    let mut long = document.clone();
    long["revision"] = json!("long");
    for name in ["title", "issuer"] {
        long["notices"][0][name] = json!({"de": word});
    }
    long["notices"][0]["affected"][0]["name"] = json!({"de": word});
    show(&browser, &long).await;
    found(&browser, "[look.unfold()]").await;
    // What is read out must not widen the page either.
    let aloud = format!("for (const region of {ROOT}.querySelectorAll('.v')) region.textContent = '{word}'; return 0");
    browser.run(&aloud).await;
    assert_eq!(found(&browser, "look.spilt()").await, [""; 0], "{word}");
}

/// WCAG 1.4.12.
const SPACING: &str = "
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }');
    for (const host of document.querySelectorAll('umleitung-notice')) host.shadowRoot.adoptedStyleSheets = [...host.shadowRoot.adoptedStyleSheets, sheet];
    return 0;";

#[tokio::test]
async fn wider_spacing_of_text_cuts_nothing_off() {
    let site = Site::start();
    let browser = Browser::start().await;
    let (portal, document) = open(&site, &browser).await;
    browser.run(SPACING).await;
    let spaced = browser
        .run(&format!("return getComputedStyle({ROOT}.querySelector('.kicker')).letterSpacing"))
        .await;
    assert_eq!(spaced, "1.92px");
    for width in [320, 1280] {
        look_in(&browser, width, Colours::Light).await;
        for lang in ["de", "ar"] {
            read_in(&browser, lang).await;
            assert_eq!(found(&browser, "look.spilt()").await, [""; 0], "{lang} at {width} px");
        }
    }
    drop(portal);
    let portal = Portal::serve(&site, "data-live=\"off\"", "", Some(WITHOUT_WIDGET)).await;
    open_page(&browser, &portal).await;
    preview(&browser, &document, ".banner").await;
    browser.run(SPACING).await;
    look_in(&browser, 320, Colours::Light).await;
    assert_eq!(found(&browser, "look.spilt()").await, [""; 0], "banner");
}

#[tokio::test]
async fn letters_twice_as_large_by_the_visitors_own_setting_are_heeded_and_fit() {
    let site = Site::start();
    let browser = Browser::start().await;
    browser.open("chrome://settings/appearance").await;
    let set = "chrome.settingsPrivate.setPref('webkit.webprefs.default_font_size', 32, '', done);";
    assert_eq!(
        browser.run_until_done(set).await,
        json!(true),
        "the browser's setting could not be set"
    );
    let (portal, document) = open(&site, &browser).await;
    let size = |what: &str| format!("return getComputedStyle({ROOT}.querySelector('{what}')).fontSize");
    assert_eq!(browser.run(&size(".facts dd")).await, "32px");
    // 640 px at twice the size are as narrow as 320.
    for width in [390, 640, 1280] {
        look_in(&browser, width, Colours::Light).await;
        for lang in ["de", "ar"] {
            read_in(&browser, lang).await;
            assert_eq!(found(&browser, "look.spilt()").await, [""; 0], "{lang} at {width} px");
        }
    }
    drop(portal);
    let portal = Portal::serve(&site, "data-live=\"off\"", "", Some(WITHOUT_WIDGET)).await;
    open_page(&browser, &portal).await;
    preview(&browser, &document, ".banner").await;
    assert_eq!(browser.run(&size(".banner")).await, "32px");
    for width in [320, 390, 640] {
        look_in(&browser, width, Colours::Light).await;
        assert_eq!(found(&browser, "look.spilt()").await, [""; 0], "banner at {width} px");
    }
}

#[tokio::test]
async fn a_page_with_a_small_root_size_does_not_shrink_the_notice() {
    let site = Site::start();
    let browser = Browser::start().await;
    let _portal = open(&site, &browser).await;
    look_in(&browser, 1280, Colours::Light).await;
    let measure = format!(
        "return [...{ROOT}.querySelectorAll('.impact, .facts, .ways')].map((part) => Math.round(part.getBoundingClientRect().width))"
    );
    let before = browser.run(&measure).await;
    browser.run("document.documentElement.style.fontSize = '62.5%'; return 0").await;
    assert_eq!(browser.run(&measure).await, before);
}

#[tokio::test]
async fn what_is_to_be_hit_is_large_enough() {
    let site = Site::start();
    let browser = Browser::start().await;
    let (portal, document) = open(&site, &browser).await;
    for width in [320, 1280] {
        look_in(&browser, width, Colours::Light).await;
        for lang in ["de", "ar"] {
            read_in(&browser, lang).await;
            let count = found(&browser, "look.targets().map(look.name)").await.len();
            assert!(count > 40, "only {count} targets");
            assert_eq!(found(&browser, "look.small()").await, [""; 0], "{lang} at {width} px");
        }
    }
    drop(portal);
    for attributes in ["data-live=\"off\"", "data-live=\"off\" data-compact"] {
        let portal = Portal::serve(&site, attributes, "", Some(WITHOUT_WIDGET)).await;
        open_page(&browser, &portal).await;
        preview(&browser, &document, ".banner").await;
        // A line of the banner that is nothing but a link is as high as a line: 24 px.
        assert_eq!(found(&browser, "look.small()").await, [""; 0], "banner, {attributes}");
    }
}
