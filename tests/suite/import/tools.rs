//! Tools that are no Statuspage, each as it keeps what was.

use serde_json::{Value, json};

use super::Place;
use crate::support::binary;

#[tokio::test]
async fn the_second_version_of_cachet_is_read() {
    let place = Place::new();
    let two = json!({
        "meta": {"pagination": {"total": 9, "links": {"next_page": "https://status.example/api/v1/incidents?page=2", "previous_page": null}}},
        "data": [
            {
                "id": 7, "component_id": 3, "name": "Datenbank langsam", "status": 1, "latest_status": 4, "visible": 1,
                "message": "Anträge dauern **lange**.", "occurred_at": "2019-07-01 10:00:00", "created_at": "2019-07-01 10:03:00",
                "updated_at": "2019-07-01 12:00:00",
                "updates": [
                    {"id": 1, "status": 2, "message": "Ein Index fehlt.", "created_at": "2019-07-01 10:30:00"},
                    {"id": 2, "status": 4, "message": "Der Index ist da.", "created_at": "2019-07-01 11:45:00"}
                ]
            },
            {"id": 8, "name": "Geheim", "status": 4, "visible": 0, "message": "x", "created_at": "2019-07-01 10:03:00"},
            {"id": 9, "name": "Umzug", "status": 4, "visible": 1, "message": "Wir ziehen um.", "scheduled_at": "2019-08-01 20:00:00",
                "created_at": "2019-07-20 09:00:00", "updated_at": "2019-08-01 22:00:00"}
        ]
    });
    let file = place.keep("two.json", &two.to_string());
    let said = place.import(&["cachet", &file, "--service", "3=epaybl", "--time-zone", "Etc/UTC"]);
    assert!(said.contains("2 taken, 0 here already, 1 not taken."), "{said}");
    assert!(said.contains("- 8 is not public there"), "{said}");
    assert!(said.contains("There is another page of it"), "{said}");
    let imported = place.imported();
    let slow = &imported[0]["notice"];
    assert_eq!(slow["origin"], json!({"source": "cachet musterstadt", "id": "7"}));
    assert_eq!(
        (&slow["content"]["services"], &slow["ended_at"]),
        (&json!(["epaybl"]), &json!("2019-07-01T11:45:00Z"))
    );
    let told: Vec<&Value> = slow["updates"].as_array().unwrap().iter().collect();
    assert_eq!(
        told,
        [
            &json!({"at": "2019-07-01T10:00:00Z", "stage": "investigating", "text": {"de": "Anträge dauern **lange**."}}),
            &json!({"at": "2019-07-01T10:30:00Z", "stage": "identified", "text": {"de": "Ein Index fehlt."}}),
            &json!({"at": "2019-07-01T11:45:00Z", "stage": "resolved", "text": {"de": "Der Index ist da."}}),
        ]
    );
    let moved = &imported[1]["notice"];
    assert_eq!(
        (
            &moved["content"]["kind"],
            &moved["content"]["starts_at"],
            &moved["content"]["ends_at"]
        ),
        (
            &json!("maintenance"),
            &json!("2019-08-01T20:00:00Z"),
            &json!("2019-08-01T22:00:00Z")
        )
    );
}

#[tokio::test]
async fn the_third_version_of_cachet_is_read() {
    let place = Place::new();
    let time = |at: &str| json!({"human": "lange her", "string": at});
    let three = json!({
        "data": [{
            "id": "12", "type": "incidents",
            "attributes": {
                "id": 12, "guid": "0b7c", "name": "Zahlung hängt", "message": "Zahlungen bleiben stecken.", "visible": true,
                "status": {"human": "Fixed", "value": 4}, "occurred": time("2026-02-01 08:00:00"), "created": time("2026-02-01 08:01:00"),
                "updated": time("2026-02-01 09:00:00")
            },
            "relationships": {
                "components": {"data": [{"id": "4", "type": "components"}]},
                "updates": {"data": [{"id": "31", "type": "updates"}]}
            }
        }],
        "included": [
            {"id": "4", "type": "components", "attributes": {"id": 4, "name": "ePayBL"}},
            {"id": "31", "type": "updates", "attributes": {
                "id": 31, "message": "Es fließt wieder.", "status": {"human": "Fixed", "value": 4}, "created": time("2026-02-01 08:50:00")
            }}
        ],
        "links": {"next": null}, "meta": {}
    });
    let file = place.keep("three.json", &three.to_string());
    let said = place.import(&["cachet", &file]);
    assert!(said.contains("1 taken, 0 here already, 0 not taken."), "{said}");
    let paid = &place.imported()[0]["notice"];
    assert_eq!(paid["content"]["services"], json!(["epaybl"]));
    // Read in the zone of the portal: nothing else was said.
    assert_eq!(
        (&paid["published_at"], &paid["ended_at"]),
        (&json!("2026-02-01T07:00:00Z"), &json!("2026-02-01T07:50:00Z"))
    );
}

