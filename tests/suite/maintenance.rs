//! Windows open and close because time has passed, with a restart between any two instants.

use domain::access::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::support::{notice, server::TestServer};

const TITLES: [&str; 2] = ["Endet von selbst", "Endet auf Zuruf"];

fn stages(state: &Value) -> [Option<&str>; 2] {
    TITLES.map(|title| notice(state, title).and_then(|notice| notice["stage"].as_str()))
}

/// Across the night in which the clocks go forward: 29 March 2026, 01:30 to 03:30 in Berlin is one hour.
#[tokio::test]
async fn two_maintenances_live_their_lives_by_time_alone() {
    let mut server = TestServer::start("2026-03-28T10:00:00Z").await;
    for (title, at_end) in TITLES.into_iter().zip(["complete", "confirm"]) {
        let body = json!({
            "kind": "maintenance", "severity": "outage", "services": ["kfz-zulassung"], "portals": [], "title": {"de": title},
            "announce_from": "2026-03-28T12:00:00Z", "starts_at": "2026-03-29T00:30:00Z", "ends_at": "2026-03-29T01:30:00Z",
            "at_end": at_end, "publish": true,
        });
        server.post("/api/v1/notices", &body).await;
    }
    let turns = [
        // The instant, what holds from then on, the portal's status.
        ("2026-03-28T12:00:00Z", [Some("scheduled"), Some("scheduled")], "operational"),
        ("2026-03-29T00:30:00Z", [Some("in_progress"), Some("in_progress")], "maintenance"),
        ("2026-03-29T01:30:00Z", [Some("completed"), Some("overrunning")], "maintenance"),
        // Two hours later the one that is over has lingered long enough.
        ("2026-03-29T03:30:00Z", [None, Some("overrunning")], "maintenance"),
    ];
    let mut before = ([None, None], "operational");
    for (instant, expected, status) in turns {
        // A second before the turn, after a restart: as it was.
        let turn: jiff::Timestamp = instant.parse().unwrap();
        server.clock.set(&(turn - jiff::SignedDuration::from_secs(1)).to_string());
        server.restart().await;
        let state = server.state().await;
        assert_eq!(
            (stages(&state), state["status"].as_str().unwrap()),
            before,
            "a second before {instant}"
        );
        // At the turn, without a restart: as it is from now on, and told to whoever listens.
        let mut listener = server.listen().await;
        server.clock.set(instant);
        let told = listener.until(|state| stages(state) == expected).await;
        assert_eq!(told["status"], status, "at {instant}");
        assert_eq!(told["generated_at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap(), turn);
        // And after one more restart the very same document.
        server.restart().await;
        assert_eq!(server.state().await, told, "after a restart at {instant}");
        before = (expected, status);
    }
    let id = notice(&server.state().await, TITLES[1]).unwrap()["id"].as_str().unwrap().to_owned();
    server.clock.set("2026-03-29T04:00:00Z");
    server.post(&format!("/api/v1/notices/{id}/complete"), &json!({})).await;
    let state = server.state().await;
    assert_eq!(
        (stages(&state), state["status"].as_str()),
        ([None, Some("completed")], Some("operational"))
    );
    assert_eq!(notice(&state, TITLES[1]).unwrap()["ends_at"], "2026-03-29T06:00:00+02:00");
}

#[tokio::test]
async fn an_announced_maintenance_can_be_begun_extended_and_called_off() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let maintenance = |title: &str| {
        json!({
            "kind": "maintenance", "severity": "outage", "services": ["wohngeld"], "portals": [], "title": {"de": title},
            "starts_at": "2026-05-05T20:00:00Z", "ends_at": "2026-05-05T22:00:00Z", "publish": true,
        })
    };
    let first = server.post("/api/v1/notices", &maintenance("Eins")).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let second = server.post("/api/v1/notices", &maintenance("Zwei")).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    server
        .post(
            &format!("/api/v1/notices/{second}/cancel"),
            &json!({"text": {"de": "Nicht nötig."}}),
        )
        .await;
    server.post(&format!("/api/v1/notices/{first}/start"), &json!({})).await;
    server
        .post(
            &format!("/api/v1/notices/{first}/extend"),
            &json!({"ends_at": "2026-05-05T23:00:00Z"}),
        )
        .await;
    let state = server.state().await;
    let one = notice(&state, "Eins").unwrap();
    assert_eq!(
        (one["stage"].as_str(), one["starts_at"].as_str(), one["ends_at"].as_str()),
        (
            Some("in_progress"),
            Some("2026-05-04T10:00:00+02:00"),
            Some("2026-05-06T01:00:00+02:00")
        )
    );
    let two = notice(&state, "Zwei").unwrap();
    assert_eq!((two["stage"].as_str(), two["timing"].as_str()), (Some("cancelled"), Some("past")));
    assert_eq!(state["status"], "maintenance");
}

/// One that runs and one that is to come, on one service: whichever was entered first, the running one is shown, and the other one has its turn.
#[tokio::test]
async fn of_two_windows_on_one_service_the_running_one_is_shown() {
    let window = |title: &str, starts_at: &str, ends_at: &str| {
        json!({
            "kind": "maintenance", "severity": "outage", "services": ["kfz-zulassung"], "portals": [], "title": {"de": title},
            "starts_at": starts_at, "ends_at": ends_at, "at_end": "complete", "publish": true,
        })
    };
    let running = window("Läuft", "2026-12-01T20:00:00Z", "2026-12-01T23:00:00Z");
    let later = window("Kommt", "2026-12-01T23:30:00Z", "2026-12-02T02:00:00Z");
    for order in [[&running, &later], [&later, &running]] {
        let server = TestServer::start("2026-12-01T21:00:00Z").await;
        for body in order {
            server.post("/api/v1/notices", body).await;
        }
        let mut listener = server.listen().await;
        for (instant, stages, first) in [
            ("2026-12-01T21:00:00Z", [Some("in_progress"), Some("scheduled")], "Läuft"),
            ("2026-12-01T23:30:00Z", [Some("completed"), Some("in_progress")], "Kommt"),
        ] {
            server.clock.set(instant);
            let of = |state: &Value, title: &str| notice(state, title).and_then(|notice| notice["stage"].as_str().map(str::to_owned));
            let expected = stages.map(|stage| stage.map(str::to_owned));
            let state = listener
                .until(|state| ["Läuft", "Kommt"].map(|title| of(state, title)) == expected)
                .await;
            assert_eq!(
                (&state["status"], &state["notices"][0]["title"]["de"]),
                (&json!("maintenance"), &json!(first)),
                "{instant}"
            );
            let service = state["services"]
                .as_array()
                .unwrap()
                .iter()
                .find(|service| service["id"] == "kfz-zulassung")
                .unwrap();
            assert_eq!(service["status"], "maintenance", "{instant}");
            let fragment = server.get("/p/musterstadt/fragment.html").await.text().await.unwrap();
            let place = |title: &str| fragment.find(title).unwrap_or(usize::MAX);
            let other = if first == "Läuft" { "Kommt" } else { "Läuft" };
            assert!(place(first) < place(other), "{instant}: {fragment}");
        }
    }
}

/// What a publisher is told who posts this.
async fn refused(server: &TestServer, path: &str, body: &Value) -> (StatusCode, Value) {
    let answer = server.request(Role::Publisher, Method::POST, path).json(body).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

#[tokio::test]
async fn a_point_of_no_return_is_planned_with_the_window_and_decided_in_it() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let with = |more: Value| {
        let mut body = json!({
            "kind": "maintenance", "severity": "outage", "services": ["wohngeld"], "portals": [], "title": {"de": "Umstellung"},
            "starts_at": "2026-05-05T20:00:00Z", "ends_at": "2026-05-05T22:00:00Z", "publish": true,
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let outage = json!({"kind": "outage", "starts_at": null, "ends_at": null, "rollback_minutes": 30});
    for (more, code) in [
        (json!({"rollback_minutes": 0}), "not_within_window"),
        (json!({"rollback_minutes": 120}), "not_within_window"),
        (outage, "only_with_maintenance"),
    ] {
        let (status, problem) = refused(&server, "/api/v1/notices", &with(more)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
        let fault = &problem["errors"][0];
        assert_eq!(
            (&fault["pointer"], &fault["code"]),
            (&json!("/rollback_minutes"), &json!(code)),
            "{problem}"
        );
    }
    let planned = server.post("/api/v1/notices", &with(json!({"rollback_minutes": 30}))).await;
    assert_eq!((&planned["rollback_minutes"], &planned["decided"]), (&json!(30), &Value::Null));
    let path = format!("/api/v1/notices/{}/updates", planned["id"].as_str().unwrap());
    let go_on = json!({"decision": "go_on"});
    let (status, problem) = refused(&server, &path, &go_on).await;
    assert_eq!(
        (status, &problem["errors"][0]["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("nothing_to_decide"))
    );
    server.clock.set("2026-05-05T21:40:00Z");
    let before = server.state().await;
    let decided = server.post(&path, &go_on).await;
    assert_eq!(
        (&decided["decided"]["decision"], &decided["decided"]["at"]),
        (&json!("go_on"), &json!("2026-05-05T21:40:00Z"))
    );
    assert_eq!(decided["revision"], planned["revision"]);
    // It is nobody's business outside, neither before nor after.
    let after = server.state().await;
    assert_eq!(before["notices"], after["notices"]);
    assert!(!after.to_string().contains("rollback"), "{after}");
    let silent = refused(&server, &path, &json!({"decision": "roll_back"})).await;
    assert_eq!(silent.1["errors"][0]["pointer"], "/text", "{}", silent.1);
    let told = json!({"decision": "roll_back", "text": {"de": "Wir stellen den Stand von vorher wieder her."}});
    server.post(&path, &told).await;
    let shown = notice(&server.state().await, "Umstellung").unwrap().clone();
    assert_eq!(
        shown["updates"][0]["text"]["de"][0]["c"][0]["s"], "Wir stellen den Stand von vorher wieder her.",
        "{shown}"
    );
}
