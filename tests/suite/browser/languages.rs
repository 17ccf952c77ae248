//! One notice in several languages: chosen by the page, by the tag, by the visitor; from right to left as well; each piece says its own.

use serde_json::json;

use super::{
    host::{Host, Plan},
    site::{PUSHED, ROOT, Site, widget_says},
};
use crate::support::browser::{Browser, Engine, in_each_engine};

fn page(site: &Site, lang: &str, attributes: &str, policy: Option<&str>) -> Host {
    let tag = site.tag(&format!("{PUSHED} {attributes}"));
    let page = format!(
        "<!doctype html><html lang=\"{lang}\"><head><title>Seite</title><link rel=\"icon\" href=\"data:,\">{tag}</head><body><h1>Seite</h1></body></html>"
    );
    let plan = Plan::new().page(&page);
    match policy {
        Some(policy) => plan.policy(policy).serve(),
        None => plan.serve(),
    }
}

/// A maintenance that says everything in German, English and Leichte Sprache, and has a video.
async fn publish(site: &Site) {
    site.publish(&json!({
        "kind": "outage", "severity": "outage", "services": ["wohngeld"], "portals": [],
        "title": {"de": "Wohngeld geht nicht", "en": "Housing benefit is down", "de-simple": "Wohn-Geld geht nicht"},
        "impact": {"de": "Der Antrag lädt nicht.", "en": "The form does not load."},
        "guidance": {"de": "Rufen Sie uns an."},
        "video": "https://video.musterstadt.example/42", "publish": true,
    }))
    .await;
}

fn choose(tag: &str) -> String {
    format!("[...{ROOT}.querySelectorAll('nav button')].find((button) => button.lang == '{tag}').click(); return 0")
}

async fn the_page_the_tag_and_the_visitor_choose_the_language(engine: Engine) {
    let site = Site::start();
    publish(&site).await;
    let browser = Browser::start_in(engine).await;
    for (lang, attributes, expected) in [
        ("de", "", ["Wohngeld geht nicht", "Störung"]),
        ("en-GB", "", ["Housing benefit is down", "Outage"]),
        ("EN", "", ["Housing benefit is down", "Outage"]),
        // As programs write it, and with more or less at the end than the portal has.
        ("en_US", "", ["Housing benefit is down", "Outage"]),
        ("en_US.UTF-8", "", ["Housing benefit is down", "Outage"]),
        ("en-simple", "", ["Housing benefit is down", "Outage"]),
        ("en-Latn-GB-oxendict", "", ["Housing benefit is down", "Outage"]),
        ("de-Simple", "", ["Wohn-Geld geht nicht", "Etwas ist kaputt"]),
        ("DE_simple", "", ["Wohn-Geld geht nicht", "Etwas ist kaputt"]),
        ("en", "data-lang=\"De_Simple-x-kurz\"", ["Wohn-Geld geht nicht", "Etwas ist kaputt"]),
        ("de-simple", "data-lang=\" \"", ["Wohn-Geld geht nicht", "Etwas ist kaputt"]),
        ("en", "data-lang=\"de-AT-1996\"", ["Wohngeld geht nicht", "Störung"]),
        // Another language that begins with the same letters.
        ("eng-x", "", ["Wohngeld geht nicht", "Störung"]),
        ("de", "data-lang=\"de-simple\"", ["Wohn-Geld geht nicht", "Etwas ist kaputt"]),
        // A language that the portal does not have: its own first one.
        ("fr", "", ["Wohngeld geht nicht", "Störung"]),
        ("", "", ["Wohngeld geht nicht", "Störung"]),
    ] {
        let host = page(&site, lang, attributes, None);
        browser.open(&host.origin).await;
        for part in expected {
            browser.until(&widget_says(part)).await;
        }
    }
    // The visitor's choice counts more, and lasts over news.
    browser.run(&choose("en")).await;
    browser.until(&widget_says("Housing benefit is down")).await;
    let pressed = format!("return [...{ROOT}.querySelectorAll('nav button')].map((button) => [button.lang, button.ariaPressed])");
    assert_eq!(
        browser.run(&pressed).await,
        json!([["de", "false"], ["en", "true"], ["de-simple", "false"]])
    );
    let id = site.state().await["notices"][0]["id"].as_str().unwrap().to_owned();
    site.post(
        &format!("/api/v1/notices/{id}/updates"),
        &json!({"text": {"de": "Noch eine Stunde.", "en": "One more hour."}}),
    )
    .await;
    browser.until(&widget_says("One more hour.")).await;
    // It is forgotten with the page: nothing is stored.
    let host = page(&site, "de", "", None);
    browser.open(&host.origin).await;
    browser.until(&widget_says("Wohngeld geht nicht")).await;
    // A page that says later what it is written in is followed with the next news.
    browser.run("document.documentElement.lang = 'en'; return 0").await;
    site.post(
        &format!("/api/v1/notices/{id}/updates"),
        &json!({"text": {"de": "Noch ein Tag.", "en": "One more day."}}),
    )
    .await;
    for part in ["One more day.", "Housing benefit is down", "Outage"] {
        browser.until(&widget_says(part)).await;
    }
}

