//! The released binary as a process of its own.

use std::{
    ffi::OsString,
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
};

use super::listener::PATIENCE;

/// Where the release build is.
pub(crate) fn path() -> PathBuf {
    let path = std::env::var_os("UMLEITUNG_BIN").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/release/umleitung")),
        PathBuf::from,
    );
    assert!(path.exists(), "{} is missing; build it with `cargo xtask build`", path.display());
    path
}

/// Where data is: a folder, or a database.
pub(crate) trait At {
    /// The option that says so.
    fn option(&self) -> [OsString; 2];
}

impl At for Path {
    fn option(&self) -> [OsString; 2] {
        ["--data".into(), self.into()]
    }
}

impl At for PathBuf {
    fn option(&self) -> [OsString; 2] {
        self.as_path().option()
    }
}

/// Runs a subcommand on data.
pub(crate) fn run(data: &(impl At + ?Sized), arguments: &[&str], input: &str) -> Output {
    // Such a command goes by the machine's clock, which may be far ahead of the test's.
    let force: &[&str] = match arguments {
        ["catalogue", "apply", ..] | ["journal", "redact", ..] => &["--force"],
        _ => &[],
    };
    let mut child = Command::new(path())
        .args(arguments)
        .args(force)
        .args(data.option())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    match child.stdin.take().unwrap().write_all(input.as_bytes()) {
        // Who refuses at once ends without reading; what it says is asserted by whoever asked.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        written => written.unwrap(),
    }
    child.wait_with_output().unwrap()
}

/// Runs a subcommand that has to succeed, and returns what it printed.
pub(crate) fn succeed(data: &(impl At + ?Sized), arguments: &[&str]) -> String {
    let output = run(data, arguments, "");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a subcommand that has to fail, and returns what it said.
pub(crate) fn fail(data: &(impl At + ?Sized), arguments: &[&str]) -> String {
    let output = run(data, arguments, "");
    assert_eq!(
        output.status.code(),
        Some(1),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stdout)
    );
    String::from_utf8(output.stderr).unwrap()
}

/// A serving process; killed when dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) base: String,
    /// All that it said until it listened.
    pub(crate) greeting: String,
}

impl Process {
    /// Starts `umleitung serve` on a free port and waits until it listens.
    pub(crate) fn serve(data: &(impl At + ?Sized), arguments: &[&str]) -> Self {
        Self::start(Command::new(path()), data, arguments)
    }

    /// The same under limits of the machine's, such as `--nofile=64`.
    pub(crate) fn serve_within(limit: &str, data: &(impl At + ?Sized), arguments: &[&str]) -> Self {
        Self::serve_under(&["prlimit", limit], data, arguments)
    }

    /// The same, started by another program that becomes it.
    pub(crate) fn serve_under(starter: &[&str], data: &(impl At + ?Sized), arguments: &[&str]) -> Self {
        let mut command = Command::new(starter[0]);
        command.args(&starter[1..]).arg(path());
        Self::start(command, data, arguments)
    }

    fn start(mut command: Command, data: &(impl At + ?Sized), arguments: &[&str]) -> Self {
        // The portals of a catalogue lie anywhere, and no test asks there unless it is about that.
        let looks = arguments.contains(&"--portal-allow");
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args((!looks).then_some("--no-arrivals"))
            .args(arguments)
            .args(data.option())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The log says `ready` as the last word of a start; from then on it is drained, so that the pipe never fills.
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        while !said.contains("\"ready\"") {
            let read = log.read_line(&mut said).unwrap();
            assert!(read > 0, "the server did not start: {said}");
        }
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut greeting = String::new();
        while !greeting.ends_with("Stop with Ctrl-C.\n") {
            assert!(out.read_line(&mut greeting).unwrap() > 0, "the server did not greet: {greeting}");
        }
        let base = greeting
            .split("listens on ")
            .nth(1)
            .and_then(|rest| rest.split_whitespace().next())
            .unwrap()
            .to_owned();
        std::thread::spawn(move || out.read_to_end(&mut Vec::new()));
        Self { child, base, greeting }
    }

    /// Its number, by which the kernel knows it.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Lets no file that it writes grow beyond so many bytes, as a full disk would (`prlimit`).
    pub(crate) fn limit_files_to(&self, bytes: &str) {
        let status = Command::new("prlimit")
            .args(["--pid", &self.child.id().to_string(), &format!("--fsize={bytes}:")])
            .status();
        assert!(status.unwrap().success());
    }

    /// Lets it do nothing more, while connections to it are still taken (`SIGSTOP`).
    pub(crate) fn halt(&self) {
        let halt = format!("kill -s STOP {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &halt]).status().unwrap().success());
    }

    /// Lets it go on after [`Process::halt`] (`SIGCONT`).
    pub(crate) fn go_on(&self) {
        let go_on = format!("kill -s CONT {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &go_on]).status().unwrap().success());
    }

    /// Whether nothing of it runs any more after [`Process::halt`].
    pub(crate) fn is_halted(&self) -> bool {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        threads
            .map(|thread| std::fs::read_to_string(thread.unwrap().path().join("stat")).unwrap())
            .all(|told| {
                // The state follows the name, which is in brackets.
                told.rsplit(") ").next().is_some_and(|rest| rest.starts_with('T'))
            })
    }

    /// Asks it to end (`SIGTERM`), and returns with what once it has.
    pub(crate) async fn end(&mut self) -> ExitStatus {
        let terminate = format!("kill -s TERM {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &terminate]).status().unwrap().success());
        let ended = async {
            loop {
                if let Some(status) = self.child.try_wait().unwrap() {
                    return status;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, ended).await.expect("the server does not end")
    }

    /// Whether it has ended, by itself or not.
    pub(crate) fn is_dead(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Ends it as a power cut would (`SIGKILL`).
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
