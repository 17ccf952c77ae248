//! Freezes, and the question whether work may be done at a time, as a pipeline asks it.

use domain::access::Role;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::support::server::TestServer;

async fn sent(server: &TestServer, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
    let request = server
        .request(Role::Publisher, method, path)
        .header(header::IF_MATCH, "*")
        .json(body);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

/// What is answered to whoever asks for this hour: the verdict, what is in the way, and the beginning of the next free hour.
async fn asked(server: &TestServer, service: &str, from: &str) -> (String, Vec<String>, Option<String>) {
    let to = from.parse::<jiff::Timestamp>().unwrap() + jiff::SignedDuration::from_hours(1);
    let path = format!("/api/v1/check?service={service}&from={from}&to={to}");
    let answer = server.request(Role::Viewer, Method::GET, &path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let told: Value = answer.json().await.unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let reason = |reason: &Value| {
        let (kind, what) = reason["what"].as_object().unwrap().iter().next().unwrap();
        let id = text(&what[if kind == "occurrence" { "series" } else { "id" }]);
        format!("{kind} {id} {}{}", text(&what["relation"]), text(&what["level"]))
    };
    let reasons = told["reasons"].as_array().unwrap().iter().map(reason).collect();
    (
        text(&told["verdict"]),
        reasons,
        told["next_free"]["from"].as_str().map(str::to_owned),
    )
}

const THURSDAY: &str = "2026-12-03T21:00:00Z";

/// From Friday at noon to Monday morning.
fn weekend() -> Value {
    json!({
        "name": "Wochenende", "level": "reason",
        "when": {"recurring": {
            "first": "2026-12-01", "rule": {"each": "week", "weekdays": ["friday"]}, "time_zone": "Europe/Berlin",
            "times": {"starts": "12:00", "ends": "07:00", "days_later": 3},
        }},
    })
}

fn plain(verdict: &str, reasons: &[&str], free: Option<&str>) -> (String, Vec<String>, Option<String>) {
    let reasons = reasons.iter().map(ToString::to_string).collect();
    (verdict.to_owned(), reasons, free.map(str::to_owned))
}

#[tokio::test]
async fn a_pipeline_is_told_when_it_may() {
    let server = TestServer::start("2026-11-30T10:00:00Z").await;
    assert_eq!(asked(&server, "kfz-zulassung", THURSDAY).await, plain("go", &[], Some(THURSDAY)));

    // From Friday at noon to Monday morning nobody works without a reason; the end of the year is told as a hint.
    // All work is the whole server's: the publisher of the test is one everywhere.
    let (status, made) = sent(&server, Method::POST, "/api/v1/freezes", &weekend()).await;
    assert_eq!(
        (status, &made["id"], &made["revision"]),
        (StatusCode::CREATED, &json!("F-0001"), &json!(1))
    );
    let december = json!({
        "name": "Jahresende", "level": "hint", "services": ["kfz-zulassung"],
        "when": {"spans": [{"from": "2026-12-01T00:00:00+01:00", "to": "2027-01-01T00:00:00+01:00"}]},
    });
    sent(&server, Method::POST, "/api/v1/freezes", &december).await;
    let hint = "freeze F-0002 hint";
    assert_eq!(
        asked(&server, "kfz-zulassung", THURSDAY).await,
        plain("go", &[hint], Some(THURSDAY))
    );
    let friday = "2026-12-04T10:30:00Z";
    assert_eq!(
        asked(&server, "kfz-zulassung", friday).await,
        plain("wait", &[hint, "freeze F-0001 reason"], Some("2026-12-07T06:00:00Z"))
    );
    // Of what it needs the hint holds as well; of what is not related to it, it does not.
    assert_eq!(asked(&server, "bundid", THURSDAY).await.1, [hint]);
    assert_eq!(asked(&server, "sperrmuell", THURSDAY).await.1, [""; 0]);

    // What holds no more is in nobody's way, and what is always there leaves no time.
    let (status, ended) = sent(&server, Method::POST, "/api/v1/freezes/F-0001/end", &json!({})).await;
    assert_eq!((status, ended["ended_at"].is_string()), (StatusCode::OK, true));
    assert_eq!(asked(&server, "kfz-zulassung", friday).await, plain("go", &[hint], Some(friday)));
    let (status, edited) = sent(
        &server,
        Method::PATCH,
        "/api/v1/freezes/F-0002",
        &json!({"level": "second_person", "when": {"spans": [
            {"from": "2026-12-01T00:00:00Z", "to": "2027-12-01T00:00:00Z"},
        ]}}),
    )
    .await;
    assert_eq!((status, &edited["revision"]), (StatusCode::OK, &json!(2)));
    assert_eq!(
        asked(&server, "kfz-zulassung", friday).await,
        plain("no", &["freeze F-0002 second_person"], None)
    );
}

#[tokio::test]
async fn work_of_others_is_in_the_way() {
    let server = TestServer::start("2026-11-30T10:00:00Z").await;
    let window = json!({
        "kind": "maintenance", "severity": "outage", "services": ["bundid"], "title": {"de": "Wartung", "en": "Maintenance"},
        "starts_at": "2026-12-03T20:00:00Z", "ends_at": "2026-12-03T21:30:00Z", "at_end": "complete", "publish": true,
    });
    let made = server.post("/api/v1/notices", &window).await;
    let notice = made["id"].as_str().unwrap();
    let needed = format!("notice {notice} needed");
    assert_eq!(
        asked(&server, "kfz-zulassung", THURSDAY).await,
        plain("wait", &[&needed], Some("2026-12-03T21:30:00Z"))
    );
    let series = json!({
        "notice": {"kind": "maintenance", "severity": "outage", "services": ["kfz-zulassung"], "title": {"de": "Wartung"}},
        "recurrence": {
            "first": "2026-12-03", "rule": {"each": "week", "weekdays": ["thursday"]}, "time_zone": "Europe/Berlin",
            "times": {"starts": "22:30", "ends": "23:00"},
        },
        "announce_hours": 1,
    });
    server.post("/api/v1/series", &series).await;
    assert_eq!(
        asked(&server, "kfz-zulassung", THURSDAY).await,
        plain("wait", &[&needed, "occurrence S-0001 same"], Some("2026-12-03T22:00:00Z"))
    );
    assert_eq!(
        asked(&server, "bundid", THURSDAY).await.1,
        [&format!("notice {notice} same"), "occurrence S-0001 needing"]
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_freeze_is_told_where_it_is() {
    let server = TestServer::start("2026-11-30T10:00:00Z").await;
    let freeze = |name: &str, value: Value| {
        let spans = json!({"spans": [{"from": "2026-12-01T00:00:00Z", "to": "2026-12-02T00:00:00Z"}]});
        let mut freeze = json!({"name": "Frist", "level": "reason", "when": spans});
        freeze[name] = value;
        freeze
    };
    let backwards = json!({"spans": [{"from": "2026-12-02T00:00:00Z", "to": "2026-12-01T00:00:00Z"}]});
    let lame = json!({"recurring": {"first": "2026-12-01", "rule": {"each": "week", "weekdays": []}, "time_zone": "UTC",
        "times": {"starts": "12:00", "ends": "13:00"}}});
    for (name, value, pointer, code) in [
        ("name", json!(""), "/name", "empty"),
        ("level", json!("hard"), "/level", "malformed"),
        ("services", json!(["nirgends"]), "/services/0", "not_in_catalogue"),
        ("portals", json!(["nirgends"]), "/portals/0", "not_in_catalogue"),
        ("when", json!({"spans": []}), "/when/spans", "empty"),
        ("when", backwards, "/when/spans/0/to", "not_after_start"),
        ("when", lame, "/when/recurring/rule/weekdays", "empty"),
        ("until", json!(1), "/until", "malformed"),
    ] {
        let (status, answer) = sent(&server, Method::POST, "/api/v1/freezes", &freeze(name, value.clone())).await;
        let found = (answer["errors"][0]["pointer"].as_str(), answer["errors"][0]["code"].as_str());
        assert_eq!(
            (status, found),
            (StatusCode::UNPROCESSABLE_ENTITY, (Some(pointer), Some(code))),
            "{value}: {answer}"
        );
    }
    for query in [
        "service=kfz-zulassung&from=2026-12-02T00:00:00Z&to=2026-12-01T00:00:00Z",
        "service=kfz-zulassung&from=2026-12-02T00:00:00Z&to=2027-12-01T00:00:00Z",
        "service=nirgends&from=2026-12-02T00:00:00Z&to=2026-12-02T01:00:00Z",
        "service=kfz-zulassung&from=heute&to=2026-12-02T01:00:00Z",
        "service=kfz-zulassung&from=2026-12-02T00:00:00Z",
    ] {
        let answer = server
            .request(Role::Viewer, Method::GET, &format!("/api/v1/check?{query}"))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
    }
    let editor = server
        .request(Role::Editor, Method::POST, "/api/v1/freezes")
        .json(&freeze("name", json!("Frist")));
    assert_eq!(editor.send().await.unwrap().status(), StatusCode::FORBIDDEN);
}

/// Work that nobody has stood up for is not told of by itself, and is as soon as nothing is in its way.
/// Whoever it holds does not lift it alone: that takes an administrator.
async fn end_by_an_administrator(server: &TestServer) {
    let end = "/api/v1/freezes/F-0001/end";
    for (path, method) in [(end, Method::POST), ("/api/v1/freezes/F-0001", Method::PATCH)] {
        let (status, told) = sent(server, method, path, &json!({})).await;
        assert_eq!(
            (status, &told["type"]),
            (StatusCode::FORBIDDEN, &json!("urn:umleitung:role_too_low"))
        );
    }
    let ended = server
        .request(Role::Admin, Method::POST, end)
        .json(&json!({}))
        .send()
        .await
        .unwrap();
    assert_eq!(ended.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_is_planned_waits_before_frozen_time() {
    let server = TestServer::start("2026-11-30T10:00:00Z").await;
    let december = |level: &str| {
        json!({
            "name": "Abgabefrist", "level": level,
            "when": {"spans": [{"from": "2026-12-03T00:00:00Z", "to": "2026-12-20T00:00:00Z"}]},
        })
    };
    sent(&server, Method::POST, "/api/v1/freezes", &december("reason")).await;
    let series = json!({
        "notice": {"kind": "maintenance", "severity": "outage", "services": ["kfz-zulassung"], "title": {"de": "Wartung"}},
        "recurrence": {
            "first": "2026-12-03", "rule": {"each": "week", "weekdays": ["thursday"]}, "time_zone": "Europe/Berlin",
            "times": {"starts": "22:30", "ends": "23:00"},
        },
        "announce_hours": 240,
    });
    let made = server.post("/api/v1/series", &series).await;
    let upcoming = |series: &Value, which: usize| {
        (
            series["upcoming"][which]["frozen"].clone(),
            series["upcoming"][which]["notice"].clone(),
        )
    };
    assert_eq!(upcoming(&made, 0), (json!(["F-0001"]), Value::Null));
    assert_eq!(upcoming(&made, 3), (json!([]), Value::Null));

    // Announced by hand, for a reason, which is kept with the freeze.
    let announce = "/api/v1/series/S-0001/occurrences/2026-12-03/announce";
    let (status, refused) = sent(&server, Method::POST, announce, &json!({})).await;
    let fault = &refused["errors"][0];
    assert_eq!(
        (status, &fault["pointer"], &fault["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("/freeze_reason"), &json!("frozen"))
    );
    let (status, told) = sent(&server, Method::POST, announce, &json!({"freeze_reason": "Zertifikat läuft ab"})).await;
    assert_eq!((status, &told["upcoming"][0]["frozen"]), (StatusCode::OK, &json!([])));
    let first = told["upcoming"][0]["notice"].clone();
    let (_, freezes) = sent(&server, Method::GET, "/api/v1/freezes", &json!({})).await;
    let overridden = &freezes["freezes"][0]["overrides"];
    assert_eq!(
        (&overridden[0]["notice"], &overridden[0]["reason"]),
        (&first, &json!("Zertifikat läuft ab"))
    );
    assert_eq!(freezes["freezes"][0]["revision"], 1, "its terms are as they were");

    // The time of the second one has come, and nothing is announced while the freeze holds; then it is.
    let mut listener = server.listen().await;
    server.clock.set("2026-12-01T10:00:00Z");
    let (_, told) = sent(&server, Method::GET, "/api/v1/series/S-0001", &json!({})).await;
    assert_eq!(upcoming(&told, 1), (json!(["F-0001"]), Value::Null));
    sent(&server, Method::PATCH, "/api/v1/freezes/F-0001", &json!({"level": "hint"})).await;
    let shown = |state: &Value| {
        state["notices"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["title"]["de"] == "Wartung")
            .count()
    };
    listener.until(|state| shown(state) == 2).await;

    // The same once it holds no more.
    sent(&server, Method::PATCH, "/api/v1/freezes/F-0001", &json!({"level": "second_person"})).await;
    server.clock.set("2026-12-08T10:00:00Z");
    let (_, told) = sent(&server, Method::GET, "/api/v1/series/S-0001", &json!({})).await;
    let third = told["upcoming"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["original"] == "2026-12-17")
        .unwrap();
    assert_eq!((&third["frozen"], &third["notice"]), (&json!(["F-0001"]), &Value::Null));
    end_by_an_administrator(&server).await;
    let is_third = |notice: &Value| notice["starts_at"].as_str().unwrap().starts_with("2026-12-17");
    listener
        .until(|state| state["notices"].as_array().unwrap().iter().any(is_third))
        .await;
}

#[tokio::test]
async fn a_reason_is_asked_of_each_call_that_plans() {
    let server = TestServer::start("2026-11-30T10:00:00Z").await;
    let freeze =
        json!({"name": "Frist", "level": "reason", "when": {"spans": [{"from": "2026-12-03T00:00:00Z", "to": "2026-12-20T00:00:00Z"}]}});
    sent(&server, Method::POST, "/api/v1/freezes", &freeze).await;
    let work = |starts_at: &str, ends_at: &str, publish: bool| {
        json!({
            "kind": "maintenance", "severity": "outage", "services": ["kfz-zulassung"], "title": {"de": "Wartung"},
            "starts_at": starts_at, "ends_at": ends_at, "publish": publish,
        })
    };
    // What it would look like is no question of when it may be.
    let look = work("2026-12-04T10:00:00Z", "2026-12-04T11:00:00Z", true);
    let (status, shown) = sent(&server, Method::POST, "/api/v1/preview", &look).await;
    assert_eq!((status, &shown["notices"][0]["title"]["de"]), (StatusCode::OK, &json!("Wartung")));
    // What brings it there, by each call.
    let frozen = work("2026-12-04T10:00:00Z", "2026-12-04T11:00:00Z", false);
    let draft = server.post("/api/v1/notices", &frozen).await["id"].as_str().unwrap().to_owned();
    let free = work("2026-12-02T22:00:00Z", "2026-12-02T23:00:00Z", true);
    let mut open = Vec::new();
    for _ in 0..2 {
        let made = server.post("/api/v1/notices", &free).await;
        open.push(format!("/api/v1/notices/{}", made["id"].as_str().unwrap()));
    }
    let calls = [
        (
            Method::POST,
            "/api/v1/notices".to_owned(),
            work("2026-12-04T10:00:00Z", "2026-12-04T11:00:00Z", true),
        ),
        (Method::POST, format!("/api/v1/notices/{draft}/publish"), json!({})),
        (
            Method::POST,
            format!("{}/updates", open[0]),
            json!({"text": {"de": "Länger"}, "ends_at": "2026-12-03T01:00:00Z"}),
        ),
        (
            Method::PATCH,
            open[1].clone(),
            json!({"starts_at": "2026-12-05T10:00:00Z", "ends_at": "2026-12-05T11:00:00Z"}),
        ),
    ];
    for (method, path, body) in calls {
        let (status, refused) = sent(&server, method.clone(), &path, &body).await;
        assert_eq!(
            (status, &refused["errors"][0]["code"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("frozen")),
            "{path}: {refused}"
        );
        let mut other = body.clone();
        other["freeze_reason"] = json!(7);
        let (status, refused) = sent(&server, method.clone(), &path, &other).await;
        assert_eq!(
            (status, &refused["errors"][0]["pointer"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("/freeze_reason")),
            "{path}"
        );
        other["freeze_reason"] = json!("Es eilt");
        let (status, answer) = sent(&server, method, &path, &other).await;
        assert!(status.is_success(), "{path}: {answer}");
    }
    let (_, freezes) = sent(&server, Method::GET, "/api/v1/freezes", &json!({})).await;
    assert_eq!(freezes["freezes"][0]["overrides"].as_array().unwrap().len(), 4, "{freezes}");
    // Where nothing is frozen a reason is passed over, so that a program may always send it.
    let mut elsewhere = work("2026-12-01T10:00:00Z", "2026-12-01T11:00:00Z", true);
    elsewhere["freeze_reason"] = json!("Es eilt");
    server.post("/api/v1/notices", &elsewhere).await;
    // The journal says who passed which freeze, and why.
    let (_, journal) = sent(&server, Method::GET, "/api/v1/journal?after=0", &json!({})).await;
    let events = journal["entries"].as_array().unwrap().iter().map(|entry| &entry["event"]);
    let passed: Vec<&Value> = events.filter_map(|event| event.get("freeze_overridden")).collect();
    assert_eq!(passed.len(), 4);
    assert!(passed.iter().all(|one| one["reason"] == "Es eilt"), "{passed:?}");
}
