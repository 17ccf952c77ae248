//! The sizes that visitors and operators pay for, held against the budgets of the design on every build.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::project;

/// One measured value beside what it may be.
pub(crate) struct Budget {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    pub(crate) limit: f64,
    pub(crate) aim: f64,
    pub(crate) digits: usize,
}

impl Budget {
    /// Kilobytes of 1000 bytes.
    pub(crate) fn kilobytes(name: &'static str, bytes: u64, limit: f64, aim: f64) -> Self {
        Self {
            name,
            value: bytes as f64 / 1e3,
            unit: "KB",
            limit,
            aim,
            digits: 2,
        }
    }

    /// Megabytes of 1000 kilobytes.
    pub(crate) fn megabytes(name: &'static str, bytes: u64, limit: f64, aim: f64) -> Self {
        Self {
            name,
            value: bytes as f64 / 1e6,
            unit: "MB",
            limit,
            aim,
            digits: 2,
        }
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.value <= self.limit
    }
}

impl std::fmt::Display for Budget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            name,
            value,
            unit,
            limit,
            aim,
            digits,
        } = self;
        let verdict = if self.is_kept() { "" } else { ": over budget" };
        write!(
            f,
            "{name} {value:.digits$} {unit} (budget {limit} {unit}, aim {aim} {unit}{verdict})"
        )
    }
}

/// Fails when one of them is over budget; each has been printed before.
pub(crate) fn enforce(budgets: &[Budget]) -> Result<()> {
    let over: Vec<&str> = budgets
        .iter()
        .filter(|budget| !budget.is_kept())
        .map(|budget| budget.name)
        .collect();
    if over.is_empty() {
        Ok(())
    } else {
        bail!("over the size budget: {}", over.join(", "))
    }
}

/// The size budgets of the design, measured on what was built last.
pub(crate) fn sizes() -> Result<Vec<Budget>> {
    let parts = Parts::find()?;
    Ok(vec![
        Budget::kilobytes("loader", brotli(&[served_loader(&parts)?])?, 3.0, 1.6),
        Budget::kilobytes("widget", brotli(&parts.widget)?, 60.0, 45.0),
        Budget::kilobytes("admin", brotli(&parts.admin)?, 400.0, 250.0),
        Budget::megabytes("binary", length(&project::binary())?, 30.0, 20.0),
    ])
}

/// The front-end's files by who downloads them.
struct Parts {
    loader: Vec<PathBuf>,
    widget: Vec<PathBuf>,
    admin: Vec<PathBuf>,
}

impl Parts {
    fn find() -> Result<Self> {
        let mut parts = Self {
            loader: Vec::new(),
            widget: Vec::new(),
            admin: Vec::new(),
        };
        for file in project::files_below(&project::web())? {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            match name {
                "umleitung.js" => parts.loader.push(file),
                "widget.js" | "widget_bg.wasm" => parts.widget.push(file),
                // Declarations for TypeScript are never downloaded by a browser.
                _ if name.ends_with(".d.ts") || name.starts_with('.') => {}
                _ => parts.admin.push(file),
            }
        }
        if parts.loader.len() != 1 || parts.widget.len() != 2 || parts.admin.is_empty() {
            bail!(
                "target/web is not complete: expected umleitung.js, widget.js, widget_bg.wasm and the admin page; build it with `cargo xtask build`"
            );
        }
        Ok(parts)
    }
}

/// The loader with what the server puts into it: where the widget's files are, and what their code hashes to.
fn served_loader(parts: &Parts) -> Result<PathBuf> {
    const SCRIPT: &str = "const {createHash} = require('crypto'), {readFileSync} = require('fs'), [loader, glue] = process.argv.slice(1);
        const hash = (encoding) => createHash('sha256').update(readFileSync(glue)).digest(encoding);
        const assets = `{files:\"/assets/${hash('hex').slice(0, 16)}\",hash:\"sha256-${hash('base64')}\"}`;
        process.stdout.write(readFileSync(loader, 'utf8').replace('\"__ASSETS__\"', assets).replace('\"__STATE__\"', 'null'));";
    let glue = parts.widget.iter().filter(|file| file.extension().is_some_and(|end| end == "js"));
    let output = project::command("node")
        .arg("-e")
        .arg(SCRIPT)
        .args(parts.loader.iter().chain(glue))
        .output()
        .context("cannot start `node`")?;
    if !output.status.success() {
        bail!("node could not fill in the loader: {}", String::from_utf8_lossy(&output.stderr));
    }
    let file = project::notes()?.join("served-loader.js");
    fs::write(&file, output.stdout).with_context(|| format!("cannot write {}", project::short(&file)))?;
    Ok(file)
}

/// Bytes on the wire, each file compressed by itself with brotli at its best quality, as the server sends it.
fn brotli(files: &[PathBuf]) -> Result<u64> {
    const SCRIPT: &str = "const {brotliCompressSync, constants} = require('zlib');
        const quality = {[constants.BROTLI_PARAM_QUALITY]: 11};
        const size = (file) => brotliCompressSync(require('fs').readFileSync(file), {params: quality}).length;
        console.log(process.argv.slice(1).map(size).reduce((a, b) => a + b, 0));";
    let output = project::command("node")
        .arg("-e")
        .arg(SCRIPT)
        .args(files)
        .output()
        .context("cannot start `node`")?;
    let said = String::from_utf8_lossy(&output.stdout);
    said.trim()
        .parse()
        .with_context(|| format!("node could not compress {files:?}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn length(file: &Path) -> Result<u64> {
    Ok(fs::metadata(file)
        .with_context(|| format!("{} is missing; build it with `cargo xtask build`", project::short(file)))?
        .len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_reads_as_one_line() {
        let kept = Budget::kilobytes("loader", 1620, 3.0, 1.6);
        assert_eq!(kept.to_string(), "loader 1.62 KB (budget 3 KB, aim 1.6 KB)");
        let broken = Budget::kilobytes("loader", 3001, 3.0, 1.6);
        assert_eq!(broken.to_string(), "loader 3.00 KB (budget 3 KB, aim 1.6 KB: over budget)");
        assert!(enforce(&[kept]).is_ok());
        assert_eq!(enforce(&[broken]).expect_err("over").to_string(), "over the size budget: loader");
    }
}
