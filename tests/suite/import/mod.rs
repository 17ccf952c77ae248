//! What another tool has told of what is over is taken over once, with its texts and instants, and told on as it was.

mod tools;

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::support::{
    binary::{self, Process},
    listener::PATIENCE,
    outage,
    receiver::Receiver,
};

/// A server with the demo's portal, and room for files beside its data.
struct Place {
    folder: tempfile::TempDir,
    process: Process,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let process = Process::serve(&folder.path().join("data"), &["--demo", "--webhook-allow", "127.0.0.0/8"]);
        Self { folder, process }
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    fn keep(&self, name: &str, content: &str) -> String {
        let file = self.folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, content).unwrap();
        file.display().to_string()
    }

    fn import(&self, arguments: &[&str]) -> String {
        binary::succeed(&self.data(), &[&["import"], arguments].concat())
    }

    fn journal(&self) -> String {
        binary::succeed(&self.data(), &["journal", "export"])
    }

    fn imported(&self) -> Vec<Value> {
        let entries = self.journal();
        let entries = entries.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let payload = |entry: Value| serde_json::from_str::<Value>(entry["payload"].as_str().unwrap()).unwrap();
        let events = entries.map(payload).filter_map(|event| event.get("notice_imported").cloned());
        events.collect()
    }

    async fn get(&self, path: &str) -> String {
        let answer = reqwest::get(format!("{}{path}", self.process.base)).await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.text().await.unwrap()
    }

    async fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.get(path).await).unwrap()
    }

    /// Waits until the running server tells of what another process has written.
    async fn until_told(&self, path: &str, what: &str) {
        let waiting = async {
            while !self.get(path).await.contains(what) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting)
            .await
            .unwrap_or_else(|_| panic!("{path} never told of {what}"));
    }
}

fn update(status: &str, at: &str, body: &str) -> Value {
    json!({
        "id": format!("u-{at}"), "status": status, "body": body, "created_at": at, "updated_at": at, "display_at": at,
        "affected_components": null, "deliver_notifications": true,
    })
}

fn component(id: &str, name: &str) -> Value {
    json!({"id": id, "name": name, "status": "operational", "position": 1})
}

/// A document of the tool, newest first as it gives it, with fields that no release here knows.
fn incidents() -> Value {
    json!({
        "page": {"id": "wolkenheim01", "name": "Wolkenheim", "url": "https://status.wolkenheim.example", "time_zone": "Etc/UTC",
            "updated_at": "2025-03-02T08:00:00.000Z"},
        "incidents": [
            {
                "id": "offen0000001", "name": "Noch nicht vorbei", "status": "identified", "created_at": "2025-03-02T07:00:00.000Z",
                "updated_at": "2025-03-02T07:00:00.000Z", "resolved_at": null, "impact": "minor", "incident_updates": [], "components": []
            },
            {
                "id": "zwei00000002", "name": "Anmeldung stockt", "status": "postmortem", "created_at": "2025-02-11T06:30:02.719Z",
                "updated_at": "2025-02-12T10:00:00.349Z", "monitoring_at": "2025-02-11T07:40:11.000Z", "resolved_at": "2025-02-11T08:08:39.333Z",
                "impact": "major", "started_at": "2025-02-11T06:30:02.713Z", "shortlink": "https://stspg.example/x", "page_id": "wolkenheim01",
                "reminder_intervals": null, "a_field_of_tomorrow": [1, 2],
                "incident_updates": [
                    update("postmortem", "2025-02-12T10:00:00.349Z", "Die Nachlese: zu wenig Platz."),
                    update("resolved", "2025-02-11T08:08:39.333Z", "Alles geht wieder."),
                    update("monitoring", "2025-02-11T07:40:11.000Z", "Es sieht gut aus, wir schauen noch hin."),
                    update("identified", "2025-02-11T07:02:00.500Z", "Ein Speicher war voll.\n\nWir räumen auf."),
                    update("investigating", "2025-02-11T06:41:00.001Z", "Auch *Kfz* ist betroffen - 50 % der Anfragen."),
                    update("investigating", "2025-02-11T06:30:02.798Z", "Wir sehen Fehler bei der Anmeldung."),
                ],
                "components": [component("abc1", "BundID"), component("abc2", "Kfz-Zulassung"), component("abc9", "Mondfähre")]
            },
            {
                "id": "eins00000001", "name": "Ganz kurz", "status": "resolved", "created_at": "2024-12-24T17:00:00.000Z",
                "updated_at": "2024-12-24T17:05:00.000Z", "resolved_at": "2024-12-24T17:05:00.000Z", "impact": "none",
                "started_at": "2024-12-24T17:00:00.000Z",
                "incident_updates": [update("resolved", "2024-12-24T17:05:00.000Z", "Es war nichts.")],
                "components": [component("abc9", "Mondfähre")]
            },
        ],
        "scheduled_maintenances": [
            {
                "id": "plan00000001", "name": "Neuer Speicher", "status": "completed", "created_at": "2025-01-10T09:00:00.000Z",
                "updated_at": "2025-01-20T02:58:00.000Z", "resolved_at": null, "impact": "maintenance", "started_at": "2025-01-20T01:00:00.000Z",
                "scheduled_for": "2025-01-20T01:00:00.000Z", "scheduled_until": "2025-01-20T03:00:00.000Z",
                "incident_updates": [
                    update("completed", "2025-01-20T02:58:00.000Z", "Fertig."),
                    update("verifying", "2025-01-20T02:30:00.000Z", "Wir prüfen noch."),
                    update("in_progress", "2025-01-20T01:00:04.000Z", "Es geht los."),
                    update("scheduled", "2025-01-10T09:00:00.000Z", "In der Nacht wird der Speicher getauscht."),
                ],
                "components": [component("abc1", "BundID")]
            },
        ],
    })
}

