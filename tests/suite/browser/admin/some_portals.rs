//! Somebody who works on some of the portals: they see what is theirs, and where they may do nothing it says why.

use serde_json::{Value, json};

use super::{go, says};
use crate::{
    browser::site::{PASSWORD, sign_in_as},
    grants::CATALOGUE,
    support::{
        binary::{self, Process},
        browser::Browser,
        outage,
    },
};

const WHY: &str = "auf Portalen, für die Ihre Rolle nicht gilt";

#[tokio::test]
async fn whoever_works_on_some_portals_is_told_where_they_may_not() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("catalogue.toml");
    std::fs::write(&file, CATALOGUE).unwrap();
    binary::succeed(data.path(), &["catalogue", "apply", file.to_str().unwrap()]);
    let token = binary::succeed(data.path(), &["token", "create", "root", "--role", "admin"]);
    let ada = ["user", "add", "ada", "--role", "publisher", "--portal", "town", "--password-stdin"];
    assert!(binary::run(data.path(), &ada, &format!("{PASSWORD}\n")).status.success());
    let server = Process::serve(data.path(), &[]);
    let mut ids = Vec::new();
    for service in ["cars", "waste", "login"] {
        let request = reqwest::Client::new().post(format!("{}/api/v1/notices", server.base));
        let made = request
            .bearer_auth(token.trim())
            .json(&outage(service, &format!("Störung: {service}")));
        let made: Value = made.send().await.unwrap().json().await.unwrap();
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    let browser = Browser::start().await;
    browser.open(&format!("{}/admin/", server.base)).await;
    sign_in_as(&browser, "ada").await;
    browser.until(&says("main", "Störung: login")).await;
    let seen = browser.run("return document.body.innerText").await;
    let seen = seen.as_str().unwrap();
    assert!(seen.contains("Störung: cars") && !seen.contains("Störung: waste"), "{seen}");
    // Hers alone: she may do everything.
    go(&browser, &format!("#/notice/{}", ids[0])).await;
    browser.until(&says("main", "Störung: cars")).await;
    let told = "document.querySelector('[data-test=not-there]')?.innerText ?? ''";
    browser.visible(".steps button").await;
    assert_eq!(browser.run(&format!("return {told}")).await, json!(""));
    // What another portal shows as well.
    for place in [format!("#/notice/{}", ids[2]), format!("#/notice/{}/edit", ids[2])] {
        go(&browser, &place).await;
        browser.until(&says("[data-test=not-there]", WHY)).await;
        let buttons =
            "[...document.querySelectorAll('.steps button, [data-test=save]')].filter((button) => button.checkVisibility()).length";
        assert_eq!(browser.run(&format!("return {buttons}")).await, json!(0), "{place}");
    }
}
