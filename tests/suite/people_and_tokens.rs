//! Who there is and how that ends: names, passwords, lists, disabling and revoking, on the command line and over HTTP.

use std::path::Path;

use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

use super::support::{
    binary::{self, Process},
    shell,
};

const PASSWORD: &str = "Kranich im Nebel, 3 Uhr";

/// Adds an account; the error says why not.
fn add(folder: &Path, name: &str, role: &str, password: &str) -> Result<(), String> {
    let added = binary::run(
        folder,
        &["user", "add", name, "--role", role, "--password-stdin"],
        &format!("{password}\n"),
    );
    if added.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8(added.stderr).unwrap())
    }
}

async fn sign_in(client: &Client, base: &str, name: &str, password: &str) -> StatusCode {
    let request = client
        .post(format!("{base}/api/v1/session"))
        .json(&json!({"name": name, "password": password}));
    request.send().await.unwrap().status()
}

fn browser() -> Client {
    Client::builder().cookie_store(true).build().unwrap()
}

/// A request by a program with this token.
async fn by_token(base: &str, token: &str, method: Method, path: &str) -> Response {
    let request = Client::new().request(method, format!("{base}{path}")).bearer_auth(token.trim());
    request.send().await.unwrap()
}

#[test]
fn a_name_that_could_be_another_or_shows_nothing_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(add(folder.path(), " Admin ", "admin", PASSWORD), Ok(()));
    assert!(binary::succeed(folder.path(), &["user", "list"]).ends_with("\tadmin\tenabled\tAdmin\n"));
    for taken in [
        "Admin",
        "admin",
        "ADMIN",
        "Admin ",
        " Admin",
        "Adm\u{131}n",
        "Ａdmin",
        "Admin\u{a0}",
    ] {
        let said = add(folder.path(), taken, "viewer", PASSWORD).unwrap_err();
        assert!(said.contains("the name is taken"), "{taken:?}: {said}");
    }
    for bad in [
        "",
        "  ",
        "a\u{1}b",
        "a\nb",
        "a\u{1b}[31m",
        "\u{202e}nimda",
        "ada\u{200b}",
        "\u{3164}",
        "\u{2060}",
        "аdа-x",
        "ada\u{e0020}",
    ] {
        let said = add(folder.path(), bad, "viewer", PASSWORD).unwrap_err();
        assert!(said.contains("the name "), "{bad:?}: {said}");
        let said = binary::fail(folder.path(), &["token", "create", bad, "--role", "viewer"]);
        assert!(said.contains("the name "), "{bad:?}: {said}");
    }
    assert_eq!(add(folder.path(), "adm0", "viewer", PASSWORD), Ok(()));
    assert!(add(folder.path(), "ADM0", "viewer", PASSWORD).is_err());
    assert!(add(folder.path(), "admO", "viewer", PASSWORD).is_err());
}

#[test]
fn a_password_that_is_easily_guessed_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let long = "Kranich ".repeat(25_000);
    for (bad, reason) in [
        ("Kranich", "too short"),
        ("aaaaaaaaaaaa", "easily guessed"),
        ("passwordpassword", "easily guessed"),
        ("ada.ada.ada.ada", "easily guessed"),
        (long.as_str(), "longer than 256"),
    ] {
        let said = add(folder.path(), "ada", "viewer", bad).unwrap_err();
        assert!(said.contains("the password ") && said.contains(reason), "{bad:.40}: {said}");
    }
    add(folder.path(), "ada", "viewer", PASSWORD).unwrap();
    let said = binary::run(
        folder.path(),
        &["user", "password", "ada", "--password-stdin"],
        "passwordpassword\n",
    );
    assert!(String::from_utf8(said.stderr).unwrap().contains("easily guessed"));
}

