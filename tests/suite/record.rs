//! The record over HTTP: what is found of it and in which order, as files, what people saw at a moment, and what is taken out of it.

use domain::access::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::support::{outage, server::TestServer};

/// A server on which at 8:00 a notice was drafted, at 9:00 published, at 10:00 another one, and at 11:00 the first was over.
async fn a_morning() -> (TestServer, String, String) {
    let server = TestServer::start("2026-03-03T08:00:00Z").await;
    let first = write(&server, &draft("wohngeld", "Wohngeld geht nicht")).await;
    server.clock.set("2026-03-03T09:00:00Z");
    go(&server, &first, "publish").await;
    server.clock.set("2026-03-03T10:00:00Z");
    let second = write(&server, &outage("sperrmuell", "Sperrmüll geht nicht")).await;
    server.clock.set("2026-03-03T11:00:00Z");
    go(&server, &first, "resolve").await;
    server.clock.set("2026-03-03T14:00:00Z");
    (server, first, second)
}

fn draft(service: &str, title: &str) -> Value {
    let mut draft = outage(service, title);
    draft.as_object_mut().unwrap().remove("publish");
    draft
}

async fn write(server: &TestServer, notice: &Value) -> String {
    let request = server.request(Role::Publisher, Method::POST, "/api/v1/notices");
    let response = request.json(notice).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    response.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned()
}

async fn go(server: &TestServer, id: &str, transition: &str) {
    let path = format!("/api/v1/notices/{id}");
    let read = server.request(Role::Publisher, Method::GET, &path).send().await.unwrap();
    let tag = read.headers()["etag"].clone();
    let request = server.request(Role::Publisher, Method::POST, &format!("{path}/{transition}"));
    let response = request.header("If-Match", tag).json(&json!({})).send().await.unwrap();
    let status = response.status();
    assert!(status.is_success(), "{transition}: {status} {}", response.text().await.unwrap());
}