#[tokio::test]
async fn incident_files_of_cstate_are_read_as_they_lie() {
    let place = Place::new();
    place.keep("issues/_index.md", "---\ntitle: Vorfälle\n---\n");
    place.keep(
        "issues/2021-05-07-umzug.md",
        "---\ntitle: Server zieht um\ndate: 2021-05-07 20:00:00\nresolved: true\nresolvedWhen: 2021-05-07 21:30:00\n# Eine Bemerkung\nseverity: down\naffected:\n  - BundID\n  - Mondfähre\nsection: issue\n---\n\nDer Umzug hat begonnen.\n\n*Resolved* - Alles läuft am neuen Ort. {{< track \"2021-05-07 21:30:00\" >}}\n\n*Monitoring* - Der Umzug ist fertig. {{< track \"2021-05-07 21:00:00\" >}}\n",
    );
    place.keep(
        "issues/hinweis.md",
        "---\ntitle: \"Neue Adresse: jetzt auch mit TLS\"\ndate: 2021-11-25T08:00:00-00:00\nresolved: yes\nseverity: notice\nsection: issue\n---\nEs gibt nichts zu tun.\n",
    );
    place.keep(
        "issues/offen.md",
        "---\ntitle: Offen\ndate: 2021-11-25T08:00:00Z\nresolved: false\n---\nx\n",
    );
    place.keep(
        "issues/entwurf.md",
        "---\ntitle: Entwurf\ndraft: true\ndate: 2021-11-25T08:00:00Z\n---\nx\n",
    );
    place.keep("issues/krumm.md", "Nur Text.\n");
    let folder = place.folder.path().join("issues").display().to_string();
    let said = place.import(&["cstate", &folder, "--time-zone", "Etc/UTC"]);
    for line in [
        "2 taken, 0 here already, 3 not taken.",
        "- entwurf is a draft",
        "- krumm has no facts in front",
        "- offen is not over",
        "No service here is called: Mondfähre.",
    ] {
        assert!(said.contains(line), "`{line}` is missing:\n{said}");
    }
    let imported = place.imported();
    let moved = &imported[0]["notice"];
    assert_eq!(moved["content"]["services"], json!(["bundid"]));
    assert_eq!(
        moved["updates"],
        json!([
            {"at": "2021-05-07T20:00:00Z", "text": {"de": "Der Umzug hat begonnen."}},
            {"at": "2021-05-07T21:00:00Z", "stage": "monitoring", "text": {"de": "Der Umzug ist fertig."}},
            {"at": "2021-05-07T21:30:00Z", "stage": "resolved", "text": {"de": "Alles läuft am neuen Ort."}},
        ])
    );
    let hint = &imported[1]["notice"];
    assert_eq!(
        (&hint["content"]["kind"], &hint["stage"]),
        (&json!("information"), &json!("withdrawn"))
    );
    let again = place.import(&["cstate", &folder, "--time-zone", "Etc/UTC"]);
    assert!(again.contains("0 taken, 2 here already, 3 not taken."), "{again}");
}