#[tokio::test]
async fn a_person_is_disabled_with_all_that_they_hold_and_enabled_again() {
    let folder = tempfile::tempdir().unwrap();
    add(folder.path(), "ada", "admin", PASSWORD).unwrap();
    add(folder.path(), "Petra Müller", "publisher", PASSWORD).unwrap();
    let server = Process::serve(folder.path(), &[]);
    let (petra, base) = (browser(), &server.base);
    let session = format!("{base}/api/v1/session");
    assert_eq!(sign_in(&petra, base, "Petra Müller", PASSWORD).await, StatusCode::OK);
    let hers = binary::succeed(
        folder.path(),
        &["token", "create", "import", "--role", "viewer", "--owner", "petra müller"],
    );
    let other = binary::succeed(folder.path(), &["token", "create", "monitoring", "--role", "viewer"]);
    for token in [&hers, &other] {
        assert_eq!(by_token(base, token, Method::GET, "/api/v1/session").await.status(), StatusCode::OK);
    }
    binary::succeed(folder.path(), &["user", "disable", "Petra Müller"]);
    assert_eq!(petra.get(&session).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let posted = petra
        .post(format!("{base}/api/v1/notices"))
        .json(&super::support::outage("wohngeld", "Eins"));
    let refused = posted.send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(refused.json::<Value>().await.unwrap()["type"], "urn:umleitung:sign_in");
    assert_eq!(sign_in(&petra, base, "Petra Müller", PASSWORD).await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        by_token(base, &hers, Method::GET, "/api/v1/session").await.status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        by_token(base, &other, Method::GET, "/api/v1/session").await.status(),
        StatusCode::OK
    );
    let list = binary::succeed(folder.path(), &["user", "list"]);
    assert!(list.contains("\tpublisher\tdisabled\tPetra Müller\n"), "{list}");
    let list = binary::succeed(folder.path(), &["token", "list"]);
    assert!(list.contains("\tviewer\trevoked\t") && list.contains("\timport\n"), "{list}");
    binary::succeed(folder.path(), &["user", "enable", "Petra Müller"]);
    assert_eq!(petra.get(&session).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&petra, base, "Petra Müller", PASSWORD).await, StatusCode::OK);
    let changed = binary::run(
        folder.path(),
        &["user", "password", "Petra Müller", "--password-stdin"],
        "Reiher am Ufer, 5 Uhr\n",
    );
    assert!(changed.status.success());
    assert_eq!(petra.get(&session).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&petra, base, "Petra Müller", PASSWORD).await, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&petra, base, "Petra Müller", "Reiher am Ufer, 5 Uhr").await, StatusCode::OK);
    binary::succeed(folder.path(), &["token", "revoke", "monitoring"]);
    assert_eq!(
        by_token(base, &other, Method::GET, "/api/v1/session").await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[test]
fn the_last_administrator_stays_and_nobody_is_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let said = binary::fail(folder.path(), &["user", "list"]);
    assert!(said.contains("is this the right data folder?"), "{said}");
    add(folder.path(), "ada", "admin", PASSWORD).unwrap();
    add(folder.path(), "eve", "publisher", PASSWORD).unwrap();
    let said = binary::fail(folder.path(), &["user", "disable", "ada"]);
    assert!(said.contains("last administrator"), "{said}");
    add(folder.path(), "grace", "admin", PASSWORD).unwrap();
    binary::succeed(folder.path(), &["user", "disable", "ada"]);
    assert!(binary::fail(folder.path(), &["user", "disable", "grace"]).contains("last administrator"));
    for command in [["user", "disable"], ["user", "enable"], ["token", "revoke"]] {
        let said = binary::fail(folder.path(), &[command[0], command[1], "nobody\u{202e}"]);
        assert!(said.contains("no") && !said.contains('\u{202e}'), "{said}");
    }
}

