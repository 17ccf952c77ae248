//! Four eyes on the page, as two people meet them: one asks on a phone, the other says yes or no, and what cannot wait is done.

use serde_json::{Value, json};

use super::{
    desk, go, says,
    second_factor::{add_device, shows},
    set, tap, to_office,
};
use crate::{
    browser::{
        accessibility::expect_accessible,
        site::{OPERATOR, Site, sign_in_as},
    },
    support::browser::Browser,
};

/// The portal's planned work takes a second person, of whom there is one.
async fn two() -> (Site, Browser) {
    let (site, browser) = desk().await;
    site.change_catalogue(|catalogue| catalogue.replace("linger_minutes = 120", "linger_minutes = 120\nfour_eyes = [\"maintenance\"]"));
    site.add_person("Bo Beispiel");
    browser.open(&site.url("/admin/")).await;
    browser.visible("[data-test=situation]").await;
    (site, browser)
}

async fn change_shift(site: &Site, browser: &Browser, name: &str, place: &str) {
    tap(browser, "[data-test=sign-out]").await;
    browser.visible("#sign-in").await;
    browser.open(&site.url(&format!("/admin/office{place}"))).await;
    sign_in_as(browser, name).await;
}

/// Writes a maintenance and publishes it, as far as one person can.
async fn publish(browser: &Browser, title: &str) {
    go(browser, "#/new/maintenance").await;
    browser.fill("#field-title-de", title).await;
    tap(browser, "[data-test=service-wohngeld]").await;
    set(browser, "#field-starts_at", "2096-03-06T22:00").await;
    set(browser, "#field-ends_at", "2096-03-06T23:00").await;
    browser
        .until(&says("[data-test=reach]", "Eine zweite Person muss es freigeben"))
        .await;
    tap(browser, "#publish").await;
}

fn is_shown(title: &str) -> impl Fn(&Value) -> bool + '_ {
    move |state| {
        let notices = state["notices"].as_array().unwrap();
        notices.iter().any(|notice| notice["title"]["de"] == title)
    }
}

#[tokio::test]
async fn one_asks_on_a_phone_and_the_other_says_yes() {
    let (site, browser) = two().await;
    browser.viewport(360, 780).await;
    publish(&browser, "Wohngeld: Wartung").await;
    browser
        .until(&says(
            "[data-test=status]",
            "Wartet auf die Freigabe durch eine zweite Person: A-0001",
        ))
        .await;
    browser.until(&says("[data-test=to-approvals]", "Freigaben (1)")).await;
    tap(&browser, "[data-test=to-approvals]").await;
    browser.until("location.pathname == '/admin/office'").await;
    let card = "[data-test=approval-A-0001]";
    browser.until(&says(card, "Freigeben kann es nur jemand anderes.")).await;
    browser.until(&says(card, "Wohngeld: Wartung")).await;
    let offered = browser
        .run(&format!(
            "return [...document.querySelectorAll('{card} button')].map((button) => button.dataset.test)"
        ))
        .await;
    assert_eq!(offered, json!(["heard", "withdraw", "break-glass"]));
    assert!(
        !site
            .read("/p/musterstadt/state.json")
            .await
            .to_string()
            .contains("Wohngeld: Wartung")
    );
    expect_accessible(&browser, "own request").await;

    change_shift(&site, &browser, "Bo Beispiel", "#/approvals").await;
    browser.viewport(360, 780).await;
    browser.until(&says(card, "Meldung veröffentlichen")).await;
    browser.until(&says(&format!("{card} [role=group]"), "Deutsch")).await;
    tap(&browser, &format!("{card} [data-test=approve]")).await;
    browser.until(&says(card, "so wie es hier steht")).await;
    expect_accessible(&browser, "approvals").await;
    browser.viewport(360, 780).await;
    let runs_over = browser.run("return document.documentElement.scrollWidth > innerWidth").await;
    assert_eq!(runs_over, false);
    tap(&browser, "[data-test=approve-confirm]").await;
    browser.until(&says("[data-test=status]", "Freigegeben: A-0001")).await;
    browser.until(&says("[data-test=settled]", "Freigegeben von Bo Beispiel")).await;
    browser.visible("[data-test=nothing-waits]").await;
    site.until_state(is_shown("Wohngeld: Wartung")).await;
}

