//! What a visitor on a slow phone waits for: the same page with each way of telling of trouble, in a browser that has seen none of it.

pub(super) mod desk;
mod peers;
mod webdriver;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::http;
use super::ratio::{median, shuffled};
use super::server::{STATE, Scratch, Server};
use crate::budget::Budget;
use crate::project;
use crate::stopwatch::until;
use webdriver::{LATENCY, Load, SLOWDOWN};

/// Cold loads of each variant.
const ROUNDS: usize = 9;
const LOADER: &str = "/p/musterstadt/umleitung.js";
const PAGE: &str = include_str!("../../../pages/portal.html");
const STYLE: &str = include_str!("../../../pages/portal.css");
const FLOOR: &str = include_str!("../../../pages/floor.js");
const LEAST: &str = include_str!("../../../pages/least.js");
const NOTICE: &str = include_str!("../../../pages/notice.json");
const MARKERS: &str = include_str!("../../../pages/markers.js");
/// What belongs to the page in every variant and is not counted as transferred by one of them.
const OWN: [&str; 2] = [".html", "/portal.css"];

pub(super) struct Measured {
    /// They depend on the machine and are only told.
    pub(super) ratios: Vec<Budget>,
    /// They are the same on every machine.
    pub(super) healthy: Vec<Budget>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Variant {
    /// A banner, as a portal embeds it.
    Ours,
    /// The same, and somebody unfolds it as soon as it is there.
    Tapped,
    /// Unfolded from the start.
    Whole,
    StatusWidget,
    /// A small script that fetches a small document.
    Floor,
    /// A tiny script that paints.
    Least,
    /// Ours where nothing is wrong.
    Healthy,
    /// The page without any of this.
    Bare,
}

impl Variant {
    const ALL: [Self; 8] = [
        Self::Ours,
        Self::Tapped,
        Self::Whole,
        Self::StatusWidget,
        Self::Floor,
        Self::Least,
        Self::Healthy,
        Self::Bare,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::StatusWidget => "status-widget",
            Self::Tapped => "tapped",
            Self::Whole => "whole",
            Self::Floor => "floor",
            Self::Least => "least",
            Self::Healthy => "healthy",
            Self::Bare => "bare",
        }
    }

    /// What the script in the page looks for.
    fn wanted(self, title: &str) -> Value {
        match self {
            // By its text, whatever the element around it is called; the widget by what the banner does not have.
            Self::Ours => json!({"essential": {"host": "umleitung-notice", "text": title}}),
            Self::Tapped => json!({
                "tap": {"host": "umleitung-notice", "selector": ".u", "tap": true},
                "full": {"host": "umleitung-notice", "selector": ".frame:has(.channels li)"},
            }),
            Self::Whole => json!({"full": {"host": "umleitung-notice", "selector": ".frame:has(.channels li)"}}),
            Self::StatusWidget => json!({"essential": {"host": "statuspage-widget", "text": peers::TROUBLE}}),
            Self::Floor | Self::Least => json!({"essential": {"text": title}}),
            Self::Healthy | Self::Bare => json!({}),
        }
    }
}

pub(super) fn measure() -> Result<Measured> {
    let driver = webdriver::driver()?;
    let (quiet_data, data) = (Scratch::new("page-healthy")?, Scratch::new("page-notice")?);
    let quiet = Server::umleitung(&quiet_data.0, true)?;
    let ours = Server::umleitung(&data.0, true)?;
    let title = publish(&ours, &data.0)?;
    let state = http::json(ours.address, "GET", STATE, &[], None)?;
    let portal = Portal::serve(&state, &title, &ours, &quiet)?;

    let mut rounds = Vec::new();
    let load = |variant: Variant| {
        let before = format!("({MARKERS})({})", variant.wanted(&title));
        let load = webdriver::load(driver.address, &portal.address("blank"), &portal.address(variant.name()), &before)
            .and_then(|load| check(&load).map(|()| load));
        load.with_context(|| format!("the page with {}", variant.name()))
    };
    // The first browser of all still has its own files to read from the disk.
    load(Variant::Floor)?;
    for _ in 0..ROUNDS {
        let mut round = BTreeMap::new();
        for variant in shuffled(Variant::ALL) {
            round.insert(variant, load(variant)?);
        }
        rounds.push(round);
    }
    check_slowdown(&rounds)?;
    tell(&rounds);
    Ok(Measured {
        ratios: ratios(&rounds),
        healthy: healthy(&rounds),
    })
}

