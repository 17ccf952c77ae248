//! Feeds and calendars, read by libraries that others have written. What these accept too easily is asserted here.

use std::collections::BTreeSet;

use jiff::Timestamp;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::support::{
    foreign::{by_node, by_python},
    server::TestServer,
};

const FEBRUARY: &str = "2026-02-02T09:00:00Z";

async fn text(server: &TestServer, path: &str, kind: &str) -> String {
    let answer = server.get(path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    assert_eq!(answer.headers()["content-type"], format!("{kind}; charset=utf-8"), "{path}");
    assert_eq!(answer.headers()["access-control-allow-origin"], "*", "{path}");
    answer.text().await.unwrap()
}

async fn calendar(server: &TestServer) -> String {
    text(server, "/p/musterstadt/calendar.ics", "text/calendar").await
}

async fn publish(server: &TestServer, notice: Value) -> String {
    server.post("/api/v1/notices", &notice).await["id"].as_str().unwrap().to_owned()
}

fn window(title: &str, services: &[&str], from: &str, to: &str) -> Value {
    json!({
        "kind": "maintenance", "severity": "outage", "services": services, "portals": [], "title": {"de": title},
        "impact": {"de": "Sie können nichts absenden; Entwürfe bleiben, versprochen."}, "starts_at": from, "ends_at": to, "at_end": "complete",
        "publish": true,
    })
}

/// What three libraries find in a calendar: the same, or this ends here.
fn events(calendar: &str) -> Vec<Value> {
    let found = by_python("icalendar", calendar);
    assert_eq!(by_python("vobject", calendar), found, "vobject");
    assert_eq!(by_node("calendar.mjs", &[], calendar), found, "ical.js");
    found.as_array().unwrap().clone()
}

fn instant(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn three_libraries_read_the_instants_of_the_state_in_changed_nights_too() {
    let server = TestServer::start(FEBRUARY).await;
    for (title, from, to) in [
        ("In der kurzen Nacht", "2026-03-29T00:30:00Z", "2026-03-29T02:15:00Z"),
        ("In der langen Nacht", "2026-10-24T23:30:00Z", "2026-10-25T01:30:00Z"),
        ("In der doppelten Stunde", "2026-10-25T00:15:00Z", "2026-10-25T01:15:00Z"),
        ("Am Tag", "2026-06-01T08:00:00Z", "2026-06-01T10:00:00Z"),
    ] {
        publish(&server, window(title, &["wohngeld"], from, to)).await;
    }
    let state = server.state().await;
    let notices = state["notices"].as_array().unwrap();
    let found = events(&calendar(&server).await);
    assert_eq!((notices.len(), found.len()), (4, 4));
    for notice in notices {
        let id = notice["id"].as_str().unwrap();
        let event = found
            .iter()
            .find(|event| event["uid"] == format!("musterstadt-{id}@notices.example"))
            .unwrap();
        for (ours, theirs) in [("starts_at", "start"), ("ends_at", "end")] {
            assert_eq!(instant(&notice[ours]), instant(&event[theirs]), "{id} {theirs}");
        }
    }
}

#[tokio::test]
async fn a_window_keeps_its_name_when_it_moves_and_is_called_off() {
    let server = TestServer::start(FEBRUARY).await;
    let title = "Wohngeld: Umzug, Teil 1; \"neu\" \\ alt";
    let content = window(title, &["wohngeld"], "2026-03-02T20:00:00Z", "2026-03-02T22:00:00Z");
    let id = publish(&server, content).await;
    let raw = calendar(&server).await;
    let first = events(&raw);
    assert_eq!(first[0]["status"], "CONFIRMED");
    assert!(first[0]["summary"].as_str().unwrap().ends_with(title), "{}", first[0]);
    let description = first[0]["description"].as_str().unwrap();
    assert!(description.contains("Entwürfe bleiben, versprochen."), "{description}");
    assert_eq!(
        first[0]["url"],
        format!("http://notices.example/p/musterstadt/notices/{id}?lang=de")
    );
    // What parsers let pass: lines end as they are to, and none is longer than 75 bytes.
    assert!(raw.lines().all(|line| line.len() <= 75), "{raw}");
    assert_eq!(raw.matches('\n').count(), raw.matches("\r\n").count());
    for line in ["METHOD", "RRULE", "TZID"] {
        assert!(!raw.contains(line), "{line}");
    }
    server.clock.set("2026-02-03T09:00:00Z");
    let longer = json!({"ends_at": "2026-03-02T23:00:00Z"});
    server.post(&format!("/api/v1/notices/{id}/extend"), &longer).await;
    let second = events(&calendar(&server).await);
    assert_eq!(second[0]["uid"], first[0]["uid"]);
    assert_eq!(second[0]["end"], "2026-03-02T23:00:00Z");
    assert_eq!(second[0]["stamp"], "2026-02-03T09:00:00Z");
    server.clock.set("2026-02-04T09:00:00Z");
    server.post(&format!("/api/v1/notices/{id}/cancel"), &json!({})).await;
    let third = events(&calendar(&server).await);
    assert_eq!((&third[0]["uid"], &third[0]["status"]), (&first[0]["uid"], &json!("CANCELLED")));
    // It keeps the window that it had: an event that ends before it begins is thrown away, and with it that it was called off.
    assert_eq!(
        (&third[0]["start"], &third[0]["end"]),
        (&json!("2026-03-02T20:00:00Z"), &json!("2026-03-02T23:00:00Z"))
    );
    // And what was planned does not change it any more when its time comes.
    server.clock.set("2026-03-03T09:00:00Z");
    assert_eq!(events(&calendar(&server).await)[0]["stamp"], "2026-02-04T09:00:00Z");
    let sequences: Vec<_> = [&first, &second, &third]
        .map(|events| events[0]["sequence"].as_u64().unwrap())
        .into();
    assert!(sequences.is_sorted_by(|one, next| one < next), "{sequences:?}");
}

#[tokio::test]
async fn operators_read_maintnote_with_one_object_and_with_two() {
    let server = TestServer::start(FEBRUARY).await;
    let one = publish(
        &server,
        window("Eines", &["wohngeld"], "2026-03-02T20:00:00Z", "2026-03-02T22:00:00Z"),
    )
    .await;
    let mut both = window("Zwei", &["wohngeld", "sperrmuell"], "2026-03-03T20:00:00Z", "2026-03-03T22:00:00Z");
    both["severity"] = json!("degraded");
    let two = publish(&server, both).await;
    let found = by_python("maintnote", &calendar(&server).await);
    let found: Vec<&Value> = found.as_array().unwrap().iter().collect();
    let of = |id: &str| *found.iter().find(|one| one["id"] == id).unwrap();
    assert_eq!(
        of(&one),
        &json!({
            "provider": "notices.example", "account": "musterstadt", "id": one, "status": "CONFIRMED",
            "start": "2026-03-02T20:00:00Z", "end": "2026-03-02T22:00:00Z", "objects": [["wohngeld", "OUTAGE"]],
        })
    );
    assert_eq!(of(&two)["objects"], json!([["wohngeld", "DEGRADED"], ["sperrmuell", "DEGRADED"]]));
    server.clock.set("2026-03-02T20:00:00Z");
    let found = by_python("maintnote", &calendar(&server).await);
    let states: BTreeSet<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["status"].as_str().unwrap())
        .collect();
    assert_eq!(states, BTreeSet::from(["CONFIRMED", "IN-PROCESS"]));
}

#[tokio::test]
async fn a_feed_has_one_entry_for_each_notice_and_changes_only_with_it() {
    let server = TestServer::start(FEBRUARY).await;
    let outage = json!({
        "kind": "outage", "severity": "outage", "services": ["bundid"], "portals": [], "title": {"de": "BundID <gestört> & mehr", "en": "BundID is down"},
        "impact": {"de": "Sie können sich **nicht** anmelden."}, "publish": true,
    });
    let id = publish(&server, outage).await;
    let work = publish(
        &server,
        window(
            "Sperrmüll wird gewartet",
            &["sperrmuell"],
            "2026-03-02T20:00:00Z",
            "2026-03-02T22:00:00Z",
        ),
    )
    .await;
    let atom = || text(&server, "/p/musterstadt/feed.atom", "application/atom+xml");
    let first = atom().await;
    let found = by_python("feedparser", &first);
    assert_eq!(found["id"], "tag:notices.example,2026:musterstadt?lang=de");
    assert_eq!(found["links"]["self"], "http://notices.example/p/musterstadt/feed.atom?lang=de");
    let entries = found["entries"].as_array().unwrap();
    let ids: Vec<&str> = entries.iter().map(|entry| entry["id"].as_str().unwrap()).collect();
    // And below them the past of the demo.
    assert_eq!(
        ids[..2],
        [&work, &id].map(|id| format!("tag:notices.example,2026:musterstadt/{id}"))
    );
    let entry = &entries[1];
    assert_eq!(entry["title"], "Störung: BundID <gestört> & mehr");
    assert_eq!(entry["link"], format!("http://notices.example/p/musterstadt/notices/{id}?lang=de"));
    assert_eq!((&entry["published"], &entry["updated"]), (&json!(FEBRUARY), &json!(FEBRUARY)));
    let content = entry["content"].as_str().unwrap();
    assert!(content.contains("<strong>nicht</strong>"), "{content}");
    // Whoever reads it elsewhere is led here.
    assert!(!content.contains("href=\"/"), "{content}");
    assert!(entry["tags"].as_array().unwrap().contains(&json!("outage")));
    let strict = by_python("atoma", &first);
    assert_eq!(strict["entries"].as_array().unwrap().len(), entries.len());
    assert_eq!(strict["authors"].as_array().unwrap().len(), 1);
    // An hour later nothing is other.
    server.clock.set("2026-02-02T10:00:00Z");
    assert_eq!(atom().await, first);
    let told = json!({"text": {"de": "Es dauert."}});
    server.post(&format!("/api/v1/notices/{id}/updates"), &told).await;
    let later = by_python("feedparser", &atom().await);
    let updated = |found: &Value, place: usize| found["entries"][place]["updated"].clone();
    assert_eq!(later["entries"][1]["id"], entry["id"], "the same entry");
    assert_eq!(updated(&later, 1), "2026-02-02T10:00:00Z");
    assert_eq!(updated(&later, 0), FEBRUARY);
    // Time changes it too: the work begins.
    server.clock.set("2026-03-02T20:00:01Z");
    assert_eq!(updated(&by_python("feedparser", &atom().await), 0), "2026-03-02T20:00:00Z");
    // The same notices as JSON Feed.
    let json: Value = serde_json::from_str(&text(&server, "/p/musterstadt/feed.json", "application/feed+json").await).unwrap();
    assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(json["language"], "de");
    let items = json["items"].as_array().unwrap();
    assert_eq!(items.len(), entries.len());
    for item in items {
        for field in ["id", "url", "title", "summary", "content_html", "date_published", "date_modified"] {
            assert!(item[field].as_str().is_some_and(|text| !text.is_empty()), "{field}: {item}");
        }
    }
    assert_eq!(items[1]["date_modified"], "2026-02-02T10:00:00Z");
}

#[tokio::test]
async fn one_service_one_language_one_notice() {
    let server = TestServer::start(FEBRUARY).await;
    let outage = json!({
        "kind": "outage", "severity": "outage", "services": ["bundid"], "portals": [], "title": {"de": "BundID gestört", "en": "BundID is down"},
        "ends_at": "2026-02-02T11:00:00Z", "publish": true,
    });
    let id = publish(&server, outage).await;
    let titles = async |path: &str| {
        let found = by_python("feedparser", &text(&server, path, "application/atom+xml").await);
        let entries = found["entries"].as_array().unwrap().clone();
        entries
            .iter()
            .map(|entry| entry["title"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    // Through what it needs.
    assert_eq!(
        titles("/p/musterstadt/feed.atom?service=kfz-zulassung").await,
        ["Störung: BundID gestört", "Behoben: Kfz-Zulassung: Anmeldung nicht möglich"]
    );
    assert!(titles("/p/musterstadt/feed.atom?service=sperrmuell").await.is_empty());
    assert_eq!(titles("/p/musterstadt/feed.atom?lang=en").await[0], "Outage: BundID is down");
    for path in [
        "/p/musterstadt/feed.atom?service=x",
        "/p/anderswo/feed.json",
        "/p/musterstadt/calendar/x.ics",
    ] {
        assert_eq!(server.get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    // When it works again, for one's own calendar; it is no planned work.
    assert!(events(&calendar(&server).await).is_empty());
    let again = format!("/p/musterstadt/calendar/{id}.ics");
    let event = &events(&text(&server, &again, "text/calendar").await)[0];
    assert_eq!(
        (&event["start"], &event["end"]),
        (&json!("2026-02-02T11:00:00Z"), &json!("2026-02-02T11:15:00Z"))
    );
    assert_eq!(event["summary"], "Wieder verfügbar: BundID gestört");
    let page = server.get(&format!("/p/musterstadt/notices/{id}")).await.text().await.unwrap();
    assert!(page.contains(&format!("href=\"../calendar/{id}.ics?lang=de\"")), "{page}");
    server.post(&format!("/api/v1/notices/{id}/resolve"), &json!({})).await;
    assert_eq!(server.get(&again).await.status(), StatusCode::NOT_FOUND, "it works");
    // The status page leads to them all.
    let page = server.get("/p/musterstadt/").await.text().await.unwrap();
    for (name, kind) in [
        ("feed.atom", "application/atom+xml"),
        ("feed.json", "application/feed+json"),
        ("calendar.ics", "text/calendar"),
    ] {
        let link = format!("<link rel=\"alternate\" type=\"{kind}\"");
        let at = page.find(&link).unwrap_or_else(|| panic!("{kind}"));
        let tag = &page[at..at + page[at..].find('>').unwrap()];
        assert!(tag.ends_with(&format!("href=\"./{name}?lang=de\"")), "{tag}");
        text(&server, &format!("/p/musterstadt/{name}?lang=de"), kind).await;
    }
}

/// What the documentation asks for is answered.
#[tokio::test]
async fn each_example_of_the_documentation_is_answered() {
    let server = TestServer::start(FEBRUARY).await;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/integrations");
    let mut asked = 0;
    for page in std::fs::read_dir(folder).unwrap() {
        let page = std::fs::read_to_string(page.unwrap().path()).unwrap();
        for line in page.lines().filter_map(|line| line.strip_prefix("curl -s ")) {
            let path = line.trim_matches('"').strip_prefix("https://notices.example").unwrap();
            let answer = server.get(path).await;
            assert_eq!(answer.status(), StatusCode::OK, "{line}");
            assert!(!answer.text().await.unwrap().is_empty(), "{line}");
            asked += 1;
        }
    }
    assert!(asked >= 13, "{asked}");
}
