//! Where tools are looked for, and where they are installed.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{project, step};

/// Where tools are installed: `target/tools`, or what `UMLEITUNG_TOOLS` says.
pub(crate) fn folder() -> PathBuf {
    env::var_os("UMLEITUNG_TOOLS").map_or_else(|| project::target().join("tools"), |chosen| project::root().join(chosen))
}

/// `PATH` as the tools of this repository are looked for.
pub(crate) fn path() -> OsString {
    let tools = folder();
    let mut folders = vec![tools.join("bin"), tools.join("node_modules/.bin")];
    if let Some(path) = env::var_os("PATH") {
        folders.extend(env::split_paths(&path));
    }
    // None of the two folders can hold the separator, unless the checkout does; then `PATH` alone has to do.
    env::join_paths(folders).unwrap_or_else(|_| env::var_os("PATH").unwrap_or_default())
}

/// The first program of that name in [`path`].
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    env::split_paths(&path())
        .map(|folder| folder.join(name))
        .find(|candidate| is_program(candidate))
}

fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

/// What `program --version` says, or nothing when there is no such program.
pub(super) fn version(program: &str) -> Option<String> {
    let output = project::command(find(program)?)
        .arg("--version")
        .env("PATH", path())
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

pub(super) fn has_version(said: Option<&str>, wanted: &str) -> bool {
    said.is_some_and(|said| said.split_whitespace().any(|word| word == wanted))
}

pub(super) fn cargo_install(title: &str, arguments: &[&str]) -> Result<()> {
    let tools = folder();
    let workshop = tools.join("build");
    let mut cargo = project::cargo();
    cargo.arg("install").args(arguments).arg("--root").arg(&tools);
    // A tool that runs for a second needs no optimising, which would take most of the time. An interrupted
    // installation goes on where it stopped.
    cargo.env("CARGO_TARGET_DIR", &workshop);
    cargo.envs([
        ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
        ("CARGO_PROFILE_RELEASE_LTO", "off"),
        ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
    ]);
    step::run(title, &mut cargo)?;
    if workshop.exists() {
        fs::remove_dir_all(&workshop).with_context(|| format!("cannot remove {}", workshop.display()))?;
    }
    Ok(())
}

/// The script that checks a page for accessibility, for browser tests.
pub(crate) fn axe_script() -> PathBuf {
    folder().join("node_modules/axe-core/axe.min.js")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_whole_words() {
        assert!(has_version(Some("wasm-opt version 132 (version_132)"), "132"));
        assert!(has_version(Some("wasm-bindgen 0.2.130"), "0.2.130"));
        assert!(!has_version(Some("wasm-bindgen 0.2.130"), "0.2.13"));
        assert!(!has_version(None, "0.2.130"));
    }
}