/// A processor that was not slowed down has measured something else. One load alone can be off on a busy machine.
fn check_slowdown(rounds: &[Round]) -> Result<()> {
    let slowdown = median(rounds.iter().flat_map(Round::values).map(|load| load.slowdown).collect());
    ensure!(slowdown > SLOWDOWN / 2.0, "the processor is only {slowdown:.1} times as slow");
    Ok(())
}

/// A measurement on a line that is not slow, or that has not seen what it waits for, is none.
fn check(load: &Load) -> Result<()> {
    ensure!(
        load.noted["missing"].is_null(),
        "never seen: {}; what is known: {}",
        load.noted["missing"],
        load.noted
    );
    let answered = load.noted["answered"].as_f64().unwrap_or_default();
    ensure!(
        answered >= LATENCY,
        "the page itself was answered after {answered:.0} ms: the line is not slow"
    );
    Ok(())
}

/// Publishes the notice to measure with, as a program would; gives its title.
fn publish(server: &Server, data: &Path) -> Result<String> {
    let mut command = project::command(project::binary());
    command
        .args(["token", "create", "bench", "--role", "publisher", "--data"])
        .arg(data);
    let made = command.output().context("cannot start the server's program")?;
    ensure!(made.status.success(), "no token: {}", String::from_utf8_lossy(&made.stderr).trim());
    let bearer = format!("Bearer {}", String::from_utf8_lossy(&made.stdout).trim());
    let mut notice: Value = serde_json::from_str(NOTICE).context("notice.json")?;
    notice["starts_at"] = json!(minutes_from_now(-25)?);
    notice["ends_at"] = json!(minutes_from_now(185)?);
    http::json(
        server.address,
        "POST",
        "/api/v1/notices",
        &[("Authorization", &bearer)],
        Some(&notice),
    )?;
    let shown = || {
        let state = http::json(server.address, "GET", STATE, &[], None).ok()?;
        (state["notices"][0]["timing"] == "current").then_some(())
    };
    until(Duration::from_secs(10), shown).context("the portal does not show the notice")?;
    Ok(notice["title"]["de"].as_str().context("notice.json has no title")?.to_owned())
}

