//! Whoever has a role on one portal neither reads nor changes anything of another, by whichever call: each path and method of the management
//! API, by each role on each portal, on both and on all, compared with a table.

mod calls;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicUsize, Ordering::SeqCst},
};

use domain::{
    access::Role,
    words::{PortalId, Wanted},
};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use store::{
    Place,
    clock::{Clock, SystemClock},
    subscriptions::Subscription,
    webhooks::Secret,
};

use self::calls::{Call, Reach, calls, freeze, invitation, notice, request, series, source, webhook};
use super::support::binary::{self, Process};

/// What stands in everything that is the county's alone.
const SECRET: &str = "Kreisgeheimnis";

pub(crate) const CATALOGUE: &str = r#"
[[portal]]
id = "town"
name = { de = "Musterstadt" }
issuer = { de = "Stadt Musterstadt" }
languages = ["de"]
time_zone = "Europe/Berlin"
services = ["cars"]
links = { home = "https://a.example", imprint = "https://a.example", privacy = "https://a.example", accessibility = "https://a.example", feedback = "https://a.example" }

[[portal]]
id = "county"
name = { de = "Kreisgeheimnis-Portal" }
issuer = { de = "Kreisgeheimnis" }
languages = ["de"]
time_zone = "Europe/Berlin"
services = ["waste"]
links = { home = "https://b.example", imprint = "https://b.example", privacy = "https://b.example", accessibility = "https://b.example", feedback = "https://b.example" }

[[service]]
id = "cars"
name = { de = "Kfz" }
requires = ["login"]
channels = ["counter"]

[[service]]
id = "waste"
name = { de = "Kreisgeheimnis-Abfall" }
requires = ["login"]
channels = ["yard"]
procedures = ["bags"]

[[service]]
id = "login"
name = { de = "Anmeldung" }
channels = ["hall"]

[[channel]]
id = "counter"
kind = "office"
name = { de = "Schalter" }
value = "Stadtweg 1"

[[channel]]
id = "hall"
kind = "office"
name = { de = "Halle" }
value = "Stadtweg 2"

[[channel]]
id = "yard"
kind = "office"
name = { de = "Kreisgeheimnis-Hof" }
value = "Hofweg 1"

[[procedure]]
id = "bags"
name = { de = "Kreisgeheimnis-Sack" }
steps = [{ text = { de = "Sack hinstellen." } }]

[[template]]
id = "yard-shut"
name = { de = "Kreisgeheimnis-Vorlage" }
notice = { kind = "outage", severity = "outage", services = ["waste"], title = { de = "Kreisgeheimnis" } }

[[probe]]
id = "cars"
name = { de = "Kfz" }
service = "cars"
kind = "tcp"
target = "127.0.0.1:1"
every_seconds = 3600

[[probe]]
id = "waste"
name = { de = "Kreisgeheimnis-Prüfung" }
service = "waste"
kind = "tcp"
target = "127.0.0.1:1"
every_seconds = 3600
"#;

/// What the server says that it can be asked by somebody, by method and path; with the role that is needed at least.
async fn described(site: &Site) -> BTreeMap<(String, String), Role> {
    let (_, text) = site.send(&site.root, &Method::GET, "/openapi.json", &Value::Null).await;
    let described: Value = serde_json::from_str(&text).unwrap();
    let mut calls = BTreeMap::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        for (method, call) in methods.as_object().unwrap() {
            // The others are for those who are nobody yet, or have a token of one thing.
            if let Some(role) = call["x-role"].as_str() {
                let role = Role::parse(role).unwrap();
                calls.insert((method.to_uppercase(), path.clone()), role);
            }
        }
    }
    calls
}

struct Site {
    folder: tempfile::TempDir,
    process: Process,
    client: Client,
    root: String,
    sources: AtomicUsize,
}

