//! The released binary with the demo's portal, and what the tests do there besides looking.

use std::path::{Path, PathBuf};

use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    binary::{self, Process},
    browser::{Browser, PATIENCE},
};

/// Where the script of the tag is.
pub(super) const LOADER: &str = "/p/musterstadt/umleitung.js";
/// The attribute with which news comes at once.
pub(super) const PUSHED: &str = "data-live=\"sse\"";

pub(super) const OPERATOR: &str = "nacht.dienst";
pub(super) const PASSWORD: &str = "Kranich im Nebel, 3 Uhr";

/// The shadow root of the one notice on a page; an expression for scripts.
pub(super) const ROOT: &str = "document.querySelector('umleitung-notice')?.shadowRoot";

/// True once the widget is there and the notice says this; where it is under a banner, that is unfolded.
pub(super) fn widget_says(text: &str) -> String {
    format!(
        "({ROOT}?.querySelector('.u[aria-expanded=false]')?.click(), {ROOT}?.querySelector('.frame') && \
         [...{ROOT}.querySelectorAll('.banner, .frame')].some((part) => part.textContent.includes({})))",
        json!(text)
    )
}

/// True once the banner says this.
pub(super) fn banner_says(text: &str) -> String {
    format!("{ROOT}?.querySelector('.banner')?.textContent.includes({})", json!(text))
}

/// A serving process with an account and a token for the interface of programs.
pub(super) struct Site {
    process: Process,
    client: Client,
    token: String,
    folder: TempDir,
}

impl Site {
    pub(super) fn start() -> Self {
        Self::start_with(&[])
    }

    /// One that people reach under another address than its own.
    pub(super) fn start_as(public_url: &str) -> Self {
        Self::start_with(&["--public-url", public_url])
    }

    pub(super) fn start_with(more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // It looks at its own demo, and at nothing beside it.
        let arguments = [&["--demo", "--portal-allow", "192.0.2.1"], more].concat();
        let process = Process::serve(folder.path(), &arguments);
        let token = binary::succeed(folder.path(), &["token", "create", "browser-tests", "--role", "publisher"])
            .trim()
            .to_owned();
        Self {
            process,
            client: Client::new(),
            token,
            folder,
        }
    }

    /// Ends the server as a power cut would.
    pub(super) fn kill(&mut self) {
        self.process.kill();
    }

    /// Lets there be no room on its disk, or room again.
    pub(super) fn has_room(&self, has: bool) {
        self.process.limit_files_to(if has { "unlimited" } else { "0" });
    }

    /// Lets the server hang.
    pub(super) fn halt(&self) {
        self.process.halt();
    }

    /// Another process on the same data, on a port of its own.
    pub(super) fn second_process(&self) -> Process {
        Process::serve(self.folder(), &["--demo"])
    }

    /// Ends the server and starts it again on its data, on another port.
    pub(super) fn start_again(&mut self) {
        self.process.kill();
        self.process = Process::serve(self.folder.path(), &["--demo"]);
    }

    /// Everything that the portal's visitors need, for the portal to serve it itself; the state comes from this origin.
    pub(super) fn export(&self, server: &str) -> PathBuf {
        let folder = tempfile::Builder::new().prefix("export").tempdir_in(self.folder()).unwrap().keep();
        let path = folder.to_str().unwrap();
        binary::succeed(self.folder(), &["embed", "export", path, "--server", server]);
        folder
    }

    /// What an address answers to anyone.
    pub(super) async fn get(&self, path: &str) -> String {
        self.client.get(self.url(path)).send().await.unwrap().text().await.unwrap()
    }

    /// What the portal shows.
    pub(super) async fn state(&self) -> Value {
        serde_json::from_str(&self.get("/p/musterstadt/state.json").await).unwrap()
    }

    /// Waits until the portal shows what is expected.
    pub(super) async fn until_state(&self, is_expected: impl Fn(&Value) -> bool) {
        let shown = async { while !is_expected(&self.state().await) {} };
        tokio::time::timeout(PATIENCE, shown)
            .await
            .expect("the portal does not come to show it");
    }

    /// Where its data is.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The origin that it serves.
    pub(super) fn origin(&self) -> &str {
        &self.process.base
    }

