//! A server under measurement: started on a free port, asked for its memory and CPU time, ended at the end.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::http;
use crate::project;
use crate::stopwatch::{Stopwatch, until};

/// What nearly everybody asks for.
pub(crate) const STATE: &str = "/p/musterstadt/state.json";

const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// From the start of the program to its first sign of being ready.
    pub(super) until_ready: Duration,
}

impl Server {
    /// Starts `command`, which is given its address by `with_address`, and waits until `path` answers 200.
    pub(super) fn start(mut command: Command, with_address: impl FnOnce(&mut Command, SocketAddr), path: &str) -> Result<Self> {
        // Freed again at once; another program taking it in between would be seen as a server that is not ready.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        with_address(&mut command, address);
        let log = project::notes()?.join(format!("bench-server-{}.log", address.port()));
        let output = File::create(&log).with_context(|| format!("cannot create {}", log.display()))?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let watch = Stopwatch::start();
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let mut server = Self {
            child,
            address,
            until_ready: Duration::ZERO,
        };
        let ready = until(PATIENCE, || {
            if let Ok(Some(status)) = server.child.try_wait() {
                return Some(Err(anyhow::anyhow!("the server ended with {status}")));
            }
            http::get(address, path, &[])
                .ok()
                .filter(|answer| answer.status == 200)
                .map(|_| Ok(()))
        });
        server.until_ready = watch.elapsed();
        match ready {
            Some(Ok(())) => {
                // Kept only when it tells of something that went wrong.
                fs::remove_file(&log).ok();
                Ok(server)
            }
            Some(Err(error)) => Err(error).with_context(|| fs::read_to_string(&log).unwrap_or_default()),
            None => bail!(
                "the server is not ready after {} s:\n{}",
                PATIENCE.as_secs(),
                fs::read_to_string(&log).unwrap_or_default()
            ),
        }
    }

    /// The release build on the data in `folder`, ready to answer.
    pub(crate) fn umleitung(folder: &Path, demo: bool) -> Result<Self> {
        let mut arguments = vec!["--data".as_ref(), folder.as_os_str()];
        arguments.extend(demo.then_some::<&OsStr>("--demo".as_ref()));
        Self::on(&arguments)
    }

    /// The release build with these arguments, ready to answer.
    pub(super) fn on(arguments: &[impl AsRef<OsStr>]) -> Result<Self> {
        let mut command = project::command(project::binary());
        command.arg("serve").args(arguments);
        let listen = |command: &mut Command, address: SocketAddr| {
            command.args(["--listen", &address.to_string()]);
        };
        Self::start(command, listen, "/readyz")
    }

    /// Resident memory in bytes.
    pub(super) fn memory(&self) -> Result<u64> {
        let status = self.read("status")?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .context("the system tells no VmRSS")?;
        let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().context("VmRSS is no number")?;
        Ok(kilobytes * 1024)
    }

    /// CPU time used so far by all threads, in user and in system mode.
    pub(super) fn cpu_time(&self) -> Result<Duration> {
        cpu_time(&self.read("stat")?)
    }

    fn read(&self, name: &str) -> Result<String> {
        let path = format!("/proc/{}/{name}", self.child.id());
        fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, which the measurement has noticed then.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn cpu_time(stat: &str) -> Result<Duration> {
    // The name of the program may hold spaces and stands in parentheses; utime and stime are the 12th and 13th after it.
    let (_, fields) = stat.rsplit_once(')').context("/proc/PID/stat is not as expected")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |index: usize| -> Result<u64> {
        fields
            .get(index)
            .context("/proc/PID/stat is too short")?
            .parse()
            .context("no number of ticks")
    };
    // A tick is 10 ms on Linux wherever user space can see one.
    Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
}

/// A new folder below `target` that is gone at the end.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Result<Self> {
        let folder = project::notes()?.join(format!("bench-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_user_and_system_time() {
        let stat = "42 (an odd) name) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 3 0 100 1000 200";
        assert_eq!(cpu_time(stat).expect("readable"), Duration::from_secs(3));
        assert!(cpu_time("42 (short) S 1").is_err());
    }

    #[test]
    fn a_program_that_ends_is_no_server() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo no catalogue; exit 1"]);
        let error = Server::start(command, |_, _| {}, "/").err().expect("fails");
        assert!(format!("{error:#}").contains("no catalogue"), "{error:#}");
    }
}
