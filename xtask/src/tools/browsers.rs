//! The browsers that the tests use, with their drivers: one of each engine that citizens' browsers are built on.
//!
//! Chromium, Firefox and WebKit come with the system. Only the driver of Firefox does not, and is compiled.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::search::{cargo_install, find, folder, has_version, version};
use crate::{project, step};

const GECKODRIVER: &str = "0.37.1";
const GERMAN: &str = "de_DE.UTF-8";
/// From this the system makes [`GERMAN`].
const GERMAN_SOURCE: &str = "/usr/share/i18n/locales/de_DE";

/// A package of the system, and the programs of which one has to be there.
const PACKAGES: [(&str, &[&str]); 5] = [
    ("chromium", &["chromium", "chromium-browser", "google-chrome"]),
    ("chromium-driver", &["chromedriver"]),
    ("firefox-esr", &["firefox-esr", "firefox"]),
    // With the small browser that it drives.
    ("webkit2gtk-driver", &["WebKitWebDriver"]),
    // A display for that browser, which has no mode without.
    ("xvfb", &["Xvfb"]),
];

/// Installs what is missing.
pub(super) fn install() -> Result<()> {
    packages()?;
    if !has_version(version("geckodriver").as_deref(), GECKODRIVER) {
        let package = format!("geckodriver@{GECKODRIVER}");
        cargo_install(
            &format!("Install geckodriver {GECKODRIVER} (about a minute)"),
            &["--locked", &package],
        )?;
    }
    german()
}

/// What tests have to be told about browsers.
pub(crate) fn environment() -> Vec<(&'static str, OsString)> {
    let programs = [
        ("CHROMEDRIVER", "chromedriver"),
        ("GECKODRIVER", "geckodriver"),
        ("WEBKITDRIVER", "WebKitWebDriver"),
        ("XVFB", "Xvfb"),
    ];
    let found = programs
        .into_iter()
        .filter_map(|(variable, program)| Some((variable, find(program)?.into_os_string())));
    found.chain([("GERMAN_LOCALES", locales().into_os_string())]).collect()
}

fn missing() -> Vec<&'static str> {
    let programs = PACKAGES
        .iter()
        .filter(|(_, programs)| !programs.iter().any(|program| find(program).is_some()))
        .map(|(package, _)| *package);
    let texts = (!locales().join(GERMAN).is_dir() && !Path::new(GERMAN_SOURCE).exists()).then_some("locales");
    programs.chain(texts).collect()
}

fn packages() -> Result<()> {
    let packages = missing();
    if packages.is_empty() {
        return Ok(());
    }
    let by_hand = format!("sudo apt-get install {}", packages.join(" "));
    let Some(apt) = apt_get() else {
        bail!(
            "for tests this is missing and cannot be installed from here: {}. Run this, then try again: {by_hand}",
            packages.join(", ")
        );
    };
    let title = format!("Install {} by apt-get", packages.join(", "));
    let mut install = apt();
    install.args(["install", "--yes", "--no-install-recommends"]).args(&packages);
    // An old list brings browsers of last year. Where it cannot be had, what is known must do.
    if !step::watch("Update the list of Debian packages", apt().arg("update"))?.succeeded {
        println!("    the list could not be updated; going on with the one that is there");
    }
    step::run(&title, &mut install).with_context(|| format!("by hand: {by_hand}"))?;
    let still = missing();
    if !still.is_empty() {
        bail!("{} is still missing after: {by_hand}", still.join(", "));
    }
    Ok(())
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

/// `apt-get` with the right to install, if there is one without asking for a password.
fn apt_get() -> Option<impl Fn() -> Command> {
    find("apt-get")?;
    let root = Command::new("id")
        .arg("-u")
        .output()
        .ok()
        .is_some_and(|output| output.stdout.trim_ascii() == b"0");
    let sudo = !root
        && Command::new("sudo")
            .args(["-n", "true"])
            .output()
            .is_ok_and(|output| output.status.success());
    (root || sudo).then_some(move || {
        let mut command = if sudo {
            let mut command = project::command("sudo");
            command.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            command
        } else {
            project::command("apt-get")
        };
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    })
}