/// In the form that the interface reads.
fn minutes_from_now(minutes: i32) -> Result<String> {
    let script = format!("console.log(new Date(Date.now() + {minutes} * 60000).toISOString())");
    let output = project::command("node")
        .args(["-e", &script])
        .output()
        .context("cannot start `node`")?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The site that embeds: one page in all its variants, and what is hosted beside it.
struct Portal {
    server: Server,
    _folder: Scratch,
}

impl Portal {
    fn serve(state: &Value, title: &str, ours: &Server, quiet: &Server) -> Result<Self> {
        let folder = Scratch::new("page-portal")?;
        let write = |path: &str, text: &str| -> Result<()> {
            let path = folder.0.join(path);
            fs::create_dir_all(path.parent().unwrap_or(&folder.0))?;
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
        };
        write("blank.html", "<!doctype html><title>-</title><link rel=icon href=data:,>")?;
        write("portal.css", STYLE)?;
        write("floor.js", FLOOR)?;
        ensure!(LEAST.contains("\"__TITLE__\""), "least.js has lost its mark");
        write("least.js", &LEAST.replace("\"__TITLE__\"", &json!(title).to_string()))?;
        write("floor.json", &peers::floor(title).to_string())?;
        write("api/v2/summary.json", &peers::summary(state, title).to_string())?;
        let widget = peers::status_widget();
        write(
            "status-widget.js",
            &fs::read_to_string(&widget).with_context(|| format!("cannot read {}", widget.display()))?,
        )?;

        let mut command = project::command("node");
        command.arg(project::root().join("xtask/pages/serve.mjs"));
        let arguments = |command: &mut std::process::Command, address: std::net::SocketAddr| {
            command.arg(address.to_string()).arg(&folder.0);
        };
        let server = Server::start(command, arguments, "/blank.html")?;

        let origin = format!("http://{}", server.address);
        for variant in Variant::ALL {
            // All are asynchronous, which their makers ask of nobody but us: none is to keep the page from being shown.
            let (script, element) = match variant {
                Variant::Ours | Variant::Tapped | Variant::Whole => (format!("http://{}{LOADER}", ours.address), String::new()),
                Variant::Bare => (String::new(), String::new()),
                Variant::Least => ("least.js".to_owned(), String::new()),
                Variant::Healthy => (format!("http://{}{LOADER}", quiet.address), String::new()),
                Variant::Floor => ("floor.js".to_owned(), String::new()),
                // Without the polyfills that its documentation names: no browser of today needs them.
                Variant::StatusWidget => (
                    "status-widget.js".to_owned(),
                    format!("<statuspage-widget src=\"{origin}\"></statuspage-widget>"),
                ),
            };
            let open = if variant == Variant::Whole { " data-open" } else { "" };
            let tag = match script.as_str() {
                "" => String::new(),
                script => format!("<script async src=\"{script}\"{open}></script>"),
            };
            let page = PAGE.replace("<!-- script -->", &tag).replace("<!-- element -->", &element);
            ensure!(page.contains(&script) && page.contains(&element), "portal.html has lost its marks");
            write(&format!("{}.html", variant.name()), &page)?;
        }
        // Everything is compressed before it counts.
        let warm = |address: std::net::SocketAddr, path: &str| -> Result<()> {
            let answer = http::get(address, path, &[http::COMPRESSED])?;
            ensure!(
                answer.status == 200 && answer.header("content-encoding") == Some("br"),
                "{path} does not come as brotli"
            );
            Ok(())
        };
        let files = [
            "portal.css",
            "floor.js",
            "least.js",
            "floor.json",
            "api/v2/summary.json",
            "status-widget.js",
        ];
        let pages = Variant::ALL.map(|variant| format!("{}.html", variant.name()));
        for path in files.iter().copied().chain(pages.iter().map(String::as_str)) {
            warm(server.address, &format!("/{path}"))?;
        }
        warm(ours.address, LOADER)?;
        warm(quiet.address, LOADER)?;
        Ok(Self { server, _folder: folder })
    }

    fn address(&self, page: &str) -> String {
        format!("http://{}/{page}.html", self.server.address)
    }
}

type Round = BTreeMap<Variant, Load>;

/// The median over the rounds of what `of` reads from a load of the variant.
fn typical(rounds: &[Round], variant: Variant, of: impl Fn(&Load) -> Option<f64>) -> f64 {
    median(rounds.iter().filter_map(|round| round.get(&variant).and_then(&of)).collect())
}

fn mark(load: &Load, name: &str) -> Option<f64> {
    load.noted["marks"][name].as_f64()
}

/// Bytes and number of the requests that the variant adds to the page.
fn added(load: &Load) -> (f64, usize) {
    let own = |address: &str| OWN.iter().any(|end| address.ends_with(end));
    let sizes: Vec<f64> = load
        .transferred
        .iter()
        .filter(|(address, _)| !own(address))
        .map(|(_, size)| *size)
        .collect();
    (sizes.iter().sum(), sizes.len())
}

fn tell(rounds: &[Round]) {
    let millis = |variant, name: &str| typical(rounds, variant, |load| mark(load, name));
    println!(
        "  page on a slow phone, medians of {} cold loads each: banner {:.0} ms, unfolded {:.0} ms after a tap, whole from the start {:.0} ms; \
         status widget {:.0} ms; floor {:.0} ms; least {:.0} ms",
        rounds.len(),
        millis(Variant::Ours, "essential"),
        typical(rounds, Variant::Tapped, after_tap),
        millis(Variant::Whole, "full"),
        millis(Variant::StatusWidget, "essential"),
        millis(Variant::Floor, "essential"),
        millis(Variant::Least, "essential"),
    );
    // A browser holds the load event back for any script: how long for the tiniest is told beside ours.
    let hosts = [Variant::Bare, Variant::Least, Variant::Ours].map(|variant| {
        let noted = |name: &str| typical(rounds, variant, |load| load.noted[name].as_f64());
        format!(
            "{} shown {:.0}, largest {:.0}, loaded {:.0}",
            variant.name(),
            noted("shown"),
            noted("largest"),
            noted("loaded")
        )
    });
    println!("  the page itself, in ms: {}", hosts.join("; "));
    let weights = Variant::ALL.map(|variant| {
        format!(
            "{} {:.1} KB in {:.0}",
            variant.name(),
            typical(rounds, variant, |load| Some(added(load).0)) / 1e3,
            typical(rounds, variant, |load| Some(added(load).1 as f64))
        )
    });
    println!("  transferred beside the page, with headers, in requests: {}", weights.join(", "));
    let span = |end: &str| {
        let of = |load: &Load, key: &str| {
            let resources = load.noted["resources"].as_array()?;
            resources
                .iter()
                .find(|one| one["name"].as_str().is_some_and(|name| name.ends_with(end)))?[key]
                .as_f64()
        };
        format!(
            "{:.0}–{:.0}",
            typical(rounds, Variant::Whole, |load| of(load, "start")),
            typical(rounds, Variant::Whole, |load| of(load, "end"))
        )
    };
    let noted = |group: &str, key: &str| {
        let variant = if key == "essential" { Variant::Ours } else { Variant::Whole };
        typical(rounds, variant, |load| load.noted[group][key].as_f64())
    };
    println!(
        "  of ours, in ms: page shown {:.0}, loader {}, banner inserted {:.0} and painted {:.0}",
        typical(rounds, Variant::Ours, |load| load.noted["shown"].as_f64()),
        span("/umleitung.js"),
        noted("inserted", "essential"),
        noted("marks", "essential"),
    );
    println!(
        "  of its widget: widget.js {}, widget_bg.wasm {}, words {}, instantiated {:.0}–{:.0}, inserted {:.0} and painted {:.0}",
        span("/widget.js"),
        span("/widget_bg.wasm"),
        span("/messages/de.json"),
        noted("wasm", "start"),
        noted("wasm", "end"),
        noted("inserted", "full"),
        noted("marks", "full"),
    );
}

/// From the tap on the control until the rest can be used.
fn after_tap(load: &Load) -> Option<f64> {
    Some(mark(load, "full")? - mark(load, "tap")?)
}

fn ratios(rounds: &[Round]) -> Vec<Budget> {
    let essential = |load: &Load| mark(load, "essential");
    let full = |load: &Load| mark(load, "full");
    let ratio = |ours: Variant, of: &dyn Fn(&Load) -> Option<f64>, theirs: Variant, than: &dyn Fn(&Load) -> Option<f64>| {
        let in_round = |round: &Round| Some(of(round.get(&ours)?)? / than(round.get(&theirs)?)?);
        median(rounds.iter().filter_map(in_round).collect())
    };
    let host = |name: &'static str| {
        let of = move |load: &Load| load.noted[name].as_f64();
        ratio(Variant::Ours, &of, Variant::Bare, &of)
    };
    let budget = |name, value, limit, aim| Budget {
        name,
        value,
        unit: "times",
        limit,
        aim,
        digits: 2,
    };
    vec![
        budget(
            "essential-notice-ratio",
            ratio(Variant::Ours, &essential, Variant::StatusWidget, &essential),
            0.55,
            0.45,
        ),
        budget(
            "essential-to-least-ratio",
            ratio(Variant::Ours, &essential, Variant::Least, &essential),
            1.08,
            1.0,
        ),
        budget(
            "full-widget-ratio",
            ratio(Variant::Whole, &full, Variant::StatusWidget, &essential),
            2.0,
            1.2,
        ),
        budget(
            "unfold-by-tap-ratio",
            ratio(Variant::Tapped, &after_tap, Variant::StatusWidget, &essential),
            1.2,
            0.5,
        ),
        budget("host-first-paint-ratio", host("shown"), 1.03, 1.0),
        budget("host-largest-paint-ratio", host("largest"), 1.03, 1.0),
        budget("host-load-ratio", host("loaded"), 1.03, 1.0),
    ]
}

