//! Disks that are full or fail, files that vanish or go back, locks that are held: what was answered 201 is there once, `/readyz` says
//! what is wrong for as long as it is, and no restart is needed.

use std::{os::unix::fs::MetadataExt, path::Path, time::Duration};

use domain::access::Role;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use super::support::{
    binary::{self, Process},
    listener::PATIENCE,
    notice, outage,
    server::TestServer,
    shell,
};

/// A server as a process of its own, with someone who publishes on it.
struct Site {
    folder: tempfile::TempDir,
    process: Process,
    token: String,
    client: Client,
}

impl Site {
    fn start(starter: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let token = binary::succeed(folder.path(), &["token", "create", "load", "--role", "publisher"])
            .trim()
            .to_owned();
        // Everything that a first start writes is there before anything fails.
        drop(Process::serve(folder.path(), &["--demo"]));
        let account = ["user", "add", "petra", "--role", "admin", "--password-stdin"];
        assert!(binary::run(folder.path(), &account, "a long enough password").status.success());
        let process = match starter {
            [] => Process::serve(folder.path(), &["--demo"]),
            starter => Process::serve_under(starter, folder.path(), &["--demo"]),
        };
        Self {
            folder,
            process,
            token,
            client: Client::new(),
        }
    }

    fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("umleitung.sqlite3")
    }

    async fn publish(&self, title: &str, key: Option<&str>) -> (StatusCode, Value) {
        let mut request = self
            .client
            .post(format!("{}/api/v1/notices", self.process.base))
            .bearer_auth(&self.token)
            .json(&outage("sperrmuell", title));
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        (status, response.json().await.unwrap())
    }

    async fn get(&self, path: &str) -> (StatusCode, String) {
        let request = self.client.get(format!("{}{path}", self.process.base)).bearer_auth(&self.token);
        let response = request.send().await.unwrap();
        (response.status(), response.text().await.unwrap())
    }

    async fn shown(&self) -> Vec<String> {
        let (status, state) = self.get("/p/musterstadt/state.json").await;
        assert_eq!(status, StatusCode::OK);
        let state: Value = serde_json::from_str(&state).unwrap();
        let titles = state["notices"].as_array().unwrap().iter();
        titles.map(|notice| notice["title"]["de"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until `/readyz` says this.
    async fn until_ready_says(&self, expected: &str) {
        let waiting = async {
            while !self.get("/readyz").await.1.contains(expected) {
                tokio::task::yield_now().await;
            }
        };
        if tokio::time::timeout(PATIENCE, waiting).await.is_err() {
            panic!("/readyz does not say {expected}, but {:?}", self.get("/readyz").await);
        }
    }

    /// Takes the content of the index of the write-ahead log away, at a moment when nobody is reading: who is has it mapped, and could only die.
    async fn cut_off_the_index(&self) {
        let index = std::fs::OpenOptions::new()
            .write(true)
            .open(self.folder.path().join("umleitung.sqlite3-shm"))
            .unwrap();
        let number = format!(":{} ", index.metadata().unwrap().ino());
        let cutting = async {
            loop {
                self.process.halt();
                while !self.process.is_halted() {
                    tokio::task::yield_now().await;
                }
                let locks = std::fs::read_to_string("/proc/locks").unwrap();
                let mut held = locks.lines().filter(|lock| lock.contains(&number));
                // Who has it open at all holds the byte 128, who reads or writes one before that (<https://www.sqlite.org/walformat.html>).
                let is_at_rest = held.all(|lock| lock.ends_with(" 128 128"));
                if is_at_rest {
                    index.set_len(0).unwrap();
                }
                self.process.go_on();
                if is_at_rest {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, cutting).await.expect("somebody reads all the time");
    }

    fn verify(&self) {
        assert!(binary::succeed(self.folder.path(), &["journal", "verify"]).contains("whole"));
    }
}

/// How often each title is listed.
fn count(titles: &[String], title: &str) -> usize {
    titles.iter().filter(|there| *there == title).count()
}

#[tokio::test]
async fn a_full_disk_is_told_and_everything_goes_on_when_there_is_room() {
    let site = Site::start(&[]);
    let before = site.publish("before", None).await;
    assert_eq!(before.0, StatusCode::CREATED);
    assert_eq!(site.get("/readyz").await, (StatusCode::OK, "ready\n".to_owned()));
    for round in 0..3 {
        // At once, without a write, and after each write.
        site.process.limit_files_to("0");
        for attempt in 0..3 {
            let (status, said) = site.get("/readyz").await;
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
            assert!(said.starts_with("database_unwritable: "), "{said}");
            let (status, problem) = site.publish(&format!("full {round} {attempt}"), None).await;
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(problem["outcome"], "nothing_changed", "{problem}");
        }
        let report: Value = serde_json::from_str(&site.get("/api/v1/health").await.1).unwrap();
        assert_eq!(report["ready"], false);
        assert_eq!(report["conditions"][0]["code"], "database_unwritable");
        site.process.limit_files_to("unlimited");
        for attempt in 0..6 {
            let (status, problem) = site.publish(&format!("room {round} {attempt}"), None).await;
            assert_eq!(status, StatusCode::CREATED, "{problem}");
        }
        site.until_ready_says("ready\n").await;
    }
    let shown = site.shown().await;
    assert_eq!(shown.len(), 1 + 3 * 6, "{shown:?}");
    site.verify();
}

/// The failure of single system calls, wherever in a transaction they fall: `strace` makes every so-manieth of them fail.
/// `strace` counts for each thread by itself, and each connection to the database has its own.
async fn survives(call: &str, error: &str, when: &str) {
    let fault = format!("inject={call}:error={error}:when={when}");
    let trace = format!("trace={call}");
    let mut site = Site::start(&["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", &trace, "-e", &fault]);
    let (mut failed, mut titles) = (0, Vec::new());
    for number in 0..150 {
        let title = format!("{call} {number}");
        for attempt in 0.. {
            let (status, answer) = site.publish(&title, Some(&format!("key-{number}"))).await;
            if status == StatusCode::CREATED {
                break;
            }
            failed += 1;
            let there = count(&site.shown().await, &title);
            match answer["outcome"].as_str().unwrap() {
                "nothing_changed" => assert_eq!(there, 0, "{title} was answered {answer}, and is public"),
                "unknown" => {}
                other => panic!("{other}"),
            }
            assert!(attempt < 50, "{title}: {status} {answer}");
        }
        titles.push(title);
    }
    assert!(failed > 3, "only {failed} answers were failures; the test tests nothing");
    let shown = site.shown().await;
    for title in &titles {
        assert_eq!(count(&shown, title), 1, "{title}");
    }
    // The same after a power cut.
    site.process.kill();
    site.process = Process::serve(site.folder.path(), &["--demo"]);
    let shown = site.shown().await;
    assert_eq!(shown.len(), titles.len());
    for title in &titles {
        assert_eq!(count(&shown, title), 1, "{title}");
    }
    assert_eq!(site.get("/readyz").await.1, "ready\n");
    site.verify();
}

#[tokio::test]
async fn a_write_that_fails_now_and_then_loses_and_doubles_nothing() {
    survives("pwrite64", "EIO", "41+7").await;
}

#[tokio::test]
async fn a_disk_that_is_full_now_and_then_loses_and_doubles_nothing() {
    survives("pwrite64", "ENOSPC", "47+11").await;
}

#[tokio::test]
async fn a_sync_that_fails_now_and_then_loses_and_doubles_nothing() {
    survives("fsync,fdatasync", "EIO", "4+5").await;
}

#[tokio::test]
async fn a_read_that_fails_now_and_then_loses_and_doubles_nothing() {
    survives("pread64", "EIO", "200+9").await;
}

/// What may happen to the file under a running server, and whether putting back what was there undoes it.
#[tokio::test]
async fn a_database_that_is_no_longer_there_takes_no_notice() {
    type Fault = fn(&Path);
    let beside = |file: &Path, suffix: &str| std::path::PathBuf::from(format!("{}{suffix}", file.display()));
    let faults: [(&str, Fault); 8] = [
        ("deleted", |file| std::fs::remove_file(file).unwrap()),
        ("moved", |file| std::fs::rename(file, file.with_extension("moved")).unwrap()),
        ("replaced by a copy", |file| {
            let copy = file.with_extension("copy");
            std::fs::copy(file, &copy).unwrap();
            std::fs::rename(copy, file).unwrap();
        }),
        ("replaced by an empty file", |file| {
            std::fs::remove_file(file).unwrap();
            std::fs::write(file, "").unwrap();
        }),
        ("emptied", |file| std::fs::write(file, "").unwrap()),
        ("overwritten", |file| std::fs::write(file, "no database at all").unwrap()),
        // SQLite would look for the log beside the file behind the link.
        ("moved behind a link", |file| {
            let other = file.with_extension("elsewhere");
            std::fs::rename(file, &other).unwrap();
            std::os::unix::fs::symlink(other, file).unwrap();
        }),
        ("the folder moved", |file| {
            let folder = file.parent().unwrap();
            std::fs::rename(folder, folder.with_extension("moved")).unwrap();
        }),
    ];
    for (name, fault) in faults {
        let mut site = Site::start(&[]);
        assert_eq!(site.publish("before", None).await.0, StatusCode::CREATED, "{name}");
        // What was answered so far, as a backup has it.
        let backup = site.folder.path().with_extension("backup");
        std::fs::create_dir(&backup).unwrap();
        for suffix in ["", "-wal"] {
            let _ = std::fs::copy(beside(&site.file(), suffix), beside(&backup.join("umleitung.sqlite3"), suffix));
        }
        fault(&site.file());
        let (status, problem) = site.publish("after", None).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{name}: {problem}");
        assert_eq!(problem["outcome"], "nothing_changed", "{name}: {problem}");
        let (status, said) = site.get("/readyz").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{name}");
        assert!(said.starts_with("database_gone: "), "{name}: {said}");
        assert_eq!(site.shown().await, ["before"], "{name}");
        // Those who may sign in, may not be added to a file without a name either.
        let session = site
            .client
            .post(format!("{}/api/v1/session", site.process.base))
            .json(&json!({"name": "petra", "password": "a long enough password"}))
            .send();
        assert_eq!(session.await.unwrap().status(), StatusCode::SERVICE_UNAVAILABLE, "{name}");
        let moved = site.file().with_extension("moved");
        let moved_folder = site.folder.path().with_extension("moved");
        if moved.exists() || moved_folder.exists() {
            if moved.exists() {
                std::fs::rename(moved, site.file()).unwrap();
            } else {
                std::fs::rename(moved_folder, site.folder.path()).unwrap();
            }
            site.until_ready_says("ready\n").await;
            assert_eq!(site.publish("back", None).await.0, StatusCode::CREATED, "{name}");
            site.verify();
        }
        site.process.kill();
        let restored = Process::serve(&backup, &["--demo"]);
        site.process = restored;
        assert_eq!(site.shown().await, ["before"], "{name}");
        assert!(binary::succeed(&backup, &["journal", "verify"]).contains("whole"));
        site.process.kill();
        std::fs::remove_dir_all(&backup).unwrap();
    }
}

#[tokio::test]
async fn a_log_that_is_no_longer_there_takes_no_notice() {
    type Fault = fn(&Path);
    let faults: [(&str, Fault); 3] = [
        ("deleted", |log| std::fs::remove_file(log).unwrap()),
        ("replaced", |log| {
            let copy = log.with_extension("copy");
            std::fs::copy(log, &copy).unwrap();
            std::fs::rename(copy, log).unwrap();
        }),
        ("overwritten", |log| std::fs::write(log, "no log at all").unwrap()),
    ];
    for (name, fault) in faults {
        let site = Site::start(&[]);
        assert_eq!(site.publish("before", None).await.0, StatusCode::CREATED, "{name}");
        fault(&site.folder.path().join("umleitung.sqlite3-wal"));
        let (status, problem) = site.publish("after", None).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{name}: {problem}");
        assert!(site.get("/readyz").await.1.starts_with("database_gone: "), "{name}");
        assert_eq!(site.shown().await, ["before"], "{name}");
    }
}

/// What is mapped into memory and no longer there would end the process.
#[tokio::test]
async fn an_index_that_was_cut_off_takes_no_notice_and_ends_nothing() {
    let mut tries = 0;
    let site = loop {
        let mut site = Site::start(&[]);
        assert_eq!(site.publish("before", None).await.0, StatusCode::CREATED);
        site.cut_off_the_index().await;
        // Whoever was about to read what was just there dies of it; that is rare, and another server is taken then.
        if let Ok(answer) = site.client.get(format!("{}/readyz", site.process.base)).send().await {
            assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
            let said = answer.text().await.unwrap();
            assert!(said.starts_with("database_gone: "), "{said}");
            break site;
        }
        tries += 1;
        assert!(tries < 8, "it dies each time");
        let dead = async {
            while !site.process.is_dead() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, dead).await.expect("a server that lives answers");
    };
    // Neither do those who ask the tables beside the journal look at what is not there: who somebody is, what a portal is to be told.
    for path in ["/api/v1/people", "/api/v1/webhooks", "/api/v1/journal", "/metrics"] {
        let (status, said) = site.get(path).await;
        assert!(
            path == "/metrics" || status == StatusCode::SERVICE_UNAVAILABLE,
            "{path}: {status} {said}"
        );
    }
    let (status, problem) = site.publish("after", None).await;
    assert_eq!(
        (status, &problem["outcome"]),
        (StatusCode::SERVICE_UNAVAILABLE, &json!("nothing_changed")),
        "{problem}"
    );
    assert_eq!(site.shown().await, ["before"]);
}

/// What was answered as not done does not come back with the next start: the log still held it.
#[tokio::test]
async fn what_a_failed_sync_has_left_in_the_log_is_not_there_after_a_power_cut() {
    let mut site = Site::start(&[]);
    let mut expected = Vec::new();
    for round in 0..4 {
        let faults = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e"];
        let fault = format!("inject=fdatasync,fsync:error=EIO:when={}+5", 2 + round);
        site.process.kill();
        site.process = Process::serve_under(&[&faults[..], &[&fault]].concat(), site.folder.path(), &["--demo"]);
        for number in 0..40 {
            let title = format!("{round} {number}");
            let (status, answer) = site.publish(&title, None).await;
            match answer["outcome"].as_str() {
                None => {
                    assert_eq!(status, StatusCode::CREATED, "{answer}");
                    expected.push(title);
                }
                Some("nothing_changed") => break,
                Some(_) => expected.retain(|known| *known != title),
            }
            assert!(number < 39, "nothing failed; the test tests nothing");
        }
        site.process.kill();
        site.process = Process::serve(site.folder.path(), &["--demo"]);
        let shown = site.shown().await;
        assert_eq!(shown.len(), expected.len(), "round {round}: {shown:?}, not {expected:?}");
    }
    site.verify();
}

#[tokio::test]
async fn a_start_on_a_full_disk_shows_what_was_published() {
    let mut site = Site::start(&[]);
    assert_eq!(site.publish("before", None).await.0, StatusCode::CREATED);
    assert!(site.process.end().await.success());
    site.process = Process::serve_within("--fsize=0", site.folder.path(), &["--demo"]);
    assert_eq!(site.shown().await, ["before"]);
    let (status, said) = site.get("/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(said.starts_with("database_unwritable: "), "{said}");
    let (status, problem) = site.publish("full", None).await;
    assert_eq!(
        (status, &problem["outcome"]),
        (StatusCode::SERVICE_UNAVAILABLE, &json!("nothing_changed"))
    );
}

/// Another process keeps the lock while writers wait: time goes on, lists are answered, and then everything is written.
#[tokio::test]
async fn windows_open_while_writers_wait() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let window = json!({
        "kind": "maintenance", "severity": "outage", "services": ["kfz-zulassung"], "portals": [], "title": {"de": "Fenster"},
        "starts_at": "2026-05-04T09:00:00Z", "ends_at": "2026-05-04T10:00:00Z", "publish": true
    });
    server.post("/api/v1/notices", &window).await;
    let mut listener = server.listen().await;
    let mut lock = shell(&server.file()).await.acquire().await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *lock).await.unwrap();
    let writers: Vec<_> = (0..4)
        .map(|number| {
            let body = outage("wohngeld", &format!("waits {number}"));
            tokio::spawn(server.request(Role::Publisher, Method::POST, "/api/v1/notices").json(&body).send())
        })
        .collect();
    let said = server.get("/readyz").await.text().await.unwrap();
    assert!(said.starts_with("database_busy: "), "{said}");
    server.clock.set("2026-05-04T09:00:00Z");
    let opened = listener.until(|state| notice(state, "Fenster").is_some_and(|notice| notice["stage"] == "in_progress"));
    tokio::time::timeout(Duration::from_secs(2), opened)
        .await
        .expect("the window waits for the writers");
    let listed = server.request(Role::Viewer, Method::GET, "/api/v1/notices").send();
    let listed = tokio::time::timeout(Duration::from_secs(2), listed)
        .await
        .expect("the list waits for the writers");
    assert_eq!(listed.unwrap().status(), StatusCode::OK);
    assert!(
        writers.iter().all(|writer| !writer.is_finished()),
        "nobody waited; the test tests nothing"
    );
    sqlx::query("ROLLBACK").execute(&mut *lock).await.unwrap();
    for writer in writers {
        assert_eq!(writer.await.unwrap().unwrap().status(), StatusCode::CREATED);
    }
    assert_eq!(server.get("/readyz").await.text().await.unwrap(), "ready\n");
    assert!(binary::succeed(&server.folder(), &["journal", "verify"]).contains("whole"));
}
