//! What the browsers of the tests need beside their packages: the driver of Firefox, which is compiled, and German for WebKit.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::search::{cargo_install, find, folder, has_version, version};
use crate::{project, step};

const GECKODRIVER: &str = "0.37.1";
const GERMAN: &str = "de_DE.UTF-8";
/// From this the system makes [`GERMAN`].
const GERMAN_SOURCE: &str = "/usr/share/i18n/locales/de_DE";

/// Installs what is missing.
pub(super) fn install() -> Result<()> {
    if !has_version(version("geckodriver").as_deref(), GECKODRIVER) {
        let package = format!("geckodriver@{GECKODRIVER}");
        cargo_install(
            &format!("Install geckodriver {GECKODRIVER} (about a minute)"),
            &["--locked", &package],
        )?;
    }
    german()
}

/// What tests have to be told about browsers, and about the object storage.
pub(crate) fn environment() -> Vec<(&'static str, OsString)> {
    let programs = [
        ("CHROMEDRIVER", "chromedriver"),
        ("GECKODRIVER", "geckodriver"),
        ("WEBKITDRIVER", "WebKitWebDriver"),
        ("XVFB", "Xvfb"),
        ("S3S_FS", "s3s-fs"),
        ("SCHEMATHESIS", "schemathesis"),
    ];
    let found = programs
        .into_iter()
        .filter_map(|(variable, program)| Some((variable, find(program)?.into_os_string())));
    found.chain([("GERMAN_LOCALES", locales().into_os_string())]).collect()
}

/// Whether German is made known already, or there is something to make it from.
pub(super) fn knows_german() -> bool {
    locales().join(GERMAN).is_dir() || Path::new(GERMAN_SOURCE).exists()
}

/// WebKit takes its language from the system, so German is made known to it; the system itself is left as it is.
fn german() -> Result<()> {
    let made = locales().join(GERMAN);
    if made.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(locales()).with_context(|| format!("cannot create {}", locales().display()))?;
    let mut localedef = project::command("localedef");
    localedef.args(["-i", "de_DE", "-f", "UTF-8"]).arg(&made);
    step::run("Make German known to WebKit", &mut localedef)?;
    Ok(())
}

fn locales() -> PathBuf {
    folder().join("locales")
}
