//! What the history of a notice tells: whatever people have read once and is so no longer leaves a trace, for citizens and for the staff.

use domain::access::Role;
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{notice, server::TestServer};

const NOW: &str = "2026-05-04T08:00:00Z";
const TITLE: &str = "Wohngeld wird gewartet";

fn window(from: &str, to: &str) -> Value {
    json!({
        "kind": "maintenance", "severity": "degraded", "services": ["wohngeld"], "portals": [], "title": {"de": TITLE},
        "starts_at": from, "ends_at": to,
    })
}

/// Replaces the whole content of a notice, as the admin page does.
async fn edit(server: &TestServer, id: &str, content: &Value) {
    let path = format!("/api/v1/notices/{id}");
    let seen = server.request(Role::Publisher, Method::GET, &path).send().await.unwrap();
    let etag = seen.headers()["etag"].clone();
    let answer = server
        .request(Role::Publisher, Method::PATCH, &path)
        .header("if-match", etag)
        .json(content)
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}

async fn updates(server: &TestServer) -> Vec<Value> {
    let state = server.state().await;
    notice(&state, TITLE).unwrap()["updates"].as_array().unwrap().clone()
}

#[tokio::test]
async fn moving_extending_and_editing_leave_a_trace() {
    let server = TestServer::start(NOW).await;
    let mut content = window("2026-05-05T20:00:00Z", "2026-05-05T22:00:00Z");
    content["publish"] = json!(false);
    let id = server.post("/api/v1/notices", &content).await["id"].as_str().unwrap().to_owned();
    content.as_object_mut().unwrap().remove("publish");
    // A draft has no readers.
    edit(&server, &id, &window("2026-05-06T20:00:00Z", "2026-05-06T22:00:00Z")).await;
    server.post(&format!("/api/v1/notices/{id}/publish"), &json!({})).await;
    assert_eq!(updates(&server).await.len(), 1, "only that it was published");

    server.clock.set("2026-05-04T09:00:00Z");
    edit(&server, &id, &window("2026-05-07T20:00:00Z", "2026-05-07T22:00:00Z")).await;
    let told = updates(&server).await;
    assert_eq!(
        (&told[0]["change"], &told[0]["from"], &told[0]["to"], &told[0]["at"]),
        (
            &json!("moved"),
            &json!("2026-05-06T22:00:00+02:00"),
            &json!("2026-05-07T00:00:00+02:00"),
            &json!("2026-05-04T11:00:00+02:00")
        )
    );
    // On the permanent page, and in the short form that everybody gets first.
    let page = server.get(&format!("/p/musterstadt/notices/{id}")).await.text().await.unwrap();
    assert!(page.contains("Verschoben. Vorher geplant"), "{page}");
    let state = server.state().await;
    let brief = notice(&state, TITLE).unwrap()["brief"]["de"]["lines"].to_string();
    assert!(brief.contains("Verschoben, vorher: Von Mittwoch, 6. Mai, 22:00 Uhr"), "{brief}");

    // By each of the ways to a new end.
    server.clock.set("2026-05-07T21:00:00Z");
    server
        .post(&format!("/api/v1/notices/{id}/extend"), &json!({"ends_at": "2026-05-07T23:00:00Z"}))
        .await;
    server
        .post(
            &format!("/api/v1/notices/{id}/updates"),
            &json!({"text": {"de": "Es dauert."}, "ends_at": "2026-05-08T01:00:00Z"}),
        )
        .await;
    edit(&server, &id, &window("2026-05-07T20:00:00Z", "2026-05-08T02:00:00Z")).await;
    let told = updates(&server).await;
    let ends: Vec<(&Value, &Value)> = told[..3].iter().map(|update| (&update["change"], &update["to"])).collect();
    assert_eq!(
        ends,
        [
            (&json!("end_moved"), &json!("2026-05-08T03:00:00+02:00")),
            (&json!("end_moved"), &json!("2026-05-08T01:00:00+02:00")),
            (&json!("end_moved"), &json!("2026-05-08T00:00:00+02:00")),
        ]
    );
    // A text that nobody has replaced by an update.
    let mut other = window("2026-05-07T20:00:00Z", "2026-05-08T02:00:00Z");
    other["impact"] = json!({"de": "Der Antrag lädt langsam."});
    edit(&server, &id, &other).await;
    // What nobody reads leaves no trace.
    other["announce_from"] = json!("2026-05-04T08:00:00Z");
    edit(&server, &id, &other).await;
    let told = updates(&server).await;
    assert_eq!((&told[0]["change"], told.len()), (&json!("edited"), 6));
    // The staff see the same, with what was before.
    let staff: Value = server
        .request(Role::Viewer, Method::GET, &format!("/api/v1/notices/{id}"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let changes: Vec<&str> = staff["updates"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["change"]["what"].as_str())
        .collect();
    assert_eq!(changes, ["moved", "end_moved", "end_moved", "end_moved", "edited"]);
}

#[tokio::test]
async fn times_in_the_hour_that_comes_twice_say_which_one() {
    let server = TestServer::start("2027-10-30T10:00:00Z").await;
    let mut content = window("2027-10-31T00:45:00Z", "2027-10-31T01:15:00Z");
    content["publish"] = json!(true);
    let id = server.post("/api/v1/notices", &content).await["id"].as_str().unwrap().to_owned();
    let state = server.state().await;
    let shown = notice(&state, TITLE).unwrap();
    assert_eq!(
        state["repeated_hours"],
        json!([{"from": "2027-10-31T02:00:00+02:00", "to": "2027-10-31T03:00:00+01:00"}])
    );
    let brief = shown["brief"]["de"].to_string();
    let page = server.get(&format!("/p/musterstadt/notices/{id}")).await.text().await.unwrap();
    let fallback = server.get("/p/musterstadt/fallback.html").await.text().await.unwrap();
    let fragment = server.get("/p/musterstadt/fragment.html").await.text().await.unwrap();
    for (name, told) in [("brief", brief), ("page", page), ("fallback", fallback), ("fragment", fragment)] {
        assert!(
            told.contains("2:45 Uhr (Sommerzeit)") && told.contains("2:15 Uhr (Winterzeit)"),
            "{name}: {told}"
        );
    }
    // In the history too, when all is over; and nowhere once no such hour is told of.
    server.clock.set("2027-11-02T10:00:00Z");
    server
        .post(
            &format!("/api/v1/notices/{id}/complete"),
            &json!({"ended_at": "2027-10-31T01:20:00Z"}),
        )
        .await;
    let history = server.get("/p/musterstadt/history").await.text().await.unwrap();
    assert!(
        history.contains("2:45 Uhr (Sommerzeit)") && history.contains("2:20 Uhr (Winterzeit)"),
        "{history}"
    );
    let other = server.post("/api/v1/notices", &super::support::outage("bundid", "BundID")).await;
    assert!(other["id"].is_string());
    server.clock.set("2027-11-03T10:00:00Z");
    server.post("/api/v1/notices", &super::support::outage("epaybl", "ePayBL")).await;
    assert!(server.state().await.get("repeated_hours").is_none());
}

#[tokio::test]
async fn an_end_that_was_open_and_what_is_over_are_told_as_such() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let id = server.post("/api/v1/notices", &super::support::outage("wohngeld", TITLE)).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    server
        .post(&format!("/api/v1/notices/{id}/extend"), &json!({"ends_at": "2026-05-04T12:00:00Z"}))
        .await;
    let path = format!("/p/musterstadt/notices/{id}");
    let page = server.get(&path).await.text().await.unwrap();
    assert!(page.contains("Neues Ende. Vorher: noch nicht bekannt"), "{page}");
    assert!(page.contains(&format!("<title>{TITLE} – ")), "{page}");
    // In a list of tabs or of things found its title is all that is read.
    server.post(&format!("/api/v1/notices/{id}/resolve"), &json!({})).await;
    let page = server.get(&path).await.text().await.unwrap();
    assert!(page.contains(&format!("<title>Behoben: {TITLE} – ")), "{page}");
}

/// A part of the catalogue, replaced by what becomes of it.
async fn change_part(server: &TestServer, path: &str, change: impl Fn(&mut Value)) {
    let seen = server.request(Role::Admin, Method::GET, path).send().await.unwrap();
    let etag = seen.headers()["etag"].clone();
    let mut part: Value = seen.json().await.unwrap();
    change(&mut part);
    let answer = server
        .request(Role::Admin, Method::PUT, path)
        .header("if-match", etag)
        .json(&part)
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}

#[tokio::test]
async fn a_portal_that_has_given_a_service_away_hears_how_its_outage_ended() {
    let server = TestServer::start(NOW).await;
    let id = server.post("/api/v1/notices", &super::support::outage("wohngeld", TITLE)).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    change_part(&server, "/api/v1/catalogue/portal/musterstadt", |portal| {
        portal["services"].as_array_mut().unwrap().retain(|service| service != "wohngeld");
        portal["page"] = json!([]);
    })
    .await;
    let documents = ["feed.atom", "feed.json", "history", "api/v2/incidents.json"];
    let tells = async |document: &str| {
        let path = format!("/p/musterstadt/{document}");
        server.get(&path).await.text().await.unwrap().contains(&id)
    };
    for document in documents {
        assert!(!tells(document).await, "{document}: the outage goes on, elsewhere");
    }
    server.clock.set("2026-05-04T08:30:00Z");
    server.post(&format!("/api/v1/notices/{id}/resolve"), &json!({})).await;
    for document in documents {
        assert!(tells(document).await, "{document}: it was told here, and is over");
    }
}
