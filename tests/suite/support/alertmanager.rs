//! A real Alertmanager (Debian's `prometheus-alertmanager`) that tells a server of alerts, in a temporary folder.

use std::process::{Child, Command, Stdio};

use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{binary, listener::PATIENCE, proxy::free_port};

/// By which an alert `KfzDown` is told at once, and so is its end.
const RULE: &str = "
[[rule]]
id = \"kfz\"
name = { de = \"Kfz\" }
matchers = ['alertname=KfzDown', 'source=prometheus']
template = \"kfz-outage\"
publish = true
grace_minutes = 0
calm_minutes = 0
at_end = \"complete\"
";

/// Has the demo's catalogue have that rule, and Alertmanager be heard; the token that it sends.
pub(crate) fn hear(data: &(impl binary::At + ?Sized)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("catalogue.toml");
    std::fs::write(&file, binary::succeed(data, &["catalogue", "export"]) + RULE).unwrap();
    binary::succeed(data, &["catalogue", "apply", file.to_str().unwrap()]);
    let token = binary::succeed(data, &["source", "add", "prometheus", "--kind", "alertmanager"]);
    token.trim().to_owned()
}

/// A running Alertmanager; it ends when it is dropped.
pub(crate) struct Alertmanager {
    child: Child,
    base: String,
    client: Client,
    _folder: TempDir,
}

impl Alertmanager {
    /// One that tells what changes within a second to whoever has this address, with this token.
    pub(crate) async fn telling(address: &str, token: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = folder.path().join("alertmanager.yml");
        let written = format!(
            "route:\n  receiver: umleitung\n  group_wait: 0s\n  group_interval: 1s\n  repeat_interval: 1h\n\
             receivers:\n  - name: umleitung\n    webhook_configs:\n      - url: {address}\n        send_resolved: true\n        \
             http_config:\n          authorization:\n            credentials: {token}\n"
        );
        std::fs::write(&settings, written).unwrap();
        let port = free_port();
        let child = Command::new("prometheus-alertmanager")
            .arg(format!("--config.file={}", settings.display()))
            .arg(format!("--storage.path={}", folder.path().display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--cluster.listen-address=")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("prometheus-alertmanager: {error}; `cargo xtask setup` installs it"));
        let alertmanager = Self {
            child,
            base: format!("http://127.0.0.1:{port}"),
            client: Client::new(),
            _folder: folder,
        };
        let ready = async {
            let url = format!("{}/-/ready", alertmanager.base);
            while !alertmanager
                .client
                .get(&url)
                .send()
                .await
                .is_ok_and(|answer| answer.status().is_success())
            {}
        };
        tokio::time::timeout(PATIENCE, ready).await.expect("Alertmanager did not start");
        alertmanager
    }

    /// An alert that fires until it is ended.
    pub(crate) async fn fire(&self, name: &str) {
        self.post(&json!([{"labels": {"alertname": name}, "annotations": {"summary": "Es antwortet nicht."}}]))
            .await;
    }

    /// Its end.
    pub(crate) async fn resolve(&self, name: &str) {
        let ended = "2026-01-01T00:00:00Z";
        self.post(&json!([{"labels": {"alertname": name}, "startsAt": "2025-12-31T00:00:00Z", "endsAt": ended}]))
            .await;
    }

    async fn post(&self, alerts: &Value) {
        let answer = self
            .client
            .post(format!("{}/api/v2/alerts", self.base))
            .json(alerts)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        assert!(status.is_success(), "{status}: {}", answer.text().await.unwrap());
    }

    /// Where it is.
    pub(crate) fn address(&self) -> &str {
        &self.base
    }

    /// Sets a silence as people do there.
    pub(crate) async fn silence(&self, silence: &Value) {
        let url = format!("{}/api/v2/silences", self.base);
        let answer = self.client.post(url).json(silence).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// Ends one, as people do there.
    pub(crate) async fn end_silence(&self, id: &str) {
        let url = format!("{}/api/v2/silence/{id}", self.base);
        assert!(self.client.delete(url).send().await.unwrap().status().is_success());
    }

    /// Waits until what it answers there is as it has to be.
    pub(crate) async fn until(&self, path: &str, is_so: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let mut last = Vec::new();
        let until = async {
            loop {
                let answer = self.client.get(format!("{}/api/v2/{path}", self.base)).send().await.unwrap();
                last = answer.json::<Vec<Value>>().await.unwrap();
                if is_so(&last) {
                    break;
                }
            }
        };
        let waited = tokio::time::timeout(PATIENCE, until).await;
        assert!(waited.is_ok(), "{path}: {}", json!(last));
        last
    }

    /// How often a delivery has failed so far.
    pub(crate) async fn failures(&self) -> u64 {
        let told = self
            .client
            .get(format!("{}/metrics", self.base))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        let figures = told
            .lines()
            .filter(|line| line.starts_with("alertmanager_notification_requests_failed_total"));
        let webhooks = figures.filter(|line| line.contains("integration=\"webhook\""));
        webhooks.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
    }
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
