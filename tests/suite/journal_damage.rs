//! A journal that went back, was emptied, was altered or cannot be read in places: it is said, and people are told all that is left.

use std::{path::Path, process, time::Duration};

use domain::{
    access::{Actor, Role},
    notice::{self, Intent},
    record::Command,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::support::{
    binary::{self, Process},
    listener::PATIENCE,
    notice, outage,
    server::TestServer,
    shell,
};

/// Someone with a database shell, who takes the triggers away first. The journal keeps those that it is opened with.
async fn by_hand(file: &Path, statements: &[&str]) {
    let pool = shell(file).await;
    let mut connection = pool.acquire().await.unwrap();
    sqlx::raw_sql(
        "BEGIN IMMEDIATE; DROP TRIGGER journal_is_not_deleted; DROP TRIGGER journal_is_not_changed; DROP TRIGGER journal_is_not_replaced",
    )
    .execute(&mut *connection)
    .await
    .unwrap();
    for statement in statements {
        sqlx::raw_sql(sqlx::AssertSqlSafe((*statement).to_owned()))
            .execute(&mut *connection)
            .await
            .unwrap();
    }
    sqlx::raw_sql("COMMIT").execute(&mut *connection).await.unwrap();
}

async fn until_ready_says(server: &TestServer, expected: &str) -> String {
    let waiting = async {
        loop {
            let said = server.get("/readyz").await.text().await.unwrap();
            if said.contains(expected) {
                return said;
            }
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("/readyz does not say it")
}

async fn conditions(server: &TestServer) -> Value {
    let request = server.request(Role::Viewer, Method::GET, "/api/v1/health");
    request.send().await.unwrap().json::<Value>().await.unwrap()["conditions"].take()
}

#[tokio::test]
async fn a_journal_that_has_lost_its_end_while_nobody_looked_is_said() {
    for (name, statement) in [
        ("the last", "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)"),
        ("several", "DELETE FROM journal WHERE seq > 5"),
    ] {
        let mut server = TestServer::start("2026-05-04T08:00:00Z").await;
        for title in ["kept", "last"] {
            server.post("/api/v1/notices", &outage("wohngeld", title)).await;
        }
        server.stop().await;
        by_hand(&server.file(), &[statement]).await;
        let said = binary::fail(&server.folder(), &["journal", "verify"]);
        assert!(said.contains("was written"), "{name}: {said}");
        server.restart().await;
        let said = server.get("/readyz").await.text().await.unwrap();
        assert!(said.starts_with("journal_went_back: "), "{name}: {said}");
        // As after a backup that was restored: whoever starts the server again has seen it.
        server.post("/api/v1/notices", &outage("sperrmuell", "new")).await;
        server.restart().await;
        assert_eq!(server.get("/readyz").await.text().await.unwrap(), "ready\n", "{name}");
        binary::succeed(&server.folder(), &["journal", "verify"]);
    }
}

#[tokio::test]
async fn a_journal_without_its_entries_does_not_pass_for_a_new_one() {
    for statement in ["DELETE FROM journal", "DROP TABLE journal"] {
        let mut server = TestServer::start("2026-05-04T08:00:00Z").await;
        server.post("/api/v1/notices", &outage("wohngeld", "gone")).await;
        server.stop().await;
        by_hand(&server.file(), &[statement]).await;
        for command in [&["journal", "verify"][..], &["user", "list"], &["serve", "--listen", "127.0.0.1:0"]] {
            let said = binary::fail(&server.folder(), command);
            assert!(said.contains("has lost all its entries"), "{command:?}: {said}");
        }
    }
}

#[tokio::test]
async fn what_was_read_long_ago_and_is_altered_behind_the_servers_back_is_said() {
    for (name, statement) in [
        (
            "text",
            "UPDATE journal SET payload = replace(payload, 'kept', 'forged') WHERE payload LIKE '%kept%'",
        ),
        ("author", "UPDATE journal SET actor = 'eve' WHERE seq = 5"),
        ("time", "UPDATE journal SET at = '2026-01-01T00:00:00Z' WHERE seq = 5"),
        ("hash", "UPDATE journal SET hash = '00' || substr(hash, 3) WHERE seq = 5"),
        ("gone in the middle", "DELETE FROM journal WHERE seq = 5"),
        ("gone at the beginning", "DELETE FROM journal WHERE seq = 1"),
        ("redacted without a word", "UPDATE journal SET payload = NULL WHERE seq = 5"),
    ] {
        let server = TestServer::start("2026-05-04T08:00:00Z").await;
        for title in ["kept", "last"] {
            server.post("/api/v1/notices", &outage("wohngeld", title)).await;
        }
        by_hand(&server.file(), &[statement]).await;
        until_ready_says(&server, "journal_broken: ").await;
        let conditions = conditions(&server).await;
        let found = conditions
            .as_array()
            .unwrap()
            .iter()
            .find(|found| found["code"] == "journal_broken")
            .unwrap();
        assert!(found["detail"].as_str().unwrap().starts_with("entry "), "{name}: {found}");
        assert!(
            notice(&server.state().await, "kept").is_some(),
            "{name}: what was right is shown on"
        );
        binary::fail(&server.folder(), &["journal", "verify"]);
    }
}

#[tokio::test]
async fn a_backup_that_is_restored_under_a_running_server_is_served_and_said() {
    for (name, also) in [
        ("shorter", vec![]),
        // As long as before, and longer, with another end.
        ("as long", vec!["other"]),
        ("longer", vec!["other", "another", "a third"]),
    ] {
        let server = TestServer::start("2026-05-04T08:00:00Z").await;
        server.post("/api/v1/notices", &outage("wohngeld", "kept")).await;
        let last = server.post("/api/v1/notices", &outage("wohngeld", "gone")).await;
        let status_page = server.get("/p/musterstadt/").await.text().await.unwrap();
        assert!(status_page.contains("gone"), "{name}");
        // What another server made of the backup meanwhile.
        let other = tempfile::tempdir().unwrap();
        let seq = last["position"].as_u64().unwrap();
        let mut export = binary::succeed(&server.folder(), &["journal", "export"]);
        let kept: Vec<&str> = export.lines().take(usize::try_from(seq).unwrap() - 1).collect();
        export = kept.join("\n") + "\n";
        let file = other.path().join("export.jsonl");
        std::fs::write(&file, export).unwrap();
        let data = other.path().join("data");
        binary::succeed(&data, &["journal", "import", file.to_str().unwrap()]);
        let journal = store::Place::folder(&data).open().await.unwrap().journal;
        let elsewhere = engine::Publisher::open(journal, std::sync::Arc::new(server.clock.clone()), std::sync::Arc::new(()))
            .await
            .unwrap();
        for title in &also {
            let mut body = outage("wohngeld", title);
            body.as_object_mut().unwrap().remove("publish");
            let content = Box::new(serde_json::from_value(body).unwrap());
            let actor = Actor::new("account-x", Role::Publisher);
            elsewhere
                .submit(
                    actor,
                    Command::Notice(notice::Command::Create {
                        content,
                        intent: Intent::Publish,
                    }),
                )
                .await
                .unwrap();
        }
        elsewhere.journal().close().await;
        let from = data.join("umleitung.sqlite3");
        let restore = [
            "COMMIT",
            &format!("ATTACH '{}' AS backup", from.display()),
            "BEGIN IMMEDIATE",
            "DELETE FROM journal",
            "INSERT INTO journal SELECT * FROM backup.journal",
        ];
        by_hand(&server.file(), &restore).await;
        until_ready_says(&server, "journal_went_back: ").await;
        let state = server.state().await;
        assert!(notice(&state, "kept").is_some() && notice(&state, "gone").is_none(), "{name}");
        for title in also {
            assert!(notice(&state, title).is_some(), "{name}: {title}");
        }
        assert!(
            !server.get("/p/musterstadt/").await.text().await.unwrap().contains("gone"),
            "{name}"
        );
        let listed = server.request(Role::Viewer, Method::GET, "/api/v1/notices").send();
        let listed = tokio::time::timeout(Duration::from_secs(5), listed)
            .await
            .expect("listings hang")
            .unwrap();
        assert_eq!(listed.status(), StatusCode::OK);
        server.post("/api/v1/notices", &outage("wohngeld", "after")).await;
        assert!(notice(&server.state().await, "after").is_some(), "{name}");
        assert!(binary::succeed(&server.folder(), &["journal", "verify"]).contains("whole"));
    }
}

#[tokio::test]
async fn a_journal_that_loses_all_its_entries_takes_nothing_from_what_is_shown() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    server.post("/api/v1/notices", &outage("wohngeld", "kept")).await;
    by_hand(&server.file(), &["DELETE FROM journal"]).await;
    let said = until_ready_says(&server, "journal_went_back: ").await;
    assert!(said.contains("journal_unread: "), "{said}");
    assert!(notice(&server.state().await, "kept").is_some());
    let body = outage("wohngeld", "after");
    let refused = server.request(Role::Publisher, Method::POST, "/api/v1/notices").json(&body).send();
    let refused = tokio::time::timeout(Duration::from_secs(5), refused)
        .await
        .expect("commands hang")
        .unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn what_was_altered_is_said_from_the_start_and_while_running() {
    for change in [
        "UPDATE journal SET payload = replace(payload, 'Original', 'Falsified') WHERE seq = SEQ",
        "UPDATE journal SET actor = 'somebody else' WHERE seq = SEQ",
        "UPDATE journal SET at = '2026-05-04T07:00:00Z' WHERE seq = SEQ",
        "UPDATE journal SET hash = previous WHERE seq = SEQ",
        "UPDATE journal SET payload = NULL WHERE seq = SEQ",
        "DELETE FROM journal WHERE seq = SEQ",
    ] {
        let mut server = TestServer::start("2026-05-04T08:00:00Z").await;
        let seq = server.post("/api/v1/notices", &outage("wohngeld", "Original")).await["position"]
            .as_u64()
            .unwrap();
        server.post("/api/v1/notices", &outage("wohngeld", "Danach")).await;
        assert_eq!(conditions(&server).await, json!([]));
        let change = change.replace("SEQ", &seq.to_string());
        server.stop().await;
        by_hand(&server.file(), &[&change]).await;
        server.restart().await;
        let said = until_ready_says(&server, "journal_broken: ").await;
        assert!(!said.contains(&seq.to_string()), "strangers learn more than they need: {said}");
        let found = conditions(&server).await;
        assert!(found[0]["detail"].as_str().unwrap().contains("entry "), "{change}: {found}");
        assert!(notice(&server.state().await, "Danach").is_some(), "{change}");
    }
    // An entry that another writes behind the last one, and that does not follow it.
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    server.post("/api/v1/notices", &outage("wohngeld", "Original")).await;
    let forged = "INSERT INTO journal SELECT seq + 1, at, actor, subject, payload, payload_hash, previous, hash FROM journal ORDER BY seq DESC LIMIT 1";
    by_hand(&server.file(), &[forged]).await;
    until_ready_says(&server, "journal_broken: ").await;
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_keeps_back_nothing_else() {
    for change in [
        "UPDATE journal SET payload = '{\"of_a_later_release\":{}}' WHERE seq = SEQ",
        "UPDATE journal SET payload = 'no JSON' WHERE seq = SEQ",
        "UPDATE journal SET payload = CAST(x'ff00fe' AS TEXT) WHERE seq = SEQ",
        "UPDATE journal SET at = 'yesterday' WHERE seq = SEQ",
        "UPDATE journal SET subject = 'no id' WHERE seq = SEQ",
    ] {
        let mut server = TestServer::start("2026-05-04T08:00:00Z").await;
        server.post("/api/v1/notices", &outage("wohngeld", "Zuvor")).await;
        let seq = server.post("/api/v1/notices", &outage("wohngeld", "Unlesbar")).await["position"]
            .as_u64()
            .unwrap();
        server.post("/api/v1/notices", &outage("wohngeld", "Danach")).await;
        let change = change.replace("SEQ", &seq.to_string());
        server.stop().await;
        by_hand(&server.file(), &[&change]).await;
        server.restart().await;
        until_ready_says(&server, "entries_left_out: ").await;
        let state = server.state().await;
        assert!(notice(&state, "Zuvor").is_some() && notice(&state, "Danach").is_some(), "{change}");
        assert!(notice(&state, "Unlesbar").is_none(), "{change}");
        let found = conditions(&server).await.to_string();
        assert!(found.contains(&format!("entry {seq}")), "{change}: {found}");
        // It is still a server on which one can publish; no number is given twice.
        let next = server.post("/api/v1/notices", &outage("wohngeld", "Neu")).await;
        assert_eq!(next["id"], "2026-0004", "{change}");
    }
}

/// Data that nobody may write to, as on a disk that is read-only. Root may write everywhere, so the server runs as another.
#[tokio::test]
async fn what_cannot_be_written_is_still_read() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server = Process::serve(&data, &["--demo"]);
    let token = binary::succeed(&data, &["token", "create", "x", "--role", "publisher"])
        .trim()
        .to_owned();
    assert!(
        binary::run(
            &data,
            &["user", "add", "petra", "--role", "admin", "--password-stdin"],
            "a long enough password"
        )
        .status
        .success()
    );
    let client = reqwest::Client::new();
    let post = |base: String, title: &str| {
        let request = client
            .post(format!("{base}/api/v1/notices"))
            .bearer_auth(&token)
            .json(&outage("wohngeld", title));
        async move { request.send().await.unwrap().status() }
    };
    assert_eq!(post(server.base.clone(), "Zuvor").await, StatusCode::CREATED);
    // Ended cleanly, and cut off: then a part lies in the write-ahead log.
    for cut_off in [true, false] {
        if cut_off {
            server.kill();
        } else {
            // Once it answers, it hears also that it is to end.
            client.get(format!("{}/healthz", server.base)).send().await.unwrap();
            assert!(server.end().await.success());
        }
        let sh = |script: &str| {
            assert!(
                process::Command::new("sh")
                    .args(["-c", script])
                    .arg(folder.path())
                    .status()
                    .unwrap()
                    .success()
            )
        };
        sh(
            "chmod 755 \"$0\" \"$0/data\" && find \"$0/data\" -type f -exec chmod 444 {} + && find \"$0/data\" -type d -exec chmod 555 {} +",
        );
        let root = process::Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
        let nobody: &[&str] = &["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
        let reading = if root {
            Process::serve_under(nobody, &data, &[])
        } else {
            Process::serve(&data, &[])
        };
        let state: Value = client
            .get(format!("{}/p/musterstadt/state.json", reading.base))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert!(notice(&state, "Zuvor").is_some(), "cut off: {cut_off}");
        let said = client
            .get(format!("{}/readyz", reading.base))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        assert!(said.starts_with("database_unwritable: "), "{said}");
        assert_eq!(post(reading.base.clone(), "Danach").await, StatusCode::SERVICE_UNAVAILABLE);
        drop(reading);
        sh("find \"$0/data\" -type d -exec chmod 700 {} + && find \"$0/data\" -type f -exec chmod 600 {} +");
        server = Process::serve(&data, &[]);
    }
    assert_eq!(post(server.base.clone(), "Danach").await, StatusCode::CREATED);
}

/// Every subcommand that opens the data.
const SUBCOMMANDS: [&[&str]; 7] = [
    &["journal", "verify"],
    &["journal", "export"],
    &["journal", "redact", "1", "--reason", "x"],
    &["catalogue", "export"],
    &["token", "create", "y", "--role", "viewer"],
    &["user", "add", "paul", "--role", "viewer", "--password-stdin"],
    &["serve", "--listen", "127.0.0.1:0"],
];

#[test]
fn data_that_were_in_use_do_not_pass_for_new_ones() {
    type Fault = fn(&Path);
    let faults: [(&str, Fault); 6] = [
        ("emptied", |file| std::fs::write(file, "").unwrap()),
        ("removed", |file| std::fs::remove_file(file).unwrap()),
        ("removed with all beside it but the log", |file| {
            std::fs::write(format!("{}-wal", file.display()), [0; 4_128]).unwrap();
            std::fs::remove_file(file).unwrap();
            std::fs::remove_file(format!("{}.id", file.display())).unwrap();
            std::fs::remove_dir_all(file.with_file_name("releases")).unwrap();
        }),
        ("removed, of a release without a marker", |file| {
            std::fs::remove_file(file).unwrap();
            std::fs::remove_file(format!("{}.id", file.display())).unwrap();
        }),
        ("emptied, of a release without a marker", |file| {
            std::fs::write(file, "").unwrap();
            std::fs::remove_file(format!("{}.id", file.display())).unwrap();
        }),
        ("replaced by a new one", |file| {
            let other = file.with_file_name("other");
            binary::succeed(&other, &["token", "create", "y", "--role", "viewer"]);
            // A log of before would be read into it.
            for log in ["-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{log}", file.display()));
            }
            std::fs::rename(other.join("umleitung.sqlite3"), file).unwrap();
        }),
    ];
    for (name, fault) in faults {
        let folder = tempfile::tempdir().unwrap();
        drop(Process::serve(folder.path(), &["--demo"]));
        assert!(binary::succeed(folder.path(), &["journal", "verify"]).contains("whole"));
        fault(&folder.path().join("umleitung.sqlite3"));
        for subcommand in SUBCOMMANDS {
            let said = binary::run(folder.path(), subcommand, "a long enough password");
            assert_eq!(
                said.status.code(),
                Some(1),
                "{name}: {subcommand:?} {}",
                String::from_utf8_lossy(&said.stdout)
            );
            let said = String::from_utf8_lossy(&said.stderr).into_owned();
            assert!(said.contains("backup"), "{name}: {subcommand:?} said {said}");
        }
    }
    // What was never in use begins: an empty folder, an empty file, and again what has begun.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("umleitung.sqlite3"), "").unwrap();
    assert!(
        Process::serve(folder.path(), &[])
            .greeting
            .contains("There is no administrator yet.")
    );
    assert!(
        Process::serve(folder.path(), &[])
            .greeting
            .contains("There is no administrator yet.")
    );
}
