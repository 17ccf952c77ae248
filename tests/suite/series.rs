//! Planned work that recurs: it is announced when its time has come, also where nobody was there then; and what was announced follows what is
//! decided.

use domain::access::Role;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::support::{listener::Listener, notice, server::TestServer};

const TITLE: &str = "Kfz-Zulassung: Wartung";

/// On Tuesdays from 22:00 to 04:00 in Berlin, announced a day before.
fn tuesdays() -> Value {
    json!({
        "notice": {"kind": "maintenance", "severity": "outage", "services": ["kfz-zulassung"], "title": {"de": TITLE}, "at_end": "complete"},
        "recurrence": {
            "first": "2026-12-01", "rule": {"each": "week", "weekdays": ["tuesday"]},
            "times": {"starts": "22:00", "ends": "04:00", "days_later": 1}, "time_zone": "Europe/Berlin",
        },
        "announce_hours": 24,
    })
}

async fn planned(server: &TestServer) -> String {
    let series = server.post("/api/v1/series", &tuesdays()).await;
    series["id"].as_str().unwrap().to_owned()
}

async fn series(server: &TestServer, id: &str) -> Value {
    let path = format!("/api/v1/series/{id}");
    server
        .request(Role::Viewer, Method::GET, &path)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

/// What a publisher's change of a series is answered with.
async fn changed(server: &TestServer, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
    let request = server
        .request(Role::Publisher, method, path)
        .header(header::IF_MATCH, "*")
        .json(body);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

/// When the notice with this title begins, by what the portal shows; `None`: it shows none.
fn begins<'a>(state: &'a Value, title: &str) -> Option<&'a str> {
    notice(state, title)?["starts_at"].as_str()
}

/// Waits until the portal shows this stage of the notice.
async fn shows(listener: &mut Listener, stage: &str) -> Value {
    listener
        .until(|state| notice(state, TITLE).is_some_and(|notice| notice["stage"] == stage))
        .await
}

/// Those of planned work, the oldest first: each with its beginning and the one who wrote it.
async fn notices(server: &TestServer) -> Vec<(String, String)> {
    let answer = server.request(Role::Viewer, Method::GET, "/api/v1/notices").send().await.unwrap();
    let page: Value = answer.json().await.unwrap();
    let told = |notice: &Value| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&notice["starts_at"]), text(&notice["created_by"]["name"]))
    };
    let all = page["notices"].as_array().unwrap().iter().rev();
    all.filter(|notice| notice["title"]["de"] == TITLE).map(told).collect()
}

#[tokio::test]
async fn an_occurrence_is_announced_when_its_time_has_come_whoever_was_there() {
    let mut server = TestServer::start("2026-11-30T10:00:00Z").await;
    let id = planned(&server).await;
    assert_eq!(id, "S-0001");
    let told = series(&server, &id).await;
    assert_eq!(told["revision"], 1);
    let first = &told["upcoming"][0];
    assert_eq!(
        [&first["original"], &first["starts_at"], &first["ends_at"], &first["announced_from"]],
        ["2026-12-01", "2026-12-01T21:00:00Z", "2026-12-02T03:00:00Z", "2026-11-30T21:00:00Z"]
    );
    assert_eq!((&first["notice"], told["upcoming"].as_array().unwrap().len()), (&Value::Null, 10));

    // A second before nobody knows of it; from then on it is there, and belongs to its occurrence.
    server.clock.set("2026-11-30T20:59:59Z");
    let mut listener = server.listen().await;
    assert_eq!(begins(&listener.next().await.unwrap(), TITLE), None);
    server.clock.set("2026-11-30T21:00:00Z");
    let state = shows(&mut listener, "scheduled").await;
    assert_eq!(begins(&state, TITLE), Some("2026-12-01T22:00:00+01:00"));
    let first = series(&server, &id).await["upcoming"][0].clone();
    assert_eq!(first["notice"], notice(&state, TITLE).unwrap()["id"]);
    assert_eq!((&first["stage"], &first["differs"]), (&json!("scheduled"), &json!(false)));

    // It begins and ends as any other, and a restart announces nothing once more.
    server.restart().await;
    let mut listener = server.listen().await;
    server.clock.set("2026-12-01T21:00:00Z");
    shows(&mut listener, "in_progress").await;
    server.clock.set("2026-12-02T03:00:00Z");
    shows(&mut listener, "completed").await;

    // Nobody is there when the next one is to be announced: it is, when somebody is.
    server.stop().await;
    server.clock.set("2026-12-08T23:00:00Z");
    server.restart().await;
    let mut listener = server.listen().await;
    let state = shows(&mut listener, "in_progress").await;
    assert_eq!(begins(&state, TITLE), Some("2026-12-08T22:00:00+01:00"));

    // Nor during the whole of the third one: it is past, and the fourth is announced in its time.
    server.stop().await;
    server.clock.set("2026-12-21T20:59:59Z");
    server.restart().await;
    let mut listener = server.listen().await;
    listener.next().await.unwrap();
    server.clock.set("2026-12-21T21:00:00Z");
    shows(&mut listener, "scheduled").await;
    let by = |instant: &str| (instant.to_owned(), "schedule".to_owned());
    assert_eq!(
        notices(&server).await,
        [by("2026-12-01T21:00:00Z"), by("2026-12-08T21:00:00Z"), by("2026-12-22T21:00:00Z")]
    );
}

