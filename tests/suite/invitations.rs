//! People over HTTP: invited by a link that works once, given other grants, signed out everywhere; their own password; tokens.

use std::path::Path;

use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use server::accounts::NewToken;

use super::{
    grants::CATALOGUE,
    support::{
        binary::{self, Process},
        listener::PATIENCE,
        server::TestServer,
    },
};

const PASSWORD: &str = "Kranich im Nebel, 3 Uhr";
const OTHER: &str = "Ein Reiher am Weiher, 4 Uhr";

fn browser() -> Client {
    Client::builder().cookie_store(true).build().unwrap()
}

/// A server with two portals, and an administrator of both who is signed in.
struct Site {
    process: Process,
    folder: tempfile::TempDir,
    admin: Client,
}

impl Site {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("catalogue.toml");
        std::fs::write(&file, CATALOGUE).unwrap();
        binary::succeed(folder.path(), &["catalogue", "apply", file.to_str().unwrap()]);
        add(folder.path(), "ada", &["--role", "admin"]);
        let process = Process::serve(folder.path(), &[]);
        let site = Self {
            process,
            folder,
            admin: browser(),
        };
        assert_eq!(site.sign_in(&site.admin, "ada", PASSWORD).await, StatusCode::OK);
        site
    }

    async fn sign_in(&self, client: &Client, name: &str, password: &str) -> StatusCode {
        let body = json!({"name": name, "password": password});
        self.send(client, Method::POST, "session", &body).await.status()
    }

    async fn send(&self, client: &Client, method: Method, path: &str, body: &Value) -> Response {
        let request = client.request(method, format!("{}/api/v1/{path}", self.process.base));
        request.json(body).send().await.unwrap()
    }

    async fn invite(&self, client: &Client, grants: Value) -> (StatusCode, Value) {
        let body = json!({"label": "Mira Muster", "grants": grants});
        told(self.send(client, Method::POST, "invitations", &body).await).await
    }

    async fn accept(&self, client: &Client, link: &Value, name: &str, password: &str) -> (StatusCode, Value) {
        let token = link.as_str().unwrap().split_once("#invitation=").unwrap().1;
        let body = json!({"token": token, "name": name, "password": password});
        told(self.send(client, Method::POST, "invitations/accept", &body).await).await
    }

    async fn person(&self, name: &str) -> Value {
        let (_, all) = told(self.send(&self.admin, Method::GET, "people", &Value::Null).await).await;
        let people = all["people"].as_array().unwrap();
        people.iter().find(|person| person["name"] == name).unwrap().clone()
    }

    /// Who somebody is in their browser.
    async fn who(&self, client: &Client) -> StatusCode {
        self.send(client, Method::GET, "session", &Value::Null).await.status()
    }
}

fn add(folder: &Path, name: &str, role: &[&str]) {
    let arguments = [&["user", "add", name, "--password-stdin"], role].concat();
    let added = binary::run(folder, &arguments, &format!("{PASSWORD}\n"));
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
}

