//! `cargo xtask bench`: what the design promises, measured on the release build, one line each.
//!
//! `UMLEITUNG_BENCH=page` measures only the part of that name, on what was built last: for whoever works on it.

pub(crate) mod http;
mod journal;
mod page;
mod postgres;
mod probes;
mod publish;
mod ratio;
pub(crate) mod server;
mod sign_in;

use std::env;
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::budget::{self, Budget};
use crate::stopwatch::pause;
use crate::{build, project, step, tools};
use server::{STATE, Scratch, Server};

pub(crate) fn run() -> Result<()> {
    let _lock = project::lock()?;
    let only = env::var("UMLEITUNG_BENCH").ok();
    if only.is_none() {
        tools::for_building()?;
        build::product()?;
        step::run(
            "Build a bare server and a long past to measure with",
            &mut build::cargo_build(&["--example", "bare", "--example", "past", "--example", "looks"]),
        )?;
    }

    // Sizes fail the run; the rest depends on the machine and is only told.
    let mut sizes = budget::sizes()?;
    sizes.iter().for_each(|size| println!("{size}"));

    let mut trouble = Vec::new();
    let mut measure = |name: &str, work: &mut dyn FnMut() -> Result<()>| {
        if only.as_ref().is_some_and(|only| only != name) {
            return;
        }
        if let Err(error) = work() {
            println!("{name} not measured: {error:#}");
            trouble.push(name.to_owned());
        }
    };
    measure("healthy-page", &mut || {
        for size in healthy_sizes()? {
            println!("{size}");
            sizes.push(size);
        }
        Ok(())
    });
    measure("page", &mut || {
        let page = page::measure()?;
        page.ratios.iter().chain(&page.healthy).for_each(|measured| println!("{measured}"));
        sizes.extend(page.healthy);
        Ok(())
    });
    measure("desk", &mut || {
        page::desk::measure()?.iter().for_each(|measured| println!("{measured}"));
        Ok(())
    });
    measure("sign-in", &mut || {
        println!("{}", sign_in::enumeration()?);
        Ok(())
    });
    measure("idle-memory", &mut || {
        println!("{}", idle_memory()?);
        Ok(())
    });
    measure("state-json-cpu-ratio", &mut || {
        println!("{}", state_cpu_ratio()?);
        Ok(())
    });
    measure("publish", &mut || {
        publish::measure()?.iter().for_each(|measured| println!("{measured}"));
        Ok(())
    });
    measure("probes", &mut || {
        probes::measure()?.iter().for_each(|measured| println!("{measured}"));
        Ok(())
    });
    measure("nodes", &mut || {
        publish::measure_nodes()?.iter().for_each(|measured| println!("{measured}"));
        Ok(())
    });
    measure("replay-100000", &mut || {
        println!("{}", journal::replay()?);
        Ok(())
    });
    budget::enforce(&sizes)?;
    if !trouble.is_empty() {
        bail!("not measured: {}", trouble.join(", "));
    }
    Ok(())
}

/// What a first visit to a healthy page transfers: the loader with the state inside, and later the state alone.
fn healthy_sizes() -> Result<Vec<Budget>> {
    let data = Scratch::new("healthy")?;
    let server = Server::umleitung(&data.0, true)?;
    let state = http::get(server.address, STATE, &[])?;
    ensure!(state.status == 200, "{STATE} answers {}", state.status);
    let parsed: serde_json::Value = serde_json::from_slice(&state.body).context("the state is no JSON")?;
    ensure!(
        parsed["status"] == "operational",
        "the demo does not start operational: {}",
        parsed["status"]
    );
    let page = http::get(server.address, "/p/musterstadt/umleitung.js", &[http::COMPRESSED])?;
    ensure!(page.status == 200, "the portal's loader answers {}", page.status);
    ensure!(
        page.header("content-encoding") == Some("br"),
        "the portal's loader does not come as brotli"
    );
    Ok(vec![
        Budget::kilobytes("healthy-page", page.body.len() as u64, 3.3, 1.8),
        Budget {
            name: "state-json-healthy",
            value: state.body.len() as f64,
            unit: "bytes",
            limit: 300.0,
            aim: 200.0,
            digits: 0,
        },
    ])
}

fn idle_memory() -> Result<Budget> {
    let data = Scratch::new("idle")?;
    let server = Server::umleitung(&data.0, true)?;
    pause(Duration::from_secs(5));
    Ok(Budget::megabytes("idle-memory", server.memory()?, 40.0, 20.0))
}

/// CPU time per request of the server beside that of a bare handler with the same bytes.
fn state_cpu_ratio() -> Result<Budget> {
    let data = Scratch::new("ratio")?;
    let ours = Server::umleitung(&data.0, true)?;
    let answer = http::get(ours.address, STATE, &[http::COMPRESSED])?;
    ensure!(answer.status == 200, "{STATE} answers {}", answer.status);
    let file = data.0.join("state.json");
    fs::write(&file, &answer.body)?;
    let mut command = project::command(project::target().join("release/examples/bare"));
    let content_type = answer.header("content-type").unwrap_or("application/json").to_owned();
    let arguments = |command: &mut std::process::Command, address: std::net::SocketAddr| {
        command.arg(address.to_string()).arg(&file).arg(content_type);
    };
    command.env_remove("RUST_LOG");
    let bare = Server::start(command, arguments, STATE)?;
    let compared = ratio::of_cpu_time(&ours, &bare, |server| http::request(server.address, STATE, &[http::COMPRESSED]))?;
    println!(
        "  state.json: {:.1} µs of CPU time a request, bare {:.1} µs (medians of {} rounds)",
        compared.ours_micros, compared.theirs_micros, compared.rounds
    );
    Ok(Budget {
        name: "state-json-cpu-ratio",
        value: compared.ratio,
        unit: "times",
        limit: 1.15,
        aim: 1.0,
        digits: 3,
    })
}
