//! Each state of a notice, in each width and in light, dark and forced colours: what the rules of axe-core say, what can be seen in forced
//! colours, what has too little contrast.

use serde_json::{Value, json};

use super::{
    super::site::{ROOT, Site, widget_says},
    Colours, ask_axe, begin, found, look_in, open_page,
    portal::{Portal, WITHOUT_WIDGET},
    preview,
    states::{several, show, speak_all_languages, states, stop_clock, whole},
    teach_axe, wrong_in_page,
};
use crate::support::{browser::Browser, outage};

/// Clicks the button of a language, and waits until the notice's words are in it.
pub(super) async fn read_in(browser: &Browser, lang: &str) {
    browser
        .run(&format!("{ROOT}.querySelector('nav button[lang={lang}]').click(); return 0"))
        .await;
    browser
        .until(&format!(
            "{ROOT}.querySelector('nav [aria-pressed=true]').lang == '{lang}' && {ROOT}.querySelector('.umleitung').lang == '{lang}'"
        ))
        .await;
}

/// Looks at what the page shows right now.
async fn wrong_as_shown(browser: &Browser, name: &str, colours: Colours) -> Vec<String> {
    let mut wrong = Vec::new();
    for width in [320, 1280] {
        look_in(browser, width, colours).await;
        let name = format!("{name}, {width} px, {colours:?}");
        wrong.extend(ask_axe(browser, &name, colours).await);
        let mut more = found(browser, "look.spilt()").await;
        match colours {
            Colours::Forced | Colours::ForcedDark => more.extend(found(browser, "look.lostInForcedColours()").await),
            Colours::Light | Colours::Dark => more.extend(found(browser, "look.faint()").await),
        }
        wrong.extend(more.into_iter().map(|one| format!("{name}: {one}")));
    }
    wrong
}

