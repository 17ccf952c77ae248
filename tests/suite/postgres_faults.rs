//! A database server that is gone, silent, read-only or full: people are told from memory what was published, writers are refused and
//! nothing of theirs is lost, `/readyz` says what is wrong for as long as it is, and no restart is needed.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use reqwest::{Client, StatusCode};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
};

use super::support::{
    binary::{self, Process},
    listener::PATIENCE,
    outage,
    postgres::{Database, Postgres},
};

/// A server on a database server of its own, with someone who publishes on it.
struct Site {
    postgres: Postgres,
    database: Database,
    process: Process,
    token: String,
    client: Client,
}

impl Site {
    async fn start() -> Self {
        let postgres = Postgres::start().await;
        let database = postgres.database("notices").await;
        let process = Process::serve(&database, &["--demo"]);
        let token = binary::succeed(&database, &["token", "create", "ops", "--role", "admin"]);
        Self {
            postgres,
            database,
            process,
            token: token.trim().to_owned(),
            client: Client::new(),
        }
    }

    async fn publish(&self, title: &str) -> (StatusCode, Value) {
        let url = format!("{}/api/v1/notices", self.process.base);
        let request = self.client.post(url).bearer_auth(&self.token).json(&outage("sperrmuell", title));
        let response = request.send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    async fn get(&self, path: &str) -> (StatusCode, String) {
        let url = format!("{}{path}", self.process.base);
        let response = self.client.get(url).bearer_auth(&self.token).send().await.unwrap();
        (response.status(), response.text().await.unwrap())
    }

    /// All that anybody reads is there as before; what only a database knows is refused with a document.
    async fn people_are_told(&self, titles: &[&str]) {
        let (status, state) = self.get("/p/musterstadt/state.json").await;
        assert_eq!(status, StatusCode::OK);
        let state: Value = serde_json::from_str(&state).unwrap();
        let told = state["notices"].as_array().unwrap().iter().map(|notice| &notice["title"]["de"]);
        assert_eq!(told.collect::<Vec<_>>(), titles);
        for path in [
            "/p/musterstadt/",
            "/p/musterstadt/umleitung.js",
            "/p/musterstadt/fallback.html",
            "/p/musterstadt/history",
        ] {
            let (status, text) = self.get(path).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert!(path.ends_with("history") || text.contains(titles[0]), "{path}");
        }
        assert_eq!(self.get("/healthz").await.0, StatusCode::OK);
    }

    async fn writers_are_refused(&self) {
        let (status, problem) = self.publish("refused").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{problem}");
        assert_eq!(problem["outcome"], "nothing_changed", "{problem}");
        assert_eq!(problem["status"], 503);
    }

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

    /// Monitoring learns this, without waiting for the database; `None`: nothing is wrong.
    async fn metrics_say(&self, code: Option<&str>) {
        let (status, text) = self.get("/metrics").await;
        assert_eq!(status, StatusCode::OK);
        let wrong: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("umleitung_condition{code=\"")?.strip_suffix("\"} 1"))
            .collect();
        assert_eq!(wrong, code.into_iter().collect::<Vec<_>>(), "{text}");
    }

    /// Everything works again, and nothing that was refused is there.
    async fn all_is_well(&self, titles: &[&str]) {
        self.until_ready_says("ready\n").await;
        let (status, said) = self.publish("after").await;
        assert_eq!(status, StatusCode::CREATED, "{said}");
        let titles: Vec<&str> = ["after"].iter().chain(titles).copied().collect();
        self.people_are_told(&titles).await;
        self.metrics_say(None).await;
        assert!(binary::succeed(&self.database, &["journal", "verify"]).contains("whole"));
        let exported = binary::succeed(&self.database, &["journal", "export"]);
        assert_eq!(exported.matches("refused").count(), 0);
    }
}

#[tokio::test]
async fn a_server_that_is_gone_is_told_and_everything_goes_on_when_it_is_back() {
    let mut site = Site::start().await;
    assert_eq!(site.publish("before").await.0, StatusCode::CREATED);
    for _ in 0..2 {
        site.postgres.kill();
        site.until_ready_says("database_gone: ").await;
        site.metrics_say(Some("database_gone")).await;
        site.people_are_told(&["before"]).await;
        site.writers_are_refused().await;
        assert_eq!(site.get("/api/v1/people").await.0, StatusCode::SERVICE_UNAVAILABLE);
        site.postgres.run().await;
        site.until_ready_says("ready\n").await;
    }
    site.all_is_well(&["before"]).await;
    site.postgres.kill();
    let said = binary::fail(&site.database, &["journal", "verify"]);
    assert!(
        said.contains("the database server does not answer") && !said.contains("umleitung@"),
        "{said}"
    );
}

