//! What clients of Statuspage read: the eight documents of its API, version 2.

use domain::access::Role;
use reqwest::Method;
use serde_json::{Value, json};

use super::support::server::TestServer;

const MORNING: &str = "2026-05-04T08:00:00Z";

const DOCUMENTS: [&str; 8] = [
    "summary",
    "status",
    "components",
    "incidents",
    "incidents/unresolved",
    "scheduled-maintenances",
    "scheduled-maintenances/upcoming",
    "scheduled-maintenances/active",
];

async fn document(server: &TestServer, name: &str) -> Value {
    let answer = server.get(&format!("/api/v2/{name}.json")).await;
    assert_eq!(answer.status(), 200, "{name}");
    answer.json().await.unwrap()
}

/// The status of a component.
fn component<'a>(document: &'a Value, id: &str) -> &'a Value {
    let components = document["components"].as_array().unwrap();
    &components.iter().find(|component| component["id"] == id).unwrap()["status"]
}

/// Status and text of each update of an incident, newest first.
fn updates(incident: &Value) -> Vec<(&str, &str)> {
    let updates = incident["incident_updates"].as_array().unwrap().iter();
    updates
        .map(|update| (update["status"].as_str().unwrap(), update["body"].as_str().unwrap()))
        .collect()
}

/// An outage of what many services need.
async fn break_bundid(server: &TestServer) -> String {
    let outage = json!({
        "kind": "outage", "severity": "outage", "services": ["bundid"], "portals": [], "title": {"de": "BundID gestört", "en": "BundID is down"},
        "impact": {"de": "Sie können sich **nicht** anmelden.", "en": "You cannot sign in."}, "publish": true,
    });
    server.post("/api/v1/notices", &outage).await["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_outage_is_an_incident_from_its_beginning_to_its_end() {
    let server = TestServer::start(MORNING).await;
    let quiet = document(&server, "summary").await;
    assert_eq!(
        quiet["status"],
        json!({"indicator": "none", "description": "All Systems Operational"})
    );
    assert_eq!(quiet["page"]["id"], "musterstadt");
    assert_eq!(quiet["page"]["url"], "http://notices.example/p/musterstadt/");
    assert_eq!(quiet["page"]["time_zone"], "Europe/Berlin");
    assert_eq!(quiet["incidents"], json!([]));
    assert_eq!(component(&quiet, "kfz-zulassung"), "operational");
    let positions: Vec<_> = quiet["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["position"].as_u64().unwrap())
        .collect();
    assert_eq!(positions, (1..=positions.len() as u64).collect::<Vec<_>>());

    server.clock.set("2026-05-04T09:30:00Z");
    let id = break_bundid(&server).await;
    let summary = document(&server, "summary").await;
    assert_eq!(
        summary["status"],
        json!({"indicator": "critical", "description": "Major Service Outage"})
    );
    // What needs the service that is down is down with it; the service itself is not the portal's.
    assert_eq!(component(&summary, "kfz-zulassung"), "major_outage");
    assert_eq!(component(&summary, "sperrmuell"), "operational");
    let incident = &summary["incidents"][0];
    assert_eq!(
        json!([
            incident["id"],
            incident["name"],
            incident["status"],
            incident["impact"],
            incident["started_at"],
            incident["resolved_at"]
        ]),
        json!([id, "BundID gestört", "investigating", "critical", "2026-05-04T09:30:00.000Z", null])
    );
    assert_eq!(incident["shortlink"], format!("http://notices.example/p/musterstadt/notices/{id}"));
    assert_eq!(updates(incident), [("investigating", "Sie können sich nicht anmelden.")]);
    assert!(
        incident["components"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["status"] != "operational")
    );
    let affected = &incident["incident_updates"][0]["affected_components"][0];
    assert_eq!(affected["old_status"], "operational");
    assert_ne!(affected["new_status"], "operational");
}

#[tokio::test]
async fn what_is_over_is_told_from_its_beginning_to_its_end() {
    let server = TestServer::start("2026-05-04T09:30:00Z").await;
    let id = break_bundid(&server).await;
    server.clock.set("2026-05-04T09:45:00Z");
    let found = json!({"text": {"de": "Die Ursache ist gefunden."}, "stage": "identified"});
    server.post(&format!("/api/v1/notices/{id}/updates"), &found).await;
    server.clock.set("2026-05-04T09:50:00Z");
    server
        .post(
            &format!("/api/v1/notices/{id}/updates"),
            &json!({"text": {"de": "Es dauert noch."}}),
        )
        .await;
    server.clock.set("2026-05-04T10:00:00Z");
    server.post(&format!("/api/v1/notices/{id}/resolve"), &json!({})).await;

    for name in ["summary", "incidents/unresolved"] {
        assert_eq!(document(&server, name).await["incidents"], json!([]), "{name}");
    }
    let past = document(&server, "incidents").await;
    let incident = &past["incidents"][0];
    assert_eq!(
        json!([incident["status"], incident["resolved_at"]]),
        json!(["resolved", "2026-05-04T10:00:00.000Z"])
    );
    assert_eq!(
        updates(incident),
        [
            ("resolved", "Behoben"),
            ("identified", "Es dauert noch."),
            ("identified", "Die Ursache ist gefunden."),
            ("investigating", "Sie können sich nicht anmelden."),
        ]
    );
    let last = &incident["incident_updates"][0]["affected_components"][0];
    assert_eq!(last["new_status"], "operational");
    let components = document(&server, "components").await;
    assert_eq!(component(&components, "kfz-zulassung"), "operational");
    let car = components["components"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["id"] == "kfz-zulassung")
        .unwrap();
    assert_eq!(car["updated_at"], "2026-05-04T10:00:00.000Z", "since it works again");
}

#[tokio::test]
async fn one_may_ask_in_another_language_and_what_is_taken_up_again_is_told_as_that() {
    let server = TestServer::start("2026-05-04T09:30:00Z").await;
    let id = break_bundid(&server).await;
    server.post(&format!("/api/v1/notices/{id}/resolve"), &json!({})).await;
    // In another language, where somebody asks for it by name; the browser's wish does not count.
    let english: Value = server.get("/api/v2/incidents.json?lang=en").await.json().await.unwrap();
    assert_eq!(english["incidents"][0]["name"], "BundID is down");
    let wish = server
        .anonymous(Method::GET, "/api/v2/incidents.json")
        .header("accept-language", "en");
    let german: Value = wish.send().await.unwrap().json().await.unwrap();
    assert_eq!(german["incidents"][0]["name"], "BundID gestört");
    // What is taken up again is told as that.
    server.clock.set("2026-05-04T10:20:00Z");
    server.post(&format!("/api/v1/notices/{id}/reopen"), &json!({})).await;
    let again = document(&server, "incidents/unresolved").await;
    assert_eq!(
        updates(&again["incidents"][0])[..2],
        [("investigating", "Wir suchen die Ursache"), ("resolved", "Behoben")]
    );
}

#[tokio::test]
async fn a_window_opens_and_closes_by_time_in_all_documents() {
    let server = TestServer::start(MORNING).await;
    let window = json!({
        "kind": "maintenance", "severity": "outage", "services": ["wohngeld"], "portals": [], "title": {"de": "Wohngeld wird gewartet"},
        "impact": {"de": "Sie können keinen Antrag stellen."}, "starts_at": "2026-05-05T20:00:00Z", "ends_at": "2026-05-05T22:00:00Z",
        "at_end": "complete", "publish": true,
    });
    server.post("/api/v1/notices", &window).await;
    let lists = |upcoming: usize, active: usize| {
        [
            ("scheduled-maintenances/upcoming", upcoming),
            ("scheduled-maintenances/active", active),
        ]
    };
    for (now, expected, status, works, indicator) in [
        ("2026-05-05T19:59:59Z", lists(1, 0), "scheduled", "operational", "none"),
        (
            "2026-05-05T20:00:00Z",
            lists(0, 1),
            "in_progress",
            "under_maintenance",
            "maintenance",
        ),
        ("2026-05-05T22:00:00Z", lists(0, 0), "completed", "operational", "none"),
    ] {
        server.clock.set(now);
        for (name, count) in expected {
            let document = document(&server, name).await;
            assert_eq!(document["scheduled_maintenances"].as_array().unwrap().len(), count, "{name} {now}");
        }
        let all = document(&server, "scheduled-maintenances").await;
        let one = &all["scheduled_maintenances"][0];
        assert_eq!(one["status"], status, "{now}");
        assert_eq!(
            json!([one["scheduled_for"], one["scheduled_until"], one["impact"]]),
            json!(["2026-05-05T20:00:00.000Z", "2026-05-05T22:00:00.000Z", "maintenance"])
        );
        // The newest update says where it stands, although nobody has written it.
        assert_eq!(one["incident_updates"][0]["status"], status, "{now}");
        let summary = document(&server, "summary").await;
        assert_eq!(component(&summary, "wohngeld"), works, "{now}");
        assert_eq!(summary["status"]["indicator"], indicator, "{now}");
        assert_eq!(document(&server, "status").await["status"], summary["status"]);
        let outages = document(&server, "incidents").await;
        let names: Vec<_> = outages["incidents"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert!(!names.contains(&&json!("Wohngeld wird gewartet")), "it is no outage");
    }
    let all = document(&server, "scheduled-maintenances").await;
    assert_eq!(
        updates(&all["scheduled_maintenances"][0]),
        [
            ("completed", "Beendet"),
            ("in_progress", "Läuft gerade"),
            ("scheduled", "Sie können keinen Antrag stellen."),
        ]
    );
}

#[tokio::test]
async fn each_document_is_for_scripts_of_any_origin_and_kept_while_it_is_true() {
    let server = TestServer::start(MORNING).await;
    for name in DOCUMENTS {
        let path = format!("/api/v2/{name}.json");
        let answer = server.get(&path).await;
        assert_eq!(answer.headers()["access-control-allow-origin"], "*", "{name}");
        assert_eq!(answer.headers()["content-type"], "application/json; charset=utf-8", "{name}");
        let tag = answer.headers()["etag"].clone();
        let text = answer.text().await.unwrap();
        let known = server
            .anonymous(Method::GET, &path)
            .header("if-none-match", &tag)
            .send()
            .await
            .unwrap();
        assert_eq!(known.status(), 304, "{name}");
        // The same below the portal's own address.
        let named = server.get(&format!("/p/musterstadt/api/v2/{name}.json")).await;
        assert_eq!(named.text().await.unwrap(), text, "{name}");
    }
    for path in [
        "/api/v2/",
        "/api/v2/incidents",
        "/api/v2/incidents/2026-0001.json",
        "/p/musterstadt/api/v2/x.json",
    ] {
        assert_eq!(server.get(path).await.status(), 404, "{path}");
    }
    let nowhere = server.get("/p/anderswo/api/v2/summary.json").await;
    assert_eq!(nowhere.json::<Value>().await.unwrap()["type"], "urn:umleitung:no_portal");
}

#[tokio::test]
async fn the_host_says_which_portal_is_meant() {
    let server = TestServer::start(MORNING).await;
    let town: Value = {
        let request = server.request(Role::Viewer, Method::GET, "/api/v1/catalogue/portal/musterstadt");
        request.send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(town["hosts"], json!(["127.0.0.1", "localhost"]), "what the demo says");
    let mut county = town.clone();
    county["id"] = json!("landkreis");
    county["hosts"] = json!(["status.landkreis.example"]);
    let put = server
        .request(Role::Admin, Method::PUT, "/api/v1/catalogue/portal/landkreis")
        .json(&county);
    let answer = put.send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    let page = |host: &'static str| {
        let request = server.anonymous(Method::GET, "/api/v2/status.json").header("host", host);
        async move { request.send().await.unwrap().json::<Value>().await.unwrap() }
    };
    assert_eq!(page("Status.Landkreis.example:8443").await["page"]["id"], "landkreis");
    assert_eq!(page("localhost:8080").await["page"]["id"], "musterstadt");
    // And so does whoever types no more than that name.
    let front = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let asked = front.get(server.url("/?lang=en")).header("host", "status.landkreis.example");
    let answer = asked.send().await.unwrap();
    assert_eq!(answer.status(), 307);
    assert_eq!(answer.headers()["location"], "p/landkreis/?lang=en");
    let problem = page("notices.example").await;
    assert_eq!(problem["type"], "urn:umleitung:no_portal");
    assert!(problem["detail"].as_str().unwrap().contains("hosts"), "{problem}");
}

/// Both ends came by time, and each is told.
#[tokio::test]
async fn what_ends_by_itself_twice_is_told_twice() {
    let server = TestServer::start(MORNING).await;
    let window = json!({
        "kind": "maintenance", "severity": "outage", "services": ["wohngeld"], "portals": [], "title": {"de": "Wohngeld wird gewartet"},
        "starts_at": "2026-05-04T09:00:00Z", "ends_at": "2026-05-04T10:00:00Z", "at_end": "complete", "publish": true,
    });
    let id = server.post("/api/v1/notices", &window).await["id"].as_str().unwrap().to_owned();
    server.clock.set("2026-05-04T10:30:00Z");
    let again = json!({"text": {"de": "Doch noch nicht fertig."}, "ends_at": "2026-05-04T12:00:00Z"});
    server.post(&format!("/api/v1/notices/{id}/reopen"), &again).await;
    server.clock.set("2026-05-04T12:00:00Z");
    let all = document(&server, "scheduled-maintenances").await;
    let one = &all["scheduled_maintenances"][0];
    let told: Vec<&str> = updates(one).into_iter().map(|(status, _)| status).collect();
    assert_eq!(told, ["completed", "in_progress", "completed", "in_progress", "scheduled"], "{one}");
    let ids: std::collections::BTreeSet<&str> = one["incident_updates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 5, "{ids:?}");
    // One that was a mistake is over in the words that a maintenance has.
    server.post(&format!("/api/v1/notices/{id}/withdraw"), &json!({})).await;
    let all = document(&server, "scheduled-maintenances").await;
    assert_eq!(all["scheduled_maintenances"][0]["status"], "completed");
}
