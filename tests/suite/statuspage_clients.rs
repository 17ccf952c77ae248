//! What clients of Statuspage that others have written report of a portal: of an outage, of a maintenance, of a service that is down because of another,
//! and of what is over.

use serde_json::{Value, json};

use super::support::{
    foreign::{by_node, by_python_at},
    server::TestServer,
};

const MORNING: &str = "2026-05-04T08:00:00Z";

/// What a client reports.
struct Report {
    client: &'static str,
    said: Value,
}

/// All of them, one after the other: each asks by requests of its own.
async fn reports(server: &TestServer) -> Vec<Report> {
    let base = server.url("");
    let ask = move || {
        let python = ["arez", "whadup", "exporter"].map(|client| Report {
            client,
            said: by_python_at("statuspage.py", client, &base),
        });
        let node = ["@aero/statuspage", "statuspage.js"].map(|client| Report {
            client,
            said: by_node("statuspage.mjs", &[client, &base], ""),
        });
        python.into_iter().chain(node).collect()
    };
    // The server answers on the other threads meanwhile.
    tokio::task::spawn_blocking(ask).await.unwrap()
}

/// Names of things in a list of names, or in a table by names.
fn names(list: &Value) -> Vec<String> {
    match list {
        Value::Object(table) => table.keys().cloned().collect(),
        list => list
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect(),
    }
}

/// Each client says the same of the portal. The exporter has figures in the place of words: 1 works, 0 does not.
async fn expect(server: &TestServer, indicator: &str, car: &str, open: &Value, planned: &Value) {
    for Report { client, said } in reports(server).await {
        let figures = client == "exporter";
        if figures {
            let works = said["components"]["Kfz-Zulassung"].as_f64().unwrap();
            assert_eq!(works == 1.0, car == "operational", "{client}: {said}");
            assert_eq!(names(&said["open"]), names(open), "{client}: {said}");
            assert_eq!(names(&said["planned"]), names(planned), "{client}: {said}");
            continue;
        }
        assert_eq!(said["indicator"], indicator, "{client}: {said}");
        assert_eq!(said["components"]["Kfz-Zulassung"], car, "{client}: {said}");
        assert_eq!((&said["open"], &said["planned"]), (open, planned), "{client}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_clients_follow_an_outage_and_a_maintenance() {
    let server = TestServer::start(MORNING).await;
    let nothing = json!({});
    expect(&server, "none", "operational", &nothing, &nothing).await;
    // What is registered needs BundID, which is down.
    let outage = json!({
        "kind": "outage", "severity": "outage", "services": ["bundid"], "portals": [], "title": {"de": "BundID gestört"},
        "impact": {"de": "Sie können sich nicht anmelden."}, "publish": true,
    });
    let id = server.post("/api/v1/notices", &outage).await["id"].as_str().unwrap().to_owned();
    expect(
        &server,
        "critical",
        "major_outage",
        &json!({"BundID gestört": "investigating"}),
        &nothing,
    )
    .await;
    let watched = json!({"text": {"de": "Es geht wieder, wir sehen noch zu."}, "stage": "monitoring"});
    server.post(&format!("/api/v1/notices/{id}/updates"), &watched).await;
    expect(
        &server,
        "critical",
        "major_outage",
        &json!({"BundID gestört": "monitoring"}),
        &nothing,
    )
    .await;
    server.post(&format!("/api/v1/notices/{id}/resolve"), &json!({})).await;
    let work = json!({
        "kind": "maintenance", "severity": "outage", "services": ["kfz-zulassung"], "portals": [], "title": {"de": "Umzug"},
        "starts_at": "2026-05-04T20:00:00Z", "ends_at": "2026-05-04T22:00:00Z", "at_end": "complete", "publish": true,
    });
    server.post("/api/v1/notices", &work).await;
    expect(&server, "none", "operational", &nothing, &json!({"Umzug": "scheduled"})).await;
    server.clock.set("2026-05-04T20:00:00Z");
    expect(
        &server,
        "maintenance",
        "under_maintenance",
        &nothing,
        &json!({"Umzug": "in_progress"}),
    )
    .await;
    server.clock.set("2026-05-04T22:00:00Z");
    expect(&server, "none", "operational", &nothing, &nothing).await;
    let mut tell_the_past = 0;
    for Report { client, said } in reports(&server).await {
        if let Some(past) = said["past"].as_object() {
            assert_eq!(
                (&past["BundID gestört"], &past["Umzug"]),
                (&json!("resolved"), &json!("completed")),
                "{client}"
            );
            // With the past of the demo.
            assert_eq!(past.len(), 5, "{client}: {past:?}");
            tell_the_past += 1;
        }
    }
    assert_eq!(tell_the_past, 3);
}