impl Site {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("catalogue.toml");
        std::fs::write(&file, CATALOGUE).unwrap();
        binary::succeed(folder.path(), &["catalogue", "apply", file.to_str().unwrap()]);
        let root = binary::succeed(folder.path(), &["token", "create", "root", "--role", "admin"]);
        let add = |name: &str, portals: &[&str]| {
            let arguments = [&["user", "add", name, "--role", "publisher", "--password-stdin"], portals].concat();
            let added = binary::run(folder.path(), &arguments, "Kranich im Nebel, 3 Uhr\n");
            assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
            let arguments = [&["token", "create", name, "--role", "viewer"], portals].concat();
            binary::succeed(folder.path(), &arguments);
        };
        add("of-town", Reach::Town.arguments());
        add(&format!("of-county {SECRET}"), Reach::County.arguments());
        add("of-both", Reach::TownAndCounty.arguments());
        add("of-all", Reach::Everywhere.arguments());
        Self {
            process: Process::serve(folder.path(), &[]),
            client: Client::new(),
            root: root.trim().to_owned(),
            sources: AtomicUsize::new(0),
            folder,
        }
    }

    fn token(&self, name: &str, role: Role, reach: Reach) -> String {
        let arguments = [&["token", "create", name, "--role", role.word()], reach.arguments()].concat();
        binary::succeed(self.folder.path(), &arguments).trim().to_owned()
    }

    async fn send(&self, token: &str, method: &Method, path: &str, body: &Value) -> (StatusCode, String) {
        let url = format!("{}{path}", self.process.base);
        let mut request = self.client.request(method.clone(), url).bearer_auth(token);
        if *method != Method::GET {
            request = request.json(body).header("if-match", "*");
        }
        let response = request.send().await.unwrap();
        (response.status(), response.text().await.unwrap())
    }

    /// An id that no source has.
    fn next_source(&self) -> String {
        format!("source-{}", self.sources.fetch_add(1, SeqCst))
    }

    /// Somebody who has asked to be told of what a portal tells; their id.
    async fn subscription(&self, portal: &str) -> String {
        let number = self.sources.fetch_add(1, SeqCst);
        let id = format!("mail-{number:012}");
        let asked = Subscription {
            id: id.clone(),
            portal: PortalId::parse(portal).unwrap(),
            address: format!("{number}@beispiel.example"),
            secret: Secret(id.clone()),
            language: "de".into(),
            wanted: Wanted::default(),
            created_at: SystemClock.now(),
            agreed_to: String::new(),
            confirmed_at: None,
            position: 0,
            link_asked_at: None,
            link_sent_at: None,
            failing_since: None,
            failure: None,
            orphaned_at: None,
        };
        let store = Place::folder(self.folder.path()).open().await.unwrap();
        store.subscriptions.ask(&asked, asked.created_at, "mail").await.unwrap();
        store.journal.close().await;
        id
    }

    /// The id of somebody, or of their token.
    async fn id_of(&self, list: &str, name: &str) -> String {
        let (_, text) = self.send(&self.root, &Method::GET, &format!("/api/v1/{list}"), &Value::Null).await;
        let all: Value = serde_json::from_str(&text).unwrap();
        let mut all = all[list].as_array().unwrap().iter();
        let one = all.find(|one| one["name"].as_str().unwrap().starts_with(name)).unwrap();
        one["id"].as_str().unwrap().to_owned()
    }

    /// The path of a call, about a thing that is there.
    async fn path(&self, call: &Call) -> String {
        let [what, word] = call.with;
        let id = if call.path.starts_with("/api/v1/notices/") {
            self.made("/api/v1/notices", &notice(what, true)).await
        } else if call.path.starts_with("/api/v1/series/") {
            self.made("/api/v1/series", &series(what)).await
        } else if call.path.starts_with("/api/v1/freezes/") {
            self.made("/api/v1/freezes", &freeze(what)).await
        } else if call.path.starts_with("/api/v1/approvals/") {
            let mut request = request(what);
            if word == "review" {
                request["break_glass"] = "Eilt".into();
            } else {
                request["ask_approval"] = true.into();
            }
            let (status, text) = self.send(&self.root, &Method::POST, "/api/v1/notices", &request).await;
            if word == "review" {
                assert_eq!(status, StatusCode::CREATED, "{text}");
                let (_, text) = self.send(&self.root, &Method::GET, "/api/v1/approvals", &Value::Null).await;
                let all: Value = serde_json::from_str(&text).unwrap();
                all["approvals"][0]["id"].as_str().unwrap().to_owned()
            } else {
                assert_eq!(status, StatusCode::ACCEPTED, "{text}");
                let waits: Value = serde_json::from_str(&text).unwrap();
                waits["id"].as_str().unwrap().to_owned()
            }
        } else if call.path.starts_with("/api/v1/invitations/") {
            self.made("/api/v1/invitations", &invitation(what)).await
        } else if [
            "/api/v1/channels/",
            "/api/v1/portals/",
            "/api/v1/catalogue/",
            "/api/v1/opening",
            "/api/v1/me/passkeys/{",
            "/api/v1/probes/{",
            "/api/v1/reports/{",
        ]
        .iter()
        .any(|start| call.path.starts_with(start))
        {
            what.to_owned()
        } else if call.path.starts_with("/api/v1/webhooks/") {
            let portals: Vec<&str> = call.with.into_iter().filter(|portal| !portal.is_empty()).collect();
            self.made("/api/v1/webhooks", &webhook(&portals)).await
        } else if call.path.starts_with("/api/v1/subscriptions/{") {
            self.subscription(what).await
        } else if call.path.starts_with("/api/v1/sources/") {
            let mut body = source();
            body["id"] = self.next_source().into();
            let (status, text) = self.send(&self.root, &Method::POST, "/api/v1/sources", &body).await;
            assert_eq!(status, StatusCode::CREATED, "{text}");
            body["id"].as_str().unwrap().to_owned()
        } else if what.is_empty() {
            String::new()
        } else {
            self.id_of(call.path.split('/').nth(3).unwrap(), what).await
        };
        let mut path = call.path.replace("{id}", &id).replace("{day}", "2098-06-01");
        if path.contains("{seq}") || path.contains("{at}") {
            let (seq, at) = self.last_entry(path.contains("{seq}")).await;
            path = path.replace("{seq}", &seq).replace("{at}", &at);
        }
        if path.contains("{file}") {
            let month = self.latest_month(what).await;
            path = path.replace("{file}", &format!("{month}.json"));
        }
        path.replace("{transition}", word).replace("{kind}", word)
    }

    /// The id of what was just made.
    async fn made(&self, path: &str, body: &Value) -> String {
        let (status, text) = self.send(&self.root, &Method::POST, path, body).await;
        assert_eq!(status, StatusCode::CREATED, "{text}");
        let made: Value = serde_json::from_str(&text).unwrap();
        made["id"].as_str().unwrap().to_owned()
    }

    /// The month that goes on where a portal is, of which there is a report.
    async fn latest_month(&self, portal: &str) -> String {
        let (_, text) = self.send(&self.root, &Method::GET, "/api/v1/reports", &Value::Null).await;
        let all: Value = serde_json::from_str(&text).unwrap();
        let mut portals = all["portals"].as_array().unwrap().iter();
        let one = portals.find(|one| one["portal"] == portal).unwrap();
        one["months"][0].as_str().unwrap().to_owned()
    }

    /// The number and the instant of the last entry; of one that was just made, if it is to be.
    async fn last_entry(&self, fresh: bool) -> (String, String) {
        if fresh {
            let made = self
                .send(&self.root, &Method::POST, "/api/v1/notices", &notice("cars", false))
                .await;
            assert_eq!(made.0, StatusCode::CREATED, "{}", made.1);
        }
        let (_, text) = self
            .send(&self.root, &Method::GET, "/api/v1/journal?order=newest_first", &Value::Null)
            .await;
        let journal: Value = serde_json::from_str(&text).unwrap();
        let last = &journal["entries"][0];
        (last["seq"].to_string(), last["at"].as_str().unwrap().to_owned())
    }
}

