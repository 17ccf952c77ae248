//! What a server stores is for its owner alone.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use super::support::binary::{self, Process};

/// Everything in a folder and below, the folder included.
fn all_of(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all_of(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn what_is_stored_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("var/data");
    let mut server = Process::serve(&data, &["--demo"]);
    binary::succeed(&data, &["token", "create", "monitoring", "--role", "viewer"]);
    let stored = all_of(&data);
    for name in ["umleitung.sqlite3", "umleitung.sqlite3-wal", "umleitung.sqlite3-shm", "releases"] {
        assert!(stored.contains(&data.join(name)), "{name} is not there");
    }
    assert!(stored.len() > 8, "{stored:?}");
    for path in &stored {
        assert_eq!(mode(path) & 0o077, 0, "{} is {:o}", path.display(), mode(path));
    }
    // As a release before this one left it.
    server.kill();
    for path in &stored {
        set_mode(path, if path.is_dir() { 0o755 } else { 0o644 });
    }
    let mut server = Process::serve(&data, &[]);
    for name in [
        "umleitung.sqlite3",
        "umleitung.sqlite3-wal",
        "umleitung.sqlite3-shm",
        "umleitung.sqlite3.id",
        "releases",
    ] {
        assert_eq!(mode(&data.join(name)) & 0o077, 0, "{name} stays open to everybody");
    }
    // What a group was given on purpose it keeps.
    server.kill();
    set_mode(&data.join("umleitung.sqlite3"), 0o640);
    let _server = Process::serve(&data, &[]);
    assert_eq!(mode(&data.join("umleitung.sqlite3")), 0o640);
}

#[test]
fn a_database_by_its_address_is_as_private() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notices.db");
    let output = std::process::Command::new(binary::path())
        .args(["token", "create", "monitoring", "--role", "viewer", "--database"])
        .arg(format!("sqlite:{}", file.display()))
        .output()
        .unwrap();
    assert!(output.status.success());
    assert_eq!(mode(&file), 0o600);
}

#[test]
fn a_token_has_an_end_unless_it_was_asked_to_have_none() {
    let folder = tempfile::tempdir().unwrap();
    let create = |name: &str, more: &[&str]| {
        let arguments = [&["token", "create", name, "--role", "viewer"], more].concat();
        binary::run(folder.path(), &arguments, "")
    };
    for (name, more, end) in [
        ("usual", &[][..], "works until 20"),
        ("short", &["--expires", "1"], "works until 20"),
        ("endless", &["--expires", "never"], "until it is revoked"),
    ] {
        let made = create(name, more);
        let (token, said) = (String::from_utf8(made.stdout).unwrap(), String::from_utf8(made.stderr).unwrap());
        assert!(said.contains(end), "{name}: {said}");
        assert_eq!(token.trim().len(), 43, "{token}");
    }
    for bad in ["0", "-1", "forever", "70000", ""] {
        assert!(!create("bad", &["--expires", bad]).status.success(), "{bad:?} was taken");
    }
}
