//! Logs and results that cannot be written: the server goes on serving, and a command says that it has failed.

use std::{
    fs::{File, OpenOptions},
    process::Command,
};

use crate::support::{binary, proxy::free_port};

/// A device that takes nothing, as a full disk under the log does.
fn full() -> File {
    OpenOptions::new().write(true).open("/dev/full").unwrap()
}

#[tokio::test]
async fn a_log_that_cannot_be_written_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("127.0.0.1:{}", free_port());
    let mut server = Command::new(binary::path())
        .args(["serve", "--demo", "--listen", &address, "--data"])
        .arg(folder.path())
        .stdout(full())
        .stderr(full())
        .spawn()
        .unwrap();
    let base = format!("http://{address}");
    let mut ready = false;
    while !ready && server.try_wait().unwrap().is_none() {
        ready = reqwest::get(format!("{base}/readyz"))
            .await
            .is_ok_and(|answer| answer.status() == 200);
    }
    assert!(ready, "it has ended");
    // Each of these is a line in the log.
    for _ in 0..3 {
        let state = reqwest::get(format!("{base}/p/musterstadt/state.json")).await.unwrap();
        assert_eq!(state.status(), 200);
    }
    server.kill().unwrap();
    server.wait().unwrap();
}

#[test]
fn a_result_that_cannot_be_printed_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["token", "create", "ci", "--role", "viewer"][..],
        &["catalogue", "export"],
        &["token", "list"],
    ] {
        let output = Command::new(binary::path())
            .args(arguments)
            .arg("--data")
            .arg(folder.path())
            .stdout(full())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(
            said.starts_with("umleitung: ") && !said.contains("panicked"),
            "{arguments:?}: {said}"
        );
    }
}