/// What has to be the same there and here.
fn essence(incident: &Value) -> Value {
    let updates = incident["incident_updates"].as_array().unwrap().iter();
    // Its words know no review yet, and none for a look before the end: what is said then is said in the stage that holds.
    let status = |status: &Value| match status.as_str().unwrap() {
        "postmortem" => "resolved".to_owned(),
        "verifying" => "in_progress".to_owned(),
        status => status.to_owned(),
    };
    // A break that is written as markup there is one here.
    let said = |update: &Value| {
        let body = update["body"].as_str().unwrap_or_default().replace("<br />", "\n");
        json!([status(&update["status"]), body, update["display_at"]])
    };
    let said = updates.map(said);
    let mut kept = json!({"status": status(&incident["status"]), "updates": said.collect::<Vec<_>>()});
    for field in [
        "id",
        "name",
        "created_at",
        "updated_at",
        "started_at",
        "monitoring_at",
        "impact",
        "scheduled_for",
        "scheduled_until",
    ] {
        kept[field] = incident[field].clone();
    }
    if incident["scheduled_for"].is_null() {
        kept["resolved_at"] = incident["resolved_at"].clone();
    }
    kept
}

fn essences(document: &Value, list: &str) -> Vec<Value> {
    let all = document[list].as_array().map(Vec::as_slice).unwrap_or_default();
    let over = all
        .iter()
        .filter(|incident| ["resolved", "postmortem", "completed"].contains(&incident["status"].as_str().unwrap()));
    over.map(essence).collect()
}

/// Imports a document and expects its incidents, and no others of its page, from the API here.
async fn expect_the_same(document: &Value) {
    let place = Place::new();
    let file = place.keep("incidents.json", &document.to_string());
    let said = place.import(&["statuspage", &file]);
    let wanted = [("incidents", "incidents"), ("scheduled_maintenances", "scheduled-maintenances")];
    let count: usize = wanted.iter().map(|(list, _)| essences(document, list).len()).sum();
    assert!(said.contains(&format!("{count} taken, 0 here already")), "{said}");
    let before = place.journal();
    let again = place.import(&["statuspage", &file]);
    assert!(again.contains(&format!("0 taken, {count} here already")), "{again}");
    assert_eq!(place.journal(), before, "a second time changes nothing");
    for (list, path) in wanted {
        let expected = essences(document, list);
        let Some(oldest) = expected.last() else { continue };
        let path = format!("/p/musterstadt/api/v2/{path}.json");
        place.until_told(&path, oldest["id"].as_str().unwrap()).await;
        let told = place.json(&path).await;
        // The demo has a past of its own.
        let told: Vec<Value> = told[list].as_array().unwrap().iter().map(essence).collect();
        let ours: Vec<&Value> = told
            .iter()
            .filter(|told| expected.iter().any(|wanted| wanted["id"] == told["id"]))
            .collect();
        assert_eq!(ours, expected.iter().collect::<Vec<_>>());
    }
    let state = place.json("/p/musterstadt/state.json").await;
    assert_eq!(
        state["notices"],
        json!([]),
        "what is over long since is shown to nobody who has not asked"
    );
}

