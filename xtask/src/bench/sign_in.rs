//! Whether the time that a refused sign-in takes tells who has an account.

use std::io::Write;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::http::Connection;
use super::ratio::{median, shuffled};
use super::server::{Scratch, Server};
use crate::budget::Budget;
use crate::project;
use crate::stopwatch::Stopwatch;

/// So many names that are known, and as many that are not; each is tried once, from an address of its own, so that nobody is slowed down.
const NAMES: usize = 200;

/// The median time of a refusal for a name that is known, beside that for one that is not; whichever is longer, above.
pub(super) fn enumeration() -> Result<Budget> {
    let data = Scratch::new("names")?;
    for at in 0..NAMES {
        let mut command = project::command(project::binary());
        command.args(["user", "add", &known(at), "--role", "viewer", "--password-stdin", "--data"]);
        let mut child = command.arg(&data.0).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        let mut input = child.stdin.take().context("it takes no input")?;
        writeln!(input, "Ein Reiher am Weiher, {at} Uhr")?;
        drop(input);
        ensure!(child.wait()?.success(), "no account was made");
    }
    let arguments = [
        "--data".as_ref(),
        data.0.as_os_str(),
        "--trusted-proxy".as_ref(),
        "127.0.0.0/8".as_ref(),
    ];
    let server = Server::on(&arguments)?;
    let mut connection = Connection::open(server.address)?;
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for (at, is_known) in shuffled((0..2 * NAMES).map(|at| (at, at < NAMES))) {
        let name = if is_known { known(at) } else { format!("Niemand {at:03}") };
        let body = json!({"name": name, "password": "falsch, und lang genug"}).to_string();
        let request = format!(
            "POST /api/v1/session HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nX-Forwarded-For: 198.51.{}.{}\r\nContent-Length: {}\r\n\r\n{body}",
            server.address,
            at / 200,
            at % 200 + 1,
            body.len()
        );
        let watch = Stopwatch::start();
        connection.send(request.as_bytes())?;
        let answer = connection.receive()?;
        let taken = watch.elapsed().as_secs_f64();
        ensure!(answer.status == 401, "{name} was answered by {}", answer.status);
        if is_known { with.push(taken) } else { without.push(taken) }
    }
    let ratio = median(with) / median(without);
    Ok(Budget {
        name: "sign-in-enumeration",
        value: ratio.max(ratio.recip()),
        unit: "",
        limit: 1.05,
        aim: 1.0,
        digits: 3,
    })
}

fn known(at: usize) -> String {
    format!("Person {at:03}")
}
