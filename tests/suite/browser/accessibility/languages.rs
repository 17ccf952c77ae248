//! Each text says in which language it is, and runs in that language's direction.

use serde_json::{Value, json};

use super::{
    super::site::{ROOT, Site},
    LOOK,
    matrix::read_in,
    open_page,
    portal::{Portal, WITHOUT_WIDGET},
    preview,
    states::{show, speak_all_languages, stop_clock, whole},
};
use crate::support::browser::Browser;

/// The visible texts with their languages: `text`, `lang`, `dir`.
async fn texts(browser: &Browser) -> Vec<(String, String, String)> {
    let texts = browser.run(&format!("{LOOK}; look.unfold(); return look.languages()")).await;
    let of = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    texts
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            // Numbers and addresses keep their order whatever is around them.
            let is_words = of(one, "text").chars().all(|c| !c.is_ascii_digit() && c != '@' && c != '.');
            assert!(!is_words || one["dir"] == one["painted"], "{one}");
            (of(one, "text"), of(one, "lang"), of(one, "dir"))
        })
        .collect()
}

fn expect(texts: &[(String, String, String)], part: &str, lang: &str, dir: &str) {
    let all: Vec<_> = texts.iter().filter(|(text, ..)| text.contains(part)).collect();
    assert!(!all.is_empty(), "{part} is not shown in {texts:#?}");
    for (text, of, to) in all {
        assert_eq!((of.as_str(), to.as_str()), (lang, dir), "{text}");
    }
}

#[tokio::test]
async fn each_text_carries_its_language_and_direction() {
    let site = Site::start();
    let browser = Browser::start().await;
    speak_all_languages(&site, &browser).await;
    let document = whole(&site).await;
    stop_clock(&browser).await;
    let portal = Portal::serve(&site, "data-live=\"off\"", "", None).await;
    browser.open(&portal.origin).await;
    show(&browser, &document).await;

    read_in(&browser, "en").await;
    let english = texts(&browser).await;
    expect(&english, "Outage", "en", "ltr");
    expect(&english, "You cannot register", "en", "ltr");
    expect(&english, "We are looking into it", "en", "ltr");
    expect(&english, "(in German only)", "en", "ltr");
    for german in ["Gesendete Anträge", "Nutzen Sie bitte", "Die Ursache", "Bitte fragen Sie"] {
        expect(&english, german, "de", "ltr");
    }
    // Names of languages are in themselves.
    expect(&english, "Leichte Sprache", "de-simple", "ltr");
    expect(&english, "العربية", "ar", "ltr");

    read_in(&browser, "de-simple").await;
    let simple = texts(&browser).await;
    expect(&simple, "Das Anmelden geht jetzt", "de-simple", "ltr");
    expect(&simple, "Gesendete Anträge", "de", "ltr");

    read_in(&browser, "ar").await;
    let arabic = texts(&browser).await;
    expect(&arabic, "عطل", "ar", "rtl");
    expect(&arabic, "(بالألمانية فقط)", "ar", "rtl");
    for german in [
        "Kfz-Zulassung: Antrag nicht möglich",
        "kein",
        "Gesendete Anträge",
        "Die Ursache",
        "Chat im Stadtportal",
    ] {
        expect(&arabic, german, "de", "ltr");
    }
    // No word of one script is told in the language of another.
    for (text, lang, _) in &arabic {
        let is_arabic = text.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c));
        assert!(!is_arabic || lang == "ar", "{text} is told to be {lang}");
        let is_german = text.chars().any(|c| "äöüÄÖÜß".contains(c));
        assert!(!is_german || lang.starts_with("de") || lang == "tr", "{text} is told to be {lang}");
    }
    // What cannot be found is found to be missing.
    browser
        .run(&format!(
            "for (const element of {ROOT}.querySelectorAll('h2 [lang]')) element.removeAttribute('lang'); return 0"
        ))
        .await;
    let (_, lang, _) = texts(&browser)
        .await
        .into_iter()
        .find(|(text, ..)| text.contains("Antrag nicht"))
        .unwrap();
    assert_eq!(lang, "ar", "the planted fault was not seen");
}

#[tokio::test]
async fn the_banner_tells_its_languages_too() {
    let site = Site::start();
    let browser = Browser::start().await;
    speak_all_languages(&site, &browser).await;
    let document = whole(&site).await;
    stop_clock(&browser).await;
    for (lang, word, dir) in [("ar", "عطل", "rtl"), ("en", "Outage", "ltr"), ("tr", "Arıza", "ltr")] {
        let portal = Portal::serve(&site, &format!("data-live=\"off\" data-lang=\"{lang}\""), "", Some(WITHOUT_WIDGET)).await;
        open_page(&browser, &portal).await;
        preview(&browser, &document, ".banner").await;
        let said = browser
            .until(&format!(
                "[...{ROOT}.querySelectorAll('.v')].find((region) => region.textContent)?.lang"
            ))
            .await;
        let texts = texts(&browser).await;
        expect(&texts, word, lang, dir);
        if lang == "en" {
            expect(&texts, "You cannot register", "en", "ltr");
            assert_eq!(said, json!("en"));
        } else {
            let title: Vec<_> = texts.iter().filter(|(text, ..)| text.contains("Antrag nicht möglich")).collect();
            assert!(title.iter().all(|(_, of, dir)| of == "de" && dir != "rtl"), "{title:?}");
            assert_eq!(said, json!("de"), "what is read out is mostly the title");
        }
    }
}
