//! What monitoring reads at `/metrics`.

use domain::access::Role;
use reqwest::Method;
use serde_json::json;

use super::support::{outage, server::TestServer};

/// The value of a series, as `name` or `name{label="value"}`.
fn value(text: &str, series: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '))?;
    line.parse().ok()
}

async fn read(server: &TestServer) -> String {
    let answer = server.get("/metrics").await;
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"), "{kind}");
    let text = answer.text().await.unwrap();
    assert!(text.ends_with("# EOF\n"));
    text
}

#[tokio::test]
async fn what_is_on_show_is_counted() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let quiet = read(&server).await;
    let told = |text: &str, name: &str, labels: &str| value(text, &format!("umleitung_{name}{{portal=\"musterstadt\"{labels}}}"));
    assert_eq!(told(&quiet, "portal_status", ""), Some(0.0));
    assert_eq!(told(&quiet, "service_status", ",service=\"bundid\""), Some(0.0));
    assert_eq!(told(&quiet, "notices", ",kind=\"outage\",timing=\"current\""), Some(0.0));
    assert_eq!(value(&quiet, "umleitung_publish_duration_seconds_count"), Some(0.0));
    // Trouble travels along the dependencies; a draft is nobody's business.
    let mut body = outage("bundid", "BundID antwortet nicht");
    body["next_update_at"] = json!("2026-05-04T09:00:00Z");
    let notice = server.post("/api/v1/notices", &body).await;
    let mut draft = outage("sperrmuell", "Noch ein Entwurf");
    draft["publish"] = json!(false);
    server.post("/api/v1/notices", &draft).await;
    let text = read(&server).await;
    assert_eq!(told(&text, "portal_status", ""), Some(5.0));
    assert_eq!(told(&text, "service_status", ",service=\"bundid\""), Some(5.0));
    assert_eq!(told(&text, "service_status", ",service=\"kfz-zulassung\""), Some(5.0));
    assert_eq!(
        told(&text, "service_status", ",service=\"sperrmuell\""),
        told(&quiet, "service_status", ",service=\"bundid\"")
    );
    assert_eq!(told(&text, "notices", ",kind=\"outage\",timing=\"current\""), Some(1.0));
    assert_eq!(told(&text, "updates_overdue", ""), Some(0.0));
    assert_eq!(value(&text, "umleitung_publish_duration_seconds_count"), Some(2.0));
    assert_eq!(value(&text, "umleitung_condition{code=\"database_gone\"}"), Some(0.0));
    assert!(value(&text, "umleitung_connections").unwrap() >= 1.0);
    assert!(!text.contains("Entwurf") && !text.contains("BundID"), "{text}");
    let position = value(&text, "umleitung_journal_position").unwrap();
    assert!((position - server.journal_length().await as f64).abs() < 0.5, "{position}");
    // What was promised has not come; then it has.
    server.clock.set("2026-05-04T09:00:01Z");
    assert_eq!(told(&read(&server).await, "updates_overdue", ""), Some(1.0));
    let path = format!("/api/v1/notices/{}/resolve", notice["id"].as_str().unwrap());
    server.post(&path, &json!({})).await;
    let text = read(&server).await;
    assert_eq!(told(&text, "updates_overdue", ""), Some(0.0));
    assert_eq!(told(&text, "portal_status", ""), Some(0.0));
    assert_eq!(told(&text, "notices", ",kind=\"outage\",timing=\"past\""), Some(1.0));
}

/// Every series has a name by the conventions, a help and a type, and no label that is not in the catalogue or fixed.
#[tokio::test]
async fn series_are_named_by_the_conventions() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    // Whatever visitors ask for leaves nothing.
    let stray = server.anonymous(Method::GET, "/p/atlantis/state.json").send().await.unwrap();
    assert_eq!(stray.status(), 404);
    server
        .request(Role::Viewer, Method::GET, "/api/v1/notices?kind=x")
        .send()
        .await
        .unwrap();
    let text = read(&server).await;
    let catalogue: serde_json::Value = server
        .request(Role::Viewer, Method::GET, "/api/v1/catalogue")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let known = catalogue.to_string();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (series, number) = line.rsplit_once(' ').unwrap();
        assert!(number.parse::<f64>().is_ok(), "{line}");
        let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
        let family = ["_total", "_info", "_bucket", "_sum", "_count"]
            .into_iter()
            .find_map(|suffix| name.strip_suffix(suffix))
            .unwrap_or(name);
        assert!(
            name.starts_with("umleitung_") && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
            "{name}"
        );
        for sign in ["HELP", "TYPE"] {
            assert!(text.contains(&format!("# {sign} {family} ")), "{family} has no {sign}");
        }
        for label in labels.trim_end_matches('}').split("\",").filter(|label| !label.is_empty()) {
            let (key, value) = label.split_once("=\"").unwrap();
            let value = value.trim_end_matches('"');
            let fixed = matches!(key, "kind" | "timing" | "code" | "le" | "version");
            assert!(fixed || known.contains(&format!("\"{value}\"")), "{line}");
        }
    }
}
