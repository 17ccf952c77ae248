//! Four eyes over the API: what waits for a second person, who can be one, and what cannot wait.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use super::{
    grants::CATALOGUE,
    support::binary::{self, Process},
};

const PASSWORD: &str = "Kranich im Nebel, 3 Uhr";

/// A server on whose town planned work takes a second person.
struct Town {
    folder: tempfile::TempDir,
    process: Process,
}

impl Town {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("catalogue.toml");
        let cars = "services = [\"cars\"]";
        assert!(CATALOGUE.contains(cars));
        let catalogue = CATALOGUE.replace(cars, &format!("{cars}\nfour_eyes = [\"maintenance\"]"));
        std::fs::write(&file, catalogue).unwrap();
        binary::succeed(folder.path(), &["catalogue", "apply", file.to_str().unwrap()]);
        let process = Process::serve(folder.path(), &[]);
        Self { folder, process }
    }

    /// A person with this role everywhere, signed in.
    async fn person(&self, name: &str, role: &str) -> Person {
        let add = ["user", "add", name, "--role", role, "--password-stdin"];
        let added = binary::run(self.folder.path(), &add, &format!("{PASSWORD}\n"));
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
        let client = Client::builder().cookie_store(true).build().unwrap();
        let base = self.process.base.clone();
        let person = Person { client, base };
        let credentials = json!({"name": name, "password": PASSWORD});
        let (status, told) = person.send(Method::POST, "session", &credentials).await;
        assert_eq!(status, StatusCode::OK, "{told}");
        person
    }

    /// What people see of the town.
    async fn shown(&self) -> Vec<Value> {
        let state: Value = reqwest::get(format!("{}/p/town/state.json", self.process.base))
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        state["notices"].as_array().unwrap().clone()
    }
}

struct Person {
    client: Client,
    base: String,
}

impl Person {
    async fn send(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        self.once(method, path, body, None).await
    }

