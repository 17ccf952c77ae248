//! Rules about crates, kept by cargo-deny after `deny.toml`: who may use which, what may be built in, where it may come from.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::{project, step, tools};

/// Fails when `deny.toml` forbids something that is there, with the words of cargo-deny.
pub(super) fn check() -> Result<()> {
    step::run("Crates, their licences and where they come from", &mut judge(&project::root())?)?;
    Ok(())
}

fn judge(workspace: &Path) -> Result<Command> {
    let mut deny = project::command(tools::find("cargo-deny").unwrap_or_else(|| "cargo-deny".into()));
    deny.arg("--manifest-path").arg(workspace.join("Cargo.toml"));
    // What is known against a crate changes from day to day and is asked for over the network: by people, not by tests.
    deny.args(["--log-level", "error", "check", "bans", "licenses", "sources"]);
    Ok(deny)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    /// The workspace once more: manifests of its own, the sources those that are there.
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).expect("a new folder");
        for entry in fs::read_dir(from).expect("a folder").flatten() {
            let (source, target) = (entry.path(), to.join(entry.file_name()));
            let holds_crates = || {
                fs::read_dir(&source)
                    .expect("a folder")
                    .flatten()
                    .any(|inner| inner.path().join("Cargo.toml").is_file())
            };
            let name = entry.file_name().to_string_lossy().into_owned();
            if name == "target" || name == ".git" {
                continue;
            }
            if name.starts_with("Cargo.") || name == "deny.toml" {
                fs::copy(&source, &target).expect("copied");
            } else if source.is_dir() && (source.join("Cargo.toml").is_file() || holds_crates()) {
                copy(&source, &target);
            } else {
                symlink(&source, &target).expect("linked");
            }
        }
    }

    /// A workspace with one crate more, which has this licence and uses these.
    fn with_a_stranger(licence: &str, uses: &str) -> (bool, String) {
        let workspace = project::notes().expect("a place for notes").join("planted");
        if workspace.exists() {
            fs::remove_dir_all(&workspace).expect("removed");
        }
        copy(&project::root(), &workspace);
        for name in ["stranger", "openssl-sys"] {
            fs::create_dir_all(workspace.join(name).join("src")).expect("a new folder");
            fs::write(workspace.join(name).join("src/lib.rs"), "").expect("written");
        }
        let manifest = |name: &str, licence: &str, uses: &str| {
            format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\npublish = false\nlicense = \"{licence}\"\n[dependencies]\n{uses}\n")
        };
        let put = |name: &str, text: String| fs::write(workspace.join(name).join("Cargo.toml"), text).expect("written");
        put("stranger", manifest("stranger", licence, uses));
        put("openssl-sys", manifest("openssl-sys", "MIT", ""));
        let whole = fs::read_to_string(workspace.join("Cargo.toml")).expect("readable");
        let members = whole.replacen("members = [", "members = [\"stranger\", ", 1);
        fs::write(workspace.join("Cargo.toml"), members).expect("written");
        let judged = judge(&workspace)
            .expect("a command")
            .output()
            .expect("`cargo xtask setup` installs cargo-deny");
        (judged.status.success(), String::from_utf8_lossy(&judged.stderr).into_owned())
    }

    #[test]
    fn each_rule_refuses_what_breaks_it() {
        let (fine, said) = with_a_stranger("MIT OR GPL-3.0-only", "jiff.workspace = true");
        assert!(fine, "{said}");
        let ours = [
            "wire", "domain", "api", "view", "store", "engine", "tag", "import", "paper", "server", "leptos", "axum",
        ];
        let uses: String = ours.iter().map(|name| format!("{name}.workspace = true\n")).collect();
        let more = "openssl-sys = { path = \"../openssl-sys\" }\nserde = \"*\"";
        let (fine, said) = with_a_stranger("GPL-3.0-only", &(uses + more));
        assert!(!fine, "{said}");
        for name in ours.into_iter().chain(["openssl-sys"]) {
            assert!(said.contains(&format!("error[banned]: crate '{name} = ")), "{name}: {said}");
        }
        for found in ["error[wildcard]", "error[rejected]"] {
            assert!(said.contains(found), "{found}: {said}");
        }
    }
}