/// What a page without trouble pays in a browser: the most of all loads counts.
fn healthy(rounds: &[Round]) -> Vec<Budget> {
    let most = |of: &dyn Fn(&Load) -> f64| {
        let loads = rounds.iter().filter_map(|round| round.get(&Variant::Healthy));
        loads.map(of).fold(0.0, f64::max)
    };
    let wasm = |load: &Load| load.transferred.keys().filter(|address| address.ends_with(".wasm")).count() as f64;
    let budget = |name, unit, value, limit, digits| Budget {
        name,
        value,
        unit,
        limit,
        aim: limit,
        digits,
    };
    vec![
        budget("healthy-page-requests", "requests", most(&|load| added(load).1 as f64), 1.0, 0),
        budget("healthy-page-wasm", "files", most(&wasm), 0.0, 0),
        budget(
            "healthy-page-shift",
            "of the window",
            most(&|load| load.noted["shift"].as_f64().unwrap_or(f64::INFINITY)),
            0.0,
            3,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(noted: Value, transferred: &[(&str, f64)]) -> Load {
        Load {
            noted,
            transferred: transferred.iter().map(|(address, size)| ((*address).to_owned(), *size)).collect(),
            slowdown: SLOWDOWN,
        }
    }

    fn round(essential: f64, full: f64, theirs: f64) -> Round {
        BTreeMap::from([
            (
                Variant::Ours,
                seen(
                    json!({"marks": {"essential": essential}, "shown": essential, "largest": essential, "loaded": essential}),
                    &[],
                ),
            ),
            (Variant::Whole, seen(json!({"marks": {"full": full}}), &[])),
            (Variant::Tapped, seen(json!({"marks": {"tap": essential, "full": full}}), &[])),
            (Variant::StatusWidget, seen(json!({"marks": {"essential": theirs}}), &[])),
            (Variant::Least, seen(json!({"marks": {"essential": essential}}), &[])),
            (
                Variant::Bare,
                seen(json!({"shown": essential, "largest": essential, "loaded": essential}), &[]),
            ),
        ])
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        let rounds = [round(50.0, 150.0, 100.0), round(500.0, 1500.0, 1000.0), round(40.0, 90.0, 50.0)];
        let found: Vec<String> = ratios(&rounds).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "essential-notice-ratio 0.50 times (budget 0.55 times, aim 0.45 times)",
                "essential-to-least-ratio 1.00 times (budget 1.08 times, aim 1 times)",
                "full-widget-ratio 1.50 times (budget 2 times, aim 1.2 times)",
                "unfold-by-tap-ratio 1.00 times (budget 1.2 times, aim 0.5 times)",
                "host-first-paint-ratio 1.00 times (budget 1.03 times, aim 1 times)",
                "host-largest-paint-ratio 1.00 times (budget 1.03 times, aim 1 times)",
                "host-load-ratio 1.00 times (budget 1.03 times, aim 1 times)"
            ]
        );
    }

    #[test]
    fn one_disturbed_load_breaks_the_healthy_page() {
        let page = ("http://a/healthy.html", 900.0);
        let loader = ("http://b/p/musterstadt/umleitung.js", 2000.0);
        let quiet = seen(json!({"shift": 0}), &[page, loader]);
        let loud = seen(json!({"shift": 0.2}), &[page, loader, ("http://b/widget_bg.wasm", 9.0)]);
        let one = |load| BTreeMap::from([(Variant::Healthy, load)]);
        let kept = healthy(&[one(quiet)]);
        assert!(kept.iter().all(Budget::is_kept));
        let broken = healthy(&[one(seen(json!({"shift": 0}), &[page, loader])), one(loud)]);
        assert!(!broken.iter().any(Budget::is_kept));
    }

    #[test]
    fn a_load_that_was_not_slowed_down_is_no_measurement() {
        assert!(check(&seen(json!({"answered": 160}), &[])).is_ok());
        assert!(check(&seen(json!({"answered": 3}), &[])).is_err());
        assert!(check(&seen(json!({"answered": 160, "missing": ["full"]}), &[])).is_err());
        let fast = || Load {
            slowdown: 1.0,
            ..seen(json!({"answered": 160}), &[])
        };
        let slow = || seen(json!({"answered": 160}), &[]);
        let loads = |loads: [Load; 3]| Round::from_iter(Variant::ALL.into_iter().zip(loads));
        assert!(check_slowdown(&[loads([fast(), slow(), slow()])]).is_ok());
        assert!(check_slowdown(&[loads([fast(), fast(), slow()])]).is_err());
    }
}