/// What the table says.
fn expected(call: &Call, role: Role, reach: Reach) -> StatusCode {
    let is_read = call.needs == Role::Viewer;
    let reaches = if is_read { reach.meets(call.about) } else { reach.has(call.about) };
    if role >= call.needs && reaches {
        return call.done;
    }
    let is_of_people = call.needs == Role::Admin && !call.path.starts_with("/api/v1/approvals/");
    let is_hidden = if is_of_people {
        // Whoever administrates anything asks for people and programs, and finds theirs.
        role == Role::Admin && call.is_of_a_thing
    } else {
        call.is_of_a_thing && !reach.meets(call.about)
    };
    if is_hidden { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN }
}

/// A day on which work takes a reason, with work of the county on it, and one on which it takes a second person.
async fn make_times_with_rules(site: &Site) {
    // Work of the county in time that is frozen for all: why it is there is nobody else's business.
    let spans = json!([{"from": "2097-01-01T00:00:00Z", "to": "2097-01-02T00:00:00Z"}]);
    let for_all = json!({"name": "Neujahr", "level": "reason", "when": {"spans": spans}});
    let mut nevertheless = notice("waste", true);
    nevertheless["kind"] = "maintenance".into();
    nevertheless["starts_at"] = "2097-01-01T10:00:00Z".into();
    nevertheless["ends_at"] = "2097-01-01T11:00:00Z".into();
    nevertheless["freeze_reason"] = SECRET.into();
    let second = json!({"name": "Silvester", "level": "second_person", "when": {"spans": [
        {"from": "2096-01-01T00:00:00Z", "to": "2096-01-02T00:00:00Z"},
    ]}});
    for (path, body) in [
        ("/api/v1/freezes", &for_all),
        ("/api/v1/freezes", &second),
        ("/api/v1/notices", &nevertheless),
    ] {
        let (status, text) = site.send(&site.root, &Method::POST, path, body).await;
        assert_eq!(status, StatusCode::CREATED, "{text}");
    }
}

