//! What monitoring tells: how it is taken, who may tell it, and what rules of the catalogue make of it.

use domain::access::Role;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use super::support::{
    alertmanager::{self, Alertmanager},
    binary::{self, Process},
    listener::PATIENCE,
    outage,
    postgres::Postgres,
    server::{TestServer, answer},
};

const MORNING: &str = "2026-05-04T08:00:00Z";

/// So many seconds after [`MORNING`].
fn after(seconds: i64) -> String {
    (MORNING.parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)).to_string()
}

async fn asked(server: &TestServer, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
    answer(async || server.request(Role::Admin, method.clone(), path).json(body).send().await).await
}

/// A rule about the alerts of a source, and the token of that source.
async fn source(server: &TestServer, new: Value, rule: Value) -> String {
    let id = new["id"].as_str().unwrap().to_owned();
    let mut whole = json!({
        "id": id, "name": {"de": "Kfz"}, "matchers": [format!("source={id}")], "template": "kfz-outage", "publish": true, "at_end": "complete",
    });
    whole.as_object_mut().unwrap().extend(rule.as_object().unwrap().clone());
    let (status, told) = asked(server, Method::PUT, &format!("/api/v1/catalogue/rule/{id}"), &whole).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    let (status, told) = asked(server, Method::POST, "/api/v1/sources", &new).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    told["token"].as_str().unwrap().to_owned()
}

async fn tell(server: &TestServer, source: &str, token: &str, message: &str) -> (StatusCode, Value) {
    let path = format!("/api/v1/sources/{source}/alerts");
    let request = || server.anonymous(Method::POST, &path).bearer_auth(token).body(message.to_owned());
    answer(async || request().send().await).await
}

/// The titles of what is shown as current.
fn current(state: &Value) -> Vec<&str> {
    let notices = state["notices"].as_array().unwrap().iter();
    let open = notices.filter(|notice| notice["stage"] != "resolved");
    open.map(|notice| notice["title"]["de"].as_str().unwrap()).collect()
}

/// Waits until nothing is left to be done by the alerts that are known, and tells what the portal shows.
async fn settled(server: &TestServer, is_so: impl Fn(&Value) -> bool) -> Value {
    let mut listener = server.listen().await;
    listener.until(is_so).await
}

fn group(status: &str) -> String {
    json!({
        "version": "4", "status": status, "receiver": "umleitung", "groupKey": "{}:{}", "truncatedAlerts": 0, "of_a_later_release": [1],
        "alerts": [{
            "status": status, "labels": {"alertname": "KfzDown"}, "annotations": {"summary": "\u{1b}[31mweg\u{0}"}, "fingerprint": "3f1c",
            "startsAt": "2026-05-04T07:55:00Z", "endsAt": "0001-01-01T00:00:00Z", "of_a_later_release": {},
        }],
    })
    .to_string()
}

