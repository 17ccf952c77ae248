//! What a program sends is read as it is meant, or refused with the cause: bodies that are no JSON document, and headers that say who asks.

use domain::access::Role;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::support::{outage, server::TestServer};

const NOW: &str = "2026-05-04T08:00:00Z";

/// Every call that takes a body, each with a body that it would read.
fn calls(id: &str) -> Vec<(Method, String, Value)> {
    let notice = |call: &str| format!("/api/v1/notices/{id}{call}");
    vec![
        (
            Method::POST,
            "/api/v1/setup".into(),
            json!({"token": "x", "name": "x", "password": "x"}),
        ),
        (Method::POST, "/api/v1/session".into(), json!({"name": "x", "password": "x"})),
        (Method::POST, "/api/v1/notices".into(), outage("wohngeld", "Eins")),
        (Method::POST, "/api/v1/preview".into(), outage("wohngeld", "Eins")),
        (Method::PATCH, notice(""), json!({"title": {"de": "Zwei"}})),
        (Method::POST, notice("/updates"), json!({"text": {"de": "Zwei"}})),
        (Method::POST, notice("/resolve"), json!({"text": {"de": "Ende"}})),
    ]
}

async fn published(server: &TestServer) -> String {
    let notice = server.post("/api/v1/notices", &outage("wohngeld", "Eins")).await;
    notice["id"].as_str().unwrap().to_owned()
}

/// What the server says to a request that it does not take.
async fn refused(request: RequestBuilder, status: StatusCode, shown: &str) -> Value {
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), status, "{shown}");
    assert_eq!(response.headers()["content-type"], "application/problem+json", "{shown}");
    response.json().await.unwrap()
}

#[tokio::test]
async fn a_body_that_is_no_json_is_told_its_cause_by_every_call() {
    let server = TestServer::start(NOW).await;
    let id = published(&server).await;
    let before = server.journal_length().await;
    let deep = "[".repeat(300);
    let cases: [(&[u8], &str, &str); 20] = [
        (b"", "", "is empty"),
        (b"\xef\xbb\xbf{\"name\": \"x\"}", "", "byte order mark"),
        (b"\xff\xfe{\0}\0", "", "UTF-16"),
        (b"\xfe\xff\0{\0}", "", "UTF-16"),
        (b"{\0}\0", "", "UTF-16"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "", "compressed"),
        (b"\x28\xb5\x2f\xfd\0", "", "compressed"),
        (b"\x78\x9c\xab\x56\x4a", "", "is compressed"),
        (b"PK\x03\x04", "", "is compressed"),
        (b"\x0b\x02\x80{}\x03", "", "not compressed"),
        (b"{\"title\": {\"de\": \"Stra\xdfe\"}}", "", "UTF-8"),
        (b"{\"title\": {\"de\": \"\\ud800\"}}", "/title/de", "surrogate"),
        (b"{\"title\": {\"de\": \"\\udfff x\"}}", "/title/de", "surrogate"),
        (b"{\"title\": {\"de\": NaN}}", "/title/de", "NaN"),
        (b"{\"next\": [1, 1e400]}", "/next/1", "number"),
        (b"{} {}", "", "nothing behind"),
        (b"{\"title\": {},}", "", "comma"),
        (b"{title: 1}", "", "quotation marks"),
        (b"{\"title\": {\"de\": \"x", "/title/de", "ends before"),
        (deep.as_bytes(), "", "within each other"),
    ];
    for (method, path, _) in calls(&id) {
        for (body, pointer, reason) in cases {
            let shown = format!("{method} {path} {}", String::from_utf8_lossy(body));
            let request = server
                .request(Role::Publisher, method.clone(), &path)
                .header("content-type", "application/json")
                .header("if-match", "\"1\"")
                .body(body.to_vec());
            let problem = refused(request, StatusCode::BAD_REQUEST, &shown).await;
            let fault = &problem["errors"][0];
            assert!(fault["detail"].as_str().unwrap().contains(reason), "{shown}: {problem}");
            assert!(problem["detail"].as_str().unwrap().contains(reason), "{shown}: {problem}");
            assert!(
                fault["pointer"] == pointer || body == deep.as_bytes(),
                "{shown}, wanted `{pointer}`: {problem}"
            );
        }
    }
    assert_eq!(server.journal_length().await, before);
}

