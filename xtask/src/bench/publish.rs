//! How long a publication takes where it concerns everyone: two hundred portals, a thousand services that all need one, a long past.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::http;
use super::journal;
use super::postgres::Postgres;
use super::server::{Scratch, Server};
use crate::budget::Budget;
use crate::project;
use crate::stopwatch::{Stopwatch, until};

const PORTALS: usize = 200;
const SERVICES: usize = 1_000;
const PAST_NOTICES: usize = 10_000;
/// What the past of one notice is made of.
const EVENTS_OF_ONE: usize = 5;
/// Publications that are measured; each is ended again, so that all meet the same state.
const PUBLICATIONS: usize = 100;
/// So many notices that are over are shown at most, for a while after a bad day.
const LINGERING: usize = 20;

/// How long the other node may take at all.
const PATIENCE: Duration = Duration::from_secs(10);

/// Until a preview is answered, and until a publication is, by when every portal shows it: on an ordinary day, and on one on which every
/// portal still shows as many notices that are over as it ever does; the start of that server; and the first page of its list.
pub(super) fn measure() -> Result<Vec<Budget>> {
    let ordinary = scene(0)?;
    let bad = scene(120)?;
    Ok(vec![
        Budget::milliseconds("preview-10000-notices", ordinary.preview, 5.0, 2.0),
        Budget::milliseconds("publish-200-portals", ordinary.p99, 50.0, 15.0),
        Budget::milliseconds("publish-200-portals-bad-day", bad.p99, 200.0, 50.0),
        Budget {
            name: "start-200-portals",
            value: ordinary.until_ready.max(bad.until_ready).as_secs_f64(),
            unit: "s",
            limit: 2.0,
            aim: 0.5,
            digits: 2,
        },
        Budget::kilobytes("list-of-notices", ordinary.list, 300.0, 200.0),
    ])
}

/// What was measured on one server.
struct Measured {
    preview: Duration,
    p99: Duration,
    until_ready: Duration,
    list: u64,
}

fn scene(linger_minutes: u32) -> Result<Measured> {
    let data = past(linger_minutes)?;
    let token = umleitung(&["token", "create", "bench", "--role", "publisher"], &folder(&data))?;
    let authorization = format!("Bearer {}", token.trim());
    let headers = [("Authorization", authorization.as_str())];

    let server = Server::umleitung(&data.0, false)?;
    let list = http::get(server.address, "/api/v1/notices", &headers)?;
    ensure!(list.status == 200, "the list answers {}", list.status);
    let mut previews = Vec::new();
    for _ in 0..PUBLICATIONS {
        let watch = Stopwatch::start();
        http::json(server.address, "POST", "/api/v1/preview", &headers, Some(&content()))?;
        previews.push(watch.elapsed());
    }
    let before = if linger_minutes == 0 { 1 } else { LINGERING };
    let mut times = Vec::new();
    for round in 0..before + PUBLICATIONS {
        let took = publish(&server, &headers, |id| {
            // All of them once, and then one each time, another in each round.
            for portal in (0..PORTALS).filter(|portal| round == 0 || *portal == round % PORTALS) {
                ensure!(shows(&server, portal, id)?, "portal {portal} does not show {id} yet");
            }
            Ok(())
        })?;
        if before <= round {
            times.push(took);
        }
    }
    Ok(Measured {
        preview: p99(previews)?,
        p99: p99(times)?,
        until_ready: server.until_ready,
        list: list.body.len() as u64,
    })
}

/// The same on a database server, with two nodes: until a publication is answered, and how long after that the other node shows it.
pub(super) fn measure_nodes() -> Result<Vec<Budget>> {
    let data = past(0)?;
    let export = data.0.join("journal.jsonl");
    fs::write(&export, umleitung(&["journal", "export"], &folder(&data))?)?;
    let database = Postgres::start()?;
    let place = ["--database", database.address.as_str()];
    umleitung(&["journal", "import", export.to_str().context("the path is no text")?], &place)?;
    let token = umleitung(&["token", "create", "bench", "--role", "publisher"], &place)?;
    let authorization = format!("Bearer {}", token.trim());
    let headers = [("Authorization", authorization.as_str())];
    let (one, other) = (Server::on(&place)?, Server::on(&place)?);
    let (mut answers, mut elsewhere) = (Vec::new(), Vec::new());
    for round in 0..=PUBLICATIONS {
        let took = publish(&one, &headers, |id| {
            ensure!(shows(&one, round % PORTALS, id)?, "the node does not show {id} yet");
            let watch = Stopwatch::start();
            let shown = until(PATIENCE, || shows(&other, round % PORTALS, id).ok().filter(|shown| *shown));
            shown.with_context(|| format!("the other node does not show {id}"))?;
            elsewhere.push(watch.elapsed());
            Ok(())
        })?;
        answers.push(took);
    }
    Ok(vec![
        Budget::milliseconds("publish-postgres", p99(answers)?, 80.0, 80.0),
        Budget::milliseconds("second-node-shows", p99(elsewhere)?, 250.0, 250.0),
    ])
}

