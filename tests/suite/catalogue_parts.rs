//! The catalogue entry by entry, and as a file: what is changed counts at once, and what does not fit is told at its field.

use domain::access::Role;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::support::server::TestServer;

/// A Tuesday, 10:00 in Berlin.
const START: &str = "2026-03-03T09:00:00Z";

const SERVICE: &str = "/api/v1/catalogue/service/kfz-zulassung";

struct Answer {
    status: StatusCode,
    revision: Option<String>,
    body: Value,
}

async fn sent(server: &TestServer, role: Role, method: Method, path: &str, seen: Option<&str>, body: &Value) -> Answer {
    let mut request = server.request(role, method.clone(), path);
    if let Some(seen) = seen {
        request = request.header(header::IF_MATCH, seen);
    }
    if method == Method::PUT || method == Method::POST {
        request = request.json(body);
    }
    let answer = request.send().await.unwrap();
    let revision = answer.headers().get(header::ETAG).map(|tag| tag.to_str().unwrap().to_owned());
    let status = answer.status();
    let text = answer.text().await.unwrap();
    Answer {
        status,
        revision,
        body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
    }
}

async fn read(server: &TestServer, path: &str) -> Answer {
    sent(server, Role::Viewer, Method::GET, path, None, &Value::Null).await
}

/// Each fault by its field and its code.
fn faults(answer: &Answer) -> Vec<(String, String)> {
    let faults = answer.body["errors"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    faults.map(|fault| (text(&fault["pointer"]), text(&fault["code"]))).collect()
}

#[tokio::test]
async fn a_change_counts_at_once_and_stands_in_the_journal() {
    let server = TestServer::start(START).await;
    let notice = json!({
        "kind": "outage", "severity": "outage", "services": ["kfz-zulassung"], "publish": true,
        "title": {"de": "Kfz: nichts geht"}, "impact": {"de": "Es geht nichts."},
    });
    let made = sent(&server, Role::Publisher, Method::POST, "/api/v1/notices", None, &notice).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let known = read(&server, SERVICE).await;
    assert_eq!(known.status, StatusCode::OK);
    let mut service = known.body.clone();
    service["name"]["de"] = "Auto anmelden".into();
    let changed = sent(&server, Role::Admin, Method::PUT, SERVICE, known.revision.as_deref(), &service).await;
    assert_eq!((changed.status, &changed.body), (StatusCode::OK, &service));
    assert_ne!(changed.revision, known.revision);
    assert_eq!(read(&server, SERVICE).await.revision, changed.revision);
    // A citizen's page says it.
    let state = server.state().await;
    let shown = state["services"]
        .as_array()
        .unwrap()
        .iter()
        .find(|shown| shown["id"] == "kfz-zulassung");
    assert_eq!(shown.unwrap()["name"]["de"], "Auto anmelden");
    // What was not touched is as it was, revisions included.
    let other = "/api/v1/catalogue/service/bundid";
    let before = read(&server, other).await;
    service["name"]["de"] = "Kfz".into();
    let again = sent(&server, Role::Admin, Method::PUT, SERVICE, changed.revision.as_deref(), &service).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.body);
    assert_eq!(read(&server, other).await.revision, before.revision);
    let journal = read(&server, "/api/v1/journal?order=newest_first").await;
    let last = &journal.body["entries"][0];
    assert_eq!(again.revision, Some(format!("\"{}\"", last["seq"])));
    // What is the same already makes no entry.
    let same = sent(&server, Role::Admin, Method::PUT, SERVICE, again.revision.as_deref(), &service).await;
    assert_eq!((same.status, same.revision), (StatusCode::OK, again.revision));
}

#[tokio::test]
async fn two_who_change_the_same_do_not_write_over_each_other() {
    let server = TestServer::start(START).await;
    let known = read(&server, SERVICE).await;
    let mut one = known.body.clone();
    one["usual_minutes"] = 20.into();
    let first = sent(&server, Role::Admin, Method::PUT, SERVICE, known.revision.as_deref(), &one).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    let mut other = known.body.clone();
    other["name"]["de"] = "Auto".into();
    for method in [Method::PUT, Method::DELETE] {
        let late = sent(&server, Role::Admin, method, SERVICE, known.revision.as_deref(), &other).await;
        assert_eq!(
            (late.status, &late.body["type"]),
            (StatusCode::PRECONDITION_FAILED, &json!("urn:umleitung:stale"))
        );
    }
    assert_eq!(read(&server, SERVICE).await.body, one);
    // Without a revision it would be a new one.
    let taken = sent(&server, Role::Admin, Method::PUT, SERVICE, None, &other).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(faults(&taken), [("/id".to_owned(), "taken".to_owned())]);
    let blind = sent(&server, Role::Admin, Method::DELETE, SERVICE, None, &Value::Null).await;
    assert_eq!(blind.body["type"], "urn:umleitung:which_revision");
}