async fn told(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

fn town(role: &str) -> Value {
    json!([{"role": role, "portals": ["town"]}])
}

#[tokio::test]
async fn a_link_makes_one_account_with_what_was_granted() {
    let site = Site::start().await;
    let (status, invitation) = site.invite(&site.admin, town("publisher")).await;
    assert_eq!(status, StatusCode::CREATED, "{invitation}");
    assert!(
        invitation["link"]
            .as_str()
            .unwrap()
            .starts_with(&format!("{}/admin/#invitation=", site.process.base))
    );
    let list = async || told(site.send(&site.admin, Method::GET, "invitations", &Value::Null).await).await.1["invitations"].clone();
    let listed = list().await;
    assert_eq!(
        (&listed[0]["label"], &listed[0]["link"]),
        (&json!("Mira Muster"), &Value::Null),
        "the link is told once"
    );
    assert_eq!(listed[0]["created_by"]["name"], "ada");

    let mira = browser();
    for (name, password, pointer) in [("ada", PASSWORD, "/name"), ("mira", "kurz", "/password"), ("", PASSWORD, "/name")] {
        let (status, problem) = site.accept(&mira, &invitation["link"], name, password).await;
        assert_eq!(
            (status, &problem["errors"][0]["pointer"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(pointer)),
            "{problem}"
        );
    }
    // After what was wrong the link still works; after what was right it does not.
    let (status, session) = site.accept(&mira, &invitation["link"], "mira", PASSWORD).await;
    assert_eq!(status, StatusCode::CREATED, "{session}");
    assert_eq!((&session["name"], &session["grants"]), (&json!("mira"), &town("publisher")));
    assert_eq!(site.who(&mira).await, StatusCode::OK);
    let (status, problem) = site.accept(&browser(), &invitation["link"], "eva", PASSWORD).await;
    assert_eq!(
        (status, &problem["type"]),
        (StatusCode::FORBIDDEN, &json!("urn:umleitung:wrong_invitation"))
    );
    assert_eq!(list().await, json!([]));
    assert_eq!(site.sign_in(&browser(), "mira", PASSWORD).await, StatusCode::OK);
    let (status, _) = told(site.send(&mira, Method::GET, "people", &Value::Null).await).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "what was granted, and nothing more");
    let forged = json!(format!(
        "{}/admin/#invitation=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        site.process.base
    ));
    assert_eq!(site.accept(&browser(), &forged, "eva", PASSWORD).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_link_that_was_withdrawn_or_whose_author_may_no_longer_makes_none() {
    let site = Site::start().await;
    let (_, withdrawn) = site.invite(&site.admin, town("publisher")).await;
    let path = format!("invitations/{}", withdrawn["id"].as_str().unwrap());
    assert_eq!(
        site.send(&site.admin, Method::DELETE, &path, &Value::Null).await.status(),
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        site.accept(&browser(), &withdrawn["link"], "eva", PASSWORD).await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        site.send(&site.admin, Method::DELETE, &path, &Value::Null).await.status(),
        StatusCode::NOT_FOUND
    );

    // An administrator of one portal invites for that one, and sees and withdraws nothing else.
    add(site.folder.path(), "otto", &["--role", "admin", "--portal", "town"]);
    let otto = browser();
    assert_eq!(site.sign_in(&otto, "otto", PASSWORD).await, StatusCode::OK);
    let everywhere = json!([{"role": "viewer", "portals": null}]);
    let county = json!([{"role": "viewer", "portals": ["county"]}]);
    let (status, problem) = site.invite(&otto, everywhere.clone()).await;
    assert_eq!(
        (status, &problem["type"]),
        (StatusCode::FORBIDDEN, &json!("urn:umleitung:role_elsewhere"))
    );
    let moon = json!([{"role": "viewer", "portals": ["moon"]}]);
    // Whether there is another portal is nobody else's business.
    for grants in [county, moon.clone()] {
        let (status, problem) = site.invite(&otto, grants).await;
        assert_eq!(
            (status, &problem["type"]),
            (StatusCode::FORBIDDEN, &json!("urn:umleitung:role_elsewhere"))
        );
    }
    for grants in [json!([]), moon] {
        let (status, problem) = site.invite(&site.admin, grants).await;
        assert_eq!(
            (status, &problem["errors"][0]["pointer"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("/grants")),
            "{problem}"
        );
    }
    let (_, foreign) = site.invite(&site.admin, everywhere).await;
    let path = format!("invitations/{}", foreign["id"].as_str().unwrap());
    assert_eq!(
        site.send(&otto, Method::DELETE, &path, &Value::Null).await.status(),
        StatusCode::NOT_FOUND
    );
    let (_, listed) = told(site.send(&otto, Method::GET, "invitations", &Value::Null).await).await;
    assert_eq!(listed["invitations"], json!([]));
    let (status, of_otto) = site.invite(&otto, town("admin")).await;
    assert_eq!(status, StatusCode::CREATED);

    // What somebody may give is looked at when it is taken.
    let id = site.person("otto").await["id"].as_str().unwrap().to_owned();
    let change = json!({"grants": town("publisher")});
    let changed = site.send(&site.admin, Method::PATCH, &format!("people/{id}"), &change).await;
    assert_eq!(told(changed).await.1["grants"], town("publisher"));
    let (status, problem) = site.accept(&browser(), &of_otto["link"], "eva", PASSWORD).await;
    assert_eq!(
        (status, &problem["type"]),
        (StatusCode::FORBIDDEN, &json!("urn:umleitung:wrong_invitation"))
    );
    // And once they may again, it is still there.
    site.send(
        &site.admin,
        Method::PATCH,
        &format!("people/{id}"),
        &json!({"grants": town("admin")}),
    )
    .await;
    assert_eq!(
        site.accept(&browser(), &of_otto["link"], "eva", PASSWORD).await.0,
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn a_link_runs_out_after_a_week() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let accounts = server.accounts().await;
    let by = accounts.add("ada", domain::access::Role::Admin, PASSWORD.to_owned()).await.unwrap();
    let invite = async || {
        accounts
            .invite(&by, "Mira Muster", domain::access::Role::Viewer.into())
            .await
            .unwrap()
            .1
    };
    let (early, late) = (invite().await, invite().await);
    // By somebody who comes with a token of their own, and then is one no more.
    let pipeline = |name: &str, until: &str| NewToken {
        name: name.to_owned(),
        grants: domain::access::Role::Admin.into(),
        expires_at: Some(until.parse().unwrap()),
        owner: None,
    };
    for (name, until, works) in [("short", "2026-05-05T08:00:00Z", false), ("long", "2026-06-05T08:00:00Z", true)] {
        let secret = accounts.make_token(pipeline(name, until)).await.unwrap();
        let program = accounts.by_token(secret.as_str()).await.unwrap().unwrap().actor;
        let link = accounts
            .invite(&program, "Otto Muster", domain::access::Role::Viewer.into())
            .await
            .unwrap()
            .1;
        server.clock.set("2026-05-06T08:00:00Z");
        let came = accounts.accept(link.as_str(), &format!("otto {name}"), PASSWORD.to_owned()).await;
        assert_eq!(came.is_ok(), works, "{name}");
        server.clock.set("2026-05-04T08:00:00Z");
    }
    server.clock.set("2026-05-11T07:59:59Z");
    assert!(accounts.accept(early.as_str(), "mira", PASSWORD.to_owned()).await.is_ok());
    server.clock.set("2026-05-11T08:00:00Z");
    assert!(accounts.accept(late.as_str(), "eva", PASSWORD.to_owned()).await.is_err());
    let told = async || {
        accounts
            .invitations()
            .await
            .unwrap()
            .into_iter()
            .filter(|one| one.label == "Mira Muster")
            .count()
    };
    assert_eq!(told().await, 1, "it is still told");
    server.clock.set("2026-06-10T08:00:00Z");
    assert_eq!(told().await, 0, "a month later nobody asks");
}

#[tokio::test]
async fn grants_change_for_whom_one_manages_and_an_administrator_stays() {
    let site = Site::start().await;
    add(site.folder.path(), "otto", &["--role", "admin", "--portal", "town"]);
    add(site.folder.path(), "kim", &["--role", "viewer", "--portal", "county"]);
    let otto = browser();
    assert_eq!(site.sign_in(&otto, "otto", PASSWORD).await, StatusCode::OK);
    let [ada, kim] =
        [site.person("ada").await, site.person("kim").await].map(|person| format!("people/{}", person["id"].as_str().unwrap()));
    let change = async |client: &Client, path: &str, grants: Value| {
        told(site.send(client, Method::PATCH, path, &json!({"grants": grants})).await).await
    };
    for path in [&ada, &kim] {
        assert_eq!(
            change(&otto, path, town("viewer")).await.0,
            StatusCode::NOT_FOUND,
            "nobody of otto's"
        );
        let signed_out = site.send(&otto, Method::POST, &format!("{path}/sign-out"), &Value::Null).await;
        assert_eq!(signed_out.status(), StatusCode::NOT_FOUND);
    }
    let (status, problem) = change(&site.admin, &ada, town("viewer")).await;
    assert_eq!(
        (status, &problem["type"]),
        (StatusCode::CONFLICT, &json!("urn:umleitung:last_administrator"))
    );
    assert_eq!(
        change(&site.admin, &kim, json!([{"role": "admin", "portals": ["town"]}])).await.0,
        StatusCode::OK
    );
    assert_eq!(
        change(&otto, &kim, town("viewer")).await.0,
        StatusCode::OK,
        "kim is of otto's by now"
    );
    assert_eq!(site.person("kim").await["grants"], town("viewer"));
}

#[tokio::test]
async fn sessions_end_everywhere_and_a_new_password_keeps_this_one() {
    let site = Site::start().await;
    add(site.folder.path(), "kim", &["--role", "viewer"]);
    let (here, there) = (browser(), browser());
    let both = async || {
        for client in [&here, &there] {
            assert_eq!(site.sign_in(client, "kim", PASSWORD).await, StatusCode::OK);
        }
    };
    both().await;
    assert_eq!(site.who(&here).await, StatusCode::OK);
    // That they were here is noted soon, without anybody waiting for it.
    let noted = async { while site.person("kim").await["used_at"].is_null() {} };
    tokio::time::timeout(PATIENCE, noted)
        .await
        .expect("that they were here is not noted");
    let path = format!("people/{}/sign-out", site.person("kim").await["id"].as_str().unwrap());
    assert_eq!(
        site.send(&site.admin, Method::POST, &path, &Value::Null).await.status(),
        StatusCode::OK
    );
    for client in [&here, &there] {
        assert_eq!(site.who(client).await, StatusCode::UNAUTHORIZED);
    }
    both().await;
    assert_eq!(
        site.send(&here, Method::POST, "me/sign-out", &Value::Null).await.status(),
        StatusCode::NO_CONTENT
    );
    for client in [&here, &there] {
        assert_eq!(site.who(client).await, StatusCode::UNAUTHORIZED);
    }
    both().await;
    let change = async |current: &str, password: &str| {
        let body = json!({"current": current, "password": password});
        told(site.send(&here, Method::POST, "me/password", &body).await).await
    };
    for (current, password, pointer, code) in [
        ("Ein Schwan am Kahn, 5 Uhr", OTHER, "/current", "wrong_password"),
        (PASSWORD, "kim kim kim kim", "/password", "easily_guessed"),
        (PASSWORD, "kurz", "/password", "too_short"),
    ] {
        let (status, problem) = change(current, password).await;
        let fault = &problem["errors"][0];
        assert_eq!(
            (status, &fault["pointer"], &fault["code"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(pointer), &json!(code)),
            "{problem}"
        );
    }
    assert_eq!(site.who(&there).await, StatusCode::OK, "what was refused ends nothing");
    let (status, session) = change(PASSWORD, OTHER).await;
    assert_eq!((status, &session["name"]), (StatusCode::OK, &json!("kim")));
    assert_eq!(site.who(&here).await, StatusCode::OK);
    assert_eq!(site.who(&there).await, StatusCode::UNAUTHORIZED);
    assert_eq!(site.sign_in(&browser(), "kim", PASSWORD).await, StatusCode::UNAUTHORIZED);
    assert_eq!(site.sign_in(&there, "kim", OTHER).await, StatusCode::OK);
}

#[tokio::test]
async fn tokens_are_made_with_what_their_maker_may_give_and_are_told_once() {
    let site = Site::start().await;
    let make = async |body: Value| told(site.send(&site.admin, Method::POST, "tokens", &body).await).await;
    for (body, pointer) in [
        (json!({"name": "", "grants": town("publisher")}), "/name"),
        (json!({"name": "pipeline", "grants": []}), "/grants"),
        (
            json!({"name": "pipeline", "grants": town("publisher"), "expires_at": "2020-01-01T00:00:00Z"}),
            "/expires_at",
        ),
    ] {
        let (status, problem) = make(body).await;
        assert_eq!(
            (status, &problem["errors"][0]["pointer"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(pointer)),
            "{problem}"
        );
    }
    let (status, token) = make(json!({"name": "pipeline", "grants": town("publisher"), "expires_at": "2096-01-01T00:00:00Z"})).await;
    assert_eq!(status, StatusCode::CREATED, "{token}");
    assert_eq!((&token["name"], &token["grants"]), (&json!("pipeline"), &town("publisher")));
    assert_eq!(token["used_at"], Value::Null, "nobody has used it");
    let secret = token["secret"].as_str().unwrap();
    let by_token = async |path: &str, method: Method| {
        let request = Client::new().request(method, format!("{}/api/v1/{path}", site.process.base));
        told(
            request
                .bearer_auth(secret)
                .json(&json!({"current": "a", "password": "b"}))
                .send()
                .await
                .unwrap(),
        )
        .await
    };
    assert_eq!(by_token("notices", Method::GET).await.0, StatusCode::OK);
    // A program has no password, and manages nobody here.
    for path in ["me/password", "me/sign-out"] {
        let (status, problem) = by_token(path, Method::POST).await;
        assert_eq!(
            (status, &problem["type"]),
            (StatusCode::FORBIDDEN, &json!("urn:umleitung:people_only")),
            "{path}"
        );
    }
    assert_eq!(by_token("invitations", Method::GET).await.0, StatusCode::FORBIDDEN);
    let list = async || told(site.send(&site.admin, Method::GET, "tokens", &Value::Null).await).await.1["tokens"][0].clone();
    // Its use is noted soon, without anybody waiting for it.
    let noted = async { while list().await["used_at"].is_null() {} };
    tokio::time::timeout(PATIENCE, noted).await.expect("its use is not noted");
    assert_eq!(list().await["secret"], Value::Null);
}
