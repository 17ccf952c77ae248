//! Bad input is told which field is wrong, and leaves the journal as it was.

use domain::access::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::support::{binary, outage, server::TestServer};

const NOW: &str = "2026-05-04T08:00:00Z";

/// An outage with some fields changed.
fn with(changes: &Value) -> Value {
    let mut body = outage("kfz-zulassung", "Kfz-Zulassung: Anmeldung nicht möglich");
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// What is wrong with a notice, and the field at which that is told.
fn faulty() -> Vec<(Value, &'static str)> {
    let long = "x".repeat(200 * 1024);
    let window = |starts: &str, ends: &str| json!({"kind": "maintenance", "starts_at": starts, "ends_at": ends});
    vec![
        (json!({"colour": "red"}), "/colour"),
        (json!({"services": ["teleporter"]}), "/services/0"),
        (json!({"services": ["wohngeld", "wohngeld"]}), "/services/1"),
        (json!({"services": []}), "/services"),
        (json!({"services": "wohngeld"}), "/services"),
        (json!({"portals": ["atlantis"]}), "/portals/0"),
        (json!({"title": {"de": "x", "deutsch": "x"}}), "/title/deutsch"),
        (json!({"title": {"en": "Only English"}}), "/title/de"),
        (json!({"title": {}}), "/title"),
        (json!({"title": {"de": "  "}}), "/title/de"),
        (json!({"title": {"de": "\u{200b}\u{2060}"}}), "/title/de"),
        (json!({"title": {"de": "Eins", "en": "\u{3164}"}}), "/title/en"),
        (json!({"title": {"de": "\u{e0041}\u{e007f}"}}), "/title/de"),
        (json!({"impact": {"de": "- \u{200b}\n- \u{feff}"}}), "/impact/de"),
        (json!({"deadline_source": "\u{ad}"}), "/deadline_source"),
        (json!({"title": {"de": "a\u{7}b"}}), "/title/de"),
        (json!({"title": {"de": "a\nb"}}), "/title/de"),
        (json!({"title": {"de": "a\u{202e}b"}}), "/title/de"),
        (json!({"impact": {"de": "a\u{2066}b"}}), "/impact/de"),
        (json!({"impact": {"de": long}}), "/impact/de"),
        (json!({"impact": {"de": "[hier](javascript:alert(1))"}}), "/impact/de"),
        (json!({"guidance": {"de": "[hier](data:text/html,x)"}}), "/guidance/de"),
        (json!({"guidance": {"de": "[hier](tel:javascript:alert(1))"}}), "/guidance/de"),
        (json!({"guidance": {"de": "[hier](https://user:pw@x.example)"}}), "/guidance/de"),
        (json!({"guidance": {"de": "[hier](mailto:amt)"}}), "/guidance/de"),
        (json!({"video": "javascript:alert(1)"}), "/video"),
        (json!({"video": "https://[::1"}), "/video"),
        (json!({"video": "https://user:pw@x.example"}), "/video"),
        (json!({"video": "tel:javascript:alert(1)"}), "/video"),
        (json!({"kind": "desaster"}), "/kind"),
        (json!({"severity": "information"}), "/severity"),
        (json!({"kind": "information"}), "/severity"),
        (json!({"kind": null}), "/kind"),
        (json!({"channels": ["rauchzeichen"]}), "/channels/0"),
        (json!({"procedures": ["beten"]}), "/procedures/0"),
        (json!({"starts_at": "gestern"}), "/starts_at"),
        (json!({"starts_at": "2026-05-04T09:00:00Z"}), "/starts_at"),
        (
            json!({"starts_at": "2026-05-04T07:00:00Z", "ends_at": "2026-05-04T06:00:00Z"}),
            "/ends_at",
        ),
        (json!({"ends_at": "2026-05-04T07:00:00Z"}), "/ends_at"),
        (json!({"ends_at": "0026-05-04T10:00:00Z"}), "/ends_at"),
        (json!({"kind": "maintenance"}), "/starts_at"),
        (window("2026-05-05T20:00:00Z", "2026-05-05T20:00:00Z"), "/ends_at"),
        (window("2026-05-05T20:00:00Z", "2026-05-05T19:00:00Z"), "/ends_at"),
        (json!({"at_end": "complete"}), "/at_end"),
        (json!({"end_certainty": "exact"}), "/end_certainty"),
        (json!({"entries_until": "2026-05-05T20:00:00Z"}), "/entries_until"),
        (json!({"publish": "yes"}), "/publish"),
    ]
}

#[tokio::test]
async fn a_faulty_notice_is_refused_field_by_field() {
    let server = TestServer::start(NOW).await;
    let before = server.journal_length().await;
    for (changes, pointer) in faulty() {
        let body = with(&changes);
        for path in ["/api/v1/notices", "/api/v1/preview"] {
            if path.ends_with("preview") && pointer == "/publish" {
                continue;
            }
            let response = server
                .request(Role::Publisher, Method::POST, path)
                .json(&body)
                .send()
                .await
                .unwrap();
            assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path} {changes:.100}");
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            let problem: Value = response.json().await.unwrap();
            let errors = problem["errors"].as_array().unwrap();
            assert!(
                errors
                    .iter()
                    .any(|error| error["pointer"] == pointer && !error["detail"].as_str().unwrap().is_empty() && error["code"].is_string()),
                "{path} wanted {pointer}: {problem:.600}"
            );
        }
    }
    assert_eq!(server.journal_length().await, before);
}

