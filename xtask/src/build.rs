//! `cargo xtask build`: one file that is the whole product, and the proof that it is small enough.

use std::process::Command;

use anyhow::Result;

use crate::{budget, frontend, project, step, tools};

pub(crate) fn run() -> Result<()> {
    let _lock = project::lock()?;
    tools::for_building()?;
    product()?;
    let sizes = budget::sizes()?;
    for size in &sizes {
        println!("  {size}");
    }
    budget::enforce(&sizes)?;
    println!("built: {}", project::short(&project::binary()));
    Ok(())
}

/// Front-end and server, without looking at their sizes; the tools have to be there.
pub(crate) fn product() -> Result<()> {
    frontend::build()?;
    step::run("Build the server (release)", &mut cargo_build(&["--bin", "umleitung"]))?;
    Ok(())
}

/// Builds a target of the server. Naming the tests' crate beside it makes cargo choose the features of shared packages as it
/// does for `cargo test --workspace`: what is tested is then, to the bit, what ships, and nothing is compiled twice.
pub(crate) fn cargo_build(target: &[&str]) -> Command {
    let mut cargo = project::cargo();
    cargo
        .args(["build", "--release", "--package", "server", "--package", "tests"])
        .args(target);
    cargo
}