/// Towns with a long past.
fn past(linger_minutes: u32) -> Result<Scratch> {
    let (seed, data) = (Scratch::new("towns-seed")?, Scratch::new("towns")?);
    let file = seed.0.join("catalogue.toml");
    fs::write(&file, catalogue(linger_minutes)?)?;
    umleitung(
        &["catalogue", "apply", file.to_str().context("the path is no text")?],
        &folder(&seed),
    )?;
    journal::fill(&seed.0, &data.0, PAST_NOTICES * EVENTS_OF_ONE + 1)?;
    Ok(data)
}

pub(super) fn folder(data: &Scratch) -> [&str; 2] {
    ["--data", data.0.to_str().unwrap_or_default()]
}

/// Runs a subcommand on data; gives what it printed.
pub(super) fn umleitung(arguments: &[&str], place: &[&str]) -> Result<String> {
    let output = project::command(project::binary()).args(arguments).args(place).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} failed: {}", arguments.join(" "), said.trim());
    Ok(String::from_utf8(output.stdout)?)
}

/// An outage of the service that all need.
fn content() -> Value {
    json!({
        "kind": "outage", "severity": "outage", "services": ["service-0"], "title": {"de": "Anmeldung nicht möglich"},
        "impact": {"de": "Sie können sich nicht anmelden."}, "guidance": {"de": "Bitte **rufen** Sie uns an."}, "publish": true,
    })
}

/// Publishes a notice, has it looked at, and ends it again; how long the publication took.
fn publish(server: &Server, headers: &[(&str, &str)], look: impl FnOnce(&str) -> Result<()>) -> Result<Duration> {
    let watch = Stopwatch::start();
    let notice = http::json(server.address, "POST", "/api/v1/notices", headers, Some(&content()))?;
    let took = watch.elapsed();
    let id = notice["id"].as_str().context("the notice has no id")?;
    look(id)?;
    let path = format!("/api/v1/notices/{id}/resolve");
    http::json(server.address, "POST", &path, headers, Some(&json!({})))?;
    Ok(took)
}

fn shows(server: &Server, portal: usize, id: &str) -> Result<bool> {
    let state = http::get(server.address, &format!("/p/portal-{portal}/state.json"), &[])?;
    Ok(String::from_utf8_lossy(&state.body).contains(id))
}

/// The time within which ninety-nine of a hundred were answered.
fn p99(mut times: Vec<Duration>) -> Result<Duration> {
    times.sort();
    times.get(times.len() * 99 / 100 - 1).copied().context("nothing was measured")
}

/// Towns with five services each, which all need the first one.
fn catalogue(linger_minutes: u32) -> Result<String> {
    let mut toml = String::new();
    for portal in 0..PORTALS {
        let own: Vec<String> = (0..5).map(|n| format!("\"service-{}\"", (portal * 5 + n) % SERVICES)).collect();
        let link = format!("\"https://town-{portal}.example/\"");
        write!(
            toml,
            "[[portal]]\nid = \"portal-{portal}\"\nname = {{ de = \"Stadt {portal}\" }}\nlanguages = [\"de\", \"en\"]\ntime_zone = \"Europe/Berlin\"\n\
             region = \"DE-BE\"\nlinger_minutes = {linger_minutes}\nservices = [{}]\nissuer = {{ de = \"Stadt {portal}\" }}\nlinks = {{ home = {link}, imprint = {link}, \
             privacy = {link}, accessibility = {link}, feedback = {link} }}\n\n",
            own.join(", ")
        )?;
    }
    for service in 0..SERVICES {
        let requires = if service == 0 { "" } else { "\"service-0\"" };
        write!(
            toml,
            "[[service]]\nid = \"service-{service}\"\nname = {{ de = \"Dienst {service}\" }}\nrequires = [{requires}]\n\
             channels = [\"phone-{0}\", \"mail-{0}\"]\nprocedures = [\"paper\"]\n\n",
            service % 50
        )?;
    }
    for channel in 0..50 {
        write!(
            toml,
            "[[channel]]\nid = \"phone-{channel}\"\nkind = \"phone\"\nname = {{ de = \"Amt {channel}\" }}\nvalue = \"030 23125 1{channel:02}\"\n\
             hours = \"Mo-We 08:00-16:00; Th 08:00-18:00; Fr 08:00-12:00; PH off\"\n\n\
             [[channel]]\nid = \"mail-{channel}\"\nkind = \"email\"\nname = {{ de = \"Amt {channel}\" }}\nvalue = \"amt{channel}@towns.example\"\n\n"
        )?;
    }
    toml.push_str("[[procedure]]\nid = \"paper\"\nname = { de = \"Auf Papier\" }\nsteps = [{ text = { de = \"Füllen Sie das **Formular** aus.\" } }]\n");
    Ok(toml)
}
