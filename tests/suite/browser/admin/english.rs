//! Staff who work in English.

use serde_json::json;

use super::{desk, go, learns, says, tap, to_office};
use crate::{browser::accessibility::expect_accessible, support::browser::Browser};

/// German words in what the page itself says; what people wrote is marked as German.
const GERMAN: &str = r"
    const said = [];
    const walk = (element) => {
        for (const node of element.childNodes) {
            if (node.nodeType == 3) said.push(node.data);
            if (node.nodeType != 1 || node.lang == 'de' || node.matches('script, style, textarea')) continue;
            for (const name of ['aria-label', 'title', 'placeholder', 'alt']) said.push(node.getAttribute(name) ?? '');
            walk(node);
        }
    };
    walk(document.body);
    const words = /\b(und|oder|nicht|die|der|das|Sie|wird|ist|bis|seit|ab|heute|morgen|Uhr|Störung|Wartung|Hinweis|Lage|Bitte|Ende|Dienste)\b|[äöüß„]/i;
    return said.filter((text) => words.test(text));";

async fn expect_english(browser: &Browser, place: &str) {
    let german = browser.run(GERMAN).await;
    assert_eq!(german, json!([]), "{place}");
}

#[tokio::test]
async fn staff_may_work_in_english() {
    let (site, browser) = desk().await;
    let id = site.publish_template("bundid-outage").await;
    learns(
        &browser,
        &format!("document.querySelector('[data-test=notice-{id}]')?.checkVisibility()"),
    )
    .await;
    assert_ne!(browser.run(GERMAN).await, json!([]), "it finds German where there is some");
    tap(&browser, "[data-test=tongue-en]").await;
    let begun =
        |tag: &str| format!("document.documentElement.lang == '{tag}' && document.querySelector('[data-test=situation]')?.innerText");
    browser.until(&begun("en")).await;
    browser.visible(&format!("[data-test=notice-{id}]")).await;
    browser.until(&says("[data-test=situation]", "1 outage")).await;
    expect_english(&browser, "overview").await;
    expect_accessible(&browser, "overview in English").await;
    browser.viewport(1280, 900).await;
    // What is planned.
    let series = json!({
        "notice": {"kind": "maintenance", "severity": "outage", "services": ["wohngeld"], "title": {"de": "Wartung"}},
        "recurrence": {
            "first": "2027-03-28", "rule": {"each": "month_weekday", "nth": -1, "weekday": "sunday", "plus_days": 1},
            "times": {"starts": "01:00", "ends": "04:00", "days_later": 1}, "time_zone": "Europe/Berlin",
        },
        "announce_hours": 24,
    });
    site.post("/api/v1/series", &series).await;
    to_office(&site, &browser, "#/planning").await;
    browser
        .until(&says(
            "[data-test=series-S-0001]",
            "Every month on the day after the last Sunday, 01:00 to 04:00 on the next day, from ",
        ))
        .await;
    expect_english(&browser, "planning").await;
    browser.open(&site.url("/admin/")).await;
    tap(&browser, "[data-test=template-kfz-outage]").await;
    browser.visible("#publish").await;
    expect_english(&browser, "form").await;
    // What was typed is still there in the other language.
    tap(&browser, "[data-test=language-en]").await;
    browser.fill("#field-title-en", "Typed in English").await;
    for tag in ["de", "en"] {
        tap(&browser, &format!("[data-test=tongue-{tag}]")).await;
        browser.until(&format!("document.documentElement.lang == '{tag}'")).await;
        tap(&browser, "[data-test=language-en]").await;
        browser
            .until("document.querySelector('#field-title-en')?.value.endsWith('Typed in English')")
            .await;
    }
    go(&browser, &format!("#/notice/{id}")).await;
    browser.visible("[data-test=add-update]").await;
    expect_english(&browser, "notice").await;
    tap(&browser, "[data-test=resolve]").await;
    browser.visible("[data-test=resolve-confirm]").await;
    expect_english(&browser, "step").await;
    expect_accessible(&browser, "notice in English").await;
    browser.viewport(1280, 900).await;
    // It stays so in this browser, also for those who sign in.
    tap(&browser, "[data-test=sign-out]").await;
    browser.visible("#sign-in").await;
    browser.open(&site.url("/admin/")).await;
    browser.until(&says("#sign-in", "Sign in")).await;
    expect_english(&browser, "sign-in").await;
    site.sign_in(&browser).await;
    tap(&browser, "[data-test=tongue-de]").await;
    browser.until(&begun("de")).await;
    browser.until(&says("[data-test=situation]", "1 Störung")).await;
}
