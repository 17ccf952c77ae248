//! What 400 days of looks at 200 probes take, and how long a month of all of them does: one by one, and as a report.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result, ensure};

use super::http;
use super::journal;
use super::publish::{folder, umleitung};
use super::server::{Scratch, Server};
use crate::budget::Budget;
use crate::project;
use crate::stopwatch::Stopwatch;

const PROBES: usize = 200;

/// How many entries the journal has.
const PAST: usize = 201;

pub(super) fn measure() -> Result<Vec<Budget>> {
    let (seed, data) = (Scratch::new("probes-seed")?, Scratch::new("probes")?);
    let file = seed.0.join("catalogue.toml");
    fs::write(&file, catalogue()?)?;
    umleitung(
        &["catalogue", "apply", file.to_str().context("the path is no text")?],
        &folder(&seed),
    )?;
    // A portal has reports from the month on in which it is known.
    journal::fill(&seed.0, &data.0, PAST)?;
    let looks = project::command(project::target().join("release/examples/looks"))
        .arg(&data.0)
        .arg(PROBES.to_string())
        .output()?;
    ensure!(looks.status.success(), "{}", String::from_utf8_lossy(&looks.stderr));
    let month = String::from_utf8(looks.stdout)?;
    let mut size = 0;
    for file in fs::read_dir(&data.0)? {
        size += file?.metadata()?.len();
    }
    let token = umleitung(&["token", "create", "bench", "--role", "viewer"], &folder(&data))?;
    let authorization = format!("Bearer {}", token.trim());
    let headers = [("Authorization", authorization.as_str())];
    let server = Server::umleitung(&data.0, false)?;
    let watch = Stopwatch::start();
    for number in 0..PROBES {
        let path = format!("/api/v1/probes/probe-{number}/availability?month={}&portal=town", month.trim());
        let answer = http::get(server.address, &path, &headers)?;
        let told: serde_json::Value = serde_json::from_slice(&answer.body)?;
        ensure!(answer.status == 200 && told["bad"].as_u64() > Some(0), "{path} answers {told}");
    }
    let months = watch.elapsed().as_secs_f64();
    let mut slowest = 0.0_f64;
    for form in ["json", "html", "pdf"] {
        let watch = Stopwatch::start();
        let path = format!("/api/v1/reports/town/{}.{form}", month.trim());
        let answer = http::get(server.address, &path, &headers)?;
        slowest = slowest.max(watch.elapsed().as_secs_f64());
        ensure!(
            answer.status == 200 && answer.body.len() > 3_000,
            "{path} answers {}",
            answer.status
        );
    }
    Ok(vec![
        Budget {
            name: "probes-400-days",
            value: size as f64 / 1e9,
            unit: "GB",
            limit: 2.0,
            aim: 1.0,
            digits: 2,
        },
        Budget {
            name: "month-of-200-probes",
            value: months,
            unit: "s",
            limit: 2.0,
            aim: 0.5,
            digits: 2,
        },
        Budget {
            name: "report-of-200-probes",
            value: slowest,
            unit: "s",
            limit: 2.0,
            aim: 1.0,
            digits: 2,
        },
    ])
}

/// A town whose services are looked at; nobody is there, and it is asked seldom.
fn catalogue() -> Result<String> {
    let mut catalogue = String::from(
        "[[portal]]\nid = \"town\"\nname = { de = \"Stadt\" }\nlanguages = [\"de\"]\ntime_zone = \"Europe/Berlin\"\nservices = [\"one\"]\n\
         issuer = { de = \"Stadt\" }\nlinks = { home = \"https://a.example\", imprint = \"https://a.example\", privacy = \"https://a.example\", \
         accessibility = \"https://a.example\", feedback = \"https://a.example\" }\n\
         [[service]]\nid = \"one\"\nname = { de = \"Dienst\" }\n",
    );
    for number in 0..PROBES {
        writeln!(
            catalogue,
            "[[probe]]\nid = \"probe-{number}\"\nname = {{ de = \"Seite {number}\" }}\nservice = \"one\"\nkind = \"tcp\"\ntarget = \"127.0.0.1:1\"\n\
             every_seconds = 3600\nattempts = 1"
        )?;
    }
    Ok(catalogue)
}
