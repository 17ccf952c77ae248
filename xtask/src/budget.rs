//! The sizes that visitors and operators pay for, held against the budgets of the design on every build.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::bench::http;
use crate::bench::server::{Scratch, Server};
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

    /// Milliseconds.
    pub(crate) fn milliseconds(name: &'static str, time: Duration, limit: f64, aim: f64) -> Self {
        Self {
            name,
            value: time.as_secs_f64() * 1e3,
            unit: "ms",
            limit,
            aim,
            digits: 1,
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

/// The size budgets of the design, asked of the server that was built last: what a browser gets, as it gets it.
pub(crate) fn sizes() -> Result<Vec<Budget>> {
    let data = Scratch::new("sizes")?;
    let server = Server::umleitung(&data.0, false)?;
    let compressed = |path: &str| -> Result<u64> {
        let answer = http::get(server.address, path, &[http::COMPRESSED])?;
        ensure!(answer.status == 200, "{path} answers {}", answer.status);
        ensure!(answer.header("content-encoding") == Some("br"), "{path} does not come as brotli");
        Ok(answer.body.len() as u64)
    };
    let together = |paths: &[String]| paths.iter().map(|path| compressed(path)).sum::<Result<u64>>();

    let loader = http::get(server.address, LOADER, &[])?;
    let assets = assets(&String::from_utf8_lossy(&loader.body))?;
    let widget = ["widget.js", "widget_bg.wasm"].map(|file| format!("{assets}/{file}"));
    Ok(vec![
        Budget::kilobytes("loader", compressed(LOADER)?, 3.0, 2.2),
        Budget::kilobytes("widget", together(&widget)?, 60.0, 45.0),
        Budget::kilobytes("admin", together(&page("admin", "/admin/")?)?, 450.0, 300.0),
        Budget::kilobytes("office", together(&page("office", "/admin/office")?)?, 450.0, 300.0),
        Budget::kilobytes("registry", together(&page("registry", "/admin/registry")?)?, 450.0, 300.0),
        Budget::megabytes("binary", length(&project::binary())?, 30.0, 20.0),
    ])
}

const LOADER: &str = "/umleitung.js";

/// Where the widget's files are, as the loader says.
fn assets(loader: &str) -> Result<String> {
    let name = loader.split_once("/assets/").and_then(|(_, rest)| rest.split_once('"'));
    let (fingerprint, _) = name.context("the loader names no folder of the widget's files")?;
    Ok(format!("/assets/{fingerprint}"))
}

/// Everything that one of the pages for ops staff is made of: its own files, and the document at `address`.
fn page(name: &str, address: &str) -> Result<Vec<String>> {
    let files = project::files_below(&project::web())?;
    let names = files.iter().filter_map(|file| file.file_name()?.to_str());
    // Declarations for TypeScript are never downloaded by a browser.
    let own = names.filter(|file| file.starts_with(&format!("{name}-")) && !file.ends_with(".d.ts"));
    let mut paths: Vec<String> = own.map(|file| format!("/admin/{file}")).collect();
    ensure!(
        paths.len() >= 2,
        "target/web lacks the page {address}; build it with `cargo xtask build`"
    );
    paths.push(address.to_owned());
    Ok(paths)
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
    fn the_loader_says_where_the_widget_is() {
        let loader = r#"const e={files:"/assets/0123456789abcdef",hash:"sha256-x"};"#;
        assert_eq!(assets(loader).expect("named"), "/assets/0123456789abcdef");
        assert!(assets("const e=1").is_err());
    }

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
