//! The stories of the demo: a newcomer sees what the product does without an account, on the real server.

use serde_json::Value;

use super::site::{Site, banner_says};
use crate::support::{binary, browser::Browser};

#[tokio::test]
async fn each_story_is_begun_and_ended_at_a_click() {
    let site = Site::start();
    let browser = Browser::start().await;
    browser.open(&site.url("/demo/")).await;
    browser.until("window.umleitung?.current").await;
    let count = |count: usize| format!("umleitung.current.notices.filter(({{ timing }}) => timing != 'past').length == {count}");
    for (story, title, notices) in [
        ("outage", "BundID: Anmeldung nicht möglich", 1),
        // Whoever begins another one ends this.
        ("three", "BundID: Anmeldung nicht möglich", 3),
        ("planned", "Kfz-Zulassung: Online-Dienst zeitweise nicht nutzbar", 1),
        ("portal", "Das Stadtportal ist gestört", 1),
    ] {
        browser.click(&format!("[data-story={story}]")).await;
        browser.until(&count(notices)).await;
        browser.until(&banner_says(title)).await;
        if story == "outage" {
            continue;
        }
        browser.until("!document.querySelector('[data-story=\"\"]').disabled").await;
        browser.click("[data-story='']").await;
        browser.until(&count(0)).await;
        browser.until("!document.querySelector('[data-story=\"\"]').disabled").await;
    }
    assert_eq!(site.state().await["status"], "operational");
    binary::succeed(site.folder(), &["journal", "verify"]);
    // What they did has the demo's own author, who has no account.
    let journal = binary::succeed(site.folder(), &["journal", "export"]);
    let entries: Vec<Value> = journal.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let by_demo = entries.iter().filter(|entry| entry["actor"] == "demo").count();
    assert_eq!(by_demo, entries.len(), "{journal:.2000}");
}

#[tokio::test]
async fn no_other_site_begins_a_story() {
    let site = Site::start();
    let client = reqwest::Client::new();
    for (name, value) in [("origin", "https://elsewhere.example"), ("sec-fetch-site", "cross-site")] {
        let answer = client
            .post(site.url("/demo/stories/outage"))
            .header(name, value)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 403, "{name}");
    }
    let answer = client.post(site.url("/demo/stories/none")).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert_eq!(site.state().await["notices"], serde_json::json!([]));
}
