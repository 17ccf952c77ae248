//! Signing in at a provider elsewhere, as people meet it: a button that says where it leads, the way there and back, and what is said to whoever
//! comes back in vain.

use std::sync::Arc;

use serde_json::json;
use store::clock::SystemClock;
use tokio::net::TcpListener;

use super::{says, tap};
use crate::{
    browser::{accessibility::expect_accessible, site::Site},
    support::{
        browser::Browser,
        provider::{CLIENT, CLIENT_SECRET, Provider},
        relay::Relay,
    },
};

#[tokio::test]
async fn a_button_leads_to_the_provider_and_back() {
    // The server has to know its address before it starts.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let provider = Provider::start(Arc::new(SystemClock)).await;
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, CLIENT_SECRET).unwrap();
    let site = Site::start_with(&[
        "--public-url",
        &address,
        "--oidc-issuer",
        provider.issuer(),
        "--oidc-client-id",
        CLIENT,
        "--oidc-client-secret-file",
        secret.to_str().unwrap(),
        "--oidc-name",
        "Stadtkonto",
        "--oidc-grant",
        "ops=admin",
    ]);
    let _relay = Relay::on(listener, site.origin());
    let browser = Browser::start().await;
    browser.viewport(360, 780).await;
    browser.open(&format!("{address}/admin/")).await;
    browser
        .until(&says("[data-test=sign-in-provider]", "Mit Stadtkonto anmelden"))
        .await;
    expect_accessible(&browser, "a door with a provider").await;
    browser.viewport(360, 780).await;

    // Whose groups give nothing comes back to the door, and is told so.
    provider.expect(&json!({"sub": "1", "name": "Ada", "groups": ["strangers"]}));
    tap(&browser, "[data-test=sign-in-provider]").await;
    browser
        .until(&says("#sign-in-fault", "Die Anmeldung dort hat nicht zu einem Konto hier geführt"))
        .await;

    provider.expect(&json!({"sub": "1", "name": "Ada", "groups": ["ops"]}));
    tap(&browser, "[data-test=sign-in-provider]").await;
    browser.visible("[data-test=situation]").await;
    browser.until("location.pathname == '/admin/' && location.hash == ''").await;
    tap(&browser, "[data-test=to-account]").await;
    browser
        .until(&says("[data-test=from-provider]", "Sie melden sich bei Ihrem Anbieter an"))
        .await;
    expect_accessible(&browser, "an account of a provider").await;
    browser.viewport(360, 780).await;
    browser.open(&format!("{address}/admin/registry#/people")).await;
    browser.until(&says("[data-test^=person-]", "meldet sich beim Anbieter an")).await;
}
