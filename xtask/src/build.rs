//! `cargo xtask build`: one file that is the whole product, and the proof that it is small enough.

use anyhow::{Context, Result};

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
    step::run("Build the server (release)", project::cargo().args(["build", "--release", "--package", "server"]))
        .context("building the server")?;
    Ok(())
}
