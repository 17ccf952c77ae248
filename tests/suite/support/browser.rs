//! A real browser of the test's own: a driver process on a free port, one session, a fresh profile, all gone when dropped.
//!
//! Waiting is always waiting for a condition in the page, never for a while.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::Duration,
};

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    By, ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, RequestData, SessionId, WebDriver, WebElement,
    common::command::FormatRequestData,
};

/// When a test gives up on a page; far beyond what anything takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

const ARGUMENTS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
];

/// The program that drives the browser; killed when dropped, after it has ended its browser.
struct Driver {
    child: Child,
    port: u16,
}

impl Driver {
    fn start() -> Self {
        let program = std::env::var_os("CHROMEDRIVER").unwrap_or_else(|| "/usr/bin/chromedriver".into());
        let mut child = Command::new(&program)
            .arg("--port=0")
            // The people for whom this is made have set their browsers to German.
            .env("LANGUAGE", "de")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!(
                    "{} does not start ({error}); install chromium-driver or set CHROMEDRIVER",
                    program.display()
                )
            });
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut said = String::new();
        let port = loop {
            assert!(out.read_line(&mut said).unwrap() > 0, "the driver did not start: {said}");
            if let Some(port) = said
                .split("started successfully on port ")
                .nth(1)
                .and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next())
            {
                break port.parse::<u16>().unwrap();
            }
        };
        std::thread::spawn(move || out.read_to_end(&mut Vec::new()));
        Self { child, port }
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Asks it to end its sessions, and with them their browsers; it answers when they are gone.
    fn shut_down(&self) -> std::io::Result<()> {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port))?;
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        connection.read_to_end(&mut Vec::new()).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // A driver that has crashed has nothing left to end.
        let _ = self.shut_down();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command that only this family of drivers knows.
#[derive(Debug)]
struct Vendor(&'static str, Value);

impl FormatRequestData for Vendor {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(Method::POST, format!("/session/{session}/{}", self.0)).add_body(self.1.clone())
    }
}

/// A browser with one session. The fields are dropped in this order: the driver with its browser, then the profile.
pub(crate) struct Browser {
    pub(crate) session: WebDriver,
    _driver: Driver,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser that nobody has used before.
    pub(crate) async fn start() -> Self {
        let driver = Driver::start();
        let profile = tempfile::tempdir().unwrap();
        let mut wanted = DesiredCapabilities::chrome();
        for argument in ARGUMENTS {
            wanted.add_arg(argument).unwrap();
        }
        wanted.add_arg(&format!("--user-data-dir={}", profile.path().display())).unwrap();
        wanted
            .add_experimental_option("prefs", json!({"intl.accept_languages": "de-DE,de"}))
            .unwrap();
        // The record of all that goes over the network, from the browser's own side.
        wanted.set_logging_prefs("performance", LoggingPrefsLogLevel::All).unwrap();
        let session = WebDriver::new(driver.address(), wanted).await.expect("the browser did not start");
        // The driver ends the session, also when a test fails; the client would do it again, much more slowly.
        session.clone().leak().unwrap();
        session.set_script_timeout(Duration::from_secs(180)).await.unwrap();
        Self {
            session,
            _driver: driver,
            _profile: profile,
        }
    }

    pub(crate) async fn open(&self, url: &str) {
        self.session.goto(url).await.unwrap();
    }

