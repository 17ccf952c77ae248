//! What was typed stays through everything that can happen to a page, and goes with the person who typed it.

use serde_json::{Value, json};

use super::{desk, draft, go, says, tap, value};
use crate::{
    browser::site::{OPERATOR, PASSWORD, Site, sign_in_as},
    support::{
        browser::Browser,
        outage,
        relay::{Line, Relay},
    },
};

const NEWS: &str = "Die Ursache ist gefunden.";

/// As a phone does with a page that has been in the background for too long: it is gone, and opened anew.
pub(super) async fn drop_tab(browser: &Browser, url: &str) {
    let old = browser.session.window().await.unwrap();
    let new = browser.session.new_tab().await.unwrap();
    browser.session.switch_to_window(old).await.unwrap();
    browser.session.close_window().await.unwrap();
    browser.session.switch_to_window(new).await.unwrap();
    browser.open(url).await;
}

#[tokio::test]
async fn the_text_of_a_step_outlives_a_reload_a_dropped_tab_and_a_session() {
    let (site, browser) = desk().await;
    let id = site.publish(&outage("bundid", "Eins")).await;
    let place = format!("#/notice/{id}");
    for (action, field) in [
        ("add-update", "#field-text-de"),
        ("extend", "#field-text-de"),
        ("resolve", "#field-text-de"),
    ] {
        go(&browser, &place).await;
        tap(&browser, &format!("[data-test={action}]")).await;
        browser.visible(&format!("[data-test=step-{action}]")).await;
        browser.fill(field, NEWS).await;
        browser.session.refresh().await.unwrap();
        browser
            .visible(&format!("[data-test=step-{action}] [data-test=step-restored]"))
            .await;
        assert_eq!(value(&browser, field).await, NEWS, "{action} after a reload");
        drop_tab(&browser, &site.url(&format!("/admin/{place}"))).await;
        browser.visible(field).await;
        assert_eq!(value(&browser, field).await, NEWS, "{action} after the tab was dropped");
        // The session ends, and the page is loaded anew before anybody signs in again.
        browser.session.delete_all_cookies().await.unwrap();
        browser.session.refresh().await.unwrap();
        sign_in_as(&browser, OPERATOR).await;
        browser.visible(field).await;
        assert_eq!(value(&browser, field).await, NEWS, "{action} after the session");
        // Closing the step loses nothing either; discarding does.
        tap(&browser, "[data-test=step-cancel]").await;
        tap(&browser, &format!("[data-test={action}]")).await;
        browser.visible(field).await;
        assert_eq!(value(&browser, field).await, NEWS, "{action} after it was closed");
        tap(&browser, "[data-test=step-discard]").await;
        browser.until(&format!("document.querySelector('{field}').value == ''")).await;
        tap(&browser, "[data-test=step-cancel]").await;
    }
    // What was sent is no longer kept.
    tap(&browser, "[data-test=add-update]").await;
    browser.fill("#field-text-de", NEWS).await;
    tap(&browser, "[data-test=add-update-confirm]").await;
    browser.until(&says("[data-test=history]", NEWS)).await;
    browser.session.refresh().await.unwrap();
    browser.visible("[data-test=add-update]").await;
    assert_eq!(browser.run("return document.querySelector('#field-text-de')").await, Value::Null);
}