    async fn once(&self, method: Method, path: &str, body: &Value, key: Option<&str>) -> (StatusCode, Value) {
        let url = format!("{}/api/v1/{path}", self.base);
        let mut request = self.client.request(method.clone(), url).header("origin", &self.base);
        if method != Method::GET {
            request = request.json(body);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let answer = request.send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    async fn answer(&self, id: &str, answer: &str, body: &Value) -> (StatusCode, Value) {
        self.send(Method::POST, &format!("approvals/{id}/{answer}"), body).await
    }

    /// Asks for a window to be published; gives the id of what waits.
    async fn asks(&self) -> String {
        let (status, waits) = self.send(Method::POST, "notices", &window(json!({"ask_approval": true}))).await;
        assert_eq!((status, &waits["standing"]), (StatusCode::ACCEPTED, &json!("waiting")), "{waits}");
        waits["id"].as_str().unwrap().to_owned()
    }
}

fn window(more: Value) -> Value {
    let mut window = json!({
        "kind": "maintenance", "severity": "outage", "services": ["cars"], "title": {"de": "Wartung"},
        "starts_at": "2096-03-01T20:00:00Z", "ends_at": "2096-03-01T22:00:00Z", "publish": true,
    });
    window.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    window
}

fn is_problem(told: &(StatusCode, Value), status: u16, kind: &str) {
    assert_eq!(told.0.as_u16(), status, "{}", told.1);
    assert_eq!(told.1["type"], format!("urn:umleitung:{kind}"), "{}", told.1);
}

#[tokio::test]
async fn planned_work_waits_for_a_second_person() {
    let town = Town::start();
    let (ann, bob) = (town.person("ann", "publisher").await, town.person("bob", "publisher").await);
    // What is told without a second person's yes is refused with its code.
    let refused = ann.send(Method::POST, "notices", &window(json!({}))).await;
    is_problem(&refused, 422, "invalid");
    let fault = &refused.1["errors"][0];
    assert_eq!(
        (&fault["pointer"], &fault["code"]),
        (&json!("/ask_approval"), &json!("needs_second_person"))
    );
    for (more, at) in [
        (json!({"ask_approval": "yes"}), "/ask_approval"),
        (json!({"break_glass": 1}), "/break_glass"),
        (json!({"ask_approval": true, "break_glass": "Eilt"}), "/break_glass"),
        (json!({"break_glass": ""}), "/break_glass"),
    ] {
        let refused = ann.send(Method::POST, "notices", &window(more)).await;
        is_problem(&refused, 422, "invalid");
        assert_eq!(refused.1["errors"][0]["pointer"], at);
    }
    // It waits, once however often it is sent, and people see nothing of it.
    let asked = window(json!({"ask_approval": true}));
    for _ in 0..2 {
        let (status, waits) = ann.once(Method::POST, "notices", &asked, Some("first")).await;
        assert_eq!((status, &waits["id"]), (StatusCode::ACCEPTED, &json!("A-0001")), "{waits}");
        assert_eq!(waits["request"]["deed"], "create_notice");
        assert_eq!(waits["request"]["content"]["title"]["de"], "Wartung");
        assert_eq!(waits["asked_by"]["name"], "ann");
    }
    assert_eq!(town.shown().await, [Value::Null; 0]);
    // Neither its author nor a program is the second person.
    let own = ann.answer("A-0001", "approve", &json!({})).await;
    is_problem(&own, 403, "no_second_person");
    let token = binary::succeed(town.folder.path(), &["token", "create", "root", "--role", "admin"]);
    let program = Client::new().post(format!("{}/api/v1/approvals/A-0001/approve", town.process.base));
    let program = program.bearer_auth(token.trim()).json(&json!({})).send().await.unwrap();
    assert_eq!(program.status(), StatusCode::FORBIDDEN);

    for _ in 0..2 {
        let (status, granted) = bob.once(Method::POST, "approvals/A-0001/approve", &json!({}), Some("yes")).await;
        assert_eq!((status, &granted["standing"]), (StatusCode::OK, &json!("granted")), "{granted}");
        assert_eq!(granted["settled"]["by"]["name"], "bob");
        assert!(granted["notices"][0].as_str().unwrap().ends_with("-0001"), "{granted}");
    }
    assert_eq!(town.shown().await.len(), 1);
    // What the yes does is still the work of whoever asked; the yes is the second person's.
    let (_, all) = bob.send(Method::GET, "notices", &Value::Null).await;
    let notice = &all["notices"][0];
    assert_eq!(
        (&notice["created_by"]["name"], &notice["published_by"]["name"]),
        (&json!("ann"), &json!("ann"))
    );
    let (_, record) = bob.send(Method::GET, "journal", &Value::Null).await;
    let said = |what: &str| {
        let entries = record["entries"].as_array().unwrap();
        entries.iter().find(|entry| entry["event"].get(what).is_some()).unwrap()["actor_name"].clone()
    };
    assert_eq!(
        (said("approval_asked"), said("approval_granted"), said("notice_created")),
        (json!("ann"), json!("bob"), json!("ann"))
    );
    is_problem(&bob.answer("A-0001", "approve", &json!({})).await, 409, "settled");
    is_problem(&bob.answer("A-0002", "approve", &json!({})).await, 404, "no_approval");
    is_problem(&bob.answer("A-0002", "decline", &json!({"text": "Nein"})).await, 404, "no_approval");
}

#[tokio::test]
async fn a_yes_is_to_what_may_still_be_done_by_whoever_asked() {
    let mut town = Town::start();
    let (ann, bob) = (town.person("ann", "publisher").await, town.person("bob", "publisher").await);
    let (first, second) = (ann.asks().await, ann.asks().await);
    // It waits on while the server is away.
    town.process = {
        drop(town.process);
        Process::serve(town.folder.path(), &[])
    };
    let bob = Person {
        base: town.process.base.clone(),
        ..bob
    };
    let (_, all) = bob.send(Method::GET, "approvals", &Value::Null).await;
    let ids: Vec<&Value> = all["approvals"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, [&json!(second), &json!(first)]);

    binary::succeed(town.folder.path(), &["user", "disable", "ann"]);
    is_problem(&bob.answer(&first, "approve", &json!({})).await, 409, "asker_may_no_longer");
    binary::succeed(town.folder.path(), &["user", "enable", "ann"]);
    let (status, _) = bob.answer(&first, "approve", &json!({})).await;
    assert_eq!(status, StatusCode::OK);

    // What says enough by itself takes no text, and a no says why.
    for answer in ["approve", "withdraw"] {
        let told = bob.answer(&second, answer, &json!({"text": "Ja"})).await;
        is_problem(&told, 422, "invalid");
        assert_eq!(told.1["errors"][0]["pointer"], "/text");
    }
    is_problem(&bob.answer(&second, "decline", &json!({})).await, 422, "invalid");
    let (status, declined) = bob.answer(&second, "decline", &json!({"text": "Mitten in der Frist"})).await;
    assert_eq!(
        (status, &declined["settled"]["text"]),
        (StatusCode::OK, &json!("Mitten in der Frist"))
    );
    is_problem(&bob.answer(&second, "approve", &json!({})).await, 409, "settled");
    assert_eq!(town.shown().await.len(), 1);
    // All of it stands in the journal, which is whole.
    let verified = binary::succeed(town.folder.path(), &["journal", "verify"]);
    assert!(!verified.is_empty());
    let exported = binary::succeed(town.folder.path(), &["journal", "export"]);
    for event in ["approval_asked", "approval_granted", "approval_declined"] {
        assert!(exported.contains(event), "{event}");
    }
}

#[tokio::test]
async fn what_cannot_wait_is_done_and_looked_at_afterwards() {
    let town = Town::start();
    let (ann, bob) = (town.person("ann", "publisher").await, town.person("bob", "publisher").await);
    let (status, made) = ann
        .send(Method::POST, "notices", &window(json!({"break_glass": "Zertifikat läuft ab"})))
        .await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert_eq!(town.shown().await.len(), 1);
    // What waits may become what cannot, by whoever asked.
    let asked = ann.asks().await;
    let emergency = json!({"break_glass": "Niemand da"});
    is_problem(&bob.answer(&asked, "break-glass", &emergency).await, 403, "not_your_request");
    is_problem(
        &ann.answer(&asked, "break-glass", &json!({"break_glass": ""})).await,
        422,
        "invalid",
    );
    let (status, done) = ann.answer(&asked, "break-glass", &emergency).await;
    assert_eq!((status, &done["standing"]), (StatusCode::OK, &json!("bypassed")), "{done}");
    assert_eq!(town.shown().await.len(), 2);
    for id in ["A-0001", &asked] {
        is_problem(&ann.answer(id, "review", &json!({})).await, 403, "no_second_person");
        let (status, seen) = bob.answer(id, "review", &json!({"text": "Richtig so."})).await;
        assert_eq!((status, &seen["standing"]), (StatusCode::OK, &json!("reviewed")), "{seen}");
        is_problem(&bob.answer(id, "review", &json!({})).await, 409, "settled");
    }
}

#[tokio::test]
async fn a_series_and_a_change_of_what_is_announced_wait_as_well() {
    let town = Town::start();
    let (ann, bob) = (town.person("ann", "publisher").await, town.person("bob", "publisher").await);
    let mut content = window(json!({}));
    for name in ["publish", "starts_at", "ends_at"] {
        content.as_object_mut().unwrap().remove(name);
    }
    let series = json!({
        "notice": content, "announce_hours": 24, "ask_approval": true,
        "recurrence": {
            "first": "2096-03-05", "rule": {"each": "month_day", "days": [5]}, "time_zone": "Europe/Berlin",
            "times": {"starts": "20:00", "ends": "21:00"},
        },
    });
    let (status, waits) = ann.send(Method::POST, "series", &series).await;
    assert_eq!(
        (status, &waits["request"]["deed"]),
        (StatusCode::ACCEPTED, &json!("create_series")),
        "{waits}"
    );
    let (_, all) = ann.send(Method::GET, "series", &Value::Null).await;
    assert_eq!(all["series"], json!([]));
    let (status, granted) = bob.answer("A-0001", "approve", &json!({})).await;
    assert_eq!((status, &granted["series"]), (StatusCode::OK, &json!(["S-0001"])), "{granted}");
    // Announced ahead of its time by one person, moved by two.
    let announce = "series/S-0001/occurrences/2096-03-05/announce";
    let (status, told) = ann.send(Method::POST, announce, &json!({})).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let held = json!({"exception": {"held": {"day": "2096-03-06", "times": {"starts": "20:00", "ends": "21:00"}}}});
    let decide = "series/S-0001/occurrences/2096-03-05";
    let refused = ann.send(Method::POST, decide, &held).await;
    assert_eq!(refused.1["errors"][0]["code"], "needs_second_person", "{}", refused.1);
    let mut asked = held;
    asked["ask_approval"] = true.into();
    let (status, waits) = ann.send(Method::POST, decide, &asked).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{waits}");
    assert!(town.shown().await[0]["starts_at"].as_str().unwrap().starts_with("2096-03-05"));
    // A text for its readers changes nothing of the series that the second person reads of.
    let text = json!({"text": {"de": "Der Strom fällt dabei nicht aus."}});
    let id = town.shown().await[0]["id"].as_str().unwrap().to_owned();
    let (status, told) = ann.send(Method::POST, &format!("notices/{id}/updates"), &text).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    let (status, told) = bob.answer("A-0002", "approve", &json!({})).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    assert!(town.shown().await[0]["starts_at"].as_str().unwrap().starts_with("2096-03-06"));
}