#[tokio::test]
async fn a_server_that_falls_silent_keeps_nobody_waiting_who_reads() {
    let site = Site::start().await;
    assert_eq!(site.publish("before").await.0, StatusCode::CREATED);
    site.postgres.halt();
    let reading = async {
        for _ in 0..20 {
            site.people_are_told(&["before"]).await;
        }
    };
    // Those that wait together are answered together, and not one after the other.
    let writing = futures::future::join_all((0..16).map(|_| site.writers_are_refused()));
    let writing = tokio::time::timeout(Duration::from_secs(20), writing);
    let (written, ()) = tokio::join!(writing, reading);
    assert!(written.is_ok(), "writers wait one after the other");
    site.until_ready_says("database_gone: ").await;
    site.metrics_say(Some("database_gone")).await;
    site.people_are_told(&["before"]).await;
    site.postgres.go_on();
    site.all_is_well(&["before"]).await;
}

#[tokio::test]
async fn a_server_that_may_only_be_read_is_told() {
    let mut site = Site::start().await;
    assert_eq!(site.publish("before").await.0, StatusCode::CREATED);
    let database = site.database.clone();
    let set = async |change: &str| {
        database.run(change).await;
        database.run("SELECT pg_reload_conf()").await;
    };
    set("ALTER SYSTEM SET default_transaction_read_only = on").await;
    site.until_ready_says("database_unwritable: ").await;
    site.metrics_say(Some("database_unwritable")).await;
    site.writers_are_refused().await;
    site.people_are_told(&["before"]).await;
    // Who they are is read as before; and whoever starts now shows what was published.
    assert_eq!(site.get("/api/v1/people").await.0, StatusCode::OK);
    let first = std::mem::replace(&mut site.process, Process::serve(&site.database, &["--demo"]));
    site.people_are_told(&["before"]).await;
    site.process = first;
    set("ALTER SYSTEM RESET default_transaction_read_only").await;
    site.all_is_well(&["before"]).await;
}

/// What becomes of the next commit that passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    Nothing,
    /// It does not arrive; the connection breaks.
    Before,
    /// It is done; its answer does not arrive.
    After,
    /// The same, and from then on nobody answers.
    AfterAndForEver,
    /// Nobody answers.
    Gone,
}

/// Stands between a node and its database server, and breaks the connection at a commit.
struct Between {
    folder: tempfile::TempDir,
    cut: Arc<Mutex<Cut>>,
    /// Connections from before this one are silent for ever.
    lost_before: Arc<AtomicUsize>,
    taken: Arc<AtomicUsize>,
}

impl Between {
    /// From now on nothing passes on any connection that there is.
    fn lose_all(&self) {
        self.lost_before.store(self.taken.load(SeqCst), SeqCst);
    }

    /// The same database through it.
    fn to(&self, database: &Database) -> Database {
        let address = database.0.split('?').next().unwrap();
        Database(format!("{address}?host={}", self.folder.path().display()))
    }

    fn start(socket: PathBuf) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cut = Arc::new(Mutex::new(Cut::Nothing));
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let (lost_before, taken) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (cuts, lost, count) = (cut.clone(), lost_before.clone(), taken.clone());
        tokio::spawn(async move {
            while let Ok((node, _)) = listener.accept().await {
                let number = count.fetch_add(1, SeqCst);
                if *cuts.lock().unwrap() != Cut::Gone {
                    let server = UnixStream::connect(&socket).await.unwrap();
                    tokio::spawn(pass(node, server, cuts.clone(), (number, lost.clone())));
                }
            }
        });
        Self {
            folder,
            cut,
            lost_before,
            taken,
        }
    }
}