#[tokio::test]
async fn what_was_typed_goes_with_the_person() {
    let (site, browser) = desk().await;
    site.add_person("tag.dienst");
    let id = site.publish(&outage("bundid", "Eins")).await;
    go(&browser, "#/new/outage").await;
    browser.fill("#field-title-de", "Geheim").await;
    go(&browser, &format!("#/notice/{id}")).await;
    tap(&browser, "[data-test=add-update]").await;
    browser.fill("#field-text-de", NEWS).await;
    // The session ends under the open page, and somebody else signs in.
    browser.session.delete_all_cookies().await.unwrap();
    tap(&browser, "[data-test=add-update-confirm]").await;
    browser.visible("#sign-in").await;
    sign_in_as(&browser, "tag.dienst").await;
    browser.visible("[data-test=add-update]").await;
    assert!(!browser.run("return document.body.innerHTML").await.as_str().unwrap().contains(NEWS));
    tap(&browser, "[data-test=add-update]").await;
    browser.visible("#field-text-de").await;
    assert_eq!(value(&browser, "#field-text-de").await, "");
    go(&browser, "#/new/outage").await;
    browser.visible("#field-title-de").await;
    assert_eq!(value(&browser, "#field-title-de").await, "");
    // Signing out leaves nothing behind.
    browser.fill("#field-title-de", "Geheim").await;
    tap(&browser, "[data-test=sign-out]").await;
    browser.visible("#sign-in").await;
    assert_eq!(browser.run("return Object.keys(localStorage)").await, json!([]));
}

