//! Programs that others have written, and what they find in what the server says.

use std::{
    ffi::OsString,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::Value;

fn tools() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/tools")
}

/// A program of ours in `tests/foreign` that uses theirs.
fn script(name: &str) -> OsString {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("foreign")
        .join(name)
        .into_os_string()
}

/// What a library from PyPI reads in this.
pub(crate) fn by_python(library: &str, text: impl AsRef<[u8]>) -> Value {
    let mut command = python("read.py");
    command.arg(library);
    answered(command, text.as_ref())
}

/// What a client from PyPI says of the server at this address.
pub(crate) fn by_python_at(program: &str, client: &str, address: &str) -> Value {
    let mut command = python(program);
    command.args([client, address]);
    answered(command, b"")
}

/// A program of ours in `tests/foreign`, run by the Python that has their libraries.
pub(crate) fn python(program: &str) -> Command {
    let python = tools().join("python/bin/python");
    assert!(python.exists(), "`cargo xtask setup` installs it");
    let mut command = Command::new(python);
    command.arg(script(program));
    command
}

/// What a program for Node that uses packages from npm says about this.
pub(crate) fn by_node(program: &str, arguments: &[&str], text: &str) -> Value {
    let modules = tools().join("node_modules");
    let mut command = Command::new("node");
    command.arg(script(program)).arg(modules).args(arguments);
    answered(command, text.as_bytes())
}

fn answered(mut command: Command, text: &[u8]) -> Value {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that takes no input may have ended before.
    let _ = child.stdin.take().unwrap().write_all(text);
    let output = child.wait_with_output().unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {complaints}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{command:?}: {error}: {complaints}"))
}
