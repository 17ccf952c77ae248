//! A clock that is wrong writes nothing, and what it has written does not stop time.

use domain::access::{Actor, Role};
use engine::Publisher;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{binary, clock::ManualClock, notice, outage, server::TestServer};

/// Publishes through the API, and returns the status and the answer.
async fn publish(server: &TestServer, title: &str) -> (StatusCode, Value) {
    let response = server
        .request(Role::Publisher, Method::POST, "/api/v1/notices")
        .json(&outage("kfz-zulassung", title))
        .send()
        .await
        .unwrap();
    (response.status(), response.json().await.unwrap())
}

async fn assert_refused(server: &TestServer, why: &str) {
    let before = server.journal_length().await;
    let (status, problem) = publish(server, "Mit falscher Uhr").await;
    assert_eq!(status, 409, "{why}: {problem}");
    assert_eq!(problem["type"], "urn:umleitung:clock_implausible", "{why}");
    assert!(problem["detail"].as_str().unwrap().contains("clock"), "{why}: {problem}");
    assert_eq!(server.journal_length().await, before, "{why}");
    let ready = server.get("/readyz").await;
    assert_eq!(ready.status(), 503, "{why}");
    assert!(ready.text().await.unwrap().contains("clock_implausible"), "{why}");
}

async fn assert_ready(server: &TestServer) {
    let ready = server.get("/readyz").await;
    assert_eq!(ready.status(), 200, "{}", ready.text().await.unwrap());
}