/// Offline and online again, as the browser itself is told.
async fn cut(browser: &Browser, is_cut: bool) {
    let conditions = json!({"offline": is_cut, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
    browser.devtools("Network.emulateNetworkConditions", conditions).await;
}

#[tokio::test]
async fn a_lost_connection_is_told_for_as_long_as_it_is_lost() {
    let (site, browser) = desk().await;
    let id = site.publish(&outage("bundid", "Eins")).await;
    go(&browser, &format!("#/notice/{id}")).await;
    tap(&browser, "[data-test=add-update]").await;
    browser.fill("#field-text-de", NEWS).await;
    cut(&browser, true).await;
    tap(&browser, "[data-test=add-update-confirm]").await;
    browser.until(&says("[data-test=status]", "nicht geantwortet")).await;
    browser.until(&says(".messages", "Keine Verbindung")).await;
    cut(&browser, false).await;
    browser.until(&says("[data-test=status]", "nicht angekommen")).await;
    let said = browser.run("return document.querySelector('.messages').innerText").await;
    assert!(
        !said.as_str().unwrap().contains("Keine Verbindung") && !said.as_str().unwrap().contains("nicht geantwortet"),
        "{said}"
    );
    assert_eq!(value(&browser, "#field-text-de").await, NEWS);
    tap(&browser, "[data-test=add-update-confirm]").await;
    browser.until(&says("[data-test=history]", NEWS)).await;
}

#[tokio::test]
async fn an_answer_that_is_lost_makes_no_second_notice() {
    let site = Site::start();
    site.add_operator();
    let relay = Relay::to(site.origin()).await;
    let browser = Browser::start().await;
    browser.open(&format!("{}/admin/", relay.base)).await;
    sign_in_as(&browser, OPERATOR).await;
    let before = site.read("/api/v1/notices").await["notices"].as_array().unwrap().len();
    tap(&browser, "[data-test=template-bundid-outage]").await;
    browser
        .until("document.querySelector('[data-test=preview]')?.checkVisibility()")
        .await;
    relay.set(Line::LosesTheNextAnswer);
    tap(&browser, "#publish").await;
    relay.until(Line::Cut).await;
    browser.until(&says("[data-test=status]", "nicht bekannt")).await;
    // The page goes as well, as when a phone drops the tab, and comes back by itself.
    relay.set(Line::Whole);
    browser.visible("[data-test=facts]").await;
    let notices = site.read("/api/v1/notices").await["notices"].as_array().unwrap().len();
    assert_eq!(notices, before + 1);
    let kept = browser
        .run("return Object.keys(localStorage).filter((key) => key.includes('template'))")
        .await;
    assert_eq!(kept, json!([]));

    // The same with an update.
    tap(&browser, "[data-test=add-update]").await;
    browser.fill("#field-text-de", NEWS).await;
    relay.set(Line::LosesTheNextAnswer);
    tap(&browser, "[data-test=add-update-confirm]").await;
    relay.until(Line::Cut).await;
    browser.until(&says("[data-test=status]", "nicht bekannt")).await;
    relay.set(Line::Whole);
    browser.until(&says("[data-test=status]", "Aktualisierung veröffentlicht")).await;
    let told = browser.run("return document.querySelector('[data-test=history]').innerText").await;
    assert_eq!(told.as_str().unwrap().matches(NEWS).count(), 1, "{told}");
}

#[tokio::test]
async fn what_is_wrong_with_a_field_is_said_for_as_long_as_it_is_so() {
    let (site, browser) = desk().await;
    go(&browser, "#/new/outage").await;
    let shown = |pointer: &str| format!("document.querySelector('#field{pointer}-fault')?.checkVisibility()");
    tap(&browser, "#publish").await;
    browser.until(&shown("-title-de")).await;
    browser.until(&shown("-services")).await;
    browser.fill("#field-title-de", "Eins").await;
    browser.until(&format!("!{}", shown("-title-de"))).await;
    assert_eq!(
        browser
            .run("return document.querySelector('#field-title-de').getAttribute('aria-invalid')")
            .await,
        Value::Null
    );
    assert_eq!(browser.run(&format!("return {}", shown("-services"))).await, true);
    tap(&browser, "[data-test=service-bundid]").await;
    browser.until(&format!("!{}", shown("-services"))).await;
    browser.until("!document.querySelector('#faults').checkVisibility()").await;

    // In a step, and at the door.
    let id = site.publish(&outage("bundid", "Eins")).await;
    go(&browser, &format!("#/notice/{id}")).await;
    tap(&browser, "[data-test=add-update]").await;
    tap(&browser, "[data-test=add-update-confirm]").await;
    browser.until(&shown("-text-de")).await;
    browser.fill("#field-text-de", NEWS).await;
    browser.until(&format!("!{}", shown("-text-de"))).await;
    tap(&browser, "[data-test=sign-out]").await;
    tap(&browser, "#sign-in").await;
    browser.until("document.querySelector('#sign-in-fault').innerText").await;
    browser.fill("#sign-in-name", OPERATOR).await;
    browser.fill("#sign-in-password", PASSWORD).await;
    browser.until("!document.querySelector('#sign-in-fault').innerText").await;
}

#[tokio::test]
async fn a_translation_that_was_left_behind_is_named_until_it_is_touched_or_confirmed() {
    let (site, browser) = desk().await;
    let id = site.publish(&draft()).await;
    let edit = format!("#/notice/{id}/edit");
    go(&browser, &edit).await;
    browser.visible("#field-title-de").await;
    let named = |field: &str| format!("document.querySelector('[data-test=drift-{field}]').checkVisibility()");
    assert_eq!(browser.run(&format!("return {}", named("title"))).await, false);
    browser.fill("#field-title-de", ", auch mobil").await;
    browser.until(&says("[data-test=drift-title]", "Englisch")).await;
    browser.until(&says("[data-test=sheet-drift]", "Titel (Englisch)")).await;
    assert_eq!(browser.run(&format!("return {}", named("impact"))).await, false);
    // It is a warning: the draft is saved, and remembers it.
    tap(&browser, "[data-test=save-draft]").await;
    browser.visible("[data-test=facts]").await;
    tap(&browser, "[data-test=publish]").await;
    browser
        .until(&says("[data-test=step-publish] [data-test=sheet-drift]", "Titel (Englisch)"))
        .await;
    go(&browser, &edit).await;
    browser.until(&says("[data-test=drift-title]", "Englisch")).await;
    // Touched.
    tap(&browser, "[data-test=language-en]").await;
    browser.fill("#field-title-en", ", also on phones").await;
    browser.until(&format!("!{}", named("title"))).await;
    // Confirmed, until the text is changed again.
    tap(&browser, "[data-test=language-de]").await;
    browser.fill("#field-impact-de", "!").await;
    browser.until(&named("impact")).await;
    tap(&browser, "[data-test=drift-impact-fits]").await;
    browser.until(&format!("!{}", named("impact"))).await;
    browser.fill("#field-impact-de", "!").await;
    browser.until(&named("impact")).await;
}