#[tokio::test]
async fn a_status_page_goes_on_here_as_it_was() {
    let ours = incidents();
    expect_the_same(&ours).await;
    // One that somebody has at hand.
    if let Some(file) = std::env::var_os("UMLEITUNG_STATUSPAGE_FILE") {
        let real: Value = serde_json::from_slice(&fs::read(Path::new(&file)).unwrap()).unwrap();
        expect_the_same(&real).await;
    }
}

#[tokio::test]
async fn whoever_imports_is_told_what_was_taken_and_what_was_not() {
    let place = Place::new();
    let mut document = incidents();
    let mut long = document["incidents"][1].clone();
    long["id"] = json!("lang00000001");
    long["name"] = json!("Sehr lang. ".repeat(30));
    let mut broken = long.clone();
    broken["id"] = json!("kaputt000001");
    broken["created_at"] = json!("gestern");
    document["incidents"].as_array_mut().unwrap().extend([long, broken]);
    let file = place.keep("incidents.json", &document.to_string());
    let before = place.journal();
    let dry = place.import(&["statuspage", &file, "--dry-run"]);
    assert!(dry.contains("+ new  Anmeldung stockt  (zwei00000002)"), "{dry}");
    assert!(dry.contains("3 would be taken, 0 here already, 3 not taken."), "{dry}");
    assert_eq!(place.journal(), before);
    let said = place.import(&["statuspage", &file]);
    for line in [
        "+ 2024-0001  Ganz kurz  (eins00000001)",
        "+ 2025-0001  Neuer Speicher  (plan00000001)",
        "+ 2025-0002  Anmeldung stockt  (zwei00000002)",
        "- offen0000001 is not over; write it here by hand",
        "- kaputt000001 cannot be read: ",
        "- lang00000001 `content/title/de` has 329 characters; at most 200 are allowed",
        "3 taken, 0 here already, 3 not taken.",
        "No service here is called: Mondfähre.",
    ] {
        assert!(said.contains(line), "`{line}` is missing:\n{said}");
    }
    // What touched something that is here belongs to that, the rest to the portal as a whole.
    let imported = place.imported();
    let services = |title: &str| {
        let is_meant = |one: &&Value| one["notice"]["content"]["title"]["de"] == title;
        let content = &imported.iter().find(is_meant).unwrap()["notice"]["content"];
        (content["services"].clone(), content["portals"].clone())
    };
    assert_eq!(services("Anmeldung stockt"), (json!(["bundid", "kfz-zulassung"]), json!([])));
    assert_eq!(services("Ganz kurz"), (json!([]), json!(["musterstadt"])));
    // The page of one tells it with its own instants, in the words of the time.
    place.until_told("/p/musterstadt/history", "2025-0002").await;
    let page = place.get("/p/musterstadt/notices/2025-0002").await;
    for part in [
        "Anmeldung stockt",
        "Ein Speicher war voll.",
        "11. Februar 2025",
        "Die Nachlese: zu wenig Platz.",
    ] {
        assert!(page.contains(part), "`{part}` is missing");
    }
    binary::succeed(&place.data(), &["journal", "verify"]);
}