#[tokio::test]
async fn a_repeated_name_is_refused_at_any_depth() {
    let server = TestServer::start(NOW).await;
    let id = published(&server).await;
    let before = server.journal_length().await;
    let cases = [
        (r#"{"title": {"de": "x"}, "title": {"de": "x"}}"#, "/title"),
        (r#"{"name": "x", "name": "y"}"#, "/name"),
        (r#"{"publish": true, "publish": false}"#, "/publish"),
        (r#"{"title": {"de": "x", "de": "y"}}"#, "/title/de"),
        (r#"{"title": {"de": "x", "\u0064e": "y"}}"#, "/title/de"),
        (r#"{"text": {"de": "x", "en": "x", "en": null}}"#, "/text/en"),
        (r#"{"services": [{"a~b": 1, "a~b": 1}]}"#, "/services/0/a~0b"),
    ];
    for (method, path, _) in calls(&id) {
        for (body, pointer) in cases {
            let shown = format!("{method} {path} {body}");
            let request = server
                .request(Role::Publisher, method.clone(), &path)
                .header("content-type", "application/json")
                .header("if-match", "\"1\"")
                .body(body);
            let problem = refused(request, StatusCode::UNPROCESSABLE_ENTITY, &shown).await;
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{shown}: {problem}");
        }
    }
    // The same language in another case is the same language.
    for (path, body) in [
        (
            "/api/v1/notices".to_owned(),
            json!({"kind": "outage", "severity": "outage", "services": ["wohngeld"], "title": {"de": "x", "DE": "y"}}),
        ),
        (
            format!("/api/v1/notices/{id}/updates"),
            json!({"text": {"de-simple": "x", "de-Simple": "y"}}),
        ),
    ] {
        let request = server.request(Role::Publisher, Method::POST, &path).json(&body);
        let problem = refused(request, StatusCode::UNPROCESSABLE_ENTITY, &path).await;
        assert!(problem["detail"].as_str().unwrap().contains("second time"), "{problem}");
    }
    assert_eq!(server.journal_length().await, before);
}

#[tokio::test]
async fn a_patch_means_the_language_in_whatever_case() {
    let server = TestServer::start(NOW).await;
    let id = published(&server).await;
    let patch = async |revision: &str, body: Value| {
        let response = server
            .request(Role::Publisher, Method::PATCH, &format!("/api/v1/notices/{id}"))
            .header("if-match", revision)
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{body}");
        response.json::<Value>().await.unwrap()
    };
    let patched = patch("\"1\"", json!({"title": {"DE": "Zwei", "EN": "Two"}})).await;
    assert_eq!(patched["title"], json!({"de": "Zwei", "en": "Two"}));
    let patched = patch("\"2\"", json!({"title": {"EN": null}})).await;
    assert_eq!(patched["title"], json!({"de": "Zwei"}));
}

#[tokio::test]
async fn a_body_of_another_kind_is_told_what_is_asked_for() {
    let server = TestServer::start(NOW).await;
    let id = published(&server).await;
    let before = server.journal_length().await;
    let refusals = [
        (vec![], "missing"),
        (vec![("content-type", "")], "`Content-Type` is ``"),
        (vec![("content-type", "text/plain")], "text/plain"),
        (vec![("content-type", "application/x-www-form-urlencoded")], "form-urlencoded"),
        (vec![("content-type", "application/problem+json")], "problem+json"),
        (vec![("content-type", "application/jsonl")], "jsonl"),
        (vec![("content-type", "application/json; charset=utf-16")], "utf-16"),
        (vec![("content-type", "application/json; charset=\"ISO-8859-1\"")], "iso-8859-1"),
        (
            vec![("content-type", "application/json"), ("content-type", "text/plain")],
            "text/plain",
        ),
        (vec![("content-type", "application/json"), ("content-encoding", "gzip")], "gzip"),
        (vec![("content-type", "application/json"), ("content-encoding", "br")], "br"),
        (
            vec![("content-type", "application/json"), ("content-encoding", "deflate")],
            "deflate",
        ),
        (vec![("content-type", "application/json"), ("content-encoding", "zstd")], "zstd"),
        (vec![("content-type", "application/json"), ("content-encoding", "X-GZIP")], "X-GZIP"),
        (
            vec![("content-type", "application/json"), ("content-encoding", "identity, gzip")],
            "gzip",
        ),
    ];
    for (method, path, body) in calls(&id) {
        let request = |headers: &[(&str, &str)], body: Vec<u8>| {
            let request = server
                .request(Role::Publisher, method.clone(), &path)
                .header("if-match", "\"1\"")
                .body(body);
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
        };
        for (headers, reason) in &refusals {
            let shown = format!("{method} {path} {headers:?}");
            let request = request(headers, body.to_string().into_bytes());
            let problem = refused(request, StatusCode::UNSUPPORTED_MEDIA_TYPE, &shown).await;
            assert!(problem["detail"].as_str().unwrap().contains(reason), "{shown}: {problem}");
        }
        let long = request(&[("content-type", "application/json")], vec![b' '; 3 << 20]);
        let problem = refused(long, StatusCode::PAYLOAD_TOO_LARGE, &path).await;
        assert!(problem["detail"].as_str().unwrap().contains("2097152"), "{problem}");
        for (other, said) in [
            (json!([body]), "an array"),
            (json!("x"), "a text"),
            (json!(7), "a number"),
            (json!(true), "true or false"),
            (json!(null), "null"),
        ] {
            let request = request(&[("content-type", "application/json")], other.to_string().into_bytes());
            let problem = refused(request, StatusCode::UNPROCESSABLE_ENTITY, &path).await;
            assert_eq!(problem["errors"][0]["pointer"], "", "{path}: {problem}");
            assert!(problem["detail"].as_str().unwrap().contains(said), "{path}: {problem}");
            assert!(
                problem["detail"].as_str().unwrap().contains("send a JSON object"),
                "{path}: {problem}"
            );
        }
    }
    assert_eq!(server.journal_length().await, before);
    for headers in [
        vec![("content-type", "application/json; charset=utf-8")],
        vec![("content-type", "Application/JSON;charset=\"UTF-8\"")],
        vec![("content-type", "application/json ; profile=x")],
        vec![("content-type", "application/json"), ("content-encoding", "identity")],
    ] {
        let request = server
            .request(Role::Publisher, Method::POST, "/api/v1/preview")
            .body(outage("wohngeld", "Eins").to_string());
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        assert_eq!(request.send().await.unwrap().status(), StatusCode::OK, "{headers:?}");
    }
}

#[tokio::test]
async fn services_or_portals_may_be_left_out_and_one_of_them_names_something() {
    let server = TestServer::start(NOW).await;
    let base = json!({"kind": "outage", "severity": "outage", "title": {"de": "Eins"}});
    let with = |fields: Value| {
        let mut body = base.clone();
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        body
    };
    for fields in [
        json!({"services": ["wohngeld"]}),
        json!({"portals": ["musterstadt"]}),
        json!({"services": [], "portals": ["musterstadt"]}),
        json!({"services": ["wohngeld"], "portals": ["musterstadt"]}),
    ] {
        for (path, status) in [("/api/v1/notices", StatusCode::CREATED), ("/api/v1/preview", StatusCode::OK)] {
            let request = server.request(Role::Publisher, Method::POST, path).json(&with(fields.clone()));
            assert_eq!(request.send().await.unwrap().status(), status, "{path} {fields}");
        }
    }
    for fields in [
        json!({}),
        json!({"services": []}),
        json!({"portals": []}),
        json!({"services": [], "portals": []}),
    ] {
        for path in ["/api/v1/notices", "/api/v1/preview"] {
            let request = server.request(Role::Publisher, Method::POST, path).json(&with(fields.clone()));
            let problem = refused(request, StatusCode::UNPROCESSABLE_ENTITY, path).await;
            assert_eq!(problem["errors"][0]["pointer"], "/services", "{fields}: {problem}");
            assert!(
                problem["detail"].as_str().unwrap().contains("service or portal"),
                "{fields}: {problem}"
            );
        }
    }
    // A patch that takes one away leaves the other.
    let id = server
        .post(
            "/api/v1/notices",
            &with(json!({"services": ["wohngeld"], "portals": ["musterstadt"]})),
        )
        .await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let patch = |revision: &str, body: Value| {
        server
            .request(Role::Publisher, Method::PATCH, &format!("/api/v1/notices/{id}"))
            .header("if-match", format!("\"{revision}\""))
            .json(&body)
    };
    let patched: Value = patch("1", json!({"services": null})).send().await.unwrap().json().await.unwrap();
    assert_eq!((&patched["services"], &patched["portals"]), (&json!([]), &json!(["musterstadt"])));
    let problem = refused(patch("2", json!({"portals": null})), StatusCode::UNPROCESSABLE_ENTITY, "both").await;
    assert_eq!(problem["errors"][0]["pointer"], "/services");
}

#[tokio::test]
async fn a_token_is_known_by_its_scheme_in_any_case() {
    let server = TestServer::start(NOW).await;
    let token = server.accounts().await.create_token("any", Role::Viewer, None).await.unwrap();
    let token = token.as_str();
    let ask = |values: &[String]| {
        let request = server.anonymous(Method::GET, "/api/v1/notices");
        values.iter().fold(request, |request, value| request.header("authorization", value))
    };
    for scheme in ["Bearer ", "bearer ", "BEARER ", "bEaReR ", "Bearer   ", "bearer \t"] {
        let value = format!("{scheme}{token}");
        assert_eq!(ask(&[value]).send().await.unwrap().status(), StatusCode::OK, "`{scheme}`");
    }
    let trailing = format!("Bearer {token}  ");
    assert_eq!(ask(&[trailing]).send().await.unwrap().status(), StatusCode::OK);
    for (value, reason) in [
        (format!("Basic {token}"), "`Bearer`"),
        (format!("Token {token}"), "`Bearer`"),
        (token.to_owned(), "`Bearer`"),
        (format!("Bearer{token}"), "`Bearer`"),
        (format!("Bearer: {token}"), "`Bearer`"),
        (String::new(), "`Bearer`"),
        ("Bearer".to_owned(), "one token"),
        ("bearer ".to_owned(), "one token"),
        (format!("Bearer {token} {token}"), "one token"),
        (format!("Bearer {token}, Bearer {token}"), "one token"),
        (format!("Bearer {token}x"), "unknown"),
    ] {
        let problem = refused(ask(std::slice::from_ref(&value)), StatusCode::UNAUTHORIZED, &value).await;
        assert!(problem["detail"].as_str().unwrap().contains(reason), "{value}: {problem}");
    }
    let twice = [format!("Bearer {token}"), format!("Bearer {token}")];
    let problem = refused(ask(&twice), StatusCode::BAD_REQUEST, "twice").await;
    assert!(problem["detail"].as_str().unwrap().contains("twice"), "{problem}");
}

#[tokio::test]
async fn null_is_no_more_than_left_out() {
    let server = TestServer::start(NOW).await;
    for (services, portals) in [
        (json!(["wohngeld"]), json!(null)),
        (json!(null), json!(["musterstadt"])),
        (json!(["wohngeld"]), json!([])),
    ] {
        let mut notice = outage("wohngeld", "Eins");
        notice["services"] = services;
        notice["portals"] = portals;
        for field in ["impact", "guidance", "still_works", "applications", "deadline_note"] {
            notice[field] = json!(null);
        }
        server.post("/api/v1/preview", &notice).await;
        server.post("/api/v1/notices", &notice).await;
    }
    for nothing in [json!(null), json!([])] {
        let mut notice = outage("wohngeld", "Eins");
        notice["services"] = nothing.clone();
        notice["portals"] = nothing;
        let request = server.request(Role::Publisher, Method::POST, "/api/v1/notices").json(&notice);
        let problem = refused(request, StatusCode::UNPROCESSABLE_ENTITY, "neither").await;
        assert_eq!(problem["errors"][0]["pointer"], "/services", "{problem}");
    }
}