#[tokio::test]
async fn a_no_says_why_and_what_cannot_wait_is_looked_at() {
    let (site, browser) = two().await;
    publish(&browser, "Wohngeld: eins").await;
    browser.until(&says("[data-test=status]", "A-0001")).await;
    publish(&browser, "Wohngeld: zwei").await;
    browser.until(&says("[data-test=status]", "A-0002")).await;
    to_office(&site, &browser, "#/approvals").await;
    // Not without a word on why.
    let two = "[data-test=approval-A-0002]";
    tap(&browser, &format!("{two} [data-test=break-glass]")).await;
    tap(&browser, "[data-test=break-glass-confirm]").await;
    browser.until("document.activeElement.id == 'field-break_glass'").await;
    browser.fill("#field-break_glass", "Das Zertifikat läuft ab").await;
    tap(&browser, "[data-test=break-glass-confirm]").await;
    browser.until(&says("[data-test=bypassed]", "Das Zertifikat läuft ab")).await;
    site.until_state(is_shown("Wohngeld: zwei")).await;

    change_shift(&site, &browser, "Bo Beispiel", "#/approvals").await;
    let one = "[data-test=approval-A-0001]";
    tap(&browser, &format!("{one} [data-test=decline]")).await;
    tap(&browser, "[data-test=decline-confirm]").await;
    browser.until("document.activeElement.id == 'field-text'").await;
    browser.fill("#field-text", "Mitten in der Frist").await;
    tap(&browser, "[data-test=decline-confirm]").await;
    browser.until(&says("[data-test=settled]", "Mitten in der Frist")).await;
    tap(&browser, &format!("{two} [data-test=review]")).await;
    tap(&browser, "[data-test=review-confirm]").await;
    browser.until(&says("[data-test=settled]", "Angesehen von Bo Beispiel")).await;
    browser
        .until("!document.querySelector('[data-test=bypassed]').checkVisibility()")
        .await;
    assert!(!site.read("/p/musterstadt/state.json").await.to_string().contains("Wohngeld: eins"));
}

/// Bo is at home without a page, but with a device.
#[tokio::test]
async fn a_colleague_says_yes_over_the_phone() {
    let (site, browser) = two().await;
    browser.viewport(360, 780).await;
    change_shift(&site, &browser, "Bo Beispiel", "#/approvals").await;
    to_office(&site, &browser, "#/account").await;
    let (secret, _) = add_device(&browser).await;
    tap(&browser, "[data-test=sign-out]").await;
    browser.visible("#sign-in").await;
    browser.open(&site.url("/admin/")).await;
    sign_in_as(&browser, OPERATOR).await;
    publish(&browser, "Wohngeld: Wartung").await;
    browser.until(&says("[data-test=status]", "A-0001")).await;
    to_office(&site, &browser, "#/approvals").await;
    tap(&browser, "[data-test=approval-A-0001] [data-test=heard]").await;
    browser.until(&says("[data-test=step-heard]", "die ersten vier Ziffern")).await;
    expect_accessible(&browser, "a yes over the phone").await;
    browser.viewport(360, 780).await;
    let runs_over = browser.run("return document.documentElement.scrollWidth > innerWidth").await;
    assert_eq!(runs_over, false);
    tap(&browser, "[data-test=heard-confirm]").await;
    browser.until("document.activeElement.id == 'field-spoken-name'").await;
    browser.until(&says("#field-spoken-code-fault", "fehlt")).await;
    browser.fill("#field-spoken-name", "Bo Beispiel").await;
    // Bo reads out the wrong number first.
    browser.fill("#field-spoken-code", "12").await;
    tap(&browser, "[data-test=heard-confirm]").await;
    browser.until(&says("#field-spoken-code-fault", "stimmen nicht")).await;
    let digits = shows(&browser, &secret, 1).await;
    set(&browser, "#field-spoken-code", &digits[..4]).await;
    tap(&browser, "[data-test=heard-confirm]").await;
    browser.until(&says("[data-test=status]", "Freigegeben: A-0001")).await;
    browser.until(&says("[data-test=settled]", "Freigegeben von Bo Beispiel")).await;
    browser.until(&says("[data-test=settled]", "am Telefon gehört von")).await;
    site.until_state(is_shown("Wohngeld: Wartung")).await;
}
