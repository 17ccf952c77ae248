//! From a real alert to an open page: a citizen who reads the portal learns of it and of its end, and staff see who has said so.

use serde_json::json;

use super::site::{OPERATOR, Site, banner_says, sign_in_as};
use crate::support::{
    alertmanager::{self, Alertmanager},
    browser::Browser,
};

#[tokio::test]
async fn a_real_alert_reaches_an_open_page_and_so_does_its_end() {
    let site = Site::start();
    site.add_operator();
    let token = alertmanager::hear(site.folder());
    let address = site.url("/api/v1/sources/prometheus/alerts");
    let alertmanager = Alertmanager::telling(&address, &token).await;
    let citizen = Browser::start().await;
    citizen.open(&site.url("/demo/")).await;
    citizen.until("window.umleitung?.current").await;
    let title = "Kfz-Zulassung";
    alertmanager.fire("KfzDown").await;
    citizen.until(&banner_says(title)).await;
    // Whoever looks after it sees that no colleague has written it.
    let staff = Browser::start().await;
    staff.open(&site.url("/admin/")).await;
    sign_in_as(&staff, OPERATOR).await;
    let says = |text: &str| format!("document.body.innerText.includes({})", json!(text));
    staff.until(&says("Alarmregel kfz")).await;
    alertmanager.resolve("KfzDown").await;
    citizen
        .until("umleitung.current.notices.every(({ timing }) => timing === 'past')")
        .await;
    site.until_state(|state| state["status"] == "operational").await;
    let told = site.state().await;
    let notices = told["notices"].as_array().unwrap();
    assert_eq!(notices.len(), 1, "{told}");
    assert_eq!(notices[0]["stage"], "resolved");
}
