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
    let demo = Scratch::new("demo")?;
    // The demo's catalogue is the one thing that is not made up on the spot.
    drop(Server::umleitung(&demo.0, true)?);
    fill(&demo.0, &full.0, EVENTS)?;
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

/// Puts a journal of so many entries into the fresh folder `data`, through the server's own import; the catalogue is the one in `seed`.
pub(super) fn fill(seed: &Path, data: &Path, events: usize) -> Result<()> {
    let (export, lines) = (seed.join("export.jsonl"), seed.join("past.jsonl"));
    let mut command = project::command(project::binary());
    into_file(command.args(["journal", "export", "--data"]).arg(seed), None, &export)?;
    let mut command = project::command(project::target().join("release/examples/past"));
    into_file(command.arg(events.to_string()), Some(&export), &lines)?;
    let written = fs::read_to_string(&lines)?.lines().count();
    ensure!(written == events, "the journal to import has {written} entries instead of {events}");
    let mut command = project::command(project::binary());
    step::run(
        &format!("Import a journal of {events} entries"),
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