/// Programs go by the code, whatever the sentence says.
#[tokio::test]
async fn each_kind_of_fault_has_a_code_of_its_own() {
    let server = TestServer::start(NOW).await;
    let window = |starts: &str, ends: &str| json!({"kind": "maintenance", "starts_at": starts, "ends_at": ends});
    for (changes, code) in [
        (json!({"colour": "red"}), "malformed"),
        (json!({"kind": "desaster"}), "malformed"),
        (json!({"services": ["teleporter"]}), "not_in_catalogue"),
        (json!({"services": ["wohngeld", "wohngeld"]}), "repeated"),
        (json!({"services": []}), "nothing_concerned"),
        (json!({"title": {"en": "Only English"}}), "default_language_missing"),
        (json!({"title": {"de": "  "}}), "empty"),
        (json!({"title": {"de": "x".repeat(201)}}), "too_long"),
        (json!({"title": {"de": "a\nb"}}), "line_break"),
        (json!({"title": {"de": "a\u{202e}b"}}), "direction_character"),
        (json!({"title": {"de": "a\u{7}b"}}), "control_character"),
        (json!({"impact": {"de": "[hier](javascript:alert(1))"}}), "link"),
        (json!({"impact": {"de": "[hier](https://x.example/a b)"}}), "link_with_blank"),
        (json!({"impact": {"de": "[hier]()"}}), "link_without_address"),
        (json!({"severity": "information"}), "severity_too_low"),
        (json!({"kind": "information"}), "severity_too_high"),
        (json!({"starts_at": "2026-05-04T09:00:00Z"}), "planned_is_maintenance"),
        (json!({"ends_at": "2026-05-04T07:00:00Z"}), "past"),
        (json!({"ends_at": "0026-05-04T10:00:00Z"}), "out_of_range"),
        (json!({"kind": "maintenance"}), "window_missing"),
        (window("2026-05-05T20:00:00Z", "2026-05-05T20:00:00Z"), "equals_start"),
        (window("2026-05-05T20:00:00Z", "2026-05-05T19:00:00Z"), "before_start"),
        (json!({"at_end": "complete"}), "nothing_to_end_at"),
        (json!({"end_certainty": "exact"}), "needs_end"),
        (json!({"entries_until": "2026-05-05T20:00:00Z"}), "only_with_saved"),
    ] {
        let body = with(&changes);
        let request = server.request(Role::Publisher, Method::POST, "/api/v1/preview").json(&body);
        let problem: Value = request.send().await.unwrap().json().await.unwrap();
        let codes: Vec<&Value> = problem["errors"].as_array().unwrap().iter().map(|error| &error["code"]).collect();
        assert!(codes.contains(&&json!(code)), "{changes:.100} is {codes:?}, not {code}");
    }
}

