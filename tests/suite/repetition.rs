//! A request that is sent again under the same `Idempotency-Key` is carried out once.

use domain::access::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::support::{outage, server::TestServer};

async fn send(server: &TestServer, role: Role, path: &str, key: &str, body: &Value) -> (StatusCode, Value) {
    let request = server.request(role, Method::POST, path).header("Idempotency-Key", key).json(body);
    let response = request.send().await.unwrap();
    let status = response.status();
    (status, response.json().await.unwrap())
}

#[tokio::test]
async fn a_repetition_answers_what_was_done_also_after_a_restart_and_on_another_server() {
    let mut server = TestServer::start("2026-05-04T08:00:00Z").await;
    let body = outage("wohngeld", "Einmal");
    let (status, first) = send(&server, Role::Publisher, "/api/v1/notices", "a", &body).await;
    assert_eq!(status, StatusCode::CREATED);
    let id = first["id"].as_str().unwrap().to_owned();
    let length = server.journal_length().await;
    let again = send(&server, Role::Publisher, "/api/v1/notices", "a", &body).await;
    assert_eq!(again, (StatusCode::CREATED, first.clone()));
    server.restart().await;
    let again = send(&server, Role::Publisher, "/api/v1/notices", "a", &body).await;
    assert_eq!(again, (StatusCode::CREATED, first.clone()));
    // Many at once, as impatient people and programs send them.
    let at_once = futures::future::join_all((0..8).map(|_| send(&server, Role::Publisher, "/api/v1/notices", "b", &body))).await;
    assert!(
        at_once
            .iter()
            .all(|answer| *answer == at_once[0] && answer.0 == StatusCode::CREATED),
        "{at_once:?}"
    );
    assert_eq!(server.journal_length().await, length + 1);
    // Updates and transitions likewise.
    let updates = format!("/api/v1/notices/{id}/updates");
    let resolve = format!("/api/v1/notices/{id}/resolve");
    for (path, key, body) in [(&updates, "c", json!({"text": {"de": "Noch einmal."}})), (&resolve, "d", json!({}))] {
        let first = send(&server, Role::Publisher, path, key, &body).await;
        assert!(first.0.is_success(), "{first:?}");
        assert_eq!(send(&server, Role::Publisher, path, key, &body).await, first);
    }
    assert_eq!(server.journal_length().await, length + 3);
    // Under no key, or another's, it is another request.
    assert_eq!(
        send(&server, Role::Admin, "/api/v1/notices", "a", &body).await.0,
        StatusCode::CREATED
    );
    server.post("/api/v1/notices", &body).await;
    assert_eq!(server.journal_length().await, length + 5);
    // A day later as well.
    server.clock.set("2026-05-05T08:00:01Z");
    let (status, later) = send(&server, Role::Publisher, "/api/v1/notices", "a", &body).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_ne!(later["id"], first["id"]);
}

#[tokio::test]
async fn a_key_is_for_one_request_and_bounded() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let body = outage("wohngeld", "Einmal");
    // What was refused was not carried out: the key is still free.
    let refused = send(&server, Role::Publisher, "/api/v1/notices", "a", &outage("nirgends", "x")).await;
    assert_eq!(refused.0, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, created) = send(&server, Role::Publisher, "/api/v1/notices", "a", &body).await;
    assert_eq!(status, StatusCode::CREATED);
    let length = server.journal_length().await;
    let id = created["id"].as_str().unwrap();
    for (path, body) in [
        ("/api/v1/notices".to_owned(), outage("wohngeld", "Ein anderes Mal")),
        (format!("/api/v1/notices/{id}/updates"), json!({"text": {"de": "x"}})),
    ] {
        let (status, problem) = send(&server, Role::Publisher, &path, "a", &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(problem["title"].as_str().unwrap().contains("key"), "{problem}");
    }
    let long = "x".repeat(256);
    for key in ["", "a b", "\"", long.as_str()] {
        let (status, problem) = send(&server, Role::Publisher, "/api/v1/notices", key, &body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{key}: {problem}");
    }
    assert_eq!(
        send(&server, Role::Publisher, "/api/v1/notices", &long[1..], &body).await.0,
        StatusCode::CREATED
    );
    assert_eq!(server.journal_length().await, length + 1);
}