async fn ask(server: &TestServer, query: &str) -> (StatusCode, String) {
    let request = server.request(Role::Viewer, Method::GET, &format!("/api/v1/{query}"));
    let response = request.send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

/// The numbers of the entries that are found, and where to go on.
async fn found(server: &TestServer, query: &str) -> (Vec<u64>, Value) {
    let (status, text) = ask(server, &format!("journal?{query}")).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let page: Value = serde_json::from_str(&text).unwrap();
    let entries = page["entries"].as_array().unwrap().iter();
    (entries.map(|entry| entry["seq"].as_u64().unwrap()).collect(), page["next"].clone())
}

#[tokio::test]
async fn it_is_looked_through_in_both_directions_by_time_subject_and_author() {
    let (server, first, second) = a_morning().await;
    let (all, next) = found(&server, "").await;
    assert_eq!(next, Value::Null);
    let tip = *all.last().unwrap();
    assert_eq!(all, (1..=tip).collect::<Vec<_>>());
    let (backwards, next) = found(&server, "order=newest_first").await;
    assert_eq!((backwards, next), (all.iter().rev().copied().collect(), Value::Null));
    // The four that this morning brought are the last ones.
    let last = |of: &[u64]| of.iter().map(|back| tip + 1 - back).collect::<Vec<_>>();
    for (query, expected) in [
        ("from=2026-03-03T09:00:00Z", last(&[3, 2, 1])),
        ("from=2026-03-03T09:00:00Z&until=2026-03-03T11:00:00Z", last(&[3, 2])),
        (
            "order=newest_first&from=2026-03-03T09:00:00Z&until=2026-03-03T11:00:00Z",
            last(&[2, 3]),
        ),
        ("from=2026-03-03T11:00:00.001Z", vec![]),
        (&format!("subject={first}"), last(&[4, 3, 1])),
        (&format!("order=newest_first&subject={second}"), last(&[2])),
        (&format!("subject={first}&from=2026-03-03T10:00:00Z"), last(&[1])),
        (&format!("order=newest_first&before={tip}&subject={first}"), last(&[3, 4])),
        ("actor=nobody", vec![]),
        (&format!("after={}", u64::MAX), vec![]),
    ] {
        assert_eq!(found(&server, query).await, (expected, Value::Null), "{query}");
    }
    let (_, text) = ask(&server, &format!("journal?subject={second}")).await;
    let entry = &serde_json::from_str::<Value>(&text).unwrap()["entries"][0];
    assert_eq!(entry["actor_name"], "publisher");
    let of_author = format!("actor={}&from=2026-03-03T08:00:00Z", entry["actor"].as_str().unwrap());
    assert_eq!(found(&server, &of_author).await.0, last(&[4, 3, 2, 1]));
    for (query, named) in [
        ("order=sideways", "sideways"),
        ("from=yesterday", "from"),
        ("subject=%20", "subject"),
        ("colour=red", "colour"),
    ] {
        let (status, text) = ask(&server, &format!("journal?{query}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}: {text}");
        assert!(text.contains(named), "{query}: {text}");
    }
}

/// More than one piece in either direction: nothing is left out, nothing comes twice.
#[tokio::test]
async fn pages_join_without_a_gap() {
    let server = TestServer::start("2026-03-03T08:00:00Z").await;
    for number in 0..230 {
        write(&server, &draft("wohngeld", &format!("Nummer {number}"))).await;
    }
    for (order, key) in [("oldest_first", "after"), ("newest_first", "before")] {
        let (mut all, mut next) = found(&server, &format!("order={order}")).await;
        while let Some(at) = next.as_u64() {
            let page = found(&server, &format!("order={order}&{key}={at}")).await;
            all.extend(page.0);
            next = page.1;
        }
        if order == "newest_first" {
            all.reverse();
        }
        let tip = *all.last().unwrap();
        assert!(tip > 230);
        assert_eq!(all, (1..=tip).collect::<Vec<_>>(), "{order}");
    }
    // A file has them all.
    let (_, lines) = ask(&server, "journal.jsonl").await;
    let numbers: Vec<u64> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["seq"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=*numbers.last().unwrap()).collect::<Vec<_>>());
    assert!(numbers.len() > 230);
}

#[tokio::test]
async fn it_is_taken_along_as_a_file() {
    let (server, first, _) = a_morning().await;
    let request = server.request(
        Role::Viewer,
        Method::GET,
        &format!("/api/v1/journal.csv?subject={first}&order=newest_first"),
    );
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"journal.csv\"");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let text = response.text().await.unwrap();
    let rows: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(rows[0], "\u{feff}seq,at,actor,actor_name,subject,what");
    let what: Vec<&str> = rows[1..].iter().map(|row| row.split(',').nth(5).unwrap()).collect();
    assert_eq!(what, ["notice_advanced", "notice_advanced", "notice_created"]);
    assert!(
        rows[3].contains(",2026-03-03T08:00:00Z,") && rows[3].contains(",publisher,"),
        "{}",
        rows[3]
    );
    let (_, lines) = ask(&server, &format!("journal.jsonl?subject={first}")).await;
    let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!((&last["at"], &last["subject"]), (&json!("2026-03-03T11:00:00Z"), &json!(first)));
    assert_eq!(lines.lines().count(), 3);
}