#[tokio::test]
async fn each_kind_of_source_opens_and_ends_a_notice() {
    let server = TestServer::start(MORNING).await;
    let kuma = |status: u8| {
        let monitor = json!({"id": 3, "name": "Kfz-Zulassung", "type": "http", "tags": []});
        json!({"heartbeat": {"monitorID": 3, "status": status, "time": "2026-05-04 07:55:00.000"}, "monitor": monitor, "msg": "weg"})
            .to_string()
    };
    let check = |state: &str| json!({"checks": [{"name": "kfz", "state": state, "since": "2026-05-04T07:55:00Z"}]}).to_string();
    let mapping = json!({"alerts": "/checks", "state": "/state", "firing": ["down"], "began_at": "/since", "labels": {"check": "/name"}});
    for (round, (new, fires, silent)) in [
        (
            json!({"id": "prometheus", "kind": "alertmanager"}),
            group("firing"),
            group("resolved"),
        ),
        (json!({"id": "grafana", "kind": "grafana"}), group("firing"), group("resolved")),
        (json!({"id": "kuma", "kind": "uptime-kuma"}), kuma(0), kuma(1)),
        (
            json!({"id": "checks", "kind": "json", "mapping": mapping}),
            check("down"),
            check("up"),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let began = 600 * i64::try_from(round).unwrap();
        let id = new["id"].as_str().unwrap().to_owned();
        let token = source(&server, new, json!({})).await;
        let expected = |firing: usize| json!({"firing": firing, "silent": 1 - firing, "rules": [id]});
        assert_eq!(tell(&server, &id, &token, &fires).await, (StatusCode::OK, expected(1)));
        // It has to last for two minutes, and to be over for five.
        server.clock.set(&after(began + 120));
        let shown = settled(&server, |state| current(state).len() == 1).await;
        let starts_at: Timestamp = shown["notices"][0]["starts_at"].as_str().unwrap().parse().unwrap();
        assert_eq!(starts_at, "2026-05-04T07:55:00Z".parse().unwrap(), "{id}");
        assert_eq!(tell(&server, &id, &token, &silent).await, (StatusCode::OK, expected(0)));
        server.clock.set(&after(began + 420));
        settled(&server, |state| current(state).is_empty()).await;
        let (status, _) = asked(&server, Method::POST, &format!("/api/v1/sources/{id}/end"), &json!({})).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
    }
}

#[tokio::test]
async fn a_rule_signs_what_it_writes_and_a_source_says_what_it_told() {
    let server = TestServer::start(MORNING).await;
    let token = source(
        &server,
        json!({"id": "prometheus", "kind": "alertmanager"}),
        json!({"grace_minutes": 0, "publish": false}),
    )
    .await;
    assert_eq!(tell(&server, "prometheus", &token, &group("firing")).await.0, StatusCode::OK);
    let draft = async {
        loop {
            let (_, told) = asked(&server, Method::GET, "/api/v1/notices?open=true", &Value::Null).await;
            if let Some(draft) = told["notices"].as_array().unwrap().first() {
                return draft.clone();
            }
        }
    };
    let draft = tokio::time::timeout(PATIENCE, draft).await.expect("no draft came");
    assert_eq!(
        (&draft["stage"], &draft["created_by"]["id"]),
        (&Value::Null, &json!("watch:prometheus"))
    );
    assert_eq!(server.state().await["notices"], json!([]), "nobody sees a draft");
    let (_, told) = asked(&server, Method::GET, "/api/v1/sources", &Value::Null).await;
    let told = &told["sources"][0];
    assert_eq!(told["token"], Value::Null, "it is told once");
    assert_eq!(told["heard_at"], MORNING);
    assert_eq!(told["alerts"][0]["labels"], json!({"alertname": "KfzDown", "source": "prometheus"}));
    assert_eq!(told["alerts"][0]["rules"], json!(["prometheus"]));
    // Whoever is no administrator of all portals neither sees nor makes any.
    let answer = server
        .request(Role::Publisher, Method::GET, "/api/v1/sources")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_token_of_a_source_opens_one_door() {
    let server = TestServer::start(MORNING).await;
    let one = source(&server, json!({"id": "one", "kind": "alertmanager"}), json!({})).await;
    let two = source(&server, json!({"id": "two", "kind": "alertmanager"}), json!({})).await;
    let admin = server.token(Role::Admin).to_owned();
    for token in [two.as_str(), admin.as_str(), "wrong", ""] {
        let (status, told) = tell(&server, "one", token, &group("firing")).await;
        assert_eq!(
            (status, &told["type"]),
            (StatusCode::UNAUTHORIZED, &json!("urn:umleitung:sign_in")),
            "{token}"
        );
    }
    for (method, path) in [
        (Method::GET, "/api/v1/notices"),
        (Method::GET, "/api/v1/sources"),
        (Method::POST, "/api/v1/notices"),
    ] {
        let answer = server
            .anonymous(method, path)
            .bearer_auth(&one)
            .json(&json!({}))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    let (status, renewed) = asked(&server, Method::POST, "/api/v1/sources/one/token", &json!({})).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(tell(&server, "one", &one, &group("firing")).await.0, StatusCode::UNAUTHORIZED);
    let renewed = renewed["token"].as_str().unwrap();
    assert_eq!(tell(&server, "one", renewed, &group("firing")).await.0, StatusCode::OK);
    assert_eq!(
        asked(&server, Method::POST, "/api/v1/sources/one/end", &json!({})).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(tell(&server, "one", renewed, &group("firing")).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(
        asked(&server, Method::POST, "/api/v1/sources/one/end", &json!({})).await.0,
        StatusCode::NOT_FOUND
    );
}

/// The fields that a problem points at, with their codes.
fn pointed(told: &Value) -> Vec<String> {
    let errors = told["errors"].as_array().unwrap_or_else(|| panic!("{told}")).iter();
    let text = |error: &Value, field: &str| error[field].as_str().unwrap().to_owned();
    errors
        .map(|error| format!("{} {}", text(error, "pointer"), text(error, "code")))
        .collect()
}

#[tokio::test]
async fn what_is_wrong_with_a_source_or_its_message_is_named() {
    let server = TestServer::start(MORNING).await;
    let refused = async |new: &Value| {
        let (status, told) = asked(&server, Method::POST, "/api/v1/sources", new).await;
        (status, pointed(&told))
    };
    for (new, expected) in [
        (json!({"id": "Prometheus", "kind": "alertmanager"}), "/id malformed"),
        (json!({"id": "a", "kind": "nagios"}), "/kind malformed"),
        (json!({"id": "a", "kind": "json"}), "/mapping missing"),
        (
            json!({"id": "a", "kind": "grafana", "mapping": {"state": "/s", "firing": ["x"], "labels": {}}}),
            "/mapping malformed",
        ),
        (
            json!({"id": "a", "kind": "json", "mapping": {"state": "s", "firing": ["x"], "labels": {}}}),
            "/mapping/state malformed",
        ),
        (
            json!({"id": "a", "kind": "json", "mapping": {"state": "/s", "firing": [], "labels": {}}}),
            "/mapping/firing empty",
        ),
        (
            json!({"id": "a", "kind": "json", "mapping": {"state": "/s", "firing": ["x"], "labels": {"b": "c"}}}),
            "/mapping/labels/b malformed",
        ),
    ] {
        let expected = (StatusCode::UNPROCESSABLE_ENTITY, vec![expected.to_owned()]);
        assert_eq!(refused(&new).await, expected, "{new}");
    }
    let token = source(&server, json!({"id": "one", "kind": "alertmanager"}), json!({})).await;
    let taken = refused(&json!({"id": "one", "kind": "grafana"})).await;
    assert_eq!(taken, (StatusCode::UNPROCESSABLE_ENTITY, vec!["/id taken".to_owned()]));
    for message in ["", "alerts", "{}", "{\"alerts\": [{\"status\": \"sung\"}]}"] {
        let (status, told) = tell(&server, "one", &token, message).await;
        assert_eq!(
            (status, pointed(&told)),
            (StatusCode::UNPROCESSABLE_ENTITY, vec![" malformed".to_owned()]),
            "{message}"
        );
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_rule_is_named() {
    let server = TestServer::start(MORNING).await;
    let rule = |field: &str, value: Value| {
        let mut rule = json!({"id": "r", "name": {"de": "R"}, "matchers": ["a=b"], "template": "kfz-outage"});
        rule[field] = value;
        rule
    };
    for (rule, expected) in [
        (rule("matchers", json!([])), "/matchers empty"),
        (rule("matchers", json!(["a=b", "a=~b"])), "/matchers/1 malformed"),
        (rule("template", json!("nobody")), "/template not_in_catalogue"),
        (rule("template", json!("wartung-geplant")), "/template only_with_outage"),
        (rule("grace_minutes", json!(1_441)), "/grace_minutes out_of_range"),
        (rule("name", json!({})), "/name empty"),
    ] {
        let (status, told) = asked(&server, Method::PUT, "/api/v1/catalogue/rule/r", &rule).await;
        assert_eq!(
            (status, pointed(&told)),
            (StatusCode::UNPROCESSABLE_ENTITY, vec![expected.to_owned()]),
            "{rule}"
        );
    }
    source(&server, json!({"id": "one", "kind": "alertmanager"}), json!({})).await;
    // A template that a rule needs stays.
    let answer = server
        .request(Role::Admin, Method::DELETE, "/api/v1/catalogue/template/kfz-outage")
        .header("if-match", "*");
    let answer = answer.send().await.unwrap();
    assert_eq!(
        answer.status(),
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.text().await.unwrap()
    );
}

#[tokio::test]
async fn a_thousand_messages_that_flap_are_one_notice() {
    let server = TestServer::start(MORNING).await;
    let token = source(&server, json!({"id": "prometheus", "kind": "alertmanager"}), json!({})).await;
    for round in 0..1_000 {
        let message = group(if round % 2 == 0 { "firing" } else { "resolved" });
        assert_eq!(tell(&server, "prometheus", &token, &message).await.0, StatusCode::OK);
        server.clock.set(&after(round * 3));
    }
    // Whoever looked just when it was silent each time sees it now.
    assert_eq!(tell(&server, "prometheus", &token, &group("firing")).await.0, StatusCode::OK);
    settled(&server, |state| current(state).len() == 1).await;
    assert_eq!(tell(&server, "prometheus", &token, &group("resolved")).await.0, StatusCode::OK);
    server.clock.set(&after(3_600));
    settled(&server, |state| current(state).is_empty()).await;
    let (_, told) = asked(&server, Method::GET, "/api/v1/journal?order=newest_first", &Value::Null).await;
    let by_rule = told["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["actor"] == "watch:prometheus");
    assert_eq!(by_rule.count(), 2, "it was written, and it was ended");
}

#[tokio::test]
async fn the_status_page_of_another_is_followed() {
    let there = TestServer::start(MORNING).await;
    let here = TestServer::start(MORNING).await;
    let whole = json!({"id": "bundid", "name": {"de": "BundID"}, "matchers": ["component=Anmeldung mit BundID", "status=major_outage"], "template": "bundid-outage", "publish": true, "at_end": "complete",
        "grace_minutes": 0, "calm_minutes": 0});
    let (status, told) = asked(&here, Method::PUT, "/api/v1/catalogue/rule/bundid", &whole).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    let new = json!({"id": "bundid", "kind": "statuspage", "address": there.url("/p/musterstadt")});
    let (status, told) = asked(&here, Method::POST, "/api/v1/sources", &new).await;
    assert_eq!((status, &told["token"]), (StatusCode::CREATED, &Value::Null), "{told}");
    let id = there.post("/api/v1/notices", &outage("bundid", "BundID gestört")).await["id"].clone();
    // A minute later it is known here.
    here.clock.set(&after(60));
    settled(&here, |state| current(state).len() == 1).await;
    there
        .post(&format!("/api/v1/notices/{}/resolve", id.as_str().unwrap()), &json!({}))
        .await;
    here.clock.set(&after(120));
    settled(&here, |state| current(state).is_empty()).await;
    // One that cannot be read any more is said to be so, and what was known stands.
    drop(there);
    here.clock.set(&after(180));
    let failing = async {
        loop {
            let (_, told) = asked(&here, Method::GET, "/api/v1/sources", &Value::Null).await;
            if told["sources"][0]["failing_since"] != Value::Null {
                return told["sources"][0].clone();
            }
        }
    };
    let failing = tokio::time::timeout(PATIENCE, failing).await.expect("nobody says that it fails");
    assert!(!failing["failure"].as_str().unwrap().is_empty(), "{failing}");
    let (status, told) = asked(&here, Method::POST, "/api/v1/sources/bundid/token", &json!({})).await;
    assert_eq!(
        (status, pointed(&told)),
        (StatusCode::UNPROCESSABLE_ENTITY, vec!["/id malformed".to_owned()])
    );
}

/// Whoever may name a page must not reach through the server what only the server reaches.
#[tokio::test]
async fn no_status_page_is_read_in_a_closed_network() {
    let folder = tempfile::tempdir().unwrap();
    let token = binary::succeed(folder.path(), &["token", "create", "ops", "--role", "admin"]);
    // Where a name leads is known only when it is asked for.
    binary::succeed(
        folder.path(),
        &["source", "add", "near", "--kind", "statuspage", "--address", "https://localhost:9/"],
    );
    let process = Process::serve(folder.path(), &[]);
    for (address, expected) in [
        ("http://127.0.0.1:9/", "/address link"),
        ("https://127.0.0.1:9/", "/address link"),
        ("https://[::ffff:127.0.0.1]/", "/address link"),
        ("https://169.254.169.254/", "/address link"),
        ("https://10.0.0.1/", "/address link"),
        ("ftp://status.example/", "/address link"),
        ("status.example", "/address malformed"),
    ] {
        let new = json!({"id": "a", "kind": "statuspage", "address": address});
        let url = format!("{}/api/v1/sources", process.base);
        let answer = Client::new().post(url).bearer_auth(token.trim()).json(&new).send().await.unwrap();
        let told: Value = answer.json().await.unwrap();
        assert_eq!(pointed(&told), [expected], "{address}");
    }
    let refused = async {
        loop {
            let listed = binary::succeed(folder.path(), &["source", "list"]);
            if listed.contains("--source-allow") {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, refused).await.expect("it is not refused");
}

/// A server on a database server of its own, which a real Alertmanager tells.
#[tokio::test]
async fn what_cannot_be_written_is_delivered_later() {
    let postgres = Postgres::start().await;
    let database = postgres.database("notices").await;
    let process = Process::serve(&database, &["--demo"]);
    let token = alertmanager::hear(&database);
    let address = format!("{}/api/v1/sources/prometheus/alerts", process.base);
    let alertmanager = Alertmanager::telling(&address, &token).await;
    let client = Client::new();
    let shown = async || {
        let state = client
            .get(format!("{}/p/musterstadt/state.json", process.base))
            .send()
            .await
            .unwrap();
        let state: Value = state.json().await.unwrap();
        current(&state).len()
    };
    let until = async |count: usize| {
        let waiting = async { while shown().await != count {} };
        tokio::time::timeout(PATIENCE, waiting)
            .await
            .expect("the portal does not come to show it");
    };
    let set = async |change: &str| {
        database.run(change).await;
        database.run("SELECT pg_reload_conf()").await;
    };
    set("ALTER SYSTEM SET default_transaction_read_only = on").await;
    // That nothing fires: until the setting has reached each connection this may still be taken, and nobody would ever take it back.
    let refused = async {
        loop {
            let answer = client
                .post(&address)
                .bearer_auth(&token)
                .body(group("resolved"))
                .send()
                .await
                .unwrap();
            if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, refused).await.expect("it is not refused with 503");
    alertmanager.fire("KfzDown").await;
    let failed = async { while alertmanager.failures().await == 0 {} };
    tokio::time::timeout(PATIENCE, failed).await.expect("Alertmanager has not tried");
    set("ALTER SYSTEM RESET default_transaction_read_only").await;
    until(1).await;
    alertmanager.resolve("KfzDown").await;
    until(0).await;
    let listed = binary::succeed(&database, &["source", "list"]);
    assert!(listed.starts_with("prometheus\talertmanager\theard "), "{listed}");
}

/// Each example of the page stands for something that is taken. The server goes on while a command waits for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_examples_of_the_page_are_taken() {
    let page = include_str!("../../docs/integrations/monitoring.md");
    let fenced = |language: &str| {
        let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
        rest.split_once("```").unwrap().0
    };
    let server = TestServer::start(MORNING).await;
    let mut catalogue = server
        .request(Role::Admin, Method::GET, "/api/v1/catalogue.toml")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    catalogue += &fenced("toml").replace("kfz-stoerung", "kfz-outage");
    let (status, told) = asked(&server, Method::POST, "/api/v1/catalogue", &json!({"toml": catalogue})).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let mapping: Value = serde_json::from_str(fenced("json")).unwrap();
    let new = json!({"id": "checks", "kind": "json", "mapping": mapping});
    let (status, made) = asked(&server, Method::POST, "/api/v1/sources", &new).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let (_, sent) = page.split_once("-d '").unwrap();
    let message = sent.split('\'').next().unwrap();
    let (status, heard) = tell(&server, "checks", made["token"].as_str().unwrap(), message).await;
    assert_eq!((status, heard), (StatusCode::OK, json!({"firing": 1, "silent": 0, "rules": []})));
    // The commands are such as there are, and so are the settings of Alertmanager.
    for line in fenced("sh").lines().filter(|line| line.starts_with("umleitung source ")) {
        let words: Vec<&str> = line.split('#').next().unwrap().split_whitespace().skip(1).collect();
        binary::succeed(&server.folder(), &words);
    }
    let settings = server.folder().join("alertmanager.yml");
    std::fs::write(&settings, fenced("yaml")).unwrap();
    let checked = std::process::Command::new("amtool")
        .arg("check-config")
        .arg(&settings)
        .output()
        .unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}
