//! `cargo xtask run`: from a fresh clone to a running demo in one command.

use std::env;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};

use crate::bench::http;
use crate::stopwatch::until;
use crate::{build, project, tools};

const LISTEN: &str = "127.0.0.1:8080";

/// Not for people: `run` starts itself under this name, because it becomes the server and cannot wait for it.
pub(crate) const BROWSER_COMMAND: &str = "open-browser-when-ready";

pub(crate) fn run(mut arguments: Vec<String>) -> Result<()> {
    arguments.retain(|argument| argument != "--");
    let address = address(&arguments)?;
    // Before the minutes of a first build, and once more after them.
    refuse_taken(address)?;
    {
        let _lock = project::lock()?;
        tools::for_building()?;
        build::product()?;
    }
    refuse_taken(address)?;

    let reachable = if address.ip().is_unspecified() {
        SocketAddr::from(([127, 0, 0, 1], address.port()))
    } else {
        address
    };
    println!("\nstarting the demo: http://{reachable}/demo/");
    if has_display() {
        // Best effort: the demo runs just as well without.
        let watcher = env::current_exe().map(|program| {
            let mut command = Command::new(program);
            command.arg(BROWSER_COMMAND).arg(reachable.to_string());
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
        });
        drop(watcher);
    }
    let mut server = project::command(project::binary());
    server.args(["serve", "--demo"]);
    if !names(&arguments, "--data") && !names(&arguments, "--database") {
        server.arg("--data").arg(project::target().join("demo-data"));
        println!("its data stay in target/demo-data");
    }
    println!();
    // Becoming the server lets Ctrl-C and a service manager's signals reach it directly.
    Err(anyhow!(server.args(&arguments).exec()).context("cannot start target/release/umleitung"))
}

pub(crate) fn open_browser_when_ready(arguments: &[String]) -> Result<()> {
    let address: SocketAddr = arguments.first().context("an address is needed")?.parse()?;
    let ready = until(Duration::from_secs(60), || {
        http::get(address, "/readyz", &[]).ok().filter(|answer| answer.status == 200)
    });
    if ready.is_some() {
        Command::new("xdg-open").arg(format!("http://{address}/demo/")).status()?;
    }
    Ok(())
}

fn names(arguments: &[String], option: &str) -> bool {
    arguments.iter().any(|argument| {
        argument
            .strip_prefix(option)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    })
}

fn address(arguments: &[String]) -> Result<SocketAddr> {
    let mut listen = LISTEN.to_owned();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--listen" {
            listen.clone_from(rest.next().context("--listen needs an address, for instance 127.0.0.1:8081")?);
        } else if let Some(value) = argument.strip_prefix("--listen=") {
            value.clone_into(&mut listen);
        }
    }
    let mut found = listen
        .to_socket_addrs()
        .with_context(|| format!("`{listen}` is no address to listen on"))?;
    found.next().with_context(|| format!("`{listen}` is no address to listen on"))
}

fn refuse_taken(address: SocketAddr) -> Result<()> {
    match TcpListener::bind(address) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => bail!(
            "{address} is taken by another program, perhaps by an earlier `cargo xtask run`. \
             End that one, or choose another address: cargo xtask run --listen {}:{}",
            address.ip(),
            address.port().checked_add(1).unwrap_or(8081)
        ),
        Err(error) => Err(error).with_context(|| format!("cannot listen on {address}")),
    }
}

fn has_display() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    (set("DISPLAY") || set("WAYLAND_DISPLAY")) && tools::find("xdg-open").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(arguments: &[&str]) -> Vec<String> {
        arguments.iter().map(|argument| (*argument).to_owned()).collect()
    }

    #[test]
    fn the_address_is_found_in_both_spellings() {
        assert_eq!(address(&[]).expect("default").to_string(), LISTEN);
        assert_eq!(
            address(&owned(&["--listen", "127.0.0.1:81"])).expect("valid").to_string(),
            "127.0.0.1:81"
        );
        assert_eq!(
            address(&owned(&["--x", "--listen=0.0.0.0:82"])).expect("valid").to_string(),
            "0.0.0.0:82"
        );
        assert!(address(&owned(&["--listen"])).is_err());
        assert!(address(&owned(&["--listen", "nowhere"])).is_err());
    }

    #[test]
    fn options_are_whole_words() {
        assert!(names(&owned(&["--data", "x"]), "--data"));
        assert!(names(&owned(&["--data=x"]), "--data"));
        assert!(!names(&owned(&["--database", "x"]), "--data"));
    }

    #[test]
    fn a_taken_port_is_named_with_a_way_out() {
        let other = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let taken = other.local_addr().expect("bound");
        let message = refuse_taken(taken).expect_err("taken").to_string();
        assert!(
            message.contains(&taken.to_string()) && message.contains("--listen 127.0.0.1:"),
            "{message}"
        );
        drop(other);
        assert!(refuse_taken(taken).is_ok());
    }
}
