//! A PostgreSQL server under measurement: a throwaway one by Debian's own `pg_virtualenv`, which syncs as one in earnest does.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Stdio};

use anyhow::{Context, Result, ensure};

use crate::project;

/// Says where it is, and stays until nobody listens any more.
const STAY: &str = "echo \"postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/$PGDATABASE\"; cat >/dev/null";

pub(super) struct Postgres {
    child: Child,
    /// Listened to until the end: it would not tidy up where nobody hears that it does.
    said: BufReader<ChildStdout>,
    pub(super) address: String,
}

impl Postgres {
    pub(super) fn start() -> Result<Self> {
        let mut child = project::command("pg_virtualenv")
            .args(["-t", "-o", "fsync=on", "sh", "-c", STAY])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start `pg_virtualenv`, which comes with PostgreSQL on Debian")?;
        let mut said = BufReader::new(child.stdout.take().context("it has no output")?);
        let address = said
            .by_ref()
            .lines()
            .map_while(Result::ok)
            .find(|line| line.starts_with("postgres://"));
        let server = Self {
            child,
            said,
            address: address.unwrap_or_default(),
        };
        ensure!(!server.address.is_empty(), "PostgreSQL did not start");
        Ok(server)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Its input ends, so it tidies up and goes.
        drop(self.child.stdin.take());
        std::io::copy(&mut self.said, &mut std::io::sink()).ok();
        self.child.wait().ok();
    }
}
