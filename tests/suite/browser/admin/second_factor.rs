//! The second factor on the page: added by its picture, asked for at the door, needed by a role.

use totp_rs::{Builder, Secret};

use super::{desk, go, says, set, tap, to_office};
use crate::{
    browser::{
        accessibility::expect_accessible,
        site::{OPERATOR, PASSWORD, Site, sign_in_as},
    },
    support::browser::Browser,
};

/// What a device shows that knows this secret, so many steps of 30 seconds from now. The server takes the present one and its neighbours.
pub(super) async fn shows(browser: &Browser, secret: &str, steps: u64) -> String {
    let device = Builder::new()
        .with_secret(Secret::try_from_base32(secret).unwrap())
        .build_noncompliant();
    let now = browser.run("return Math.floor(Date.now() / 1000)").await.as_u64().unwrap();
    device.generate(now + 30 * steps).to_string()
}

/// Adds a device on the page of one's account; what it knows, and the codes for when it is lost.
pub(super) async fn add_device(browser: &Browser) -> (String, Vec<String>) {
    tap(browser, "#factor-add").await;
    browser.visible("[data-test=factor-password]").await;
    browser.fill("#field-current", PASSWORD).await;
    tap(browser, "[data-test=factor-go]").await;
    browser.visible("[data-test=factor-device] svg").await;
    let secret = browser
        .run("return document.querySelector('[data-test=factor-secret]').innerText")
        .await;
    let secret: String = secret.as_str().unwrap().split_whitespace().collect();
    expect_accessible(browser, "a device").await;
    browser.viewport(360, 780).await;
    tap(browser, "[data-test=factor-confirm]").await;
    browser.until(&says("#field-code-fault", "fehlt")).await;
    // The code of another device.
    set(browser, "#field-code", &shows(browser, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 0).await).await;
    tap(browser, "[data-test=factor-confirm]").await;
    browser.until(&says("#field-code-fault", "gilt nicht")).await;
    set(browser, "#field-code", &shows(browser, &secret, 0).await).await;
    tap(browser, "[data-test=factor-confirm]").await;
    browser
        .until("document.querySelectorAll('[data-test=recovery-codes] li').length == 10")
        .await;
    expect_accessible(browser, "recovery codes").await;
    browser.viewport(360, 780).await;
    let codes = browser
        .run("return [...document.querySelectorAll('[data-test=recovery-codes] li')].map((code) => code.innerText)")
        .await;
    let codes = codes
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap().to_owned())
        .collect();
    tap(browser, "[data-test=codes-kept]").await;
    (secret, codes)
}

/// Whether the browser would ask whoever leaves the page now.
async fn asks_before_leaving(browser: &Browser) -> bool {
    let asks = browser
        .run("return !dispatchEvent(new Event('beforeunload', { cancelable: true }))")
        .await;
    asks == true
}

/// New codes stay, wherever one goes within the page, until they are said to be kept.
async fn renew_codes(browser: &Browser) -> Vec<String> {
    let all = "[...document.querySelectorAll('[data-test=recovery-codes] li')].map((code) => code.innerText)";
    tap(browser, "#codes-new").await;
    browser.fill("#field-current", PASSWORD).await;
    tap(browser, "[data-test=factor-go]").await;
    browser.until(&format!("{all}.length == 10")).await;
    let codes = browser.run(&format!("return {all}")).await;
    assert!(asks_before_leaving(browser).await);
    go(browser, "#/record").await;
    browser.until(&says("[data-test=status]", "stehen noch auf „Mein Konto“")).await;
    tap(browser, "[aria-label='Hinweis schließen']").await;
    tap(browser, "[data-test=sign-out]").await;
    browser.until(&says("[data-test=status]", "stehen noch auf „Mein Konto“")).await;
    tap(browser, "[data-test=to-account]").await;
    browser.until(&format!("{all}.length == 10")).await;
    assert_eq!(browser.run(&format!("return {all}")).await, codes);
    tap(browser, "[data-test=codes-kept]").await;
    browser.until("!document.querySelector('[data-test=recovery-codes]')").await;
    assert!(!asks_before_leaving(browser).await);
    serde_json::from_value(codes).unwrap()
}

async fn leave(browser: &Browser) {
    tap(browser, "[data-test=sign-out]").await;
    browser.visible("[data-test=sign-in-form]").await;
}

/// Name and password are right; now the page asks for a code.
async fn come_to_the_code(browser: &Browser) {
    browser.fill("#sign-in-name", OPERATOR).await;
    browser.fill("#sign-in-password", PASSWORD).await;
    browser.click("#sign-in").await;
    browser.until("document.activeElement?.id == 'sign-in-code'").await;
}

#[tokio::test]
async fn a_person_adds_a_device_and_signs_in_with_its_codes() {
    let (_site, browser) = desk().await;
    browser.viewport(360, 780).await;
    tap(&browser, "[data-test=to-account]").await;
    browser.until(&says("[data-test=second-factor-state]", "Aus")).await;
    let (secret, _) = add_device(&browser).await;
    browser.until(&says("[data-test=second-factor-state]", "An seit")).await;
    browser.until(&says("[data-test=second-factor-state]", "übrig: 10")).await;
    let codes = renew_codes(&browser).await;
    leave(&browser).await;
    come_to_the_code(&browser).await;
    expect_accessible(&browser, "a code at the door").await;
    browser.viewport(360, 780).await;
    browser.fill("#sign-in-code", "abc").await;
    browser.click("#sign-in").await;
    browser.until(&says("#sign-in-fault", "Der Code gilt nicht")).await;
    // That of the confirmation was used; the next one counts already.
    set(&browser, "#sign-in-code", &shows(&browser, &secret, 1).await).await;
    browser.click("#sign-in").await;
    browser.visible("[data-test=situation]").await;
    leave(&browser).await;
    come_to_the_code(&browser).await;
    browser.fill("#sign-in-code", &codes[4]).await;
    browser.click("#sign-in").await;
    browser.visible("[data-test=situation]").await;
    tap(&browser, "[data-test=to-account]").await;
    browser.until(&says("[data-test=second-factor-state]", "übrig: 9")).await;
    // It is turned off as it was turned on, by the password.
    tap(&browser, "#factor-remove").await;
    browser.fill("#field-current", PASSWORD).await;
    tap(&browser, "[data-test=factor-go]").await;
    browser.until(&says("[data-test=second-factor-state]", "Aus")).await;
    leave(&browser).await;
    sign_in_as(&browser, OPERATOR).await;
}

#[tokio::test]
async fn whose_role_needs_a_device_adds_one_before_anything_else() {
    let site = Site::start();
    site.add_operator();
    site.change_catalogue(|catalogue| catalogue.replacen("linger_minutes = 120", "linger_minutes = 120\nsecond_factor = \"publisher\"", 1));
    let browser = Browser::start().await;
    browser.viewport(360, 780).await;
    browser.open(&site.url("/admin/")).await;
    sign_in_as(&browser, OPERATOR).await;
    browser
        .until(&says("[data-test=second-factor]", "Ihre Rolle braucht einen zweiten Faktor"))
        .await;
    assert_eq!(browser.run("return document.querySelector('nav').checkVisibility()").await, false);
    expect_accessible(&browser, "an account that needs a second factor").await;
    browser.viewport(360, 780).await;
    // No address leads past it.
    for place in ["#/planning", "#/channels"] {
        to_office(&site, &browser, place).await;
        browser.visible("[data-test=second-factor]").await;
        browser.until("location.hash == '#/account'").await;
    }
    add_device(&browser).await;
    browser.visible("[data-test=services]").await;
}
