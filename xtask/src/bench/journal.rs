//! How long a server with a long past takes to start.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::server::{Scratch, Server};
use crate::budget::Budget;
use crate::{project, step};

const EVENTS: usize = 100_000;
/// Starts of each kind; the fastest counts, since everything else on the machine can only slow one down.
const STARTS: usize = 5;

/// Start to ready with a journal of that many events, less the same with an empty one.
pub(super) fn replay() -> Result<Budget> {
    let (empty, full) = (Scratch::new("empty")?, Scratch::new("replay")?);
    fill(&full.0)?;
    let seconds = fastest_start(&full.0)? - fastest_start(&empty.0)?;
    Ok(Budget {
        name: "replay-100000",
        value: seconds,
        unit: "s",
        limit: 1.0,
        aim: 0.3,
        digits: 2,
    })
}

fn fastest_start(data: &Path) -> Result<f64> {
    let mut fastest = f64::INFINITY;
    for _ in 0..STARTS {
        fastest = fastest.min(Server::umleitung(data, false)?.until_ready.as_secs_f64());
    }
    Ok(fastest)
}

/// Puts a journal of [`EVENTS`] entries into a fresh data folder, through the server's own import.
fn fill(data: &Path) -> Result<()> {
    let demo = Scratch::new("demo")?;
    // The demo's catalogue is the one thing that is not made up on the spot.
    drop(Server::umleitung(&demo.0, true)?);
    let (export, lines) = (demo.0.join("export.jsonl"), demo.0.join("past.jsonl"));
    let mut command = project::command(project::binary());
    into_file(command.args(["journal", "export", "--data"]).arg(&demo.0), None, &export)?;
    let mut command = project::command(project::target().join("release/examples/past"));
    into_file(command.arg(EVENTS.to_string()), Some(&export), &lines)?;
    let written = fs::read_to_string(&lines)?.lines().count();
    ensure!(written == EVENTS, "the journal to import has {written} entries instead of {EVENTS}");
    let mut command = project::command(project::binary());
    step::run(
        &format!("Import a journal of {EVENTS} entries"),
        command.args(["journal", "import"]).arg(&lines).arg("--data").arg(data),
    )?;
    Ok(())
}

fn into_file(command: &mut Command, input: Option<&Path>, output: &Path) -> Result<()> {
    let open = |path: &Path| File::open(path).with_context(|| format!("cannot read {}", path.display()));
    command.stdin(input.map(open).transpose()?.map_or_else(Stdio::null, Stdio::from));
    command.stdout(File::create(output).with_context(|| format!("cannot create {}", output.display()))?);
    let finished = command
        .stderr(Stdio::piped())
        .output()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    let said = String::from_utf8_lossy(&finished.stderr);
    ensure!(
        finished.status.success(),
        "{} failed: {}",
        command.get_program().display(),
        said.trim()
    );
    Ok(())
}
