//! The list of notices comes in pages that stay as they are while new notices come, and may be narrowed.

use domain::access::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::support::{outage, server::TestServer};

const NOW: &str = "2026-05-04T08:00:00Z";

async fn page(server: &TestServer, query: &str) -> (Value, Option<String>) {
    let request = server.request(Role::Viewer, Method::GET, &format!("/api/v1/notices{query}"));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{query}");
    let link = response.headers().get("link").map(|link| link.to_str().unwrap().to_owned());
    (response.json().await.unwrap(), link)
}

/// The ids on a page, those of the demo's past apart.
fn ids(page: &Value) -> Vec<String> {
    let notices = page["notices"].as_array().unwrap();
    let ids = notices.iter().map(|notice| notice["id"].as_str().unwrap().to_owned());
    ids.filter(|id| id.starts_with("2026-")).collect()
}

async fn publish(server: &TestServer, body: &Value) -> String {
    server.post("/api/v1/notices", body).await["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn pages_follow_each_other_and_new_notices_move_nothing() {
    let server = TestServer::start(NOW).await;
    let mut made = Vec::new();
    for n in 0..7 {
        made.insert(0, publish(&server, &outage("wohngeld", &format!("Nr. {n}"))).await);
    }
    let (mut current, mut link) = page(&server, "?limit=3&service=wohngeld").await;
    let mut seen = ids(&current);
    while let Some(next) = current["next"].as_str().map(str::to_owned) {
        assert_eq!(
            link,
            Some(format!("</api/v1/notices?limit=3&service=wohngeld&after={next}>; rel=\"next\""))
        );
        // Something new in between belongs to no later page.
        publish(&server, &outage("wohngeld", "Dazwischen")).await;
        (current, link) = page(&server, &format!("?limit=3&service=wohngeld&after={next}")).await;
        seen.extend(ids(&current));
    }
    assert_eq!((seen, link), (made, None));
    assert_eq!(current["now"], NOW);
}

#[tokio::test]
async fn a_page_has_a_hundred_notices_where_nothing_is_said() {
    let server = TestServer::start(NOW).await;
    for n in 0..101 {
        let mut body = outage("wohngeld", &format!("Nr. {n}"));
        body["publish"] = false.into();
        publish(&server, &body).await;
    }
    let (first, link) = page(&server, "").await;
    assert_eq!(ids(&first).len(), 100);
    assert!(link.is_some_and(|link| link.ends_with("rel=\"next\"")));
    let (rest, link) = page(&server, &format!("?after={}", first["next"].as_str().unwrap())).await;
    assert_eq!((ids(&rest).len(), &rest["next"], link), (1, &Value::Null, None));
    assert_eq!(ids(&page(&server, "?limit=500").await.0).len(), 101);
    let beyond = page(&server, "?after=1999-0001").await.0;
    assert_eq!((ids(&beyond).len(), &beyond["next"]), (0, &Value::Null));
}

#[tokio::test]
async fn a_list_may_be_narrowed() {
    let server = TestServer::start(NOW).await;
    let over = publish(&server, &outage("wohngeld", "Wohngeld: ÄRGER")).await;
    server.post(&format!("/api/v1/notices/{over}/resolve"), &json!({})).await;
    let current = publish(&server, &outage("kfz-zulassung", "Kfz")).await;
    let maintenance = json!({"kind": "maintenance", "severity": "outage", "portals": ["musterstadt"], "title": {"de": "Wartung"},
        "starts_at": "2026-05-05T20:00:00Z", "ends_at": "2026-05-05T22:00:00Z", "publish": true});
    let announced = publish(&server, &maintenance).await;
    let draft = publish(
        &server,
        &json!({"kind": "outage", "severity": "outage", "services": ["wohngeld"], "title": {"de": "Entwurf"}}),
    )
    .await;
    for (query, expected) in [
        ("", vec![&draft, &announced, &current, &over]),
        ("?open=true", vec![&draft, &announced, &current]),
        ("?open=false", vec![&draft, &announced, &current, &over]),
        ("?stage=draft", vec![&draft]),
        ("?stage=announced", vec![&announced]),
        ("?stage=current", vec![&current]),
        ("?stage=past", vec![&over]),
        ("?service=wohngeld", vec![&draft, &over]),
        ("?service=wohngeld&stage=past", vec![&over]),
        ("?portal=musterstadt&open=true", vec![&draft, &announced, &current]),
        ("?portal=atlantis", vec![]),
        ("?text=%C3%A4rger", vec![&over]),
        ("?text=kfz", vec![&current]),
        ("?text=-000", vec![&draft, &announced, &current, &over]),
    ] {
        let found = ids(&page(&server, query).await.0);
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    server.clock.set("2026-05-05T20:30:00Z");
    assert_eq!(ids(&page(&server, "?stage=current").await.0), [announced, current]);
    for query in [
        "?limit=0",
        "?limit=501",
        "?limit=x",
        "?after=yesterday",
        "?stage=lost",
        "?colour=red",
        "?open=perhaps",
    ] {
        let request = server.request(Role::Viewer, Method::GET, &format!("/api/v1/notices{query}"));
        let response = request.send().await.unwrap();
        assert!(response.status().is_client_error(), "{query}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{query}");
        let name = query.trim_start_matches('?').split('=').next().unwrap();
        let problem = response.text().await.unwrap();
        assert!(problem.contains(name), "{query}: {problem}");
    }
}