#[tokio::test]
async fn a_request_that_is_none_is_told_so() {
    let server = TestServer::start(NOW).await;
    let before = server.journal_length().await;
    let post = || server.request(Role::Publisher, Method::POST, "/api/v1/notices");
    let json = "application/json";
    let cases = [
        (post().header("content-type", json).body("{\"kind\": "), StatusCode::BAD_REQUEST),
        (post().header("content-type", json).body("[]"), StatusCode::UNPROCESSABLE_ENTITY),
        (
            post().header("content-type", "text/plain").body("{}"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (post().body("{}"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (
            post().header("content-type", json).body(vec![b' '; 3 * 1024 * 1024]),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
        (
            server.request(Role::Publisher, Method::PUT, "/api/v1/notices"),
            StatusCode::METHOD_NOT_ALLOWED,
        ),
        (
            server.request(Role::Publisher, Method::GET, "/api/v1/nothing"),
            StatusCode::NOT_FOUND,
        ),
        (
            server.request(Role::Publisher, Method::GET, "/api/v1/notices/2026-0099"),
            StatusCode::NOT_FOUND,
        ),
        (
            server.request(Role::Publisher, Method::GET, "/api/v1/notices/nonsense"),
            StatusCode::NOT_FOUND,
        ),
    ];
    for (request, expected) in cases {
        let request = request.build().unwrap();
        let shown = format!("{} {}", request.method(), request.url().path());
        let response = reqwest::Client::new().execute(request).await.unwrap();
        assert_eq!(response.status(), expected, "{shown}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{shown}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["status"], expected.as_u16(), "{shown}");
    }
    assert_eq!(server.journal_length().await, before);
}

#[tokio::test]
async fn who_may_not_is_refused() {
    let server = TestServer::start(NOW).await;
    let published = server.post("/api/v1/notices", &outage("wohngeld", "Eins")).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let before = server.journal_length().await;
    let draft = with(&json!({"publish": false}));
    let resolve = format!("/api/v1/notices/{published}/resolve");
    let updates = format!("/api/v1/notices/{published}/updates");
    let cases = [
        (Role::Viewer, "/api/v1/notices", &draft),
        (Role::Editor, "/api/v1/notices", &outage("wohngeld", "Zwei")),
        (Role::Viewer, &resolve, &json!({})),
        (Role::Editor, &resolve, &json!({})),
        (Role::Editor, &updates, &json!({"text": {"de": "x"}})),
    ];
    for (role, path, body) in cases {
        let response = server.request(role, Method::POST, path).json(body).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{role:?} {path}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["type"], "urn:umleitung:role_too_low", "{role:?} {path}");
        assert!(problem["detail"].as_str().unwrap().contains("needs the role"), "{problem}");
    }
    for path in ["/api/v1/notices", "/api/v1/journal", "/api/v1/catalogue"] {
        assert_eq!(
            server.anonymous(Method::GET, path).send().await.unwrap().status(),
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
        assert_eq!(
            server
                .anonymous(Method::GET, path)
                .bearer_auth("made-up")
                .send()
                .await
                .unwrap()
                .status(),
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
    let fleeting = server
        .accounts()
        .await
        .create_token("fleeting", Role::Publisher, Some("2026-05-04T09:00:00Z".parse().unwrap()))
        .await
        .unwrap();
    let ask = || {
        server
            .anonymous(Method::GET, "/api/v1/notices")
            .bearer_auth(fleeting.as_str())
            .send()
    };
    assert_eq!(ask().await.unwrap().status(), StatusCode::OK);
    server.clock.set("2026-05-04T09:00:00Z");
    assert_eq!(
        ask().await.unwrap().status(),
        StatusCode::UNAUTHORIZED,
        "an expired token still works"
    );
    assert_eq!(server.journal_length().await, before);
}

#[tokio::test]
async fn an_edit_needs_the_revision_that_was_seen() {
    let server = TestServer::start(NOW).await;
    let id = server.post("/api/v1/notices", &outage("wohngeld", "Eins")).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/api/v1/notices/{id}");
    let seen = server.request(Role::Viewer, Method::GET, &path).send().await.unwrap();
    assert_eq!(seen.headers()["etag"], "\"1\"");
    let edit = |revision: Option<&str>, title: &str| {
        let request = server
            .request(Role::Publisher, Method::PATCH, &path)
            .json(&json!({"title": {"de": title}}));
        revision
            .map_or_else(
                || request.try_clone().unwrap(),
                |revision| request.try_clone().unwrap().header("if-match", revision),
            )
            .send()
    };
    assert_eq!(edit(None, "Zwei").await.unwrap().status(), StatusCode::PRECONDITION_REQUIRED);
    assert_eq!(edit(Some("\"1\""), "Zwei").await.unwrap().status(), StatusCode::OK);
    let before = server.journal_length().await;
    assert_eq!(edit(Some("\"1\""), "Drei").await.unwrap().status(), StatusCode::PRECONDITION_FAILED);
    let kind = server
        .request(Role::Publisher, Method::PATCH, &path)
        .header("if-match", "\"2\"")
        .json(&json!({"kind": "maintenance"}))
        .send()
        .await
        .unwrap();
    assert_eq!(kind.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(server.journal_length().await, before);
    let now: Value = server
        .request(Role::Viewer, Method::GET, &path)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!((now["title"]["de"].as_str(), now["revision"].as_u64()), (Some("Zwei"), Some(2)));
}

#[tokio::test]
async fn a_transition_that_does_not_fit_the_stage_is_refused() {
    let server = TestServer::start(NOW).await;
    let id = server.post("/api/v1/notices", &outage("wohngeld", "Eins")).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let post = async |call: &str, body: Value| {
        server
            .request(Role::Publisher, Method::POST, &format!("/api/v1/notices/{id}/{call}"))
            .json(&body)
            .send()
            .await
            .unwrap()
    };
    let before = server.journal_length().await;
    for call in ["publish", "start", "complete", "cancel"] {
        assert_eq!(post(call, json!({})).await.status(), StatusCode::CONFLICT, "{call}");
    }
    assert_eq!(post("explode", json!({})).await.status(), StatusCode::NOT_FOUND);
    for (call, body, pointer) in [
        ("extend", json!({}), "/ends_at"),
        ("extend", json!({"ends_at": "2026-05-04T07:00:00Z"}), "/ends_at"),
        ("updates", json!({}), "/text"),
        ("updates", json!({"text": {"de": "x"}, "stage": "completed"}), "/stage"),
        ("updates", json!({"text": {"de": "[x](javascript:x)"}}), "/text/de"),
        ("resolve", json!({"ended_at": "2026-05-04T09:00:00Z"}), "/ended_at"),
        ("resolve", json!({"note": "x"}), "/note"),
    ] {
        let response = post(call, body).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{call}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    assert_eq!(server.journal_length().await, before);
    assert_eq!(post("resolve", json!({})).await.status(), StatusCode::OK);
    assert_eq!(post("resolve", json!({})).await.status(), StatusCode::CONFLICT);
}

/// Two processes on one file, one edit each, from the same revision.
#[tokio::test]
async fn of_two_processes_that_race_for_one_edit_one_wins() {
    let folder = tempfile::tempdir().unwrap();
    let token = binary::succeed(folder.path(), &["token", "create", "race", "--role", "publisher"]);
    let servers = [
        binary::Process::serve(folder.path(), &["--demo"]),
        binary::Process::serve(folder.path(), &["--demo"]),
    ];
    let client = reqwest::Client::new();
    let created: Value = client
        .post(format!("{}/api/v1/notices", servers[0].base))
        .bearer_auth(token.trim())
        .json(&outage("wohngeld", "Start"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let path = format!("/api/v1/notices/{}", created["id"].as_str().unwrap());
    for revision in 1..=20 {
        let edit = |server: usize| {
            client
                .patch(format!("{}{path}", servers[server].base))
                .bearer_auth(token.trim())
                .header("if-match", format!("\"{revision}\""))
                .json(&json!({"title": {"de": format!("Runde {revision}, Prozess {server}")}}))
                .send()
        };
        let (one, two) = tokio::join!(edit(0), edit(1));
        let mut statuses = [one.unwrap().status(), two.unwrap().status()];
        statuses.sort();
        assert_eq!(statuses, [StatusCode::OK, StatusCode::PRECONDITION_FAILED], "round {revision}");
    }
    assert!(binary::succeed(folder.path(), &["journal", "verify"]).contains("whole"));
}

#[test]
fn a_faulty_catalogue_is_refused_whole_with_line_and_reason() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let good = include_str!("../../server/demo/catalogue.toml");
    let file = folder.path().join("catalogue.toml");
    let apply = |source: &str| {
        std::fs::write(&file, source).unwrap();
        binary::run(&data, &["catalogue", "apply", file.to_str().unwrap()], "")
    };
    assert!(apply(good).status.success());
    let line_of = |source: &str, needle: &str| source.lines().position(|line| line.contains(needle)).unwrap() + 1;
    let cycle = good.replacen("id = \"bundid\"", "id = \"bundid\"\nrequires = [\"kfz-zulassung\"]", 1);
    let zone = good.replace("Europe/Berlin", "Europe/Musterstadt");
    let unknown = good.replacen("requires = [\"bundid\"]", "requires = [\"bundnix\"]", 1);
    let field = good.replacen("time_zone =", "time_zome =", 1);
    let hours = good.replacen("hours = \"", "hours = \"Mi-Mo nachts ", 1);
    let phone = good.replacen("value = \"030 23125 140\"", "value = \"030 23125-0 oder 030 23125-140\"", 1);
    let region = good.replacen("region = \"DE-BE\"", "region = \"BE\"", 1);
    let holiday = good.replacen("region = \"DE-BE\"", "region = \"DE-BY\"\nholidays = [\"08-15\", \"15.08.\"]", 1);
    let syntax = format!("{good}\n[[service]]\nid = \n");
    for (source, line, reason) in [
        (&cycle, None, "depends on itself"),
        (&zone, Some(line_of(&zone, "Europe/Musterstadt")), "no time zone"),
        (&unknown, Some(line_of(&unknown, "bundnix")), "bundnix"),
        (&field, Some(line_of(&field, "time_zome")), "time_zome"),
        (&hours, Some(line_of(&hours, "Mi-Mo nachts")), "opening_hours"),
        (&phone, Some(line_of(&phone, "030 23125-0 oder")), "`o`"),
        (&region, Some(line_of(&region, "region = \"BE\"")), "`DE-BY` is Bavaria"),
        (&holiday, Some(line_of(&holiday, "15.08.")), "no holiday"),
        (&syntax, Some(syntax.lines().count()), "id"),
    ] {
        let output = apply(source);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{reason} was taken");
        assert!(said.contains(reason), "wanted `{reason}`: {said}");
        assert!(
            line.is_none_or(|line| said.contains(&format!("line {line}"))),
            "wanted line {line:?}: {said}"
        );
        assert!(said.contains("line "), "{said}");
    }
    let again = apply(good);
    assert!(
        String::from_utf8(again.stdout).unwrap().contains("same already"),
        "a refused catalogue left a trace"
    );
    assert!(binary::succeed(&data, &["journal", "verify"]).contains("1 entries"));
}
