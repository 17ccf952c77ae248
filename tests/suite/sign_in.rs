//! Accounts: the one-time link, signing in and out, and what another site cannot do in one's name.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use super::support::{
    binary::{self, Process},
    outage,
    server::TestServer,
};

fn browser() -> Client {
    Client::builder().cookie_store(true).build().unwrap()
}

#[tokio::test]
async fn the_first_start_prints_a_link_that_works_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::serve(folder.path(), &[]);
    let link = server
        .greeting
        .lines()
        .find(|line| line.contains("/admin/#setup="))
        .expect("a link was printed");
    assert!(link.starts_with(&server.base));
    let token = link.split("#setup=").nth(1).unwrap();
    let client = browser();
    let set_up = |token: &str, name: &str, password: &str| {
        client
            .post(format!("{}/api/v1/setup", server.base))
            .json(&json!({"token": token, "name": name, "password": password}))
            .send()
    };
    assert_eq!(
        set_up("made-up", "ada", "long enough, this").await.unwrap().status(),
        StatusCode::FORBIDDEN
    );
    let short: Value = set_up(token, "ada", "short").await.unwrap().json().await.unwrap();
    assert_eq!(short["errors"][0]["pointer"], "/password");
    assert_eq!(
        set_up(token, "ada", "long enough, this").await.unwrap().status(),
        StatusCode::CREATED
    );
    assert_eq!(
        set_up(token, "eve", "long enough, this").await.unwrap().status(),
        StatusCode::FORBIDDEN
    );
    let me: Value = client
        .get(format!("{}/api/v1/session", server.base))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let id = me["id"].clone();
    assert!(id.as_str().unwrap().starts_with("account-"), "{me}");
    assert_eq!(
        me,
        json!({"id": id, "name": "ada", "role": "admin", "grants": [{"role": "admin", "portals": null}], "second_factor": "off", "public_url": server.base})
    );
    drop(server);
    let again = Process::serve(folder.path(), &[]);
    assert!(!again.greeting.contains("setup="), "{}", again.greeting);
}

#[tokio::test]
async fn a_session_begins_ends_and_is_not_lent_to_other_sites() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let added = binary::run(
        &server.folder(),
        &["user", "add", "ada", "--role", "publisher", "--password-stdin"],
        "correct horse battery\n",
    );
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    let twice = binary::run(
        &server.folder(),
        &["user", "add", "ada", "--role", "viewer", "--password-stdin"],
        "correct horse battery\n",
    );
    assert_eq!(twice.status.code(), Some(1));
    let client = browser();
    let session = server.url("/api/v1/session");
    let sign_in = |password: &str| client.post(&session).json(&json!({"name": "ada", "password": password})).send();
    assert_eq!(sign_in("wrong").await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let response = sign_in("correct horse battery").await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");

    let notices = server.url("/api/v1/notices");
    let foreign = client
        .post(&notices)
        .header("origin", "https://evil.example")
        .json(&outage("wohngeld", "x"))
        .send()
        .await
        .unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    let foreign = client
        .post(&notices)
        .header("sec-fetch-site", "cross-site")
        .json(&outage("wohngeld", "x"))
        .send()
        .await
        .unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    assert_eq!(
        client.post(&notices).json(&outage("wohngeld", "x")).send().await.unwrap().status(),
        StatusCode::CREATED
    );

    assert_eq!(client.delete(&session).send().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(client.get(&session).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in("correct horse battery").await.unwrap().status(), StatusCode::OK);
    server.clock.set("2026-05-04T20:00:00Z");
    assert_eq!(
        client.get(&session).send().await.unwrap().status(),
        StatusCode::UNAUTHORIZED,
        "a session never ends"
    );
    assert_eq!(
        server.anonymous(Method::GET, "/admin/").send().await.unwrap().status(),
        StatusCode::OK
    );
}

/// The token of the set-up link in what a start printed.
fn setup_token(greeting: &str) -> &str {
    greeting
        .split("#setup=")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next())
        .expect("a link was printed")
}

