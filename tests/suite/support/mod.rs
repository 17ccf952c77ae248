//! What the tests stand on: a clock that is moved by hand, servers inside and outside this process, a listener for events.

pub(crate) mod alertmanager;
pub(crate) mod authenticator;
pub(crate) mod binary;
pub(crate) mod browser;
pub(crate) mod clock;
pub(crate) mod foreign;
pub(crate) mod listener;
pub(crate) mod mailbox;
pub(crate) mod pdf;
pub(crate) mod postgres;
pub(crate) mod provider;
pub(crate) mod proxy;
pub(crate) mod receiver;
pub(crate) mod relay;
pub(crate) mod server;
pub(crate) mod storage;
pub(crate) mod target;

use std::path::Path;

use serde_json::{Value, json};

/// An outage of one service, as small as it may be.
pub(crate) fn outage(service: &str, title: &str) -> Value {
    json!({"kind": "outage", "severity": "outage", "services": [service], "portals": [], "title": {"de": title}, "publish": true})
}

/// The notice with this title in a `PublicState`.
pub(crate) fn notice<'a>(state: &'a Value, title: &str) -> Option<&'a Value> {
    state["notices"].as_array()?.iter().find(|notice| notice["title"]["de"] == title)
}

/// A SQLite file by hand, as somebody with a database shell would open it.
pub(crate) async fn shell(file: &Path) -> sqlx::SqlitePool {
    sqlx::SqlitePool::connect(&format!("sqlite:{}", file.display())).await.unwrap()
}

/// A contract, as a test on each database: in a file, and on a server.
macro_rules! on_each_database {
    ($contract:path) => {
        #[tokio::test]
        async fn sqlite_keeps_the_contract() {
            let folder = tempfile::tempdir().unwrap();
            $contract(&store::Place::folder(folder.path())).await;
        }

        #[tokio::test]
        async fn postgres_keeps_the_contract() {
            let server = $crate::support::postgres::Postgres::start().await;
            $contract(&server.database("contract").await.place()).await;
        }
    };
}
pub(crate) use on_each_database;

/// A program that changes the machine: run by root, or by whoever may become it without being asked.
pub(crate) fn as_root(program: &str) -> std::process::Command {
    use std::os::unix::fs::MetadataExt;
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    let mut command = std::process::Command::new(if is_root { program } else { "sudo" });
    if !is_root {
        command.args(["--non-interactive", program]);
    }
    command
}