async fn expect_every_state_in(colours: Colours) {
    let site = Site::start();
    let browser = Browser::start().await;
    speak_all_languages(&site, &browser).await;
    let document = whole(&site).await;
    stop_clock(&browser).await;
    let portal = Portal::serve(&site, "data-live=\"off\"", "", None).await;
    open_page(&browser, &portal).await;
    teach_axe(&browser).await;
    let mut wrong = Vec::new();
    for (name, document) in states(&document) {
        show(&browser, &document).await;
        wrong.extend(wrong_as_shown(&browser, name, colours).await);
    }
    // With all that can be unfolded.
    show(&browser, &several(&document)).await;
    found(&browser, "[look.unfold()]").await;
    wrong.extend(wrong_as_shown(&browser, "several, unfolded", colours).await);
    show(&browser, &document).await;
    for lang in ["en", "de-simple", "ar"] {
        read_in(&browser, lang).await;
        found(&browser, "[look.unfold()]").await;
        wrong.extend(wrong_as_shown(&browser, lang, colours).await);
    }
    assert!(wrong.is_empty(), "{} found:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn every_state_keeps_the_rules_in_light() {
    expect_every_state_in(Colours::Light).await;
}

#[tokio::test]
async fn every_state_keeps_the_rules_in_dark() {
    expect_every_state_in(Colours::Dark).await;
}

#[tokio::test]
async fn every_state_keeps_the_rules_in_forced_colours() {
    expect_every_state_in(Colours::Forced).await;
}

/// The banner in each of its four tones, alone because the page's policy refuses the widget.
#[tokio::test]
async fn the_banner_alone_keeps_the_rules() {
    let site = Site::start();
    let browser = Browser::start().await;
    speak_all_languages(&site, &browser).await;
    let document = whole(&site).await;
    stop_clock(&browser).await;
    let mut wrong = Vec::new();
    for (lang, content) in [("de", ""), ("ar", ""), ("de", "<umleitung-notice></umleitung-notice>")] {
        let portal = Portal::serve(
            &site,
            &format!("data-live=\"off\" data-lang=\"{lang}\""),
            content,
            Some(WITHOUT_WIDGET),
        )
        .await;
        open_page(&browser, &portal).await;
        teach_axe(&browser).await;
        for tone in ["danger", "warning", "info", "success"] {
            let mut document = document.clone();
            document["revision"] = json!(tone);
            for (_, brief) in document["notices"][0]["brief"].as_object_mut().unwrap() {
                brief["tone"] = json!(tone);
            }
            preview(&browser, &document, &format!("section.{tone} h2")).await;
            for colours in [Colours::Light, Colours::Dark, Colours::Forced] {
                wrong.extend(wrong_as_shown(&browser, &format!("banner, {lang}, {tone}"), colours).await);
            }
        }
        assert_eq!(browser.run(&format!("return {ROOT}.querySelector('.frame')")).await, Value::Null);
    }
    assert!(wrong.is_empty(), "{} found:\n{}", wrong.len(), wrong.join("\n"));
}

/// The banner in each state of a notice, folded and unfolded.
#[tokio::test]
async fn a_banner_keeps_the_rules_folded_and_unfolded() {
    let (site, browser, document) = begin().await;
    let portal = Portal::serve_banner(&site, "data-live=\"off\"", "", None).await;
    let mut wrong = Vec::new();
    for (name, document) in states(&document) {
        open_page(&browser, &portal).await;
        teach_axe(&browser).await;
        preview(&browser, &document, ".u").await;
        for colours in [Colours::Light, Colours::Dark, Colours::Forced] {
            wrong.extend(wrong_as_shown(&browser, &format!("{name}, folded"), colours).await);
        }
        browser.run(&format!("{ROOT}.querySelector('.u').click(); return 0")).await;
        browser.until(&format!("{ROOT}.querySelector('.frame')?.checkVisibility()")).await;
        for colours in [Colours::Light, Colours::Dark, Colours::Forced] {
            wrong.extend(wrong_as_shown(&browser, &format!("{name}, unfolded"), colours).await);
        }
    }
    assert!(wrong.is_empty(), "{} found:\n{}", wrong.len(), wrong.join("\n"));
}

/// A page in KERN's style that stays light, whatever its reader prefers.
const ALWAYS_LIGHT: &str = "<style>:root { --kern-color-layout-background-default: #fff; --kern-color-layout-text-default: #171a2b; --kern-color-action-default: #1f44ad;
    --kern-color-feedback-danger: #bd0f09; --kern-color-feedback-warning: #934c00; --kern-color-feedback-success: #007d54; --kern-color-feedback-info: #00699e }</style>";

#[tokio::test]
async fn a_banner_keeps_to_the_colours_of_its_page_and_not_to_those_of_the_system() {
    let (site, browser, document) = begin().await;
    let portal = Portal::serve_banner(&site, "data-live=\"off\"", ALWAYS_LIGHT, None).await;
    open_page(&browser, &portal).await;
    teach_axe(&browser).await;
    preview(&browser, &document, ".l").await;
    let wrong = wrong_as_shown(&browser, "always light", Colours::Dark).await;
    assert!(wrong.is_empty(), "{} found:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn the_compact_form_and_an_element_in_the_page_keep_the_rules() {
    let (site, browser, document) = begin().await;
    let mut wrong = Vec::new();
    for (name, attributes, content, shown) in [
        ("compact", "data-live=\"off\" data-compact", "", ".banner.c a"),
        (
            "compact element",
            "data-live=\"off\" data-service=\"fundbuero\"",
            "<h2>Ihr Dienst</h2><umleitung-notice service=\"kfz-zulassung\" compact href=\"/\"></umleitung-notice>",
            ".banner.c a",
        ),
        (
            "element",
            "data-live=\"off\"",
            "<h2>Ihr Dienst</h2><umleitung-notice service=\"kfz-zulassung\"></umleitung-notice>",
            ".frame .notice",
        ),
    ] {
        let portal = Portal::serve(&site, attributes, content, None).await;
        open_page(&browser, &portal).await;
        teach_axe(&browser).await;
        let document = several(&document);
        preview(&browser, &document, shown).await;
        for colours in [Colours::Light, Colours::Dark, Colours::Forced] {
            wrong.extend(wrong_as_shown(&browser, name, colours).await);
        }
    }
    assert!(wrong.is_empty(), "{} found:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn a_notice_that_has_grown_old_keeps_the_rules() {
    let site = Site::start();
    let browser = Browser::start().await;
    stop_clock(&browser).await;
    site.publish(&outage("wohngeld", "Wohngeld: Antrag nicht möglich")).await;
    let portal = Portal::serve(&site, "data-live=\"poll\"", "", None).await;
    browser.open(&portal.origin).await;
    browser.until(&widget_says("Wohngeld")).await;
    // The server falls silent, and minutes pass.
    drop(site);
    browser.run("minute(4); return 0").await;
    browser.until(&widget_says("Neuere Meldungen kommen gerade nicht an")).await;
    teach_axe(&browser).await;
    let mut wrong = Vec::new();
    for colours in [Colours::Light, Colours::Dark, Colours::Forced] {
        wrong.extend(wrong_as_shown(&browser, "stale", colours).await);
    }
    assert!(wrong.is_empty(), "{} found:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn pages_for_the_public_keep_the_rules() {
    let site = Site::start();
    let id = site.publish_template("bundid-outage").await;
    let news = json!({"text": {"de": "Die Ursache ist gefunden."}, "stage": "identified"});
    site.post(&format!("/api/v1/notices/{id}/updates"), &news).await;
    site.publish(&outage("sperrmuell", "Sperrmüll: keine Bestellung möglich")).await;
    let browser = Browser::start().await;
    let mut wrong = Vec::new();
    for page in [
        "/demo/kfz-zulassung.html".to_owned(),
        "/demo/".to_owned(),
        "/p/musterstadt/".to_owned(),
        "/p/musterstadt/?lang=de-simple".to_owned(),
        "/p/musterstadt/history".to_owned(),
        "/p/musterstadt/archive/".to_owned(),
        "/p/musterstadt/archive/2018-12.html".to_owned(),
        "/p/musterstadt/archive/2018-12.html?lang=de-simple".to_owned(),
        format!("/p/musterstadt/notices/{id}"),
        format!("/p/musterstadt/notices/{id}?lang=en"),
    ] {
        browser.open(&site.url(&page)).await;
        if page.starts_with("/demo/") {
            browser.until(&widget_says("BundID")).await;
        }
        for colours in [Colours::Light, Colours::Dark, Colours::Forced] {
            wrong.extend(wrong_in_page(&browser, &page, colours, &[320, 1280]).await);
        }
    }
    assert!(wrong.is_empty(), "{} found:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn faults_that_are_planted_are_found() {
    let (site, browser, document) = begin().await;
    let portal = Portal::serve(&site, "data-live=\"off\"", "", None).await;
    browser.open(&portal.origin).await;
    show(&browser, &document).await;
    teach_axe(&browser).await;
    look_in(&browser, 1280, Colours::Light).await;
    for (fault, finder, finding) in [
        ("querySelector('.kicker').style.color = '#d99'", "look.faint()", "Störung"),
        ("querySelector('.head svg').style.stroke = '#ddd'", "look.faint()", "picture"),
        ("querySelector('.notice').style.borderTopColor = '#eee'", "look.faint()", "edge"),
        (
            "querySelectorAll('.bar button')[1].style.cssText = 'margin-left: -30px; min-height: 10px; align-self: start'",
            "look.small()",
            "button",
        ),
        ("querySelector('.facts').style.width = '2000px'", "look.spilt()", "too wide"),
        (
            "querySelector('.impact').style.marginBottom = '-20px'",
            "look.spilt()",
            "on each other",
        ),
        (
            "querySelector('.impact').style.cssText = 'height: 8px; overflow: hidden'",
            "look.spilt()",
            "cut off",
        ),
        ("querySelector('.kicker').style.transition = 'color 1s'", "look.moving()", "kicker"),
        ("querySelector('.kicker').title = 'Mehr'", "look.hinted()", "kicker"),
    ] {
        assert_eq!(found(&browser, finder).await, [""; 0], "before {fault}");
        browser.run(&format!("const root = {ROOT}; root.{fault}; return 0")).await;
        let findings = found(&browser, finder).await;
        assert!(
            findings.iter().any(|one| one.contains(finding)),
            "{fault} is not found: {findings:?}"
        );
        let name = fault.split(".style").next().unwrap().split(".title").next().unwrap();
        browser
            .run(&format!(
                "{ROOT}.{name}.removeAttribute('style'); {ROOT}.{name}.removeAttribute('title'); return 0"
            ))
            .await;
    }
    assert_eq!(ask_axe(&browser, "before", Colours::Light).await, [""; 0]);
    browser
        .run(&format!("{ROOT}.querySelector('.where a').replaceChildren(); return 0"))
        .await;
    assert!(ask_axe(&browser, "after", Colours::Light).await.join(" ").contains("link-name"));
    look_in(&browser, 1280, Colours::Dark).await;
    assert_eq!(ask_axe(&browser, "before", Colours::Dark).await, [""; 0]);
    browser
        .run(&format!(
            "const root = {ROOT}; root.querySelector('.kicker').style.color = '#555'; return 0"
        ))
        .await;
    assert!(ask_axe(&browser, "after", Colours::Dark).await.join(" ").contains("color-contrast"));
}
