//! What anyone may read: documents, their headers, and how trouble travels along dependencies.

use std::{collections::BTreeSet, fs};

use domain::access::Role;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use server::releases::Releases;

use super::support::{
    binary::{self, Process},
    notice, outage,
    server::TestServer,
};

const NOW: &str = "2026-05-04T08:00:00Z";

#[tokio::test]
async fn a_healthy_portal_says_little_and_anyone_may_read_it() {
    let server = TestServer::start(NOW).await;
    let response = server
        .anonymous(Method::GET, "/p/musterstadt/state.json")
        .header("origin", "https://portal.example")
        .send()
        .await
        .unwrap();
    let headers = response.headers().clone();
    assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    assert_eq!(headers[header::ACCESS_CONTROL_EXPOSE_HEADERS], "Date, Age, ETag");
    assert!(headers[header::CACHE_CONTROL].to_str().unwrap().contains("stale-if-error"));
    assert!(!headers.contains_key(header::SET_COOKIE));
    let body = response.text().await.unwrap();
    assert!(body.len() <= 300, "{} bytes: {body}", body.len());
    let state: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((state["v"].as_u64(), state["status"].as_str()), (Some(1), Some("operational")));
    assert_eq!(
        (
            state["notices"].as_array().map(Vec::len),
            state["services"].as_array().map(Vec::len)
        ),
        (Some(0), Some(0))
    );

    let etag = headers[header::ETAG].clone();
    let known = server
        .anonymous(Method::GET, "/p/musterstadt/state.json")
        .header(header::IF_NONE_MATCH, etag.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(
        (known.status(), known.headers()[header::ETAG].clone()),
        (StatusCode::NOT_MODIFIED, etag)
    );
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        assert_eq!(
            server.anonymous(method, "/p/musterstadt/state.json").send().await.unwrap().status(),
            StatusCode::METHOD_NOT_ALLOWED
        );
    }
    assert_eq!(
        server
            .anonymous(Method::HEAD, "/p/musterstadt/state.json")
            .send()
            .await
            .unwrap()
            .status(),
        StatusCode::OK
    );
    assert_eq!(server.get("/p/atlantis/state.json").await.status(), StatusCode::NOT_FOUND);
    for path in [
        "/healthz",
        "/readyz",
        "/admin/",
        "/admin/office",
        "/admin/registry",
        "/demo/",
        "/demo/kfz-zulassung",
        "/p/musterstadt/",
        "/p/musterstadt/history",
    ] {
        assert_eq!(server.get(path).await.status(), StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn the_loader_is_the_same_for_everyone_and_carries_the_state_for_a_portal() {
    let server = TestServer::start(NOW).await;
    let bare = server.get("/umleitung.js").await.text().await.unwrap();
    let carrying = server.get("/p/musterstadt/umleitung.js").await.text().await.unwrap();
    let state = server.get("/p/musterstadt/state.json").await.text().await.unwrap();
    assert!(carrying.contains(&state) && !bare.contains("\"portal\":\"musterstadt\""));
    assert!(!bare.contains("__ASSETS__") && !bare.contains("__STATE__"));
    let assets = bare
        .split('"')
        .find(|literal| literal.starts_with("/assets/"))
        .expect("the loader knows where its widget is")
        .to_owned();
    for file in [
        "placement.js",
        "widget.js",
        "widget_bg.wasm",
        "messages/de.json",
        "messages/en.json",
        "messages/de-simple.json",
    ] {
        let response = server.get(&format!("{assets}/{file}")).await;
        assert_eq!(response.status(), StatusCode::OK, "{file}");
        assert!(
            response.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"),
            "{file}"
        );
        assert_eq!(response.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*", "{file}");
    }
    assert_eq!(
        server.get(&format!("{assets}/../../etc/passwd")).await.status(),
        StatusCode::NOT_FOUND
    );
}

/// A first visit pays for what a banner needs, and for no more.
#[tokio::test]
async fn where_there_is_trouble_the_loader_carries_what_the_banner_needs() {
    let server = TestServer::start(NOW).await;
    let mut body = outage("bundid", "Anmeldung gestört");
    body["impact"] = json!({"de": "Ein langer Absatz, der aufgeklappt zu lesen ist. Noch ein Satz."});
    server.post("/api/v1/notices", &body).await;
    let whole = server.state().await;
    let loader = server.get("/p/musterstadt/umleitung.js").await.text().await.unwrap();
    let start = loader.find("{\"v\":1").expect("a document stands in the loader");
    let mut documents = serde_json::Deserializer::from_str(&loader[start..]).into_iter::<Value>();
    let short = documents.next().unwrap().unwrap();
    let revision = |state: &Value| state["revision"].as_str().unwrap().to_owned();
    assert_eq!(revision(&short), revision(&whole) + "~");
    let ids = |state: &Value| {
        state["services"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["id"].clone(), one["status"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&short), ids(&whole));
    for kept in ["generated_at", "status", "languages", "controls", "known", "pages"] {
        assert_eq!(short[kept], whole[kept], "{kept}");
    }
    for kept in ["/notices/0/brief", "/notices/0/title", "/notices/0/url", "/notices/0/starts_at"] {
        assert_eq!(short.pointer(kept), whole.pointer(kept), "{kept}");
    }
    for left in ["/channels", "/notices/0/impact", "/notices/0/channels", "/notices/0/updates"] {
        let is_empty =
            |value: &Value| value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(serde_json::Map::is_empty);
        assert!(short.pointer(left).is_some_and(is_empty), "{left}: {short}");
    }
    let schema: Value = server.get("/schema/state-v1.json").await.json().await.unwrap();
    jsonschema::validate(&schema, &short).unwrap();
}

#[tokio::test]
async fn every_document_fits_the_published_schema() {
    let server = TestServer::start(NOW).await;
    let schema: Value = server.get("/schema/state-v1.json").await.json().await.unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let fits = |state: &Value| {
        validator
            .iter_errors(state)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect::<Vec<_>>()
    };
    assert_eq!(fits(&server.state().await), Vec::<String>::new());
    let whole: Value = serde_json::from_str(include_str!("../whole_notice.json")).unwrap();
    server.post("/api/v1/notices", &whole).await;
    let state = server.state().await;
    assert_eq!(state["notices"].as_array().unwrap().len(), 1);
    assert_eq!(fits(&state), Vec::<String>::new());
    assert_ne!(fits(&json!({"v": 1})), Vec::<String>::new(), "the schema takes anything");
}

/// Acceptance: an outage of BundID is trouble of what requires it, because of BundID, and of nothing else.
#[tokio::test]
async fn trouble_travels_to_those_that_need_the_service() {
    let server = TestServer::start(NOW).await;
    server
        .post("/api/v1/notices", &outage("bundid", "BundID: Anmeldung nicht möglich"))
        .await;
    let state = server.state().await;
    let service = |id: &str| {
        state["services"]
            .as_array()
            .unwrap()
            .iter()
            .find(|service| service["id"] == id)
            .cloned()
    };
    let car = service("kfz-zulassung").unwrap();
    assert_eq!((car["status"].as_str(), car["because"].as_str()), (Some("outage"), Some("bundid")));
    let base = service("bundid").unwrap();
    assert_eq!((base["status"].as_str(), base.get("because")), (Some("outage"), None));
    assert_eq!(service("sperrmuell"), None);
    // Who only uses it is degraded at most.
    let dog = service("hundesteuer").unwrap();
    assert_eq!(
        (dog["status"].as_str(), dog["because"].as_str()),
        (Some("degraded"), Some("bundid"))
    );
    let affected = &notice(&state, "BundID: Anmeldung nicht möglich").unwrap()["affected"];
    assert!(
        affected
            .as_array()
            .unwrap()
            .iter()
            .any(|service| service["id"] == "kfz-zulassung" && !service["channels"].as_array().unwrap().is_empty())
    );
}

#[tokio::test]
async fn a_resolved_notice_lingers_and_then_has_only_its_permanent_page() {
    let server = TestServer::start(NOW).await;
    let id = server
        .post("/api/v1/notices", &outage("wohngeld", "Wohngeld: Antrag nicht möglich"))
        .await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let page = format!("/p/musterstadt/notices/{id}");
    let history = async || server.get("/p/musterstadt/history").await.text().await.unwrap();
    assert!(
        !history().await.contains("Wohngeld: Antrag nicht möglich"),
        "what goes on is no history"
    );
    server.clock.set("2026-05-04T09:00:00Z");
    server
        .post(
            &format!("/api/v1/notices/{id}/resolve"),
            &json!({"text": {"de": "Alles läuft wieder."}}),
        )
        .await;
    let state = server.state().await;
    assert_eq!(
        (
            state["status"].as_str(),
            state["notices"][0]["stage"].as_str(),
            state["notices"][0]["timing"].as_str()
        ),
        (Some("operational"), Some("resolved"), Some("past"))
    );
    let mut listener = server.listen().await;
    server.clock.set("2026-05-04T11:00:00Z");
    listener.until(|state| state["notices"].as_array().unwrap().is_empty()).await;
    for path in [page.as_str(), "/p/musterstadt/history"] {
        let html = server.get(path).await.text().await.unwrap();
        assert!(html.contains("Wohngeld: Antrag nicht möglich"), "{path}");
    }
    assert_eq!(server.get("/p/musterstadt/notices/2026-0099").await.status(), StatusCode::NOT_FOUND);
    // A draft has no page.
    let mut draft = outage("wohngeld", "Entwurf");
    draft["publish"] = json!(false);
    let draft = server.post("/api/v1/notices", &draft).await["id"].as_str().unwrap().to_owned();
    assert_eq!(
        server.get(&format!("/p/musterstadt/notices/{draft}")).await.status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn what_another_process_does_is_shown_within_a_second() {
    let server = TestServer::start(NOW).await;
    let mut listener = server.listen().await;
    listener.next().await.unwrap();
    let exported = binary::succeed(&server.folder(), &["catalogue", "export"]);
    let file = server.folder().join("catalogue.toml");
    std::fs::write(&file, exported.replacen("linger_minutes = 120", "linger_minutes = 60", 1)).unwrap();
    let said = binary::succeed(&server.folder(), &["catalogue", "apply", file.to_str().unwrap()]);
    assert_eq!(said.trim(), "~ portal musterstadt");
    // The document is the same but for its revision; the listener is told all the same.
    let told = tokio::time::timeout(std::time::Duration::from_secs(1), listener.next())
        .await
        .expect("more than a second passed")
        .unwrap();
    assert_eq!(told["portal"], "musterstadt");
    let catalogue: Value = server
        .request(Role::Viewer, Method::GET, "/api/v1/catalogue")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(catalogue["portal"][0]["linger_minutes"], 60);
}

#[tokio::test]
async fn a_preview_is_what_would_be_shown_and_nothing_is_stored() {
    let server = TestServer::start(NOW).await;
    let before = server.journal_length().await;
    let body = outage("bundid", "BundID: Anmeldung nicht möglich");
    let preview: Value = server
        .request(Role::Viewer, Method::POST, "/api/v1/preview")
        .json(&body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(server.journal_length().await, before);
    assert_eq!(server.state().await["notices"], json!([]));
    server.post("/api/v1/notices", &body).await;
    let shown = server.state().await;
    assert_eq!(preview["notices"], shown["notices"]);
    assert_eq!(preview["channels"], shown["channels"]);
    assert_eq!(preview["services"], shown["services"]);
}

#[tokio::test]
async fn the_gravest_notice_comes_first() {
    let server = TestServer::start(NOW).await;
    let mut slow = outage("bundid", "Langsam");
    slow["severity"] = json!("degraded");
    for body in [outage("bundid", "Viele"), slow, outage("sperrmuell", "Wenige, neuer")] {
        server.post("/api/v1/notices", &body).await;
    }
    for (title, starts_at) in [("Übermorgen", "2026-05-06T08:00:00Z"), ("Morgen", "2026-05-05T08:00:00Z")] {
        let body = json!({
            "kind": "maintenance", "severity": "outage", "services": ["wohngeld"], "portals": [], "title": {"de": title},
            "starts_at": starts_at, "ends_at": "2026-05-07T08:00:00Z", "publish": true,
        });
        server.post("/api/v1/notices", &body).await;
    }
    let state = server.state().await;
    let titles: Vec<&str> = state["notices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notice| notice["title"]["de"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["Viele", "Wenige, neuer", "Langsam", "Morgen", "Übermorgen"]);
}

#[tokio::test]
async fn what_stops_the_whole_portal_offers_all_that_helps_with_its_services() {
    let server = TestServer::start(NOW).await;
    let mut body = outage("wohngeld", "Alles steht");
    body["services"] = json!([]);
    body["portals"] = json!(["musterstadt"]);
    server.post("/api/v1/notices", &body).await;
    let state = server.state().await;
    let notice = &state["notices"][0];
    for list in ["channels", "procedures"] {
        let count = notice[list].as_array().unwrap().len();
        assert!(count > 3, "only {count} {list} are offered");
        assert_eq!(state[list].as_array().unwrap().len(), count);
    }
    // Nobody is sent to the mailbox of one office.
    let calls = notice["brief"]["de"]["phones"].to_string();
    assert!(calls.contains("buergerservice@musterstadt.example"), "{calls}");
}

#[tokio::test]
async fn what_is_to_be_known_of_a_coming_day_is_shown_before_it() {
    let server = TestServer::start(NOW).await;
    let body = json!({
        "kind": "information", "severity": "information", "services": [], "portals": ["musterstadt"], "title": {"de": "Rathaus geschlossen"},
        "starts_at": "2026-05-07T06:00:00Z", "ends_at": "2026-05-07T16:00:00Z", "at_end": "complete", "publish": true,
    });
    let id = server.post("/api/v1/notices", &body).await["id"].as_str().unwrap().to_owned();
    let timing = async || server.state().await["notices"][0]["timing"].clone();
    assert_eq!(timing().await, "announced");
    let page = server.get(&format!("/p/musterstadt/notices/{id}")).await;
    assert_eq!(page.status(), StatusCode::OK);
    server.clock.set("2026-05-07T06:00:00Z");
    assert_eq!(timing().await, "current");
    server.clock.set("2026-05-07T16:00:00Z");
    assert_eq!(timing().await, Value::Null);
}

#[tokio::test]
async fn what_was_called_off_keeps_the_end_that_was_planned() {
    let server = TestServer::start(NOW).await;
    let body = json!({
        "kind": "maintenance", "severity": "outage", "services": ["sperrmuell"], "portals": [], "title": {"de": "Doch nicht"},
        "starts_at": "2026-05-05T08:00:00Z", "ends_at": "2026-05-05T09:00:00Z", "publish": true,
    });
    let id = server.post("/api/v1/notices", &body).await["id"].as_str().unwrap().to_owned();
    server.post(&format!("/api/v1/notices/{id}/cancel"), &json!({})).await;
    let notice = &server.state().await["notices"][0];
    assert_eq!(notice["stage"], "cancelled");
    assert_eq!(notice["ends_at"], "2026-05-05T11:00:00+02:00");
    let history = server.get("/p/musterstadt/history").await.text().await.unwrap();
    assert!(history.contains("Geplant war") && history.contains("11:00 Uhr"), "{history}");
}

#[tokio::test]
async fn permanent_pages_outlive_the_catalogue_and_hold_only_what_was_shown() {
    let server = TestServer::start(NOW).await;
    // Called off before it was announced: nobody saw it, so there is nothing to keep.
    let body = json!({
        "kind": "maintenance", "severity": "outage", "services": ["sperrmuell"], "portals": [], "title": {"de": "Nie gezeigt"},
        "announce_from": "2026-05-04T09:00:00Z", "starts_at": "2026-05-05T08:00:00Z", "ends_at": "2026-05-05T09:00:00Z", "publish": true,
    });
    let id = server.post("/api/v1/notices", &body).await["id"].as_str().unwrap().to_owned();
    server.post(&format!("/api/v1/notices/{id}/cancel"), &json!({})).await;
    server.clock.set("2026-05-04T10:00:00Z");
    assert_eq!(
        server.get(&format!("/p/musterstadt/notices/{id}")).await.status(),
        StatusCode::NOT_FOUND
    );
    assert!(
        !server
            .get("/p/musterstadt/history")
            .await
            .text()
            .await
            .unwrap()
            .contains("Nie gezeigt")
    );

    // The command line has the machine's clock, so this comes last.
    let past = "/p/musterstadt/notices/2018-0003";
    assert_eq!(server.get(past).await.status(), StatusCode::OK);
    let exported = binary::succeed(&server.folder(), &["catalogue", "export"]);
    let file = server.folder().join("catalogue.toml");
    let mut listener = server.listen().await;
    listener.next().await.unwrap();
    // The portal gives up all its services but one, and its rules for the pages of the others.
    let tables = exported
        .split("\n\n")
        .filter(|table| !table.trim_start().starts_with("[[portal.page]]"));
    let exported = tables.collect::<Vec<_>>().join("\n\n");
    let start = exported.find("services = [").unwrap();
    let end = start + exported[start..].find(']').unwrap() + 1;
    std::fs::write(
        &file,
        [&exported[..start], "services = [\"sperrmuell\"]", &exported[end..]].concat(),
    )
    .unwrap();
    binary::succeed(&server.folder(), &["catalogue", "apply", file.to_str().unwrap()]);
    listener.next().await.unwrap();
    assert_eq!(server.get(past).await.status(), StatusCode::OK);
    assert!(
        server
            .get("/p/musterstadt/history")
            .await
            .text()
            .await
            .unwrap()
            .contains("2018-0003")
    );
}

#[tokio::test]
async fn what_is_asked_for_again_is_not_sent_again() {
    let server = TestServer::start(NOW).await;
    for (minute, file) in ["state.json", "umleitung.js", "worker.js", "sample.json", "hint.json"]
        .iter()
        .enumerate()
    {
        let path = format!("/p/musterstadt/{file}");
        let first = server.get(&path).await;
        let etag = first.headers()[header::ETAG].clone();
        server.clock.set(&format!("2026-05-04T08:0{}:00Z", minute + 1));
        let request = server.anonymous(Method::GET, &path).header(header::IF_NONE_MATCH, etag.clone());
        let again = request.send().await.unwrap();
        assert_eq!(
            (again.status(), &again.headers()[header::ETAG]),
            (StatusCode::NOT_MODIFIED, &etag),
            "{path}"
        );
    }
    let sample: Value = server.get("/p/musterstadt/sample.json").await.json().await.unwrap();
    assert_eq!(sample["notices"][0]["title"]["de"], "Beispiel: Anmeldung nicht möglich");
}

/// The names in a folder.
fn names(folder: &std::path::Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn the_last_releases_are_kept_whatever_else_lies_beside_them() {
    let folder = tempfile::tempdir().unwrap();
    let begun = |path: &str, minute: i64| {
        let file = fs::File::open(folder.path().join(path)).unwrap();
        let instant = jiff::Timestamp::from_second(1_700_000_000 + minute * 60).unwrap();
        file.set_modified(instant.into()).unwrap();
    };
    fs::write(folder.path().join("LIESMICH.txt"), "nicht von uns").unwrap();
    begun("LIESMICH.txt", 0);
    // Somebody's folder, and one whose writing was broken off.
    for (name, minute) in [("sicherung alt", 0), (".00000000000000ff-4711", 1), (".00000000000000fe-4712", 599)] {
        fs::create_dir(folder.path().join(name)).unwrap();
        begun(name, minute);
    }
    for number in 1..=6 {
        let name = format!("00000000000000{number:02}");
        fs::create_dir(folder.path().join(&name)).unwrap();
        fs::write(folder.path().join(&name).join("widget.js"), "1").unwrap();
        begun(&name, number);
    }
    Releases::keep(
        folder.path().to_owned(),
        jiff::Timestamp::from_second(1_700_000_000 + 600 * 60).unwrap(),
    );
    let kept = names(folder.path());
    let own: Vec<&String> = kept
        .iter()
        .filter(|name| name.len() == 16 && !name.starts_with("00000000000000"))
        .collect();
    assert_eq!(own.len(), 1, "{kept:?}");
    let others: Vec<&str> = kept.iter().map(String::as_str).filter(|name| *name != own[0]).collect();
    assert_eq!(
        others,
        [
            // Another process may be at it.
            ".00000000000000fe-4712",
            "0000000000000003",
            "0000000000000004",
            "0000000000000005",
            "0000000000000006",
            "LIESMICH.txt",
            "sicherung alt"
        ]
    );
}

#[tokio::test]
async fn files_of_earlier_releases_travel_compressed() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::serve(data.path(), &["--demo"]);
    let releases = data.path().join("releases");
    let own = names(&releases).into_iter().next().unwrap();
    fs::rename(releases.join(own), releases.join("00000000000000aa")).unwrap();
    let client = reqwest::Client::new();
    for file in ["widget.js", "widget_bg.wasm", "messages/de.json"] {
        let address = format!("{}/assets/00000000000000aa/{file}", server.base);
        let plain = client.get(&address).send().await.unwrap();
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING), "{file}");
        let packed = client.get(&address).header(header::ACCEPT_ENCODING, "br").send().await.unwrap();
        assert_eq!(packed.headers()[header::CONTENT_ENCODING], "br", "{file}");
        for name in [
            header::CONTENT_TYPE,
            header::CACHE_CONTROL,
            header::VARY,
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
        ] {
            assert_eq!(packed.headers()[&name], plain.headers()[&name], "{file}: {name}");
        }
        let (packed, plain) = (packed.bytes().await.unwrap(), plain.bytes().await.unwrap());
        assert!(packed.len() < plain.len() / 2, "{file}: {} of {}", packed.len(), plain.len());
    }
    // A release that was kept before files were stored compressed is served as it lies there.
    fs::remove_file(releases.join("00000000000000aa/widget.js.br")).unwrap();
    let address = format!("{}/assets/00000000000000aa/widget.js", server.base);
    let old = client.get(&address).header(header::ACCEPT_ENCODING, "br").send().await.unwrap();
    assert_eq!(old.status(), StatusCode::OK);
    assert!(!old.headers().contains_key(header::CONTENT_ENCODING));
}