#[tokio::test]
async fn each_call_reaches_as_far_as_the_grants_of_the_caller() {
    let site = Site::start();
    let described = described(&site).await;
    let path = |call: &Call| call.path.split('?').next().unwrap_or_default().to_owned();
    let called: BTreeSet<_> = calls().iter().map(|call| (call.method.to_string(), path(call))).collect();
    assert_eq!(
        called,
        described.keys().cloned().collect(),
        "a call is missing in the table or in openapi.json"
    );
    for call in calls() {
        let least = described[&(call.method.to_string(), path(&call))];
        assert!(call.needs >= least, "{} {}: {least:?}", call.method, call.path);
    }
    make_times_with_rules(&site).await;
    let (mut done, mut made) = (0, 0);
    for role in Role::ALL {
        for reach in Reach::ALL {
            let token = site.token(&format!("{} {reach:?}", role.word()), role, reach);
            for call in calls() {
                let path = site.path(&call).await;
                let who = format!("{role:?} {reach:?}: {} {path} {}", call.method, call.with[0]);
                let mut body = call.body.clone();
                if call.path == "/api/v1/tokens" && call.method == Method::POST {
                    // No two programs have one name.
                    body["name"] = format!("program {made}").into();
                    made += 1;
                }
                if call.path == "/api/v1/sources" && call.method == Method::POST {
                    body["id"] = site.next_source().into();
                }
                let (status, text) = site.send(&token, &call.method, &path, &body).await;
                assert_eq!(status, expected(&call, role, reach), "{who}: {text}");
                // Whatever is answered: of the county nothing is told to those who are not the county's.
                assert!(reach != Reach::Town || !text.contains(SECRET), "{who}: {text}");
                // Whoever has the role, and not there, is told so.
                if status == StatusCode::FORBIDDEN {
                    let problem: Value = serde_json::from_str(&text).unwrap();
                    let is_elsewhere = problem["type"] == "urn:umleitung:role_elsewhere";
                    let is_no_person =
                        problem["type"] == "urn:umleitung:no_second_person" || problem["type"] == "urn:umleitung:not_your_request";
                    let is_for_people = problem["type"] == "urn:umleitung:people_only";
                    assert_eq!(is_elsewhere || is_no_person || is_for_people, role >= call.needs, "{who}: {text}");
                    assert!(!is_no_person || call.path.starts_with("/api/v1/approvals/"), "{who}: {text}");
                    assert!(!is_for_people || call.path.starts_with("/api/v1/me/"), "{who}: {text}");
                }
                done += usize::from(status.is_success());
                if call.path.starts_with("/api/v1/webhooks/") {
                    // What nobody takes would be tried again and again.
                    let end = path.rsplit_once('/').unwrap().0.to_owned() + "/end";
                    site.send(&site.root, &Method::POST, &end, &Value::Null).await;
                }
                let (status, _) = site.send("nobody", &call.method, &path, &call.body).await;
                assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
            }
        }
    }
    assert!(done > 200, "{done}");
    // The secret is there to be found, by those whose it is.
    let token = site.token("last", Role::Admin, Reach::County);
    for path in [
        "catalogue",
        "notices",
        "series",
        "freezes",
        "approvals",
        "journal",
        "journal.jsonl",
        "people",
        "tokens",
        "invitations",
        "webhooks",
    ] {
        let (_, text) = site.send(&token, &Method::GET, &format!("/api/v1/{path}"), &Value::Null).await;
        assert!(text.contains(SECRET), "{path}: {text}");
    }
}

