//! That a notice has arrived where people read, as whoever has just published waits for it.

use super::{desk, draft, go, learns, says, tap};
use crate::{browser::accessibility::expect_accessible, support::proxy::free_port};

#[tokio::test]
async fn whoever_publishes_sees_that_it_has_arrived() {
    let (site, browser) = desk().await;
    browser.viewport(360, 780).await;
    let made = site.post("/api/v1/notices", &draft()).await;
    let id = made["id"].as_str().unwrap();
    go(&browser, &format!("#/notice/{id}")).await;
    browser.until(&says("[data-test=facts]", id)).await;
    assert_eq!(
        browser.run("return document.querySelector('[data-test=arrival]')").await,
        serde_json::Value::Null,
        "a draft arrives nowhere"
    );
    site.post(&format!("/api/v1/notices/{id}/publish"), &serde_json::json!({})).await;
    learns(&browser, &says("[data-test=arrival]", "Auf dem Portal zu sehen seit")).await;
    expect_accessible(&browser, "arrived").await;
    go(&browser, "#/").await;
    browser.until(&says("[data-test=now]", "BundID")).await;
    assert_eq!(
        browser.run("return document.querySelector('[data-test=arrival-trouble]')").await,
        serde_json::Value::Null
    );
}

#[tokio::test]
async fn what_is_missing_is_named_with_its_reason_until_it_is_mended() {
    let (site, browser) = desk().await;
    // A port at which nobody is.
    let home = format!("http://127.0.0.1:{}/", free_port());
    let before = site.url("/demo/");
    site.change_catalogue(|catalogue| catalogue.replace(&format!("home = \"{before}\""), &format!("home = \"{home}\"")));
    let mut outage = draft();
    outage["publish"] = true.into();
    let made = site.publish(&outage).await;
    browser.viewport(360, 780).await;
    go(&browser, "#/").await;
    learns(&browser, &says("[data-test=arrival-trouble]", "darf dort nicht nachsehen")).await;
    browser.until(&says("[data-test=arrival-trouble]", &home)).await;
    expect_accessible(&browser, "not arrived").await;
    browser.viewport(360, 780).await;
    let runs_over = browser.run("return document.documentElement.scrollWidth > innerWidth").await;
    assert_eq!(runs_over, false);
    tap(&browser, "[data-test=now] a").await;
    browser
        .until(&says("[data-test=arrival]", "Auf dem Portal noch nicht zu sehen"))
        .await;
    browser.until(&says("[data-test=arrival]", &home)).await;
    browser.until(&says("[data-test=facts]", &made)).await;
    site.change_catalogue(|catalogue| catalogue.replace(&format!("home = \"{home}\""), &format!("home = \"{before}\"")));
    learns(&browser, &says("[data-test=arrival]", "Auf dem Portal zu sehen seit")).await;
}
