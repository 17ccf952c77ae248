//! What the tests need of the system, as Debian packages: browsers, servers, a way to let a disk fail. Installed only: no service is
//! started, now or at the next boot.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::search::find;
use crate::{project, step};

/// By what a package is known to be there.
enum Sign {
    /// One of these programs.
    Program(&'static [&'static str]),
    /// Something that says so.
    Found(fn() -> bool),
}

use Sign::{Found, Program};

const PACKAGES: [(&str, Sign); 20] = [
    ("chromium", Program(&["chromium", "chromium-browser", "google-chrome"])),
    ("chromium-driver", Program(&["chromedriver"])),
    ("firefox-esr", Program(&["firefox-esr", "firefox"])),
    // With the small browser that it drives.
    ("webkit2gtk-driver", Program(&["WebKitWebDriver"])),
    // A display for that browser, which has no mode without.
    ("xvfb", Program(&["Xvfb"])),
    ("locales", Found(super::browsers::knows_german)),
    ("nginx", Program(&["nginx"])),
    // Apache without its service.
    ("apache2-bin", Program(&["apache2"])),
    ("haproxy", Program(&["haproxy"])),
    ("caddy", Program(&["caddy"])),
    ("postgresql", Found(has_postgres)),
    // It looks at the unit that is offered.
    ("systemd", Program(&["systemd-analyze"])),
    ("adduser", Program(&["adduser"])),
    // It tells of alerts.
    ("prometheus-alertmanager", Program(&["prometheus-alertmanager"])),
    ("curl", Program(&["curl"])),
    // It reads documents aloud, and what judges them runs on Java.
    ("poppler-utils", Program(&["pdfinfo"])),
    ("default-jre-headless", Program(&["java"])),
    ("libjaxb-java", Found(has_jaxb)),
    // Where the Python programs of the tests are kept apart from the system.
    ("python3-venv", Found(has_venv)),
    // It lets a disk fail for the tests of the storage.
    ("strace", Program(&["strace"])),
];

/// Debian starts a service as soon as it is installed, unless this file says no (its exit code 101). It is there for that time only.
const INSTALL: &str = r#"
set -eu
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 1' HUP INT TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi
DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@"
if command -v systemctl >/dev/null; then
    for package in "$@"; do
        systemctl disable --quiet "$package.service" 2>/dev/null || true
    done
fi
"#;

/// Sees to it that all of them are there.
pub(super) fn install() -> Result<()> {
    let packages = missing();
    if packages.is_empty() {
        return Ok(());
    }
    let by_hand = format!("sudo apt-get install --no-install-recommends {}", packages.join(" "));
    let Some(root) = superuser() else {
        bail!(
            "for tests this is missing and cannot be installed from here: {}. Run this, then try again: {by_hand}",
            packages.join(", ")
        );
    };
    let script = |text: &str| -> Command {
        let mut command = root();
        command.args(["sh", "-c", text, "install"]);
        command
    };
    // An old list brings browsers of last year. Where it cannot be had, what is known must do.
    if !step::watch("Update the list of Debian packages", &mut script("exec apt-get update"))?.succeeded {
        println!("    the list could not be updated; going on with the one that is there");
    }
    let title = format!("Install {} by apt-get", packages.join(", "));
    step::run(&title, script(INSTALL).args(&packages)).with_context(|| format!("by hand: {by_hand}"))?;
    let still = missing();
    if !still.is_empty() {
        bail!("{} is still missing after: {by_hand}", still.join(", "));
    }
    Ok(())
}

fn missing() -> Vec<&'static str> {
    let is_there = |program: &&str| {
        // Where only the superuser's `PATH` leads.
        let system = ["/usr/sbin", "/usr/local/sbin", "/sbin"].map(|folder| Path::new(folder).join(program));
        find(program).is_some() || system.iter().any(|file| file.is_file())
    };
    let lacks = |sign: &Sign| match sign {
        Program(programs) => !programs.iter().any(is_there),
        Found(found) => !found(),
    };
    let missing = PACKAGES.iter().filter(|(_, sign)| lacks(sign));
    missing.map(|(package, _)| *package).collect()
}

/// Whether Java can read rules from XML.
fn has_jaxb() -> bool {
    Path::new("/usr/share/java/jaxb-runtime.jar").exists()
}

/// Debian has the part of Python that fills a new environment in a package of its own.
fn has_venv() -> bool {
    let asked = project::command("python3").args(["-c", "import venv, ensurepip"]).output();
    asked.is_ok_and(|answer| answer.status.success())
}

/// Debian keeps its programs apart, one folder for each version.
fn has_postgres() -> bool {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.into_iter().any(|version| version.path().join("bin/initdb").is_file())
}

/// How a command is run by the superuser, if that is possible without asking for a password.
fn superuser() -> Option<impl Fn() -> Command> {
    find("apt-get")?;
    let asked = |program: &str, arguments: &[&str]| Command::new(program).args(arguments).output().ok();
    let is_root = asked("id", &["-u"]).is_some_and(|output| output.stdout.trim_ascii() == b"0");
    let may = is_root || asked("sudo", &["-n", "true"]).is_some_and(|output| output.status.success());
    may.then_some(move || {
        if is_root {
            project::command("env")
        } else {
            let mut command = project::command("sudo");
            command.arg("-n");
            command
        }
    })
}
