//! The web servers that the tests put in front of a portal, as Debian packages. Installed only: none is started, now or at the next boot.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::search::find;
use crate::{project, step};

/// Each program with the package that brings it. `apache2-bin` is Apache without its service.
/// `strace` is here because it comes the same way: it lets a disk fail for the tests of the storage.
const PROGRAMS: [(&str, &str); 6] = [
    ("nginx", "nginx"),
    ("apache2", "apache2-bin"),
    ("haproxy", "haproxy"),
    ("caddy", "caddy"),
    ("curl", "curl"),
    ("strace", "strace"),
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
pub(crate) fn install() -> Result<()> {
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
    let title = format!("Install {} by apt-get", packages.join(", "));
    let script = |text: &str| -> Command {
        let mut command = root();
        command.args(["sh", "-c", text, "install"]);
        command
    };
    let first = step::watch(&title, script(INSTALL).args(&packages))?;
    if !first.succeeded {
        println!("    perhaps the list of packages is empty or old, as on a fresh machine; with a new one:");
        step::run("Update the list of Debian packages", &mut script("exec apt-get update"))
            .and_then(|_| step::run(&title, script(INSTALL).args(&packages)))
            .with_context(|| format!("by hand: {by_hand}"))?;
    }
    let still = missing();
    if !still.is_empty() {
        bail!("{} is still missing after: {by_hand}", still.join(", "));
    }
    Ok(())
}

fn missing() -> Vec<&'static str> {
    let is_there = |program: &str| {
        // Where only the superuser's `PATH` leads.
        let system = ["/usr/sbin", "/usr/local/sbin", "/sbin"].map(|folder| Path::new(folder).join(program));
        find(program).is_some() || system.iter().any(|file| file.is_file())
    };
    PROGRAMS
        .iter()
        .filter(|(program, _)| !is_there(program))
        .map(|(_, package)| *package)
        .collect()
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
