//! A PostgreSQL server of the test's own, in a folder that goes with it; the machine's own one is left alone.

use std::{
    ffi::OsString,
    fs::{self, File, Permissions},
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use super::{binary::At, listener::PATIENCE};

/// Who it is in the database.
const USER: &str = "umleitung";

/// A running server; ended when dropped.
pub(crate) struct Postgres {
    folder: TempDir,
    programs: PathBuf,
    running: Option<Child>,
}

/// One database on it.
#[derive(Clone, Debug)]
pub(crate) struct Database(pub(crate) String);

impl At for Database {
    fn option(&self) -> [OsString; 2] {
        ["--database".into(), self.0.clone().into()]
    }
}

impl Database {
    /// A connection of the test's own.
    pub(crate) async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.0).await.unwrap()
    }

    /// Carries out a statement by hand.
    pub(crate) async fn run(&self, statement: &str) {
        let statement = sqlx::AssertSqlSafe(statement.to_owned());
        sqlx::raw_sql(statement).execute(&mut self.connect().await).await.unwrap();
    }

    /// The place that it is for the server.
    pub(crate) fn place(&self) -> store::Place {
        store::Place::address(&self.0).unwrap()
    }
}

impl Postgres {
    /// Starts on an empty folder.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Self {
            programs: programs(),
            folder,
            running: None,
        };
        // A superuser of the machine it refuses to be.
        fs::set_permissions(server.folder.path(), Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(server.data()).unwrap();
        fs::create_dir(server.socket()).unwrap();
        if let Some((user, group)) = other_user() {
            for folder in [server.data(), server.socket()] {
                chown(folder, Some(user), Some(group)).unwrap();
            }
        }
        let made = server
            .command("initdb")
            .args([
                "--username",
                USER,
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
                "--no-sync",
                "--locale",
                "C.UTF-8",
                "--pgdata",
            ])
            .arg(server.data())
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        server.run().await;
        server
    }

    /// A new database.
    pub(crate) async fn database(&self, name: &str) -> Database {
        self.named("postgres").run(&format!("CREATE DATABASE {name}")).await;
        self.named(name)
    }

    fn named(&self, name: &str) -> Database {
        Database(format!("postgres://{USER}@localhost/{name}?host={}", self.socket().display()))
    }

    /// Starts it on what it has, and waits until it answers.
    pub(crate) async fn run(&mut self) {
        let answers = async {
            loop {
                self.spawn();
                while self.running.as_mut().unwrap().try_wait().unwrap().is_none() {
                    if PgConnection::connect(&self.named("postgres").0).await.is_ok() {
                        return;
                    }
                    tokio::task::yield_now().await;
                }
                // After a kill, the memory of the one before may still be held for a moment.
                tokio::task::yield_now().await;
            }
        };
        if tokio::time::timeout(PATIENCE, answers).await.is_err() {
            panic!("PostgreSQL does not start: {}", fs::read_to_string(self.log()).unwrap_or_default());
        }
    }

    fn spawn(&mut self) {
        let log = File::options().create(true).append(true).open(self.log()).unwrap();
        let child = self
            .command("postgres")
            .arg("-D")
            .arg(self.data())
            .args(["-c", "listen_addresses=", "-k"])
            .arg(self.socket())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn();
        self.running = Some(child.unwrap());
    }

    /// Ends it as a power cut would (`SIGKILL`).
    pub(crate) fn kill(&mut self) {
        for process in self.processes() {
            signal("KILL", process);
        }
        if let Some(mut child) = self.running.take() {
            child.wait().unwrap();
        }
    }

    /// Lets it do nothing more, while connections to it are still taken.
    pub(crate) fn halt(&self) {
        self.processes().into_iter().for_each(|process| signal("STOP", process));
    }

    /// Lets it go on.
    pub(crate) fn go_on(&self) {
        self.processes().into_iter().for_each(|process| signal("CONT", process));
    }

    /// The postmaster and all that it has started, it first.
    pub(crate) fn processes(&self) -> Vec<u32> {
        let Some(first) = self.running.as_ref().map(Child::id) else {
            return Vec::new();
        };
        let all = fs::read_dir("/proc").unwrap().flatten();
        let numbers = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let children = numbers.filter(|number| {
            let stat = fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
            // The name may hold anything, parentheses too; behind it come the state and the parent.
            let parent = stat
                .rsplit_once(')')
                .and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse().ok());
            parent == Some(first)
        });
        std::iter::once(first).chain(children.collect::<Vec<_>>()).collect()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    /// Where it listens.
    pub(crate) fn socket_file(&self) -> PathBuf {
        self.socket().join(".s.PGSQL.5432")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("postgres.log")
    }

    /// One of its programs, as a user who may run it; it ends with the test.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        if let Some((user, group)) = other_user() {
            command.args([format!("--reuid={user}"), format!("--regid={group}"), "--clear-groups".to_owned()]);
        }
        command
            .args(["--pdeathsig", "QUIT"])
            .arg(self.programs.join(program))
            .stdin(Stdio::null())
            .current_dir("/");
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.go_on();
        self.kill();
        if std::thread::panicking() {
            eprintln!("---- PostgreSQL\n{}", fs::read_to_string(self.log()).unwrap_or_default());
        }
    }
}

/// Sends a signal to a process, if it is still there.
fn signal(name: &str, process: u32) {
    let _ = Command::new("sh")
        .args(["-c", &format!("kill -s {name} {process} 2>/dev/null")])
        .status();
}

/// Where Debian puts the programs: the latest version that is there.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = versions
        .map(|version| version.path().join("bin"))
        .filter(|bin| bin.join("initdb").is_file());
    found.max().expect("PostgreSQL is missing; `cargo xtask test` installs it")
}

/// The user of the package, where the tests run as the superuser.
fn other_user() -> Option<(u32, u32)> {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let line = users.lines().find(|line| line.starts_with("postgres:"));
    let mut parts = line.expect("the package makes the user `postgres`").split(':').skip(2);
    let mut number = || parts.next()?.parse().ok();
    Some((number()?, number()?))
}