#[tokio::test]
async fn what_people_saw_at_a_moment_is_seen_again() {
    let (server, first, _) = a_morning().await;
    let seen = async |at: &str| ask(&server, &format!("portals/musterstadt/seen?at={at}&lang=de")).await;
    // Up to the instant of an entry, that one included.
    for (at, wohngeld, sperrmuell) in [
        ("2026-03-03T08:59:59Z", false, false),
        ("2026-03-03T09:00:00Z", true, false),
        ("2026-03-03T10:30:00Z", true, true),
        // What is over is told for two hours.
        ("2026-03-03T12:59:00Z", true, true),
        ("2026-03-03T13:01:00Z", false, true),
    ] {
        let (status, page) = seen(at).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert_eq!(page.contains("Wohngeld geht nicht"), wohngeld, "{at}");
        assert_eq!(page.contains("Sperrmüll geht nicht"), sperrmuell, "{at}");
        assert!(page.contains("So war diese Seite am 03.03.2026, "), "{at}");
    }
    // It is the page that people met then: so it said of itself.
    let (_, then) = seen("2026-03-03T10:00:00Z").await;
    assert!(then.contains("03.03.2026, 11:00:00"), "in the time of the portal");
    let (_, english) = ask(&server, "portals/musterstadt/seen?at=2026-03-03T10:00:00Z&lang=en").await;
    assert!(
        english.contains("<html lang=\"en\"") && english.contains("at=2026-03-03T10:00:00Z"),
        "other languages keep the moment"
    );
    let (status, problem) = seen("2026-03-03T14:00:01Z").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert!(problem.contains("/at"));
    assert_eq!(
        seen("1999-01-01T00:00:00Z").await.0,
        StatusCode::NOT_FOUND,
        "there was no portal then"
    );
    assert_eq!(
        ask(&server, "portals/atlantis/seen?at=2026-03-03T10:00:00Z").await.0,
        StatusCode::NOT_FOUND
    );
    // What was taken out since is missing there too.
    let (numbers, _) = found(&server, &format!("subject={first}")).await;
    assert_eq!(
        redact(&server, Role::Admin, numbers[0], "Name einer Bürgerin").await.0,
        StatusCode::NO_CONTENT
    );
    let (status, page) = seen("2026-03-03T09:30:00Z").await;
    assert_eq!(status, StatusCode::OK);
    assert!(!page.contains("Wohngeld geht nicht"));
}

async fn redact(server: &TestServer, role: Role, seq: u64, reason: &str) -> (StatusCode, Value) {
    let request = server.request(role, Method::POST, &format!("/api/v1/journal/{seq}/redact"));
    let response = request.json(&json!({"reason": reason})).send().await.unwrap();
    let status = response.status();
    (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
}

#[tokio::test]
async fn content_is_taken_out_with_a_reason() {
    let (server, first, _) = a_morning().await;
    let (numbers, _) = found(&server, &format!("subject={first}")).await;
    assert_eq!(redact(&server, Role::Publisher, numbers[0], "Grund").await.0, StatusCode::FORBIDDEN);
    for (seq, reason, status) in [
        (numbers[0], "", StatusCode::UNPROCESSABLE_ENTITY),
        (9_999, "Grund", StatusCode::NOT_FOUND),
        (0, "Grund", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(redact(&server, Role::Admin, seq, reason).await.0, status, "{seq} {reason}");
    }
    let (_, before) = ask(&server, "journal.jsonl").await;
    assert!(before.contains("Wohngeld geht nicht"));
    assert_eq!(
        redact(&server, Role::Admin, numbers[0], "Name einer Bürgerin").await.0,
        StatusCode::NO_CONTENT
    );
    let (_, text) = ask(&server, &format!("journal?subject={first}")).await;
    let page: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&page["entries"][0]["event"], &page["entries"][0]["payload"]),
        (&Value::Null, &Value::Null)
    );
    let (_, csv) = ask(&server, "journal.csv").await;
    assert!(csv.contains(&format!(",{first},redacted\r\n")), "{csv}");
    let (_, lines) = ask(&server, "journal.jsonl").await;
    assert!(
        !lines.contains("Wohngeld geht nicht") && lines.contains("Name einer Bürgerin"),
        "{lines}"
    );
    // That it was done stays.
    let (numbers, _) = found(&server, "order=newest_first").await;
    let (status, problem) = redact(&server, Role::Admin, numbers[0], "Grund").await;
    assert_eq!(
        (status, &problem["errors"][0]["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("kept"))
    );
}