    /// The tag that a portal pastes for a page where all is to be seen from the start, with these attributes.
    pub(super) fn tag(&self, attributes: &str) -> String {
        self.banner_tag(&format!("data-open {attributes}"))
    }

    /// The tag that a portal pastes, with these attributes.
    pub(super) fn banner_tag(&self, attributes: &str) -> String {
        format!("<script async src=\"{}\" {attributes}></script>", self.url(LOADER))
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.process.base)
    }

    /// Makes an account that may publish.
    pub(super) fn add_operator(&self) {
        self.add_person(OPERATOR);
    }

    /// Makes an account that may publish, with the usual password.
    pub(super) fn add_person(&self, name: &str) {
        let output = binary::run(
            self.folder(),
            &["user", "add", name, "--role", "publisher", "--password-stdin"],
            &format!("{PASSWORD}\n"),
        );
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// What an address of the management API answers.
    pub(super) async fn read(&self, path: &str) -> Value {
        let answer = self.client.get(self.url(path)).bearer_auth(&self.token).send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// Posts as a publishing program and expects success.
    pub(super) async fn post(&self, path: &str, body: &Value) -> Value {
        let response = self
            .client
            .post(self.url(path))
            .bearer_auth(&self.token)
            .json(body)
            .send()
            .await
            .unwrap();
        let status = response.status();
        let answer = response.text().await.unwrap();
        assert!(status.is_success(), "{path} answered {status}: {answer}");
        serde_json::from_str(&answer).unwrap()
    }

    /// Publishes a notice and returns its id.
    pub(super) async fn publish(&self, notice: &Value) -> String {
        self.post("/api/v1/notices", notice).await["id"].as_str().unwrap().to_owned()
    }

    /// Changes what a notice says.
    pub(super) async fn edit(&self, id: &str, change: Value) {
        let address = self.url(&format!("/api/v1/notices/{id}"));
        let read = self.client.get(&address).bearer_auth(&self.token).send().await.unwrap();
        let request = self.client.patch(&address).header("If-Match", read.headers()["etag"].clone());
        let response = request.bearer_auth(&self.token).json(&change).send().await.unwrap();
        assert!(response.status().is_success(), "{}", response.text().await.unwrap());
    }

    pub(super) async fn resolve(&self, id: &str) {
        self.post(&format!("/api/v1/notices/{id}/resolve"), &json!({})).await;
    }

    /// Publishes what the catalogue's template says.
    pub(super) async fn publish_template(&self, id: &str) -> String {
        let catalogue: Value = self
            .client
            .get(self.url("/api/v1/catalogue"))
            .bearer_auth(&self.token)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let template = catalogue["template"]
            .as_array()
            .unwrap()
            .iter()
            .find(|template| template["id"] == id)
            .unwrap();
        let mut notice = template["notice"].clone();
        notice["publish"] = json!(true);
        self.publish(&notice).await
    }

    /// Lets notices vanish as soon as they are resolved, while the server runs: a linger of two hours cannot be waited for here.
    pub(super) fn end_lingering(&self) {
        self.change_catalogue(|catalogue| catalogue.replace("linger_minutes = 120", "linger_minutes = 0"));
    }

    /// Applies the catalogue with a change, while the server runs.
    pub(super) fn change_catalogue(&self, change: impl FnOnce(&str) -> String) {
        let exported = binary::succeed(self.folder(), &["catalogue", "export"]);
        let changed = change(&exported);
        assert_ne!(changed, exported, "nothing would change");
        let file = self.folder().join("catalogue.toml");
        std::fs::write(&file, changed).unwrap();
        binary::succeed(self.folder(), &["catalogue", "apply", file.to_str().unwrap()]);
    }

    /// Signs in on the admin page.
    pub(super) async fn sign_in(&self, browser: &Browser) {
        browser.open(&self.url("/admin/")).await;
        sign_in_as(browser, OPERATOR).await;
        browser.visible("[data-test=situation]").await;
    }
}

/// Fills in the sign-in form that is shown.
pub(super) async fn sign_in_as(browser: &Browser, name: &str) {
    browser.fill("#sign-in-name", name).await;
    browser.fill("#sign-in-password", PASSWORD).await;
    browser.click("#sign-in").await;
    browser.until("document.querySelector('[data-test=sign-out]')").await;
}
