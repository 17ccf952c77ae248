//! `cargo xtask endure`: several nodes on one database server, killed again and again, for as long as anybody likes. Part of `test` is a
//! short one of it.

use anyhow::{Context, Result, bail};

use crate::{build, project, step, tools, verify};

/// How many rounds, and for how many seconds each.
const ROUNDS: u32 = 20;
const SECONDS: u32 = 60;

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let rounds = match arguments {
        [] => ROUNDS,
        [number] => number.parse().with_context(|| format!("`{number}` is no number of rounds"))?,
        _ => bail!("`cargo xtask endure` takes one number, that of the rounds of {SECONDS} seconds each"),
    };
    let _lock = project::lock()?;
    tools::for_testing()?;
    build::product()?;
    let mut tests = project::cargo();
    tests
        .args(["test", "--release", "--package", "tests", "--", "--nocapture", "--exact"])
        .args([
            "nodes::each_answered_command_is_there_once_whatever_is_killed",
            "nodes::so_it_is_with_one_node_that_keeps_its_data_itself",
        ])
        .env("UMLEITUNG_ROUNDS", rounds.to_string())
        .env("UMLEITUNG_ROUND_SECONDS", SECONDS.to_string());
    let finished = step::watch("Kill nodes and their database", verify::with_test_environment(&mut tests))?;
    for line in finished.output.lines().filter(|line| line.starts_with("round ")) {
        println!("    {line}");
    }
    if !finished.succeeded {
        bail!("{}", finished.tail());
    }
    Ok(())
}