/// Each text with the language and the direction that hold for it.
const TEXTS: &str = "
    const root = document.querySelector('umleitung-notice').shadowRoot;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        // What is read out has regions of its own.
        if (!element.closest('.v') && walker.currentNode.data.trim()) texts.push([walker.currentNode.data.trim(), element.closest('[lang]')?.lang, getComputedStyle(element).direction]);
    }
    return texts;";

async fn each_piece_says_its_language_and_runs_its_way(engine: Engine) {
    let site = Site::start();
    site.change_catalogue(|catalogue| {
        let languages = catalogue.find("languages = [").unwrap();
        let end = languages + catalogue[languages..].find(']').unwrap() + 1;
        catalogue.replace(
            &catalogue[languages..end],
            "languages = [\"de\", \"en\", \"de-simple\", \"tr\", \"uk\", \"ar\"]",
        )
    });
    publish(&site).await;
    let browser = Browser::start_in(engine).await;
    for (lang, kicker, direction) in [
        ("tr", "Arıza", "ltr"),
        ("uk", "Збій", "ltr"),
        ("ar", "عطل", "rtl"),
        ("en", "Outage", "ltr"),
    ] {
        let host = page(&site, lang, "", None);
        browser.open(&host.origin).await;
        browser.until(&format!("{ROOT}?.querySelector('.frame .kicker')")).await;
        let texts = browser.run(TEXTS).await;
        let find = |text: &str| {
            texts
                .as_array()
                .unwrap()
                .iter()
                .find(|one| one[0] == text)
                .unwrap_or_else(|| panic!("{text} is missing in {lang}: {texts}"))
        };
        assert_eq!(*find(kicker), json!([kicker, lang, direction]));
        // What is not translated is German, says so, and runs from left to right.
        assert_eq!(*find("Rufen Sie uns an."), json!(["Rufen Sie uns an.", "de", "ltr"]), "{lang}");
        assert!(
            browser
                .run(&format!("return {ROOT}.querySelector('.guidance .only').textContent"))
                .await
                .as_str()
                .unwrap()
                .trim()
                .len()
                > 4
        );
        // Names in their own language on the buttons.
        for (tag, name) in [
            ("de", "Deutsch"),
            ("uk", "Українська"),
            ("ar", "العربية"),
            ("de-simple", "Leichte Sprache"),
        ] {
            assert_eq!(find(name)[1], tag, "{lang}");
        }
    }
    // The video in sign language is a link of its own.
    let video = browser.run(&format!("return {ROOT}.querySelector('.video a').href")).await;
    assert_eq!(video, "https://video.musterstadt.example/42");
    // The banner knows these languages as well.
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src {0}; connect-src {0}; img-src data:",
        site.origin()
    );
    let host = page(&site, "ar", "", Some(&policy));
    browser.open(&host.origin).await;
    browser.until(&format!("{ROOT}?.querySelector('.banner')")).await;
    let banner = browser
        .run(&format!(
            "const box = {ROOT}.querySelector('.banner'); const title = box.querySelector('h2');
            return [box.lang, box.dir, box.querySelector('.k').textContent, title.textContent, title.lang]"
        ))
        .await;
    assert_eq!(banner, json!(["ar", "rtl", "عطل (بالألمانية فقط)", "Wohngeld geht nicht", "de"]));
    let live = format!("[...{ROOT}.querySelectorAll('[role=status]')].map((region) => region.lang)");
    browser.until(&format!("{live}.join() == 'de'")).await;
}

in_each_engine!(
    the_page_the_tag_and_the_visitor_choose_the_language,
    each_piece_says_its_language_and_runs_its_way,
);
