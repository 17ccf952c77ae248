//! How long a server with a long past takes to start.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::server::{Scratch, Server};
use crate::budget::Budget;
use crate::project;

const EVENTS: usize = 100_000;
/// Starts of each kind; the fastest counts, since everything else on the machine can only slow one down.
const STARTS: usize = 3;

/// Start to ready with a journal of that many events, less the same with an empty one.
pub(super) fn replay() -> Result<Budget> {
    let (empty, full) = (Scratch::new("empty")?, Scratch::new("replay")?);
    fill(&full.0)?;
    let seconds = fastest_start(&full.0)? - fastest_start(&empty.0)?;
    Ok(Budget { name: "replay-100000", value: seconds, unit: "s", limit: 1.0, aim: 0.3, digits: 2 })
}

fn fastest_start(data: &Path) -> Result<f64> {
    let mut fastest = f64::INFINITY;
    for _ in 0..STARTS {
        fastest = fastest.min(Server::umleitung(data, false)?.until_ready.as_secs_f64());
    }
    Ok(fastest)
}

fn fill(_data: &Path) -> Result<()> {
    let _ = (EVENTS, fs::metadata(project::binary()).context("no binary")?);
    anyhow::bail!("to be written against the server's import")
}