async fn confirm(server: &TestServer, role: Role) -> StatusCode {
    let request = server
        .request(role, Method::POST, "/api/v1/clock")
        .json(&json!({"reason": "Die Uhr stimmt."}));
    request.send().await.unwrap().status()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_set_writes_nothing_until_it_is_right_or_confirmed() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    assert_eq!(publish(&server, "Vorher").await.0, 201);
    for (instant, why) in [
        ("2029-05-04T08:00:00Z", "three years ahead"),
        ("2026-05-04T10:00:00Z", "two hours ahead"),
        ("2026-05-04T08:11:00Z", "eleven minutes ahead"),
        ("2026-05-04T07:49:00Z", "eleven minutes behind"),
        ("2026-05-03T08:00:00Z", "a day behind"),
        ("1970-01-01T00:00:01Z", "not set"),
    ] {
        server.clock.turn(instant);
        assert_refused(&server, why).await;
        server.clock.turn("2026-05-04T08:00:00Z");
        assert_ready(&server).await;
    }
    // A few minutes are what clocks differ by.
    server.clock.turn("2026-05-04T08:05:00Z");
    assert_eq!(publish(&server, "Etwas später").await.0, 201);
    server.clock.turn("2026-05-04T08:00:00Z");
    assert_eq!(publish(&server, "Etwas früher").await.0, 201);
    server.clock.turn("2026-05-04T11:00:00Z");
    assert_refused(&server, "three hours ahead").await;
    for role in [Role::Viewer, Role::Editor, Role::Publisher] {
        assert_eq!(confirm(&server, role).await, 403);
    }
    assert_eq!(confirm(&server, Role::Admin).await, 200);
    assert_ready(&server).await;
    assert_eq!(publish(&server, "Danach").await.0, 201);
    assert!(binary::succeed(&server.folder(), &["journal", "verify"]).contains("whole"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_wrong_clock_has_written_does_not_stop_time() {
    let mut server = TestServer::start("2026-05-04T08:00:00Z").await;
    let mut maintenance = outage("kfz-zulassung", "Wartung heute");
    maintenance["kind"] = json!("maintenance");
    maintenance["starts_at"] = json!("2026-05-04T09:00:00Z");
    maintenance["ends_at"] = json!("2026-05-04T10:00:00Z");
    server.post("/api/v1/notices", &maintenance).await;
    // Another machine, three years ahead, has been told to believe its clock.
    let elsewhere = Publisher::open(
        server.place().open().await.unwrap().journal,
        std::sync::Arc::new(ManualClock::at("2029-05-04T08:00:00Z")),
        std::sync::Arc::new(()),
    )
    .await
    .unwrap();
    assert!(elsewhere.doubt().is_some());
    let admin = Actor::new("elsewhere", Role::Admin);
    let reason = "Falsche Uhr".to_owned();
    elsewhere
        .submit(admin, domain::record::upkeep::Command::ConfirmClock { reason })
        .await
        .unwrap();
    let head = elsewhere.journal().head().await.unwrap() as usize;
    for restarted in [false, true] {
        if restarted {
            server.restart().await;
        }
        while server.journal_length().await < head {}
        server.clock.set("2026-05-04T08:30:00Z");
        let shown = server.state().await;
        assert_eq!(
            notice(&shown, "Wartung heute").unwrap()["stage"],
            "scheduled",
            "restarted: {restarted}"
        );
        assert_refused(&server, "the journal is ahead").await;
    }
    assert_eq!(confirm(&server, Role::Admin).await, 200);
    assert_ready(&server).await;
    let (status, created) = publish(&server, "Wieder richtig").await;
    assert_eq!(status, 201, "{created}");
    assert_eq!(created["published_at"], "2026-05-04T08:30:00Z");
    assert!(created["id"].as_str().unwrap().starts_with("2026-"));
    server.restart().await;
    assert_ready(&server).await;
    let shown = server.state().await;
    assert!(
        shown["generated_at"].as_str().unwrap().starts_with("2026-05-04T10:30:00"),
        "{shown}"
    );
    assert_eq!(notice(&shown, "Wartung heute").unwrap()["stage"], "scheduled");
    assert!(binary::succeed(&server.folder(), &["journal", "verify"]).contains("whole"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_goes_back_without_a_write_leaves_no_trace() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let mut maintenance = outage("kfz-zulassung", "Wartung");
    maintenance["kind"] = json!("maintenance");
    maintenance["starts_at"] = json!("2026-05-04T09:00:00Z");
    maintenance["ends_at"] = json!("2026-05-04T10:00:00Z");
    let id = server.post("/api/v1/notices", &maintenance).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut listener = server.listen().await;
    for (instant, stage, date) in [
        ("2026-05-04T09:30:00Z", "in_progress", "Mon, 04 May 2026 09:30:00 GMT"),
        ("2026-05-04T08:01:00Z", "scheduled", "Mon, 04 May 2026 08:01:00 GMT"),
        ("2029-01-01T00:00:00Z", "overrunning", "Mon, 01 Jan 2029 00:00:00 GMT"),
        ("2026-05-04T08:02:00Z", "scheduled", "Mon, 04 May 2026 08:02:00 GMT"),
    ] {
        server.clock.turn(instant);
        let of = |state: &Value| notice(state, "Wartung").map(|notice| notice["stage"].clone());
        listener.until(|state| of(state) == Some(json!(stage))).await;
        let response = server.get("/p/musterstadt/state.json").await;
        assert_eq!(response.headers()["date"], date);
        assert_eq!(of(&response.json().await.unwrap()), Some(json!(stage)), "at {instant}");
        let answer: Value = server
            .request(Role::Viewer, Method::GET, &format!("/api/v1/notices/{id}"))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(answer["current_stage"], stage, "at {instant}");
        for page in [
            "",
            "fallback.html",
            "503.html",
            "fragment.html",
            &format!("notices/{id}"),
            "umleitung.js",
        ] {
            let page = server.get(&format!("/p/musterstadt/{page}?lang=de")).await;
            assert_eq!(page.headers()["date"], date);
        }
        let status = server.get("/p/musterstadt/?lang=de").await.text().await.unwrap();
        assert_eq!(status.contains("Geplant"), stage == "scheduled", "at {instant}");
    }
}