#[tokio::test]
async fn what_is_decided_about_one_occurrence_its_notice_tells() {
    let server = TestServer::start("2026-11-30T22:00:00Z").await;
    let mut listener = server.listen().await;
    let id = planned(&server).await;
    shows(&mut listener, "scheduled").await;
    let first = format!("/api/v1/series/{id}/occurrences/2026-12-01");

    // An hour later, with a word about it.
    let times = json!({"starts": "23:00", "ends": "05:00", "days_later": 1});
    let moved = json!({"exception": {"held": {"day": "2026-12-01", "times": times}}, "text": {"de": "Wir beginnen später."}});
    let (status, told) = changed(&server, Method::POST, &first, &moved).await;
    assert_eq!(
        (status, &told["upcoming"][0]["starts_at"]),
        (StatusCode::OK, &json!("2026-12-01T22:00:00Z"))
    );
    let state = listener
        .until(|state| begins(state, TITLE) == Some("2026-12-01T23:00:00+01:00"))
        .await;
    let text = notice(&state, TITLE).unwrap()["updates"].to_string();
    assert!(text.contains("Wir beginnen später."), "{text}");

    // As the rule says again.
    changed(&server, Method::POST, &first, &json!({"exception": null})).await;
    listener
        .until(|state| begins(state, TITLE) == Some("2026-12-01T22:00:00+01:00"))
        .await;

    // One that is not announced yet leaves no trace but in the plan; one that there is not cannot fall out.
    let second = format!("/api/v1/series/{id}/occurrences/2026-12-08");
    let (_, told) = changed(&server, Method::POST, &second, &json!({"exception": "skipped"})).await;
    assert_eq!(told["upcoming"][1]["original"], "2026-12-15");
    let wednesday = format!("/api/v1/series/{id}/occurrences/2026-12-09");
    let (status, problem) = changed(&server, Method::POST, &wednesday, &json!({"exception": "skipped"})).await;
    assert_eq!(
        (status, &problem["type"]),
        (StatusCode::NOT_FOUND, &json!("urn:umleitung:no_occurrence"))
    );

    // Once it has begun it is a matter of its notice.
    server.clock.set("2026-12-01T21:00:00Z");
    shows(&mut listener, "in_progress").await;
    let (status, problem) = changed(&server, Method::POST, &first, &json!({"exception": "skipped"})).await;
    assert_eq!(
        (status, &problem["type"]),
        (StatusCode::CONFLICT, &json!("urn:umleitung:not_in_this_stage"))
    );

    // One further, on a day of nobody's choice, ahead of its time; and called off.
    server.clock.set("2026-12-02T12:00:00Z");
    let added = json!({"exception": {"held": {"day": "2026-12-20", "times": {"starts": "08:00", "ends": "09:00"}}}});
    let further = format!("/api/v1/series/{id}/occurrences/2026-12-20");
    changed(&server, Method::POST, &further, &added).await;
    let (status, _) = changed(&server, Method::POST, &format!("{further}/announce"), &json!({})).await;
    assert_eq!(status, StatusCode::OK);
    listener
        .until(|state| begins(state, TITLE) == Some("2026-12-20T08:00:00+01:00"))
        .await;
    let (status, _) = changed(&server, Method::POST, &format!("{further}/announce"), &json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    changed(
        &server,
        Method::POST,
        &further,
        &json!({"exception": "skipped", "text": {"de": "Fällt aus."}}),
    )
    .await;
    let state = shows(&mut listener, "cancelled").await;
    assert!(notice(&state, TITLE).unwrap()["updates"].to_string().contains("Fällt aus."));
    let added_again = changed(&server, Method::POST, &further, &added).await;
    assert_eq!(added_again.0, StatusCode::CONFLICT, "its notice is ended");
}

#[tokio::test]
async fn a_changed_plan_reaches_what_is_announced_and_leaves_what_somebody_wrote_there() {
    let server = TestServer::start("2026-11-30T22:00:00Z").await;
    let mut listener = server.listen().await;
    let id = planned(&server).await;
    let state = shows(&mut listener, "scheduled").await;
    let notice_id = notice(&state, TITLE).unwrap()["id"].as_str().unwrap().to_owned();
    let by_hand = json!({"impact": {"de": "Von Hand."}});
    let (status, _) = changed(&server, Method::PATCH, &format!("/api/v1/notices/{notice_id}"), &by_hand).await;
    assert_eq!(status, StatusCode::OK);

    let patch = json!({"notice": {"title": {"de": "Neuer Titel"}}, "recurrence": {"times": {"starts": "21:00"}}});
    let (status, told) = changed(&server, Method::PATCH, &format!("/api/v1/series/{id}"), &patch).await;
    assert_eq!(
        (status, &told["revision"], &told["recurrence"]["times"]["ends"]),
        (StatusCode::OK, &json!(2), &json!("04:00:00"))
    );
    let state = listener.until(|state| notice(state, "Neuer Titel").is_some()).await;
    let shown = notice(&state, "Neuer Titel").unwrap();
    assert_eq!(
        (&shown["starts_at"], &shown["id"]),
        (&json!("2026-12-01T21:00:00+01:00"), &json!(notice_id))
    );
    assert!(shown["impact"].to_string().contains("Von Hand."), "{shown}");

    // Times that its notice tells by itself are seen beside those of the plan.
    let longer = json!({"ends_at": "2026-12-02T05:00:00Z"});
    changed(&server, Method::PATCH, &format!("/api/v1/notices/{notice_id}"), &longer).await;
    let first = series(&server, &id).await["upcoming"][0].clone();
    assert_eq!(
        (&first["ends_at"], &first["differs"]),
        (&json!("2026-12-02T03:00:00Z"), &json!(true))
    );

    // From a day on on Wednesdays. What was announced stays, and what goes on has another name.
    let wednesdays = json!({"from": "2026-12-08", "recurrence": {"rule": {"each": "week", "weekdays": ["wednesday"]}}});
    let (status, told) = changed(&server, Method::POST, &format!("/api/v1/series/{id}/split"), &wednesdays).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    assert_eq!(
        (&told["id"], &told["continues"], &told["upcoming"][0]["original"]),
        (&json!("S-0002"), &json!(id), &json!("2026-12-09"))
    );
    let upcoming = series(&server, &id).await["upcoming"].clone();
    let originals: Vec<&Value> = upcoming.as_array().unwrap().iter().map(|one| &one["original"]).collect();
    assert_eq!(originals, ["2026-12-01"]);
    let days = "/api/v1/series/S-0002/occurrences?from=2026-12-01&to=2026-12-31";
    let answer = server.request(Role::Viewer, Method::GET, days).send().await.unwrap();
    let told: Value = answer.json().await.unwrap();
    let days: Vec<&Value> = told["occurrences"].as_array().unwrap().iter().map(|one| &one["day"]).collect();
    assert_eq!(days, ["2026-12-09", "2026-12-16", "2026-12-23", "2026-12-30"]);

    // With the end of a series goes what was announced of it and has not begun.
    let (status, told) = changed(
        &server,
        Method::POST,
        &format!("/api/v1/series/{id}/end"),
        &json!({"text": {"de": "Nicht mehr nötig."}}),
    )
    .await;
    assert_eq!(
        (status, told["ended_at"].is_string(), &told["upcoming"]),
        (StatusCode::OK, true, &json!([]))
    );
    listener
        .until(|state| notice(state, "Neuer Titel").is_some_and(|notice| notice["stage"] == "cancelled"))
        .await;
    let (status, _) = changed(
        &server,
        Method::PATCH,
        &format!("/api/v1/series/{id}"),
        &json!({"announce_hours": 1}),
    )
    .await;
    assert_eq!(status, StatusCode::CONFLICT);
}

/// The same with another value in this place; `null`: with none.
fn otherwise(at: &str, value: Value) -> Value {
    let mut plan = tuesdays();
    match value {
        Value::Null => {
            let (parent, name) = at.rsplit_once('/').unwrap();
            plan.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
        }
        value => {
            let (parent, name) = at.rsplit_once('/').unwrap();
            plan.pointer_mut(parent).unwrap()[name] = value;
        }
    }
    plan
}

#[tokio::test]
async fn what_is_wrong_with_a_plan_is_told_where_it_is() {
    let server = TestServer::start("2026-11-30T10:00:00Z").await;
    for (at, value, pointer, code) in [
        ("/notice/kind", json!("outage"), "/notice/kind", "planned_is_maintenance"),
        (
            "/notice/starts_at",
            json!("2026-12-01T21:00:00Z"),
            "/notice/starts_at",
            "of_each_occurrence",
        ),
        ("/notice/services", json!(["nirgends"]), "/notice/services/0", "not_in_catalogue"),
        (
            "/notice/title",
            json!({"en": "Work"}),
            "/notice/title/de",
            "default_language_missing",
        ),
        (
            "/recurrence/rule",
            json!({"each": "week", "weekdays": []}),
            "/recurrence/rule/weekdays",
            "empty",
        ),
        ("/recurrence/rule", json!({"each": "weak"}), "/recurrence/rule/each", "malformed"),
        (
            "/recurrence/times",
            json!({"starts": "22:00", "ends": "04:00"}),
            "/recurrence/times/ends",
            "not_after_start",
        ),
        (
            "/recurrence/until",
            json!({"day": "2026-11-01"}),
            "/recurrence/until/day",
            "before_start",
        ),
        ("/recurrence/until", json!({"day": "2026-12-01"}), "", ""),
        ("/recurrence/first", json!("2026-02-30"), "/recurrence/first", "malformed"),
        ("/recurrence/first", Value::Null, "/recurrence/first", "missing"),
        ("/recurrence/on_holiday", json!("skip"), "/recurrence/region", "missing"),
        (
            "/recurrence/time_zone",
            json!("Europe/Musterstadt"),
            "/recurrence/time_zone",
            "malformed",
        ),
        ("/recurrence/region", json!("XX"), "/recurrence/region", "malformed"),
        ("/announce_hours", json!(5000), "/announce_hours", "out_of_range"),
        ("/announced", json!(1), "/announced", "malformed"),
    ] {
        let (status, answer) = changed(&server, Method::POST, "/api/v1/series", &otherwise(at, value.clone())).await;
        let found = (answer["errors"][0]["pointer"].as_str(), answer["errors"][0]["code"].as_str());
        if code.is_empty() {
            assert_eq!(status, StatusCode::CREATED, "{at} {value}: {answer}");
        } else {
            assert_eq!(
                (status, found),
                (StatusCode::UNPROCESSABLE_ENTITY, (Some(pointer), Some(code))),
                "{at} {value}: {answer}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_call_is_told_where_it_is() {
    let server = TestServer::start("2026-11-30T10:00:00Z").await;
    planned(&server).await;
    // None of its days lies ahead.
    let mut over = otherwise("/recurrence/until", json!({"day": "2026-11-03"}));
    over["recurrence"]["first"] = json!("2026-11-01");
    let (status, answer) = changed(&server, Method::POST, "/api/v1/series", &over).await;
    assert_eq!(
        (status, &answer["errors"][0]["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("past"))
    );
    // Nobody has the right to plan who may not publish; and a revision that is not there any more is none.
    let editor = server.request(Role::Editor, Method::POST, "/api/v1/series").json(&tuesdays());
    assert_eq!(editor.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    let stale = server
        .request(Role::Publisher, Method::PATCH, "/api/v1/series/S-0001")
        .header(header::IF_MATCH, "\"7\"");
    let stale = stale.json(&json!({"announce_hours": 1})).send().await.unwrap();
    assert_eq!(stale.status(), StatusCode::PRECONDITION_FAILED);
    let unknown = changed(&server, Method::PATCH, "/api/v1/series/S-0009", &json!({"announce_hours": 1})).await;
    assert_eq!(
        (unknown.0, &unknown.1["type"]),
        (StatusCode::NOT_FOUND, &json!("urn:umleitung:no_series"))
    );
    // A day on which something else begins goes with another call; what is decided has to be said, of a day as it is written.
    let path = "/api/v1/series/S-0001";
    for (method, path, body, pointer, code) in [
        (Method::PATCH, path.to_owned(), json!({"from": "2026-12-08"}), "/from", "malformed"),
        (Method::POST, format!("{path}/split"), json!({}), "/from", "missing"),
        (
            Method::POST,
            format!("{path}/occurrences/2026-12-01"),
            json!({}),
            "/exception",
            "missing",
        ),
        (
            Method::PATCH,
            path.to_owned(),
            json!({"recurrence": {"exceptions": {"20261208": "skipped"}}}),
            "/recurrence/exceptions",
            "malformed",
        ),
    ] {
        let (status, answer) = changed(&server, method, &path, &body).await;
        let found = (answer["errors"][0]["pointer"].as_str(), answer["errors"][0]["code"].as_str());
        assert_eq!(
            (status, found),
            (StatusCode::UNPROCESSABLE_ENTITY, (Some(pointer), Some(code))),
            "{body}: {answer}"
        );
    }
    let (status, _) = changed(
        &server,
        Method::POST,
        &format!("{path}/occurrences/20261201"),
        &json!({"exception": null}),
    )
    .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
