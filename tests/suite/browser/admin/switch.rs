//! The big switch: how each service is and why, an outage of it in two taps, and the all-clear in two.

use serde_json::{Value, json};

use super::{desk, draft, go, says, tap};
use crate::{
    browser::{accessibility::expect_accessible, site::widget_says},
    support::browser::Browser,
};

fn notice<'a>(state: &'a Value, title: &str) -> Option<&'a Value> {
    let mut notices = state["notices"].as_array().unwrap().iter();
    notices.find(|notice| notice["title"]["de"] == title)
}

#[tokio::test]
async fn an_outage_in_two_taps_and_the_all_clear_in_two() {
    const TITLE: &str = "Fundbüro: online nicht möglich";
    let (site, browser) = desk().await;
    browser.viewport(360, 780).await;
    tap(&browser, "[data-test=place-musterstadt] summary").await;
    browser.until(&says("[data-test=state-fundbuero]", "geht")).await;
    let runs_over = "return document.documentElement.scrollWidth > innerWidth";
    assert_eq!(browser.run(runs_over).await, false);
    expect_accessible(&browser, "services").await;
    browser.viewport(360, 780).await;
    let citizen = Browser::start().await;
    citizen.open(&site.url("/demo/")).await;

    tap(&browser, "[data-test=report-fundbuero]").await;
    tap(&browser, "#publish").await;
    browser.visible("[data-test=facts]").await;
    citizen.until(&widget_says(TITLE)).await;
    let state = site.state().await;
    let told = notice(&state, TITLE).unwrap();
    assert_eq!(
        (&told["title"]["en"], &told["severity"], &told["services"]),
        (
            &json!("Lost and found: not possible online"),
            &json!("outage"),
            &json!(["fundbuero"])
        )
    );

    go(&browser, "#/").await;
    browser.until(&says("[data-test=state-fundbuero]", "Ausfall")).await;
    // Who has reported it is not asked to report it again.
    assert_eq!(
        browser
            .run("return document.querySelector('[data-test=report-fundbuero]').checkVisibility()")
            .await,
        false
    );
    tap(&browser, "[data-test=now] [data-test=all-clear]").await;
    expect_accessible(&browser, "all-clear").await;
    browser.viewport(360, 780).await;
    assert_eq!(browser.run(runs_over).await, false);
    tap(&browser, "[data-test=all-clear-lost]").await;
    browser.until(&says("[data-test=status]", "Entwarnung gegeben")).await;
    citizen.until(&widget_says("kann verloren sein")).await;
    let state = site.state().await;
    let told = notice(&state, TITLE).unwrap();
    assert_eq!(told["stage"], "resolved");
    assert!(told["updates"][0]["text"]["en"].to_string().contains("may be lost"), "{told}");
    browser.until(&says("[data-test=state-fundbuero]", "geht")).await;
}

#[tokio::test]
async fn a_service_says_whose_trouble_it_has() {
    let (site, browser) = desk().await;
    let mut outage = draft();
    outage["publish"] = json!(true);
    let id = site.publish(&outage).await;
    // It unfolds by itself, since something is wrong.
    super::learns(&browser, &says("[data-test=state-kfz-zulassung]", &format!("Meldung {id}"))).await;
    let state = browser
        .run("return document.querySelector('[data-test=state-kfz-zulassung]').innerText")
        .await;
    let state = state.as_str().unwrap();
    assert!(state.starts_with("Ausfall wegen ") && state.contains("BundID"), "{state}");
    // What is only used is degraded at most.
    browser.until(&says("[data-test=state-hundesteuer]", "eingeschränkt wegen")).await;
    // One of its own may still be reported, by a template where there is one.
    let way = browser
        .run("return document.querySelector('[data-test=report-kfz-zulassung]').hash")
        .await;
    assert_eq!(way, "#/template/kfz-outage");
}