    /// Runs a script in the page and returns what it returns.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.session
            .execute(script, Vec::new())
            .await
            .unwrap_or_else(|error| panic!("{error}\nin: {script}"))
            .json()
            .clone()
    }

    /// Runs a script that ends by calling `done`.
    pub(crate) async fn run_until_done(&self, script: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1];\n{script}");
        self.session
            .execute_async(script, Vec::new())
            .await
            .unwrap_or_else(|error| panic!("{error}"))
            .json()
            .clone()
    }

    /// Waits until an expression is true in the page, and returns its value.
    pub(crate) async fn until(&self, expression: &str) -> Value {
        self.within(PATIENCE, expression).await
    }

    /// Waits until an expression is true in the page, and returns its value; fails after this time.
    pub(crate) async fn within(&self, patience: Duration, expression: &str) -> Value {
        let script = format!(
            "const end = performance.now() + {};
            const look = () => {{
                let found;
                try {{ found = ({expression}); }} catch {{ found = null; }}
                if (found) done(found);
                else if (performance.now() > end) done(null);
                else setTimeout(look, 20);
            }};
            look();",
            patience.as_millis()
        );
        let found = self.run_until_done(&script).await;
        if found.is_null() {
            let seen = self.run("return location.href + '\\n' + document.body.innerText + '\\n---\\n' + [...document.querySelectorAll('umleitung-notice')].map((host) => host.shadowRoot?.textContent).join('\\n')").await;
            panic!(
                "never true within {patience:?}: {expression}\nThe page: {}",
                seen.as_str().unwrap_or_default()
            );
        }
        found
    }

    /// The element that this selector finds, once it can be seen.
    pub(crate) async fn visible(&self, selector: &str) -> WebElement {
        let quoted = json!(selector);
        self.until(&format!("document.querySelector({quoted})?.checkVisibility()")).await;
        self.session.find(By::Css(selector)).await.unwrap()
    }

    /// Clicks as a person does: the browser refuses if something covers the element.
    pub(crate) async fn click(&self, selector: &str) {
        self.visible(selector)
            .await
            .click()
            .await
            .unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        self.visible(selector).await.send_keys(text).await.unwrap();
    }

    /// A command of the browser's developer tools.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        self.session
            .cmd(Vendor("goog/cdp/execute", body))
            .await
            .unwrap_or_else(|error| panic!("{command}: {error}"))
            .value_json()
            .unwrap()
    }

    /// Runs a script in each page that is opened from now on, before any script of the page.
    pub(crate) async fn before_each_page(&self, script: &str) {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": script}))
            .await;
    }

    /// Makes the viewport this wide; a window alone cannot be narrower than 500 pixels.
    pub(crate) async fn viewport(&self, width: u32, height: u32) {
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}),
        )
        .await;
    }

    /// What the visitor prefers: `light` or `dark`.
    pub(crate) async fn scheme(&self, scheme: &str) {
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]}),
        )
        .await;
    }

    /// Collects what happens on the network until this has happened.
    pub(crate) async fn network_until(&self, method: &str) -> Vec<Value> {
        let happened = async {
            let mut events = Vec::new();
            while !events.iter().any(|event: &Value| event["method"] == method) {
                events.extend(self.network().await);
            }
            events
        };
        tokio::time::timeout(PATIENCE, happened)
            .await
            .unwrap_or_else(|_| panic!("no {method} came"))
    }

    /// What happened on the network since this was last asked: the browser's own events, oldest first.
    pub(crate) async fn network(&self) -> Vec<Value> {
        let log = self
            .session
            .cmd(Vendor("se/log", json!({"type": "performance"})))
            .await
            .unwrap()
            .value_json()
            .unwrap();
        let entries = log.as_array().unwrap().iter();
        let messages = entries.map(|entry| serde_json::from_str::<Value>(entry["message"].as_str().unwrap()).unwrap()["message"].clone());
        // What the browser asks of itself, for its page for new tabs or for what stands in an address, is not on the network.
        let is_own = |message: &Value| {
            message["params"]["request"]["url"]
                .as_str()
                .is_some_and(|url| !url.starts_with("http"))
        };
        messages
            .filter(|message| message["method"].as_str().is_some_and(|method| method.starts_with("Network.")) && !is_own(message))
            .collect()
    }

    /// A picture of the whole page at this width, as PNG.
    pub(crate) async fn picture(&self, width: u32) -> Vec<u8> {
        let height = self.run("return document.documentElement.scrollHeight").await.as_u64().unwrap();
        self.viewport(width, u32::try_from(height).unwrap()).await;
        self.session.screenshot_as_png().await.unwrap()
    }
}