#[tokio::test]
async fn administrators_manage_people_and_tokens_over_http_and_nobody_else_does() {
    let folder = tempfile::tempdir().unwrap();
    add(folder.path(), "ada", "admin", PASSWORD).unwrap();
    add(folder.path(), "eve", "publisher", PASSWORD).unwrap();
    let admin = binary::succeed(folder.path(), &["token", "create", "ops", "--role", "admin"]);
    let publisher = binary::succeed(folder.path(), &["token", "create", "import", "--role", "publisher"]);
    let server = Process::serve(folder.path(), &[]);
    let base = &server.base;
    let people: Value = by_token(base, &admin, Method::GET, "/api/v1/people").await.json().await.unwrap();
    let people = people["people"].as_array().unwrap();
    let names: Vec<_> = people.iter().map(|person| (&person["name"], &person["role"])).collect();
    assert_eq!(names, [(&json!("ada"), &json!("admin")), (&json!("eve"), &json!("publisher"))]);
    assert!(people.iter().all(|person| person.get("password_hash").is_none()));
    let (ada, eve) = (people[0]["id"].as_str().unwrap(), people[1]["id"].as_str().unwrap());
    let tokens: Value = by_token(base, &admin, Method::GET, "/api/v1/tokens").await.json().await.unwrap();
    let tokens = tokens["tokens"].as_array().unwrap();
    let import = tokens.iter().find(|token| token["name"] == "import").unwrap();
    assert!(import["expires_at"].is_string() && import.get("token_hash").is_none(), "{import}");
    let import = import["id"].as_str().unwrap();
    let all = [
        (Method::GET, "/api/v1/people".to_owned(), StatusCode::OK),
        (Method::GET, "/api/v1/tokens".to_owned(), StatusCode::OK),
        (Method::POST, format!("/api/v1/people/{eve}/disable"), StatusCode::OK),
        (Method::POST, format!("/api/v1/people/{eve}/enable"), StatusCode::OK),
        (Method::POST, format!("/api/v1/people/{ada}/disable"), StatusCode::CONFLICT),
        (Method::POST, "/api/v1/people/account-x/disable".to_owned(), StatusCode::NOT_FOUND),
        (Method::POST, "/api/v1/tokens/token-x/revoke".to_owned(), StatusCode::NOT_FOUND),
        (Method::POST, format!("/api/v1/tokens/{import}/revoke"), StatusCode::OK),
    ];
    for (method, path, _) in &all {
        let anonymous = Client::new().request(method.clone(), format!("{base}{path}")).send().await.unwrap();
        assert_eq!(anonymous.status(), StatusCode::UNAUTHORIZED, "{path}");
        let answer = by_token(base, &publisher, method.clone(), path).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
    }
    let eves = browser();
    assert_eq!(sign_in(&eves, base, "eve", PASSWORD).await, StatusCode::OK);
    for (method, path, status) in all {
        assert_eq!(by_token(base, &admin, method, &path).await.status(), status, "{path}");
    }
    let session = eves.get(format!("{base}/api/v1/session")).send().await.unwrap();
    assert_eq!(session.status(), StatusCode::UNAUTHORIZED, "disabling ended it");
    let revoked = by_token(base, &publisher, Method::GET, "/api/v1/session").await;
    assert_eq!(revoked.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn accounts_of_an_earlier_release_go_on_working() {
    let folder = tempfile::tempdir().unwrap();
    add(folder.path(), "ada", "admin", PASSWORD).unwrap();
    let rename = async |name: &str| {
        let pool = shell(&folder.path().join("umleitung.sqlite3")).await;
        sqlx::query("UPDATE account SET name = ?").bind(name).execute(&pool).await.unwrap();
        pool.close().await;
    };
    let server = Process::serve(folder.path(), &[]);
    for name in ["Admin ", "\u{202e}nimda", "ａｄａ", "a\u{1}b"] {
        rename(name).await;
        assert_eq!(sign_in(&browser(), &server.base, name, PASSWORD).await, StatusCode::OK, "{name:?}");
        let list = binary::succeed(folder.path(), &["user", "list"]);
        assert!(!list.contains(['\u{202e}', '\u{1}']), "{list:?}");
    }
    rename("Ada Lovelace").await;
    for written in ["Ada Lovelace", " Ada  Lovelace ", "Ada\u{a0}Lovelace"] {
        assert_eq!(
            sign_in(&browser(), &server.base, written, PASSWORD).await,
            StatusCode::OK,
            "{written:?}"
        );
    }
}

#[tokio::test]
async fn a_database_of_an_earlier_release_gets_what_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    add(folder.path(), "ada", "admin", PASSWORD).unwrap();
    let token = binary::succeed(folder.path(), &["token", "create", "ops", "--role", "admin"]);
    let pool = shell(&folder.path().join("umleitung.sqlite3")).await;
    for change in [
        "DROP TABLE _sqlx_migrations",
        "DROP TABLE release_file",
        "DROP TABLE release",
        "DROP TABLE portal_grant",
        "DROP TABLE lease",
        "DROP TABLE bookmark",
        "DROP TABLE task",
        "DROP TABLE alert",
        "DROP TABLE finding",
        "DROP TABLE sample",
        "DROP TABLE source",
        "DROP TABLE webhook",
        "DROP TABLE subscription",
        "DROP TABLE subscription_edition",
        "DROP TABLE mailed",
        "DROP TABLE arrival",
        "DROP TABLE invitation",
        "DROP TABLE departure",
        "DROP TABLE outside_identity",
        "DROP TABLE passkey_challenge",
        "DROP TABLE passkey",
        "DROP TABLE second_factor",
        "DROP TABLE recovery_code",
        "DROP TABLE form",
        "ALTER TABLE account DROP COLUMN used_at",
        "ALTER TABLE api_token DROP COLUMN used_at",
        "ALTER TABLE account DROP COLUMN disabled_at",
        "ALTER TABLE api_token DROP COLUMN revoked_at",
        "ALTER TABLE api_token DROP COLUMN owner",
        "DROP TABLE known_browser",
    ] {
        sqlx::query(change).execute(&pool).await.unwrap();
    }
    pool.close().await;
    let server = Process::serve(folder.path(), &[]);
    assert_eq!(sign_in(&browser(), &server.base, "ada", PASSWORD).await, StatusCode::OK);
    let answer = by_token(&server.base, &token, Method::GET, "/api/v1/people").await;
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn accounts_that_cannot_be_written_are_read() {
    let folder = tempfile::tempdir().unwrap();
    add(folder.path(), "ada", "admin", PASSWORD).unwrap();
    let token = binary::succeed(folder.path(), &["token", "create", "ops", "--role", "admin"]);
    // What an earlier release did not make, and what cannot be made now.
    let pool = shell(&folder.path().join("umleitung.sqlite3")).await;
    sqlx::query("DROP TABLE known_browser").execute(&pool).await.unwrap();
    pool.close().await;
    let server = Process::serve_within("--fsize=0", folder.path(), &[]);
    let answer = by_token(&server.base, &token, Method::GET, "/api/v1/people").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.json::<Value>().await.unwrap()["people"].as_array().unwrap().len(), 1);
}

/// A folder may be told in any way: journal and accounts are in one file.
#[test]
fn accounts_are_where_the_journal_is_however_the_folder_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("a/b c/ä%20#?");
    std::fs::create_dir_all(below.join("x")).unwrap();
    std::os::unix::fs::symlink(&below, folder.path().join("link")).unwrap();
    for told in ["../../data", "x/../../../more", "./here", "..", "../../../link/there"] {
        let run = |arguments: &[&str]| {
            let mut command = std::process::Command::new(binary::path());
            let output = command.current_dir(&below).args(arguments).args(["--data", told]).output().unwrap();
            assert!(output.status.success(), "{told}: {}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        run(&["token", "create", "ops", "--role", "admin"]);
        assert_eq!(run(&["token", "list"]).lines().count(), 1, "{told}");
        // In the file, or still in the log beside it.
        let parts =
            ["umleitung.sqlite3", "umleitung.sqlite3-wal"].map(|name| std::fs::read(below.join(told).join(name)).unwrap_or_default());
        assert!(parts.concat().windows(6).any(|window| window == b"token-"), "{told}");
    }
}
