//! Pictures of what people see, for people to look at: `target/screenshots/`. That they are good, no test can say; that they show
//! something and that nothing runs over the edge, this one does.

use std::path::PathBuf;

use serde_json::json;

use super::{
    accessibility::OVERFLOW,
    site::{ROOT, Site, banner_says, widget_says},
};
use crate::support::{browser::Browser, outage};

/// An image with less than this shows next to nothing.
const NEXT_TO_NOTHING: usize = 8_000;

fn folder() -> PathBuf {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/screenshots"));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Pictures of the page that is open, in both widths and both colour schemes.
async fn take(browser: &Browser, name: &str) {
    for width in [320, 1280] {
        for scheme in ["light", "dark"] {
            browser.viewport(width, 900).await;
            browser.scheme(scheme).await;
            browser
                .until(&format!(
                    "innerWidth == {width} && matchMedia('(prefers-color-scheme: {scheme})').matches"
                ))
                .await;
            assert_eq!(browser.run(OVERFLOW).await, json!([]), "{name} runs over the edge at {width} px");
            let picture = browser.picture(width).await;
            assert!(
                picture.starts_with(b"\x89PNG") && picture.len() > NEXT_TO_NOTHING,
                "{name} at {width} px shows next to nothing: {} bytes",
                picture.len()
            );
            // The first chunk of a PNG begins with the width.
            assert_eq!(u32::from_be_bytes(picture[16..20].try_into().unwrap()), width);
            std::fs::write(folder().join(format!("{name}-{width}-{scheme}.png")), picture).unwrap();
        }
    }
    browser.viewport(1280, 900).await;
    browser.scheme("light").await;
}

#[tokio::test]
async fn screenshots() {
    let site = Site::start();
    site.add_operator();
    let browser = Browser::start().await;
    browser.open(&site.url("/demo/")).await;
    browser.until("document.readyState == 'complete'").await;
    take(&browser, "demo-home").await;

    let id = site.publish_template("bundid-outage").await;
    let text = json!({"de": "Die Ursache ist gefunden. Wir rechnen mit einer Stunde.", "en": "We have found the cause and expect it to take an hour."});
    site.post(
        &format!("/api/v1/notices/{id}/updates"),
        &json!({"text": text, "stage": "identified"}),
    )
    .await;
    site.publish(&outage("sperrmuell", "Sperrmüll: keine Bestellung möglich")).await;
    browser.open(&site.url("/demo/kfz-zulassung.html")).await;
    browser.until(&banner_says("BundID")).await;
    take(&browser, "demo-service").await;
    browser.until(&widget_says("BundID")).await;
    browser
        .run(&format!(
            "for (const fold of {ROOT}.querySelectorAll('details')) fold.open = true; return 0"
        ))
        .await;
    take(&browser, "demo-service-unfolded").await;
    browser
        .run(&format!(
            "const choice = {ROOT}.querySelector('select'); choice.value = 'de-simple'; choice.dispatchEvent(new Event('change')); return 0"
        ))
        .await;
    browser.until(&widget_says("Etwas ist kaputt")).await;
    take(&browser, "demo-service-simple").await;
    browser.open(&site.url("/demo/")).await;
    browser.until(&banner_says("BundID")).await;
    take(&browser, "demo-home-notices").await;

    for (name, path) in [
        ("status", "/p/musterstadt/".to_owned()),
        ("history", "/p/musterstadt/history".to_owned()),
        ("permanent", format!("/p/musterstadt/notices/{id}")),
    ] {
        browser.open(&site.url(&path)).await;
        take(&browser, name).await;
    }

    browser.open(&site.url("/admin/")).await;
    browser.visible("#sign-in").await;
    take(&browser, "admin-sign-in").await;
    site.sign_in(&browser).await;
    browser.visible(&format!("[data-test=notice-{id}]")).await;
    take(&browser, "admin-desk").await;
    browser.click("[data-test=template-kfz-outage]").await;
    browser.visible("#publish").await;
    take(&browser, "admin-form").await;
    browser.click("[data-test=leave]").await;
    browser.click(&format!("[data-test=notice-{id}]")).await;
    browser.click("[data-test=add-update]").await;
    browser.visible("#field-text-de").await;
    take(&browser, "admin-notice").await;
}