#[tokio::test]
async fn a_wrong_word_on_the_command_line_changes_nothing() {
    let place = Place::new();
    let file = place.keep("incidents.json", &incidents().to_string());
    let other = place.keep("other.json", r#"{"incidents": []}"#);
    let before = place.journal();
    for (arguments, reason) in [
        (
            &["statuspage", &file, "--portal", "mars"][..],
            "--portal mars: there is no such portal in the catalogue",
        ),
        (
            &["statuspage", &file, "--service", "BundID"],
            "--service BundID: write what it is called there, =, and the id of the service here",
        ),
        (
            &["statuspage", &file, "--service", "X=mars"],
            "there is no service `mars` in the catalogue",
        ),
        (
            &["statuspage", &file, "--language", "fr"],
            "--language fr is none of the languages of the portal musterstadt",
        ),
        (
            &["cachet", &file, "--time-zone", "Mars/Olymp"],
            "--time-zone Mars/Olymp is no time zone",
        ),
        (
            &["statuspage", &other],
            "is no document of Statuspage's API (version 2): missing field `page`",
        ),
        (&["upptime", &file], "is no list of issues as GitHub gives it"),
        (
            &["cachet", "https://status.example"],
            "only a Statuspage can be asked under its address",
        ),
        (&["cstate", "/nowhere"], "cannot be read"),
    ] {
        let said = binary::fail(&place.data(), &[&["import"], arguments].concat());
        assert!(said.contains(reason), "{arguments:?}: {said}");
    }
    assert_eq!(place.journal(), before);
}

#[tokio::test]
async fn a_page_is_asked_under_its_address_where_that_may_be() {
    // What one server tells another one takes over, and tells the same.
    let (old, new) = (Place::new(), Place::new());
    let file = old.keep("incidents.json", &incidents().to_string());
    old.import(&["statuspage", &file]);
    old.until_told("/p/musterstadt/api/v2/incidents.json", "zwei00000002").await;
    let address = format!("{}/p/musterstadt", old.process.base);
    let refused = binary::fail(&new.data(), &["import", "statuspage", &address]);
    assert!(
        refused.contains("127.0.0.1") && refused.contains("nothing has changed"),
        "{refused}"
    );
    let said = new.import(&["statuspage", &address, "--allow", "127.0.0.0/8"]);
    assert!(said.contains("Anmeldung stockt  (zwei00000002)"), "{said}");
    assert!(said.contains(" 0 here already, 0 not taken."), "{said}");
    let path = "/p/musterstadt/api/v2/incidents.json";
    new.until_told(path, "eins00000001").await;
    let told = |document: Value| {
        let all = essences(&document, "incidents");
        all.into_iter().find(|incident| incident["id"] == "zwei00000002").unwrap()
    };
    assert_eq!(told(new.json(path).await), told(old.json(path).await));
}

#[tokio::test]
async fn what_was_over_elsewhere_is_news_for_nobody() {
    let place = Place::new();
    let receiver = Receiver::start().await;
    binary::succeed(&place.data(), &["webhook", "add", &receiver.address]);
    let file = place.keep("incidents.json", &incidents().to_string());
    place.import(&["statuspage", &file]);
    let token = binary::succeed(&place.data(), &["token", "create", "pipeline", "--role", "publisher"]);
    let published = reqwest::Client::new()
        .post(format!("{}/api/v1/notices", place.process.base))
        .bearer_auth(token.trim())
        .json(&outage("bundid", "Jetzt wirklich"))
        .send()
        .await
        .unwrap();
    assert_eq!(published.status(), 201);
    // Per receiver in order: had there been anything before it, that would be here.
    let told = receiver.told(1).await;
    assert!(told[0].contains("notice.published"), "{told:?}");
    let heard = receiver.until(|heard| !heard.is_empty()).await;
    assert_eq!(heard[0].body()["data"]["notice"]["title"]["de"], "Jetzt wirklich");
}

#[tokio::test]
async fn each_example_of_the_documentation_does_what_it_says() {
    let place = Place::new();
    // Somebody else's status page, and the files of the examples.
    let elsewhere = Place::new();
    place.keep("incidents.json", &incidents().to_string());
    place.keep("incidents-of-cachet.json", r#"{"data": []}"#);
    place.keep(
        "content/issues/eins.md",
        "---\ntitle: Eins\ndate: 2021-11-25 08:00:00\nresolved: true\n---\nx\n",
    );
    place.keep("issues.json", "[]");
    place.keep("backup.json", r#"{"monitorList": []}"#);
    let page = include_str!("../../../docs/integrations/import.md");
    let examples: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("umleitung import ")).collect();
    assert_eq!(examples.len(), 6);
    for example in examples {
        let mut words: Vec<String> = example.split_whitespace().map(|word| word.replace('"', "")).collect();
        if words[1] == "https://status.musterstadt.example" {
            words[1] = format!("{}/p/musterstadt", elsewhere.process.base);
            words.extend(["--allow", "127.0.0.0/8"].map(str::to_owned));
        } else {
            words[1] = place.folder.path().join(&words[1]).display().to_string();
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let said = place.import(&words);
        assert!(said.contains(" here already, "), "{example}: {said}");
    }
    assert_eq!(
        place
            .imported()
            .iter()
            .filter(|one| one["notice"]["origin"]["source"] == "cstate musterstadt")
            .count(),
        1
    );
}
