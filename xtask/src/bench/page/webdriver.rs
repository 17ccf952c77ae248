//! A browser for one load: started anew with an empty profile, slowed down like a phone on a poor line, and ended.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::super::http;
use super::super::server::Server;
use crate::{project, tools};

/// The line of the design: 1.6 Mbit/s in both directions, in bytes a second.
const THROUGHPUT: u32 = 200_000;
pub(super) const LATENCY: f64 = 150.0;
/// The phone of the design: its processor needs four times as long.
pub(super) const SLOWDOWN: f64 = 4.0;
/// Milliseconds within which a load has to be over.
const PATIENCE: u32 = 30_000;

const ARGUMENTS: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--window-size=412,915",
];

/// The program that drives browsers.
pub(super) fn driver() -> Result<Server> {
    let program = tools::find("chromedriver").context("there is no chromedriver; `cargo xtask setup` installs it")?;
    let mut command = project::command(program);
    command.env("LANGUAGE", "de").env("TZ", "Europe/Berlin");
    let port = |command: &mut std::process::Command, address: SocketAddr| {
        command.arg(format!("--port={}", address.port()));
    };
    Server::start(command, port, "/status")
}

/// What one load of a page has shown.
pub(super) struct Load {
    /// What the script in the page has noted; see `markers.js`.
    pub(super) noted: Value,
    /// Bytes over the wire, headers included, by address.
    pub(super) transferred: BTreeMap<String, f64>,
    /// How many times as long the processor really took.
    pub(super) slowdown: f64,
}

/// Loads `page` in a browser that has never seen anything but `blank`, an empty page of the same origin.
pub(super) fn load(driver: SocketAddr, blank: &str, page: &str, before: &str) -> Result<Load> {
    let session = Session::open(driver)?;
    // The process that will show the page is started by this, and holds the settings made below.
    session.command("url", &json!({"url": blank}))?;
    session.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({"source": before}))?;
    session.slow_down()?;
    session.network_log()?;
    session.command("url", &json!({"url": page}))?;
    let noted = session.wait_for(&format!("measurement.finished({PATIENCE})"))?;
    let transferred = transferred(&session.network_log()?);
    let slow = session.wait_for("measurement.work()")?.as_f64().context("no duration")?;
    session.devtools("Emulation.setCPUThrottlingRate", &json!({"rate": 1}))?;
    let fast = session.wait_for("measurement.work()")?.as_f64().context("no duration")?;
    Ok(Load {
        noted,
        transferred,
        slowdown: slow / fast,
    })
}

/// A browser with a window of its own, ended when dropped.
pub(super) struct Session {
    driver: SocketAddr,
    path: String,
}

impl Session {
    pub(super) fn open(driver: SocketAddr) -> Result<Self> {
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "pageLoadStrategy": "normal",
            "timeouts": {"script": 60_000, "pageLoad": 60_000},
            "goog:loggingPrefs": {"performance": "ALL"},
            "goog:chromeOptions": {
                "args": ARGUMENTS,
                "perfLoggingPrefs": {"enableNetwork": true, "enablePage": false},
            },
        }}});
        let made = http::json(driver, "POST", "/session", &[], Some(&wanted)).context("the browser does not start")?;
        let id = made["value"]["sessionId"].as_str().context("the driver names no session")?;
        Ok(Self {
            driver,
            path: format!("/session/{id}"),
        })
    }

    pub(super) fn command(&self, name: &str, parameters: &Value) -> Result<Value> {
        let answer = http::json(self.driver, "POST", &format!("{}/{name}", self.path), &[], Some(parameters))?;
        Ok(answer["value"].clone())
    }

    pub(super) fn devtools(&self, command: &str, parameters: &Value) -> Result<Value> {
        self.command("goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    /// From now on it is a phone on a poor line, and has seen nothing.
    pub(super) fn slow_down(&self) -> Result<()> {
        // Nothing is in the cache of a new profile but the empty page.
        self.devtools("Network.clearBrowserCache", &json!({}))?;
        // The browser delays each answer by the latency once. It does not model the round trips that setting up a connection takes (name,
        // TCP, TLS): on a real line each further origin costs some more of them, and all variants are spared them alike.
        self.devtools(
            "Network.emulateNetworkConditions",
            &json!({"offline": false, "latency": LATENCY, "downloadThroughput": THROUGHPUT, "uploadThroughput": THROUGHPUT}),
        )?;
        // The page's main thread alone is slowed down. What the browser does beside it, compiling WebAssembly among others, is not.
        self.devtools("Emulation.setCPUThrottlingRate", &json!({"rate": SLOWDOWN}))?;
        Ok(())
    }

    /// The value of an expression, once its promise is kept.
    pub(super) fn wait_for(&self, expression: &str) -> Result<Value> {
        let script = format!("const done = arguments[0]; Promise.resolve({expression}).then(done)");
        self.command("execute/async", &json!({"script": script, "args": []}))
    }

    /// What the network has done since this was asked last.
    fn network_log(&self) -> Result<Vec<Value>> {
        let entries = self.command("se/log", &json!({"type": "performance"}))?;
        let messages = entries
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|entry| entry["message"].as_str());
        messages
            .map(|message| {
                let parsed: Value = serde_json::from_str(message).context("an entry of the log is no JSON")?;
                Ok(parsed["message"].clone())
            })
            .collect()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Where the driver has ended, its browser is gone as well.
        http::json(self.driver, "DELETE", &self.path, &[], None).ok();
    }
}

fn transferred(log: &[Value]) -> BTreeMap<String, f64> {
    let mut addresses = BTreeMap::new();
    let mut sizes = BTreeMap::new();
    for message in log {
        let parameters = &message["params"];
        let Some(id) = parameters["requestId"].as_str() else { continue };
        match message["method"].as_str() {
            Some("Network.requestWillBeSent") => {
                let url = parameters["request"]["url"].as_str().unwrap_or_default();
                // Data that stands in the page itself crosses no wire.
                if !url.starts_with("data:") {
                    addresses.insert(id, url.to_owned());
                }
            }
            Some("Network.loadingFinished") => {
                sizes.insert(id, parameters["encodedDataLength"].as_f64().unwrap_or_default());
            }
            _ => {}
        }
    }
    let mut transferred = BTreeMap::new();
    for (id, address) in addresses {
        *transferred.entry(address).or_default() += sizes.get(id).copied().unwrap_or_default();
    }
    transferred
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_tells_what_crossed_the_wire() {
        let sent =
            |id: &str, url: &str| json!({"method": "Network.requestWillBeSent", "params": {"requestId": id, "request": {"url": url}}});
        let done =
            |id: &str, bytes: u32| json!({"method": "Network.loadingFinished", "params": {"requestId": id, "encodedDataLength": bytes}});
        let log = [
            sent("1", "http://a/"),
            sent("2", "data:,"),
            done("2", 1),
            done("1", 300),
            sent("3", "http://a/x.js"),
        ];
        let expected = BTreeMap::from([("http://a/".to_owned(), 300.0), ("http://a/x.js".to_owned(), 0.0)]);
        assert_eq!(transferred(&log), expected);
    }
}