async fn pass(mut node: UnixStream, mut server: UnixStream, cuts: Arc<Mutex<Cut>>, (number, lost): (usize, Arc<AtomicUsize>)) {
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            read = node.read(&mut asked) => {
                let Ok(1..) = read else { return };
                if number < lost.load(SeqCst) {
                    continue;
                }
                let asked = &asked[..read.unwrap()];
                let cut = match *cuts.lock().unwrap() {
                    Cut::Gone => return,
                    cut if asked.windows(6).any(|word| word == b"COMMIT") => cut,
                    _ => Cut::Nothing,
                };
                if cut == Cut::Before {
                    *cuts.lock().unwrap() = Cut::Nothing;
                    return;
                }
                server.write_all(asked).await.unwrap();
                if cut != Cut::Nothing {
                    // Until it is done.
                    assert!(server.read(&mut answered).await.unwrap() > 0);
                    *cuts.lock().unwrap() = if cut == Cut::After { Cut::Nothing } else { Cut::Gone };
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let Ok(1..) = read else { return };
                if node.write_all(&answered[..read.unwrap()]).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// A node whose way to the database leads through there.
async fn serve_through(between: &Between, site: &Site) -> Process {
    let through = between.to(&site.database);
    let started = tokio::task::spawn_blocking(move || Process::serve(&through, &["--demo"]));
    started.await.unwrap()
}

/// As behind a firewall that forgets connections: what is asked on them is never answered, and new ones work.
#[tokio::test]
async fn connections_that_are_lost_make_room_for_new_ones() {
    let mut site = Site::start().await;
    let between = Between::start(site.postgres.socket_file());
    site.process = serve_through(&between, &site).await;
    for _ in 0..2 {
        let all = futures::future::join_all((0..8).map(|_| site.get("/api/v1/people"))).await;
        assert!(all.iter().all(|(status, _)| *status == StatusCode::OK));
        // Until most have come back. One that is lost in the moment in which the library tests it on its way back is not missed by anybody
        // until the transport gives it up; all of them at once would be.
        for _ in 0..8 {
            site.get("/api/v1/people").await;
        }
        between.lose_all();
        futures::future::join_all((0..8).map(|_| site.get("/api/v1/people"))).await;
        let began = tokio::time::Instant::now();
        loop {
            let (status, said) = site.get("/api/v1/people").await;
            if status == StatusCode::OK {
                break;
            }
            let made = between.taken.load(SeqCst);
            assert!(began.elapsed() < PATIENCE, "after {made} connections: {status} {said}");
        }
        site.until_ready_says("ready\n").await;
        let (status, said) = site.publish("after").await;
        assert_eq!(status, StatusCode::CREATED, "{said}");
    }
}

#[tokio::test]
async fn a_commit_without_an_answer_is_settled() {
    let mut site = Site::start().await;
    let between = Between::start(site.postgres.socket_file());
    site.process = serve_through(&between, &site).await;
    *between.cut.lock().unwrap() = Cut::After;
    let (status, answer) = site.publish("done").await;
    assert_eq!(
        (status, *between.cut.lock().unwrap()),
        (StatusCode::CREATED, Cut::Nothing),
        "{answer}"
    );
    *between.cut.lock().unwrap() = Cut::Before;
    site.writers_are_refused().await;
    assert_eq!(*between.cut.lock().unwrap(), Cut::Nothing);
    site.people_are_told(&["done"]).await;
    *between.cut.lock().unwrap() = Cut::AfterAndForEver;
    let (status, problem) = site.publish("perhaps").await;
    assert_eq!(
        (status, &problem["outcome"]),
        (StatusCode::INTERNAL_SERVER_ERROR, &Value::from("unknown")),
        "{problem}"
    );
    *between.cut.lock().unwrap() = Cut::Nothing;
    site.all_is_well(&["perhaps", "done"]).await;
    let exported = binary::succeed(&site.database, &["journal", "export"]);
    for title in ["done", "perhaps"] {
        assert_eq!(exported.matches(&format!("\\\"{title}\\\"")).count(), 1, "{title}");
    }
}

/// Lets the disk be full for one file (`strace`), until it is dropped.
struct FullDisk(Child);

impl FullDisk {
    fn of(postgres: &Postgres, file: &str) -> Self {
        let processes = postgres.processes();
        let named = processes.iter().flat_map(|process| ["-p".to_owned(), process.to_string()]);
        let mut tracer = Command::new("strace")
            .args(["-f", "-P"])
            .arg(postgres.data().join(file))
            .args([
                "-e",
                "trace=pwrite64,pwritev,fallocate",
                "-e",
                "inject=pwrite64,pwritev,fallocate:error=ENOSPC",
            ])
            .args(named)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It says of each whether it holds it, or that it has ended meanwhile; from then on it is drained.
        let mut said = BufReader::new(tracer.stderr.take().unwrap());
        let mut line = String::new();
        for _ in &processes {
            line.clear();
            while !line.contains("attach") {
                assert!(said.read_line(&mut line).unwrap() > 0, "strace says {line}");
            }
        }
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self(tracer)
    }
}

impl Drop for FullDisk {
    fn drop(&mut self) {
        // Asked to end, it lets go of what it holds.
        let _ = Command::new("sh").args(["-c", &format!("kill -s TERM {}", self.0.id())]).status();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_server_whose_disk_is_full_is_told() {
    let site = Site::start().await;
    assert_eq!(site.publish("before").await.0, StatusCode::CREATED);
    let file: String = sqlx::query_scalar("SELECT pg_relation_filepath('journal')")
        .fetch_one(&mut site.database.connect().await)
        .await
        .unwrap();
    let full = FullDisk::of(&site.postgres, &file);
    // As long as there is room in the last page, it is written.
    let mut titles = vec!["before".to_owned()];
    let refused = loop {
        let title = format!("filling {}", titles.len());
        let (status, problem) = site.publish(&title).await;
        match status {
            StatusCode::CREATED => titles.insert(0, title),
            status => break (status, problem),
        }
        assert!(titles.len() < 40, "the disk is not full; the test tests nothing");
    };
    assert_eq!(
        (refused.0, &refused.1["outcome"]),
        (StatusCode::SERVICE_UNAVAILABLE, &Value::from("nothing_changed"))
    );
    site.writers_are_refused().await;
    let told: Vec<&str> = titles.iter().map(String::as_str).collect();
    let report: Value = serde_json::from_str(&site.get("/api/v1/health").await.1).unwrap();
    assert_eq!(report["conditions"][0]["code"], "database_unwritable", "{report}");
    site.metrics_say(Some("database_unwritable")).await;
    site.people_are_told(&told).await;
    drop(full);
    site.all_is_well(&told).await;
}