#[tokio::test]
async fn an_entry_comes_and_goes_and_what_does_not_fit_is_told_at_its_field() {
    let server = TestServer::start(START).await;
    let path = "/api/v1/catalogue/channel/rathaus-telefon";
    let missing = read(&server, path).await;
    assert_eq!(
        (missing.status, &missing.body["type"]),
        (StatusCode::NOT_FOUND, &json!("urn:umleitung:no_part"))
    );
    let mut channel =
        json!({"id": "rathaus-telefon", "kind": "phone", "name": {"de": "Rathaus"}, "value": "030 23125-199", "hours": "Mo-Fr 8 bis 16"});
    let refused = sent(&server, Role::Admin, Method::PUT, path, None, &channel).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(faults(&refused), [("/hours".to_owned(), "malformed".to_owned())]);
    channel["hours"] = "Mo-Fr 08:00-16:00".into();
    channel["colour"] = "red".into();
    let refused = sent(&server, Role::Admin, Method::PUT, path, None, &channel).await;
    assert_eq!(faults(&refused)[0].0, "/colour", "{}", refused.body);
    channel.as_object_mut().unwrap().remove("colour");
    let made = sent(&server, Role::Admin, Method::PUT, path, None, &channel).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);

    // A service sends people there; then it cannot go.
    let known = read(&server, SERVICE).await;
    let mut service = known.body.clone();
    service["channels"].as_array_mut().unwrap().push("rathaus-telefon".into());
    let changed = sent(&server, Role::Admin, Method::PUT, SERVICE, known.revision.as_deref(), &service).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    let kept = sent(&server, Role::Admin, Method::DELETE, path, Some("*"), &Value::Null).await;
    assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY);
    let last = service["channels"].as_array().unwrap().len() - 1;
    assert_eq!(
        faults(&kept),
        [(format!("/service/kfz-zulassung/channels/{last}"), "not_in_catalogue".to_owned())]
    );
    let back = sent(&server, Role::Admin, Method::PUT, SERVICE, changed.revision.as_deref(), &known.body).await;
    assert_eq!(back.status, StatusCode::OK, "{}", back.body);
    let gone = sent(&server, Role::Admin, Method::DELETE, path, made.revision.as_deref(), &Value::Null).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.body);
    assert_eq!(read(&server, path).await.status, StatusCode::NOT_FOUND);

    // An id stays what it is, and a kind is one of five.
    let mut renamed = known.body.clone();
    renamed["id"] = "kfz".into();
    let refused = sent(&server, Role::Admin, Method::PUT, SERVICE, Some("*"), &renamed).await;
    assert_eq!(faults(&refused), [("/id".to_owned(), "malformed".to_owned())]);
    let unknown = read(&server, "/api/v1/catalogue/teapot/a").await;
    assert_eq!(unknown.body["type"], "urn:umleitung:no_part");
}