#[tokio::test]
async fn issues_of_upptime_are_read_from_the_api_and_from_the_command_line() {
    let place = Place::new();
    let label = |name: &str| json!({"name": name});
    let issues = json!([
        {
            "number": 41, "title": "🛑 Kfz-Zulassung is down", "state": "closed", "html_url": "https://github.example/musterstadt/status/issues/41",
            "body": "In [`1a2b3c4`](https://github.example/musterstadt/status/commit/1a2b3c4), Kfz-Zulassung was **down**:\n- HTTP code: 0\n- Response time: 0 ms\n",
            "created_at": "2023-04-01T02:00:00Z", "updated_at": "2023-04-01T02:20:00Z", "closed_at": "2023-04-01T02:19:58Z", "comments": 1,
            "labels": [label("status"), label("kfz-zulassung")]
        },
        {
            "number": 42, "title": "Speicher wird getauscht", "state": "closed", "url": "https://github.example/musterstadt/status/issues/42",
            "body": "<!--\nstart: 2023-05-01T20:00:00.220Z\nend: 2023-05-01T22:00:00.220Z\nexpectedDown: bundid, mond\n-->\nEs dauert zwei Stunden.",
            "createdAt": "2023-04-20T08:00:00Z", "closedAt": "2023-05-01T21:30:00Z", "labels": [label("maintenance")],
            "comments": [{"body": "Wir fangen an.", "createdAt": "2023-05-01T20:00:30Z"}]
        },
        {"number": 43, "title": "Ein Wunsch", "created_at": "2023-04-01T02:00:00Z", "closed_at": "2023-04-02T02:00:00Z", "labels": []},
        {"number": 44, "title": "Ohne Fenster", "created_at": "2023-04-01T02:00:00Z", "closed_at": "2023-04-02T02:00:00Z",
            "labels": [label("maintenance")]},
    ]);
    let file = place.keep("issues.json", &issues.to_string());
    let said = place.import(&["upptime", &file]);
    for line in [
        "2 taken, 0 here already, 2 not taken.",
        "- 43 has no label `status` or `maintenance`",
        "- 44 is planned, and names no",
    ] {
        assert!(said.contains(line), "`{line}` is missing:\n{said}");
    }
    let imported = place.imported();
    let down = &imported[0]["notice"];
    assert_eq!(down["origin"], json!({"source": "upptime musterstadt/status", "id": "41"}));
    assert_eq!(
        (
            &down["content"]["title"]["de"],
            &down["content"]["severity"],
            &down["content"]["services"]
        ),
        (&json!("Kfz-Zulassung is down"), &json!("outage"), &json!(["kfz-zulassung"]))
    );
    assert_eq!(down["updates"][1], json!({"at": "2023-04-01T02:19:58Z", "stage": "resolved"}));
    let planned = &imported[1]["notice"];
    assert_eq!(
        (
            &planned["content"]["ends_at"],
            &planned["ended_at"],
            &planned["content"]["services"]
        ),
        (
            &json!("2023-05-01T22:00:00.22Z"),
            &json!("2023-05-01T21:30:00Z"),
            &json!(["bundid"])
        )
    );
    assert_eq!(planned["updates"][0]["text"]["de"], "Es dauert zwei Stunden.");
}

#[tokio::test]
async fn what_uptime_kuma_looks_at_becomes_probes_once() {
    let place = Place::new();
    let monitor = |id: u32, name: &str, kind: &str| {
        json!({
            "id": id, "name": name, "type": kind, "url": "https://kfz.musterstadt.example/", "method": "GET", "interval": 60, "maxretries": 1, "active": 1,
            "accepted_statuscodes": ["200-299"],
        })
    };
    let mut plain = monitor(4, "Ohne Schutz", "http");
    plain["url"] = "https://somebody:secret@kfz.musterstadt.example/".into();
    let backup = json!({
        "version": "1.23.16", "notificationList": [],
        "monitorList": [monitor(1, "Startseite", "http"), monitor(2, "BundID", "http"), monitor(3, "Leitung", "ping"), plain],
    });
    let file = place.keep("backup.json", &backup.to_string());
    let dry = place.import(&["uptime-kuma", &file, "--dry-run"]);
    assert!(dry.contains("2 would be taken, 0 here already, 2 not taken."), "{dry}");
    let said = place.import(&["uptime-kuma", &file, "--service", "Startseite=kfz-zulassung"]);
    for line in [
        "+ startseite  Startseite, of kfz-zulassung",
        "+ bundid  BundID, of bundid",
        "- Leitung is of the kind `ping`, which there is not here",
        "- Ohne Schutz `target`",
        "2 taken, 0 here already, 2 not taken.",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let exported = binary::succeed(&place.data(), &["catalogue", "export"]);
    assert!(exported.contains("target = \"https://kfz.musterstadt.example/\""), "{exported}");
    let before = place.journal();
    let again = place.import(&["uptime-kuma", &file]);
    assert!(again.contains("0 taken, 2 here already, 2 not taken."), "{again}");
    assert_eq!(place.journal(), before);
    let broken = place.keep("broken.json", "{\"monitors\": []}");
    let refused = binary::fail(&place.data(), &["import", "uptime-kuma", &broken]);
    assert!(refused.contains("is no list of monitors of Uptime Kuma"), "{refused}");
}
