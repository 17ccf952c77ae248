//! `cargo xtask tidy`: the repository's own rules, kept by a program instead of by reviewers.

mod arrows;
mod breach;
mod circles;
mod deny;
mod functions;
mod messages;
mod source;

use std::fs;

use anyhow::{Result, bail};

use self::breach::{Breach, Source};
use crate::{project, tools};

/// Folders that hold what people write.
const FOLDERS: [&str; 9] = ["wire", "domain", "api", "app", "server", "public", "tests", "xtask", "docs"];

pub(crate) fn run() -> Result<()> {
    tools::cargo_deny()?;
    check()?;
    println!("tidy: every rule is kept");
    Ok(())
}

/// Fails when a rule is broken, with all breaches printed.
pub(crate) fn check() -> Result<()> {
    let sources = sources()?;
    let mut breaches: Vec<Breach> = sources.iter().flat_map(source::breaches).collect();
    breaches.extend(sources.iter().flat_map(functions::breaches));
    breaches.extend(circles::breaches(&sources));
    breaches.extend(messages::breaches(&sources));
    let metadata = metadata()?;
    breaches.extend(arrows::breaches(&metadata));
    breaches.extend(arrows::picture_breaches(&sources, &metadata));
    for breach in &breaches {
        println!("    {breach}");
    }
    match breaches.len() {
        0 => deny::check(),
        1 => bail!("a rule is broken in one place"),
        many => bail!("rules are broken in {many} places"),
    }
}

fn sources() -> Result<Vec<Source>> {
    let root = project::root();
    let mut files = Vec::new();
    for folder in FOLDERS {
        if root.join(folder).is_dir() {
            files.extend(project::files_below(&root.join(folder))?);
        }
    }
    for entry in fs::read_dir(&root)? {
        let path = entry?.path();
        if path.is_file() && path.file_name().is_some_and(|name| name != "Cargo.lock") {
            files.push(path);
        }
    }
    let mut sources = Vec::new();
    for file in files {
        // What is no text (images, fonts) has no lines to judge.
        if let Ok(text) = String::from_utf8(fs::read(&file)?) {
            sources.push(Source {
                path: project::short(&file),
                text,
            });
        }
    }
    Ok(sources)
}

/// What cargo knows of all packages that the workspace is built from.
fn metadata() -> Result<serde_json::Value> {
    let output = project::cargo().args(["metadata", "--format-version", "1", "--quiet"]).output()?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