#[tokio::test]
async fn what_is_taken_along_as_a_file_is_taken_back_as_it_is() {
    let server = TestServer::start(START).await;
    let answer = server
        .request(Role::Viewer, Method::GET, "/api/v1/catalogue.toml")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/toml; charset=utf-8");
    let toml = answer.text().await.unwrap();
    let path = "/api/v1/catalogue";
    let body = |toml: &str, check_only: bool| json!({"toml": toml, "check_only": check_only});
    let same = sent(&server, Role::Admin, Method::POST, path, None, &body(&toml, true)).await;
    assert_eq!((&same.body["changes"], &same.body["is_applied"]), (&json!([]), &json!(false)));

    let other = toml.replace("Kfz-Zulassung", "Auto anmelden") + "\n[[service]]\nid = \"hunde\"\nname = { de = \"Hundesteuer\" }\n";
    let told = sent(&server, Role::Admin, Method::POST, path, None, &body(&other, true)).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.body);
    let changes = told.body["changes"].as_array().unwrap();
    assert!(
        changes.contains(&json!({"kind": "service", "id": "hunde", "what": "added"})),
        "{changes:?}"
    );
    assert!(
        changes.contains(&json!({"kind": "service", "id": "kfz-zulassung", "what": "changed"})),
        "{changes:?}"
    );
    assert_eq!(read(&server, "/api/v1/catalogue/service/hunde").await.status, StatusCode::NOT_FOUND);
    // Not over what somebody else has changed since it was looked at.
    let revision = told.revision.unwrap();
    let known = read(&server, SERVICE).await;
    let mut service = known.body.clone();
    service["usual_minutes"] = 20.into();
    sent(&server, Role::Admin, Method::PUT, SERVICE, known.revision.as_deref(), &service).await;
    let late = sent(&server, Role::Admin, Method::POST, path, Some(&revision), &body(&other, false)).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED, "{}", late.body);
    let told = sent(&server, Role::Admin, Method::POST, path, None, &body(&other, true)).await;
    let applied = sent(
        &server,
        Role::Admin,
        Method::POST,
        path,
        told.revision.as_deref(),
        &body(&other, false),
    )
    .await;
    assert_eq!(
        (&applied.body["is_applied"], &applied.body["changes"]),
        (&json!(true), &told.body["changes"])
    );
    assert_eq!(
        read(&server, "/api/v1/catalogue/service/hunde").await.body["name"]["de"],
        "Hundesteuer"
    );

    // All that is wrong is told in one answer, with its line.
    let bad = "[[service]]\nid = \"hunde\"\nname = { de = \"Hunde\" }\nrequires = [\"katzen\"]\nfarbe = 1\n";
    let refused = sent(&server, Role::Admin, Method::POST, path, None, &body(bad, false)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let details: Vec<&str> = refused.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["detail"].as_str().unwrap())
        .collect();
    for line in ["line 4, ", "line 5, "] {
        assert!(details.iter().any(|detail| detail.starts_with(line)), "{line}: {details:?}");
    }
    // Whoever may not is not told what the server thinks of a file.
    let publisher = sent(&server, Role::Publisher, Method::POST, path, None, &body(bad, true)).await;
    assert_eq!(publisher.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn opening_hours_are_told_day_by_day_by_the_clock_of_the_portal() {
    // The Thursday before Easter.
    let server = TestServer::start("2026-04-02T09:00:00Z").await;
    let ask = |hours: &str| {
        let hours = hours.replace(' ', "%20").replace(';', "%3B");
        server.request(
            Role::Viewer,
            Method::GET,
            &format!("/api/v1/opening?hours={hours}&portal=musterstadt"),
        )
    };
    let told: Value = ask("Mo-Fr 08:00-16:00; PH off; Sa 22:00-02:00")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let days = told["days"].as_array().unwrap();
    assert_eq!(days.len(), 14);
    let day = |place: usize| {
        (
            days[place]["day"].as_str().unwrap(),
            days[place]["is_holiday"] == true,
            days[place]["open"].as_array().unwrap().len(),
        )
    };
    assert_eq!(day(0), ("2026-04-02", false, 1));
    assert_eq!(day(1), ("2026-04-03", true, 0));
    assert_eq!(day(4), ("2026-04-06", true, 0));
    assert_eq!(
        days[0]["open"][0],
        json!({"from": "2026-04-02T06:00:00Z", "until": "2026-04-02T14:00:00Z"})
    );
    // A night belongs to the day on which it begins.
    assert_eq!(
        days[2]["open"],
        json!([{"from": "2026-04-04T20:00:00Z", "until": "2026-04-05T00:00:00Z"}])
    );
    assert_eq!(day(3).2, 0);
    // What never ends is told on each day, and so is what goes on into another day's hours.
    let told: Value = ask("24/7").send().await.unwrap().json().await.unwrap();
    let open: Vec<usize> = told["days"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| day["open"].as_array().unwrap().len())
        .collect();
    assert_eq!(open, [1; 14]);
    assert_eq!(
        told["days"][3]["open"][0],
        json!({"from": "2026-04-04T22:00:00Z", "until": "2026-04-05T22:00:00Z"})
    );
    let told: Value = ask("Fr 20:00-24:00; Sa 00:00-10:00").send().await.unwrap().json().await.unwrap();
    let open: Vec<usize> = told["days"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| day["open"].as_array().unwrap().len())
        .collect();
    assert_eq!(open[..4], [0, 1, 1, 0]);
    let refused: Value = ask("werktags").send().await.unwrap().json().await.unwrap();
    assert_eq!(
        (&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
        (&json!("/hours"), &json!("malformed"))
    );
}
