//! Where things are in the repository, and how its programs are called.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    // Known at compile time: this program is always built from the checkout it works on.
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

pub(crate) fn target() -> PathBuf {
    root().join("target")
}

/// What Trunk and terser leave behind and the server embeds.
pub(crate) fn web() -> PathBuf {
    target().join("web")
}

/// Logs, stamps and the lock of this program.
pub(crate) fn notes() -> Result<PathBuf> {
    let folder = target().join("xtask");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    Ok(folder)
}

/// The release build of the server.
pub(crate) fn binary() -> PathBuf {
    target().join("release/umleitung")
}

/// One chore at a time per checkout: two would overwrite each other's front-end. Held until the file is dropped.
pub(crate) fn lock() -> Result<File> {
    let path = notes()?.join("lock");
    let file = File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
    if file.try_lock().is_err() {
        println!("waiting for another `cargo xtask` in this checkout to end");
        file.lock().context("cannot lock the checkout")?;
    }
    Ok(file)
}

/// A program started at the root of the workspace, without what `cargo run` told *this* program about itself.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    for (name, _) in std::env::vars_os() {
        let about_xtask = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || matches!(name, "CARGO_BIN_NAME" | "CARGO_CRATE_NAME")
        });
        if about_xtask {
            command.env_remove(&name);
        }
    }
    // `cargo run` puts its own output folders here; children would only be confused by them.
    command.env_remove("LD_LIBRARY_PATH");
    command
}

/// The cargo that runs this program.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// `path` as the reader of a message would write it.
pub(crate) fn short(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// All files below `folder`, sorted, without build output and version control.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        let entries = fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            if entry.file_type()?.is_dir() {
                if !matches!(name.to_str(), Some("target" | "node_modules" | ".git")) {
                    open.push(entry.path());
                }
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}