#[tokio::test]
async fn the_link_works_until_there_is_an_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let add = |name: &str, role: &str| {
        let added = binary::run(
            folder.path(),
            &["user", "add", name, "--role", role, "--password-stdin"],
            "Kranich im Nebel, 3 Uhr\n",
        );
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    };
    let server = Process::serve(folder.path(), &[]);
    for role in ["publisher", "editor", "viewer"] {
        add(&format!("the {role}"), role);
    }
    let set_up = async |server: &Process, name: &str| {
        let request = Client::new()
            .post(format!("{}/api/v1/setup", server.base))
            .json(&json!({"token": setup_token(&server.greeting), "name": name, "password": "Kranich im Nebel, 3 Uhr"}));
        request.send().await.unwrap()
    };
    let taken = set_up(&server, "the editor").await;
    assert_eq!(taken.status(), StatusCode::UNPROCESSABLE_ENTITY, "a name that is taken");
    let problem: Value = taken.json().await.unwrap();
    assert_eq!(problem["errors"][0]["pointer"], "/name");
    drop(server);
    let server = Process::serve(folder.path(), &[]);
    let made = set_up(&server, "ada").await;
    assert_eq!(made.status(), StatusCode::CREATED, "after others were added");
    let me: Value = made.json().await.unwrap();
    let id = me["id"].clone();
    assert!(id.as_str().unwrap().starts_with("account-"), "{me}");
    assert_eq!(
        me,
        json!({"id": id, "name": "ada", "role": "admin", "grants": [{"role": "admin", "portals": null}], "second_factor": "off", "public_url": server.base})
    );
    assert_eq!(set_up(&server, "eve").await.status(), StatusCode::FORBIDDEN);
    drop(server);
    let server = Process::serve(folder.path(), &[]);
    assert!(!server.greeting.contains("#setup="), "{}", server.greeting);
}

#[tokio::test]
async fn an_administrator_from_the_command_line_ends_the_link() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::serve(folder.path(), &[]);
    let added = binary::run(
        folder.path(),
        &["user", "add", "ada", "--role", "admin", "--password-stdin"],
        "Kranich im Nebel, 3 Uhr\n",
    );
    assert!(added.status.success());
    let request = Client::new()
        .post(format!("{}/api/v1/setup", server.base))
        .json(&json!({"token": setup_token(&server.greeting), "name": "eve", "password": "Kranich im Nebel, 3 Uhr"}));
    assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN);
}

/// An account, and a server that asks for its password.
fn with_ada() -> (tempfile::TempDir, Process) {
    let folder = tempfile::tempdir().unwrap();
    let added = binary::run(
        folder.path(),
        &["user", "add", "ada", "--role", "publisher", "--password-stdin"],
        "correct horse battery\n",
    );
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    let process = Process::serve(folder.path(), &[]);
    (folder, process)
}

#[tokio::test]
async fn a_session_that_somebody_else_has_chosen_is_never_mine() {
    let (_folder, server) = with_ada();
    let address = format!("{}/api/v1/session", server.base);
    let planted = "umleitung_session=cGxhbnRlZC1ieS1zb21lYm9keS1lbHNlLWFuZC1sb25nLWVub3VnaA";
    let credentials = json!({"name": "ada", "password": "correct horse battery"});
    let signed_in = Client::new()
        .post(&address)
        .header("cookie", planted)
        .json(&credentials)
        .send()
        .await
        .unwrap();
    assert_eq!(signed_in.status(), StatusCode::OK);
    let cookies: Vec<&str> = signed_in
        .headers()
        .get_all("set-cookie")
        .iter()
        .map(|cookie| cookie.to_str().unwrap())
        .collect();
    let own = cookies
        .iter()
        .find(|cookie| cookie.starts_with("umleitung_session="))
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    assert_ne!(own, planted);
    let asked = async |cookie: &str| Client::new().get(&address).header("cookie", cookie).send().await.unwrap().status();
    assert_eq!(asked(planted).await, StatusCode::UNAUTHORIZED, "whoever planted it has nothing");
    assert_eq!(asked(&own).await, StatusCode::OK);
    // Nor is the session of before that of after: whoever has seen it has nothing more.
    let again = Client::new()
        .post(&address)
        .header("cookie", &own)
        .json(&credentials)
        .send()
        .await
        .unwrap();
    let next = again.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap();
    assert_ne!(next, own);
}

#[tokio::test]
async fn who_has_an_account_is_told_to_nobody() {
    let (folder, server) = with_ada();
    let added = binary::run(
        folder.path(),
        &["user", "add", "bo", "--role", "viewer", "--password-stdin"],
        "correct horse battery\n",
    );
    assert!(added.status.success());
    binary::succeed(folder.path(), &["user", "disable", "bo"]);
    let refused = async |name: &str, password: &str| {
        let credentials = json!({"name": name, "password": password});
        let answer = Client::new()
            .post(format!("{}/api/v1/session", server.base))
            .json(&credentials)
            .send()
            .await
            .unwrap();
        let mut headers: Vec<String> = answer.headers().keys().map(ToString::to_string).collect();
        headers.sort();
        (answer.status(), headers, answer.text().await.unwrap())
    };
    let unknown = refused("niemand", "correct horse battery").await;
    assert_eq!(unknown.0, StatusCode::UNAUTHORIZED);
    for (name, password) in [
        ("ada", "wrong, but long enough"),
        ("bo", "wrong, but long enough"),
        ("bo", "correct horse battery"),
        ("ADA ", "x"),
    ] {
        assert_eq!(refused(name, password).await, unknown, "{name}");
    }
}
