//! Passkeys on the page: one is added on one's account, and opens the door with nothing typed. Only a host with a name has such, so this site
//! is `localhost`.

use tokio::net::TcpListener;

use super::{desk, says, tap};
use crate::{
    browser::{
        accessibility::expect_accessible,
        site::{OPERATOR, PASSWORD, Site, sign_in_as},
    },
    support::{browser::Browser, relay::Relay},
};

async fn leave(browser: &Browser) {
    tap(browser, "[data-test=sign-out]").await;
    browser.visible("[data-test=sign-in-form]").await;
}

/// Signs in by what the device keeps.
async fn enter(browser: &Browser) {
    tap(browser, "[data-test=sign-in-passkey]").await;
    browser.visible("[data-test=situation]").await;
}

#[tokio::test]
async fn a_passkey_is_added_and_signs_in_with_nothing_typed() {
    // The server has to know its address before it starts.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let site = Site::start_as(&address);
    let _relay = Relay::on(listener, site.origin());
    site.add_operator();
    let browser = Browser::start().await;
    browser.add_authenticator().await;
    browser.viewport(360, 780).await;
    browser.open(&format!("{address}/admin/")).await;
    browser.visible("[data-test=sign-in-passkey]").await;
    expect_accessible(&browser, "a door with a passkey").await;
    browser.viewport(360, 780).await;
    sign_in_as(&browser, OPERATOR).await;

    tap(&browser, "[data-test=to-account]").await;
    tap(&browser, "#passkey-add").await;
    browser.visible("[data-test=passkey-form]").await;
    expect_accessible(&browser, "a passkey that is added").await;
    browser.viewport(360, 780).await;
    tap(&browser, "[data-test=passkey-make]").await;
    browser.until(&says("#field-name-fault", "fehlt")).await;
    browser.fill("#field-name", "Diensthandy").await;
    browser.fill("#field-current", PASSWORD).await;
    tap(&browser, "[data-test=passkey-make]").await;
    browser
        .until("document.querySelectorAll('[data-test=recovery-codes] li').length == 10")
        .await;
    let code = browser
        .run("return document.querySelector('[data-test=recovery-codes] li').innerText")
        .await;
    browser.until(&says("[data-test=passkey]", "Diensthandy")).await;
    browser.until(&says("[data-test=passkey]", "noch nie benutzt")).await;
    expect_accessible(&browser, "an account with a passkey").await;
    browser.viewport(360, 780).await;
    tap(&browser, "[data-test=codes-kept]").await;

    leave(&browser).await;
    enter(&browser).await;
    browser.until(&says("body", OPERATOR)).await;
    leave(&browser).await;
    // The password alone does not do any more, and says why.
    browser.fill("#sign-in-name", OPERATOR).await;
    browser.fill("#sign-in-password", PASSWORD).await;
    browser.click("#sign-in").await;
    browser.until(&says("#sign-in-fault", "Ihr Konto hat einen Passkey")).await;
    browser.until("document.activeElement?.id == 'sign-in-code'").await;
    browser.fill("#sign-in-code", code.as_str().unwrap()).await;
    browser.click("#sign-in").await;
    browser.visible("[data-test=situation]").await;

    tap(&browser, "[data-test=to-account]").await;
    browser.until(&says("[data-test=passkey]", "zuletzt benutzt")).await;
    tap(&browser, "[data-test=passkey-remove]").await;
    browser.visible("[data-test=passkey-removal]").await;
    browser.fill("#field-current", PASSWORD).await;
    tap(&browser, "[data-test=passkey-gone]").await;
    browser.until("!document.querySelector('[data-test=passkey]')").await;
    leave(&browser).await;
    // The device still has it, and the server does not.
    tap(&browser, "[data-test=sign-in-passkey]").await;
    browser
        .until(&says("#sign-in-fault", "Mit dem Passkey hat es nicht geklappt"))
        .await;
    sign_in_as(&browser, OPERATOR).await;
}

#[tokio::test]
async fn an_address_in_figures_has_none_and_says_so() {
    let (_site, browser) = desk().await;
    tap(&browser, "[data-test=to-account]").await;
    browser
        .until(&says("[data-test=passkeys-impossible]", "Passkeys brauchen eine Adresse mit Namen"))
        .await;
    assert_eq!(
        browser.run("return document.querySelector('#passkey-add')").await,
        serde_json::Value::Null
    );
    leave(&browser).await;
    assert_eq!(
        browser.run("return document.querySelector('[data-test=sign-in-passkey]')").await,
        serde_json::Value::Null
    );
}
