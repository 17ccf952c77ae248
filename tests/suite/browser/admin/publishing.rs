//! What a draft says of itself, what publishing touches, and who did it.

use serde_json::json;

use super::{desk, draft, go, learns, says, tap};
use crate::{browser::site::OPERATOR, support::shell};

#[tokio::test]
async fn a_draft_says_that_it_will_be_seen_and_what_is_seen_that_it_is() {
    let (site, browser) = desk().await;
    let id = site.publish(&draft()).await;
    go(&browser, &format!("#/notice/{id}")).await;
    browser.until(&says("#preview-heading", "So wird es auf dem Portal stehen")).await;
    site.post(&format!("/api/v1/notices/{id}/publish"), &json!({})).await;
    learns(&browser, &says("#preview-heading", "So steht es auf dem Portal")).await;
    // What is announced for later is on no portal yet.
    let later = json!({"kind": "information", "severity": "information", "services": ["bundid"], "portals": [], "title": {"de": "Bald"},
        "starts_at": "2098-05-04T08:00:00Z", "announce_from": "2098-05-04T07:00:00Z", "publish": true});
    let later = site.publish(&later).await;
    go(&browser, &format!("#/notice/{later}")).await;
    browser.until(&says("#preview-heading", "So wird es auf dem Portal stehen")).await;
    // The form of a draft says the same.
    go(&browser, "#/new/outage").await;
    browser.until(&says("#preview", "werden es die Menschen")).await;
}

#[tokio::test]
async fn publishing_says_what_it_touches_and_comes_after_the_preview() {
    let (site, browser) = desk().await;
    for (width, height) in [(360, 780), (390, 780), (1280, 900)] {
        browser.viewport(width, height).await;
        go(&browser, "#/template/bundid-outage").await;
        browser.until(&says("[data-test=reach]", "Betrifft ")).await;
        browser.until(&says("[data-test=reach]", "Sofort sichtbar.")).await;
        browser
            .until("document.querySelector('[data-test=preview]').checkVisibility()")
            .await;
        let placed = browser
            .run(
                "const box = (selector) => document.querySelector(selector).getBoundingClientRect();
                const bar = box('.bar');
                return [bar.height, bar.right <= innerWidth, box('#preview').bottom <= box('#publish').top, box('#publish').bottom <= innerHeight]",
            )
            .await;
        assert!(placed[0].as_f64().unwrap() <= 80.0, "the bar takes {} px at {width}", placed[0]);
        assert_eq!((&placed[1], &placed[2]), (&json!(true), &json!(true)), "{placed} at {width}");
        if width > 1000 {
            assert_eq!(placed[3], true, "what publishing touches is out of sight");
        } else {
            // The way there is one tap.
            tap(&browser, "[data-test=to-preview]").await;
            browser.until("document.activeElement.id == 'preview'").await;
        }
        go(&browser, "#/").await;
    }
    // The number of services is that of the portal's own document.
    go(&browser, "#/template/bundid-outage").await;
    browser.until(&says("[data-test=reach]", "Sofort sichtbar.")).await;
    tap(&browser, "#publish").await;
    browser.visible("[data-test=facts]").await;
    let shown = site.state().await;
    let count = shown["services"].as_array().unwrap().len();
    go(&browser, "#/template/bundid-outage").await;
    browser
        .until(&says("[data-test=reach]", &format!("Betrifft {count} Dienste")))
        .await;
    browser.until(&says("[data-test=reach]", "1 Portal")).await;
    // A draft that is published from its page, and a change of what is public, say it too.
    let id = site.publish(&draft()).await;
    go(&browser, &format!("#/notice/{id}")).await;
    tap(&browser, "[data-test=publish]").await;
    browser
        .until(&says(
            "[data-test=step-publish] [data-test=reach]",
            &format!("Betrifft {count} Dienste"),
        ))
        .await;
    tap(&browser, "[data-test=publish-confirm]").await;
    browser.until(&says("[data-test=stage]", "Wird untersucht")).await;
    tap(&browser, "[data-test=edit]").await;
    browser
        .until(&says("[data-test=sheet]", &format!("Betrifft {count} Dienste")))
        .await;
    browser.fill("#field-title-de", ", auch mobil").await;
    tap(&browser, "[data-test=save]").await;
    browser.until(&says("#heading", "auch mobil")).await;
}

#[tokio::test]
async fn authors_are_named_to_staff_and_to_nobody_else() {
    let (site, browser) = desk().await;
    tap(&browser, "[data-test=template-bundid-outage]").await;
    tap(&browser, "#publish").await;
    browser
        .until(&says("[data-test=authors]", &format!("Veröffentlicht von: {OPERATOR}")))
        .await;
    let place = browser.run("return location.hash").await.as_str().unwrap().to_owned();
    let id = place.trim_start_matches("#/notice/").to_owned();
    site.post(
        &format!("/api/v1/notices/{id}/updates"),
        &json!({"text": {"de": "Von einem Programm."}}),
    )
    .await;
    learns(&browser, &says("[data-test=history]", "browser-tests")).await;
    browser
        .until(&says("[data-test=authors]", "Zuletzt geändert von: browser-tests"))
        .await;
    let draft = site.publish(&draft()).await;
    go(&browser, "#/").await;
    browser.until(&says(&format!("[data-test=by-{id}]"), OPERATOR)).await;
    learns(&browser, &says(&format!("[data-test=by-{draft}]"), "Entwurf von: browser-tests")).await;

    let notice = site.read(&format!("/api/v1/notices/{id}")).await;
    for (who, name) in [
        ("created_by", OPERATOR),
        ("published_by", OPERATOR),
        ("updated_by", "browser-tests"),
    ] {
        assert_eq!(notice[who]["name"], name, "{who}");
    }
    assert_eq!(notice["updates"][0]["by"]["name"], "browser-tests");
    let author = notice["created_by"]["id"].as_str().unwrap().to_owned();
    for path in [
        "/p/musterstadt/state.json".to_owned(),
        "/p/musterstadt/".to_owned(),
        "/p/musterstadt/history".to_owned(),
        format!("/p/musterstadt/notices/{id}"),
    ] {
        let public = site.get(&path).await;
        for secret in [OPERATOR, "browser-tests", &author] {
            assert!(!public.contains(secret), "{path} names {secret}");
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_server_is_said_for_as_long_as_it_is_so() {
    let (site, browser) = desk().await;
    let shown = "document.querySelector('[data-test=conditions]')?.checkVisibility()";
    assert_eq!(browser.run(&format!("return {shown}")).await, false);
    let database = shell(&site.folder().join("umleitung.sqlite3")).await;
    sqlx::query("ALTER TABLE journal RENAME TO aside").execute(&database).await.unwrap();
    learns(&browser, shown).await;
    browser
        .until(&says("[data-test=conditions]", "Das Journal lässt sich nicht lesen."))
        .await;
    browser.until(&says("[data-test=conditions]", "Seit: heute")).await;
    sqlx::query("ALTER TABLE aside RENAME TO journal").execute(&database).await.unwrap();
    learns(&browser, &format!("!{shown}")).await;
}