/// As over the command line, while the server runs.
#[tokio::test]
async fn grants_are_given_and_withdrawn_on_the_command_line() {
    let site = Site::start();
    let folder = site.folder.path();
    let said = |arguments: &[&str]| binary::succeed(folder, &[&["user"], arguments].concat());
    let listed = || {
        let list = said(&["list"]);
        let line = list.lines().find(|line| line.ends_with("\tof-town")).unwrap().to_owned();
        line.split('\t').nth(1).unwrap().to_owned()
    };
    assert_eq!(listed(), "publisher on town");
    let grant = ["grant", "of-town", "--role", "editor", "--portal", "county"];
    assert_eq!(said(&grant), "of-town holds: publisher on town; editor on county.\n");
    let grant = ["grant", "of-town", "--role", "viewer"];
    assert_eq!(said(&grant), "of-town holds: viewer; publisher on town; editor on county.\n");
    let withdraw = ["withdraw", "of-town", "--portal", "town", "--portal", "county"];
    assert_eq!(said(&withdraw), "of-town holds: viewer.\n");
    assert_eq!(listed(), "viewer");
    let fails = |arguments: &[&str]| binary::fail(folder, &[&["user"], arguments].concat());
    let unknown = fails(&["grant", "of-town", "--role", "viewer", "--portal", "village"]);
    assert!(
        unknown.contains("there is no portal `village`; there are: town, county"),
        "{unknown}"
    );
    let nothing = fails(&["withdraw", "of-town", "--portal", "town"]);
    assert!(nothing.contains("they hold no role on `town` in particular"), "{nothing}");
    assert_eq!(said(&["withdraw", "of-town"]), "of-town holds: no role.\n");
    let nothing = fails(&["withdraw", "of-town"]);
    assert!(nothing.contains("they hold no role on all portals"), "{nothing}");
    // Whoever holds nothing may sign in and is told so.
    let browser = Client::builder().cookie_store(true).build().unwrap();
    let session = format!("{}/api/v1/session", site.process.base);
    let credentials = json!({"name": "of-town", "password": "Kranich im Nebel, 3 Uhr"});
    assert_eq!(
        browser.post(&session).json(&credentials).send().await.unwrap().status(),
        StatusCode::OK
    );
    assert_eq!(browser.get(&session).send().await.unwrap().status(), StatusCode::FORBIDDEN);
    said(&["grant", "of-town", "--role", "admin", "--portal", "town"]);
    let me: Value = browser.get(&session).send().await.unwrap().json().await.unwrap();
    assert_eq!(me["grants"], json!([{"role": "admin", "portals": ["town"]}]));
    assert_eq!(me["role"], "admin");
    // What was theirs is not read by sending once more what they sent then.
    let send = async || {
        let request = browser
            .post(format!("{}/api/v1/notices", site.process.base))
            .json(&notice("cars", true));
        let request = request.header("origin", &site.process.base).header("idempotency-key", "first");
        request.send().await.unwrap().status()
    };
    assert_eq!([send().await, send().await], [StatusCode::CREATED; 2]);
    said(&["grant", "of-town", "--role", "viewer", "--portal", "county"]);
    said(&["withdraw", "of-town", "--portal", "town"]);
    assert_eq!(send().await, StatusCode::NOT_FOUND);
    // That is not the administrator that a server needs.
    binary::run(
        folder,
        &["user", "add", "ada", "--role", "admin", "--password-stdin"],
        "Kranich im Nebel, 3 Uhr\n",
    );
    for refused in [
        ["withdraw", "ada"].as_slice(),
        &["grant", "ada", "--role", "publisher"],
        &["disable", "ada"],
    ] {
        assert!(fails(refused).contains("ada is the last administrator"));
    }
}
