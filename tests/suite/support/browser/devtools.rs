//! What only Chromium can do, by its developer tools: scripts before all scripts, changed preferences, the record of the network.

use reqwest::Method;
use serde_json::{Value, json};
use thirtyfour::{RequestData, SessionId, common::command::FormatRequestData};

use super::{Browser, Engine, PATIENCE, Preference};

/// A command that only this family of drivers knows.
#[derive(Debug)]
struct Vendor(&'static str, Value);

impl FormatRequestData for Vendor {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(Method::POST, format!("/session/{session}/{}", self.0)).add_body(self.1.clone())
    }
}

impl Browser {
    /// A command of the browser's developer tools.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        assert!(self.engine == Engine::Chromium, "{:?} has no {command}", self.engine);
        let body = json!({"cmd": command, "params": parameters});
        self.session
            .cmd(Vendor("goog/cdp/execute", body))
            .await
            .unwrap_or_else(|error| panic!("{command}: {error}"))
            .value_json()
            .unwrap()
    }

    /// Gives the machine a device that keeps passkeys, and somebody who says yes to all that it asks (WebAuthn, section 11).
    pub(crate) async fn add_authenticator(&self) {
        let device = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserConsenting": true, "isUserVerified": true,
        });
        let added = self.session.cmd(Vendor("webauthn/authenticator", device)).await;
        added.unwrap_or_else(|error| panic!("no authenticator: {error}"));
    }

    /// Runs a script in each page that is opened from now on, before any script of the page. In the other engines a page of somebody
    /// else can bring such a script along.
    pub(crate) async fn before_each_page(&self, script: &str) {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": script}))
            .await;
    }

    /// What the visitor prefers: `light` or `dark`.
    pub(crate) async fn scheme(&self, scheme: &str) {
        self.media("prefers-color-scheme", scheme).await;
    }

    /// What the visitor has set before the start.
    pub(super) async fn emulate(&self, preference: Preference) {
        match preference {
            Preference::Nothing => {}
            Preference::Dark => self.scheme("dark").await,
            Preference::ForcedColours => self.media("forced-colors", "active").await,
        }
    }

    async fn media(&self, name: &str, value: &str) {
        let features = json!([{"name": name, "value": value}]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
    }

    /// Makes the viewport this wide; a window alone cannot be narrower than 500 pixels.
    pub(super) async fn device(&self, width: u32, height: u32) {
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}),
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
        self.window().await
    }

    /// A picture of what stands in the window, as PNG.
    pub(crate) async fn window(&self) -> Vec<u8> {
        self.session.screenshot_as_png().await.unwrap()
    }
}
