//! A channel that is out of order: one switch, and nobody is sent there any more, wherever they read.

use domain::access::Role;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::support::server::TestServer;

/// A Tuesday, 10:00 in Berlin.
const START: &str = "2026-03-03T09:00:00Z";

/// The one who answers to everything about the town, with hours, on the phone.
const PHONE: &str = "kfz-telefon";

async fn sent(server: &TestServer, role: Role, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
    let answer = server.request(role, method, path).json(body).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

fn outage(id: &str) -> String {
    format!("/api/v1/channels/{id}/outage")
}

async fn page(server: &TestServer, path: &str) -> String {
    server.get(path).await.text().await.unwrap()
}

/// The ids of the channels in what the portal shows.
fn offered(state: &Value) -> Vec<String> {
    let channels = state["channels"].as_array().unwrap().iter();
    channels.map(|channel| channel["id"].as_str().unwrap().to_owned()).collect()
}

async fn broken() -> TestServer {
    let server = TestServer::start(START).await;
    let notice = json!({
        "kind": "outage", "severity": "outage", "services": ["kfz-zulassung"], "publish": true,
        "title": {"de": "Kfz: nichts geht"}, "impact": {"de": "Es geht nichts."},
    });
    let (status, made) = sent(&server, Role::Publisher, Method::POST, "/api/v1/notices", &notice).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    server
}

#[tokio::test]
async fn one_switch_takes_it_off_every_page_and_time_brings_it_back() {
    let server = broken().await;
    let number = "030 23125 140";
    let paths = [
        "/p/musterstadt/",
        "/p/musterstadt/state.json",
        "/p/musterstadt/fallback.html",
        "/p/musterstadt/503.html",
        "/p/musterstadt/hint.json",
    ];
    for path in paths {
        assert!(page(&server, path).await.contains(number), "{path}");
    }
    let before = server.state().await;
    let (status, told) = sent(
        &server,
        Role::Publisher,
        Method::POST,
        &outage(PHONE),
        &json!({"until": "2026-03-05T11:00:00Z", "note": "Anlage wird getauscht"}),
    )
    .await;
    assert_eq!(status, StatusCode::OK, "{told}");
    assert_eq!(
        (&told["revision"], &told["outage"]["from"], &told["outage"]["note"]),
        (&json!(1), &json!("2026-03-03T09:00:00Z"), &json!("Anlage wird getauscht"))
    );
    // It opens again on Thursday at one, and is told so where hours are told; nobody is told to call now.
    let after = server.state().await;
    assert_ne!(before["revision"], after["revision"]);
    let phone = after["channels"].as_array().unwrap().iter().find(|channel| channel["id"] == PHONE);
    let coming: Vec<&str> = phone.unwrap()["open"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["from"].as_str().unwrap())
        .collect();
    assert_eq!(coming[1], "2026-03-05T13:00:00+01:00", "{coming:?}");
    let brief = after["notices"][0]["brief"]["de"].to_string();
    assert!(!brief.contains(number), "the banner calls it: {brief}");
    assert!(page(&server, "/p/musterstadt/").await.contains("Wieder erreichbar: Donnerstag"));

    // What staff noted is theirs.
    for path in paths {
        assert!(!page(&server, path).await.contains("getauscht"), "{path}");
    }

    // Nobody knows until when: gone, also from what is kept for the day on which the portal is down.
    let (status, _) = sent(&server, Role::Publisher, Method::POST, &outage(PHONE), &json!({})).await;
    assert_eq!(status, StatusCode::OK);
    for path in paths {
        assert!(!page(&server, path).await.contains(number), "{path}");
    }
    let (_, told) = sent(&server, Role::Publisher, Method::DELETE, &outage(PHONE), &json!({})).await;
    assert_eq!((&told["revision"], &told["outage"]), (&json!(3), &Value::Null));
    assert_eq!(offered(&server.state().await), offered(&before));
}

#[tokio::test]
async fn a_planned_one_comes_and_goes_by_itself() {
    let server = broken().await;
    let window = json!({"from": "2026-03-03T12:00:00Z", "until": "2026-03-03T13:00:00Z"});
    let mail = "kfz-email";
    let (status, told) = sent(&server, Role::Publisher, Method::POST, &outage(mail), &window).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    for (at, is_there) in [
        ("2026-03-03T11:59:59Z", true),
        ("2026-03-03T12:00:00Z", false),
        ("2026-03-03T12:59:59Z", false),
        ("2026-03-03T13:00:00Z", true),
    ] {
        let mut listener = server.listen().await;
        server.clock.set(at);
        // What is pushed to whoever listens is what is asked for; a turn between two looks that say the same would be one too many.
        let shown = listener.until(|state| offered(state).iter().any(|id| id == mail) == is_there).await;
        assert_eq!(server.state().await, shown, "at {at}");
    }
    let (_, all) = sent(&server, Role::Viewer, Method::GET, "/api/v1/channels", &json!({})).await;
    let one = all["channels"].as_array().unwrap().iter().find(|one| one["id"] == mail).unwrap();
    assert_eq!((&one["outage"], &one["may_report"]), (&Value::Null, &json!(false)));
}

#[tokio::test]
async fn it_says_who_has_nobody_left_and_what_is_wrong() {
    let server = broken().await;
    let (_, all) = sent(&server, Role::Publisher, Method::GET, "/api/v1/channels", &json!({})).await;
    assert_eq!(all["left"], json!([]));
    for channel in offered(&server.state().await) {
        sent(&server, Role::Publisher, Method::POST, &outage(&channel), &json!({})).await;
    }
    let (_, all) = sent(&server, Role::Publisher, Method::GET, "/api/v1/channels", &json!({})).await;
    let left = all["left"].as_array().unwrap();
    let notice = left.iter().find(|left| left["notice"] == "2026-0001").unwrap();
    assert_eq!((&notice["lack"], &notice["portal"]), (&json!("nobody"), &json!("musterstadt")));
    assert!(left.iter().any(|left| left["service"] == "kfz-zulassung"), "{left:?}");

    for (body, pointer, code) in [
        (json!({"until": "2026-03-03T08:00:00Z"}), "/until", "not_after_start"),
        (
            json!({"from": "2026-03-03T07:00:00Z", "until": "2026-03-03T08:00:00Z"}),
            "/until",
            "past",
        ),
        (json!({"note": " "}), "/note", "empty"),
        (json!({"till": "2026-03-03T12:00:00Z"}), "/till", "malformed"),
    ] {
        let (status, problem) = sent(&server, Role::Publisher, Method::POST, &outage(PHONE), &body).await;
        let fault = &problem["errors"][0];
        assert_eq!(
            (status.as_u16(), &fault["pointer"], &fault["code"]),
            (422, &json!(pointer), &json!(code)),
            "{problem}"
        );
    }
    let (status, problem) = sent(&server, Role::Publisher, Method::POST, &outage("nirgends"), &json!({})).await;
    assert_eq!(
        (status, &problem["type"]),
        (StatusCode::NOT_FOUND, &json!("urn:umleitung:no_channel"))
    );
    // Said twice, done once; and not over what was said meanwhile.
    let request = |seen: &'static str| {
        let request = server.request(Role::Publisher, Method::DELETE, &outage(PHONE));
        request
            .header(header::IF_MATCH, seen)
            .header("idempotency-key", "\"einmal\"")
            .json(&json!({}))
            .send()
    };
    assert_eq!(request("\"7\"").await.unwrap().status(), StatusCode::PRECONDITION_FAILED);
    for _ in 0..2 {
        let done = request("\"1\"").await.unwrap();
        assert_eq!(
            (done.status(), &done.headers()[header::ETAG]),
            (StatusCode::OK, &header::HeaderValue::from_static("\"2\""))
        );
    }
}
