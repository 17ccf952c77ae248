//! What a night shift waits for on a slow phone: from opening the page for ops staff, signed in already, until a button of it does what it says;
//! the first time, and on a second visit.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::super::http;
use super::super::ratio::median;
use super::super::server::{STATE, Scratch, Server};
use super::webdriver::{self, SLOWDOWN, Session};
use super::{MARKERS, ROUNDS, publish};
use crate::budget::Budget;
use crate::project;
use crate::stopwatch::{Stopwatch, pause, until};

const USABLE: &str = include_str!("../../../pages/usable.js");
const NAME: &str = "Nora Nacht";
const PASSWORD: &str = "Kranich im Nebel, 3 Uhr";

/// Somebody who may publish.
fn add_operator(data: &Path) -> Result<()> {
    let mut command = project::command(project::binary());
    command.args(["user", "add", NAME, "--role", "publisher", "--password-stdin", "--data"]);
    let mut child = command.arg(data).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    let mut input = child.stdin.take().context("it takes no input")?;
    input.write_all(PASSWORD.as_bytes())?;
    drop(input);
    ensure!(child.wait()?.success(), "there is no account to sign in with");
    Ok(())
}

/// How long a finger rests between two letters on a phone at night.
const LETTER: Duration = Duration::from_millis(250);

/// Seconds from the sign-in form, on the same slow phone, until an outage is public: name and password typed letter by letter, the portal unfolded,
/// the service's report opened, published.
fn first_outage(session: &Session, server: &Server) -> Result<f64> {
    session.slow_down()?;
    let watch = Stopwatch::start();
    session.command("url", &json!({"url": format!("http://{}/admin/", server.address)}))?;
    let there = |selector: &str| -> Result<String> {
        let found = format!("document.querySelector({})", json!(selector));
        let seen = format!(
            "new Promise((resolve) => {{ const look = () => {found}?.checkVisibility() ? resolve(true) : setTimeout(look, 20); look(); }})"
        );
        session.wait_for(&seen)?;
        Ok(found)
    };
    for (field, text) in [("#sign-in-name", NAME), ("#sign-in-password", PASSWORD)] {
        let found = there(field)?;
        session.wait_for(&format!("{found}.focus()"))?;
        for letter in text.chars() {
            session.devtools("Input.insertText", &json!({"text": letter}))?;
            pause(LETTER);
        }
    }
    for button in [
        "#sign-in",
        "[data-test=place-musterstadt] > summary",
        "[data-test=report-fundbuero]",
        "[data-test=publish]",
    ] {
        let found = there(button)?;
        // Nobody hits what they have not read.
        pause(2 * LETTER);
        // A portal where something is wrong has unfolded by itself.
        session.wait_for(&format!("{found}.parentElement.open || {found}.click()"))?;
    }
    let is_public = || {
        let state = http::get(server.address, STATE, &[]).ok()?;
        let state: Value = serde_json::from_slice(&state.body).ok()?;
        let notices = state["notices"].as_array()?;
        notices
            .iter()
            .any(|notice| notice["affected"][0]["id"] == "fundbuero")
            .then_some(())
    };
    until(Duration::from_secs(60), is_public).context("the outage never became public")?;
    Ok(watch.elapsed().as_secs_f64())
}

/// The medians of some first visits, each in a browser that has seen nothing, and of the second ones after them.
pub(in super::super) fn measure() -> Result<Vec<Budget>> {
    let driver = webdriver::driver()?;
    let data = Scratch::new("desk")?;
    let server = Server::umleitung(&data.0, true)?;
    publish(&server, &data.0)?;
    add_operator(&data.0)?;
    let (mut first, mut second, mut slowdowns) = (Vec::new(), Vec::new(), Vec::new());
    // The first browser of all still has its own files to read from the disk.
    for round in 0..=ROUNDS {
        let session = Session::open(driver.address)?;
        session.command("url", &json!({"url": format!("http://{}/healthz", server.address)}))?;
        let credentials = json!({"name": NAME, "password": PASSWORD}).to_string();
        let asks = json!({"method": "POST", "headers": {"content-type": "application/json"}, "body": credentials});
        let answered = session.wait_for(&format!("fetch('/api/v1/session', {asks}).then((answer) => answer.status)"))?;
        ensure!(answered == 200, "signing in was answered by {answered}");
        let before = format!("({MARKERS})({{}});({USABLE})()");
        session.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({"source": before}))?;
        session.slow_down()?;
        let visit = || -> Result<f64> {
            session.command("url", &json!({"url": format!("http://{}/admin/", server.address)}))?;
            let usable = session.wait_for("usable")?.as_f64().context("the page never worked")?;
            Ok(usable / 1e3)
        };
        let times = (visit()?, visit()?);
        let slow = session.wait_for("measurement.work()")?.as_f64().context("no duration")?;
        session.devtools("Emulation.setCPUThrottlingRate", &json!({"rate": 1}))?;
        let fast = session.wait_for("measurement.work()")?.as_f64().context("no duration")?;
        if round > 0 {
            first.push(times.0);
            second.push(times.1);
            slowdowns.push(slow / fast);
        }
    }
    let slowdown = median(slowdowns);
    ensure!(slowdown > SLOWDOWN / 2.0, "the processor is only {slowdown:.1} times as slow");
    let outage = first_outage(&Session::open(driver.address)?, &server)?;
    let line = |name: &'static str, value: f64, limit: f64, aim: f64| Budget {
        name,
        value,
        unit: "s",
        limit,
        aim,
        digits: 2,
    };
    Ok(vec![
        line("desk-usable", median(first), 3.0, 2.0),
        line("desk-second-visit", median(second), 1.2, 0.8),
        line("first-outage", outage, 45.0, 25.0),
    ])
}
