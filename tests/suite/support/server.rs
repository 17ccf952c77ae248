//! A server inside the test, with a clock of the test's own, a real file and a real port.

use std::{net::IpAddr, path::PathBuf, sync::Arc};

use domain::access::Role;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use server::{
    accounts::Accounts,
    demo::Demo,
    provider::ProviderSettings,
    reactors::Relay,
    releases::Releases,
    serve::{Options, Server},
};
use store::{Place, journal::lines};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use super::{clock::ManualClock, listener::Listener};

/// From here a proxy speaks for others.
pub(crate) const TRUSTED_PROXY: [u8; 4] = [127, 0, 0, 9];

/// What it is called among those that share a database.
pub(crate) const NODE: &str = "test";

/// A running server. It can be stopped and started again on the same file.
pub(crate) struct TestServer {
    pub(crate) clock: ManualClock,
    folder: Arc<TempDir>,
    base: String,
    client: Client,
    tokens: Vec<(Role, String)>,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
    provider: Option<ProviderSettings>,
    probe_ca: Option<PathBuf>,
    relay: Option<Relay>,
}

impl TestServer {
    /// Starts on a fresh folder with the demo's catalogue.
    pub(crate) async fn start(instant: &str) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), ManualClock::at(instant), None, None).await
    }

    /// The same, where probes trust the authority in this file.
    pub(crate) async fn trusting(instant: &str, authority: PathBuf) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), ManualClock::at(instant), None, Some(authority)).await
    }

    /// The same, by this clock, where people may sign in at a provider.
    pub(crate) async fn with_provider(clock: ManualClock, provider: ProviderSettings) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), clock, Some(provider), None).await
    }

    /// Starts with the entries that these lines of an exported journal hold.
    pub(crate) async fn with_journal(lines: &[&str], instant: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Place::folder(folder.path()).open().await.unwrap().journal;
        lines::import(&*journal, lines.join("\n").as_bytes()).await.unwrap();
        journal.close().await;
        Self::start_in(folder, ManualClock::at(instant), None, None).await
    }

    /// The same, where people are told by mail.
    pub(crate) async fn mailing(instant: &str, relay: Relay) -> Self {
        let mut server = Self::in_folder(tempfile::tempdir().unwrap(), ManualClock::at(instant));
        server.relay = Some(relay);
        server.begin().await
    }

    async fn start_in(folder: TempDir, clock: ManualClock, provider: Option<ProviderSettings>, probe_ca: Option<PathBuf>) -> Self {
        let mut server = Self::in_folder(folder, clock);
        (server.provider, server.probe_ca) = (provider, probe_ca);
        server.begin().await
    }

    /// One that does not run yet.
    fn in_folder(folder: TempDir, clock: ManualClock) -> Self {
        Self {
            clock,
            folder: Arc::new(folder),
            base: String::new(),
            client: Client::new(),
            tokens: vec![],
            running: None,
            provider: None,
            probe_ca: None,
            relay: None,
        }
    }

    async fn begin(mut self) -> Self {
        let server = &mut self;
        server.run().await;
        let accounts = server.accounts().await;
        for role in Role::ALL {
            let token = accounts.create_token(role.word(), role, None).await.unwrap().as_str().to_owned();
            server.tokens.push((role, token));
        }
        self
    }

    /// Stops and starts again, as after a deployment; the port may be another.
    pub(crate) async fn restart(&mut self) {
        self.stop().await;
        self.run().await;
    }

    /// Stops cleanly and waits until the file is closed.
    pub(crate) async fn stop(&mut self) {
        if let Some((stop, running)) = self.running.take() {
            let _ = stop.send(());
            running.await.unwrap();
        }
    }

    async fn run(&mut self) {
        let store = self.place().open().await.unwrap();
        let options = Options {
            demo: Demo::Shown,
            public_url: "http://notices.example".into(),
            releases: Releases::default(),
            trusted_proxies: vec![IpAddr::from(TRUSTED_PROXY).into()],
            mirror: None,
            webhook_allow: vec!["127.0.0.0/8".parse().unwrap()],
            source_allow: vec!["127.0.0.0/8".parse().unwrap()],
            probe_allow: vec!["127.0.0.0/8".parse().unwrap()],
            probe_ca: self.probe_ca.clone(),
            node: NODE.into(),
            portal_allow: None,
            provider: self.provider.clone(),
            relay: self.relay.clone(),
        };
        let server = Server::prepare(store, Arc::new(self.clock.clone()), options).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(async move {
            let stopped = async move {
                let _ = stopped.await;
            };
            server.run(listener, stopped).await;
        });
        self.running = Some((stop, running));
    }

    pub(crate) fn place(&self) -> Place {
        Place::folder(self.folder.path())
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder().join("umleitung.sqlite3")
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// The tables of accounts, on a connection of their own.
    pub(crate) async fn accounts(&self) -> Accounts {
        Accounts::new(self.place().open().await.unwrap().identities, Arc::new(self.clock.clone()))
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A request without any sign of who asks.
    pub(crate) fn anonymous(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// The token of a program with this role.
    pub(crate) fn token(&self, role: Role) -> &str {
        let (_, token) = self.tokens.iter().find(|(of, _)| *of == role).unwrap();
        token
    }

    /// A request by a program with this role.
    pub(crate) fn request(&self, role: Role, method: Method, path: &str) -> RequestBuilder {
        self.anonymous(method, path).bearer_auth(self.token(role))
    }

    /// Posts as a publisher and expects success.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Value {
        let request = async || self.request(Role::Publisher, Method::POST, path).json(body).send().await;
        let response = sent(request).await;
        let status = response.status();
        let answer = response.text().await.unwrap();
        assert!(status.is_success(), "{path} answered {status}: {answer}");
        serde_json::from_str(&answer).unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.anonymous(Method::GET, path).send().await.unwrap()
    }

    /// What the demo portal shows now.
    pub(crate) async fn state(&self) -> Value {
        self.get("/p/musterstadt/state.json").await.json().await.unwrap()
    }

    /// Listens to the demo portal's events.
    pub(crate) async fn listen(&self) -> Listener {
        Listener::new(self.get("/p/musterstadt/events").await)
    }

    /// Lets it be as late as the journal says, after a command of another process, which went by the machine's clock.
    pub(crate) async fn let_time_pass_until_the_last_entry(&self) {
        let answer = self.request(Role::Viewer, Method::GET, "/api/v1/journal").send().await.unwrap();
        let page: Value = answer.json().await.unwrap();
        let last = page["entries"].as_array().unwrap().last().unwrap();
        self.clock.set(last["at"].as_str().unwrap());
    }

    /// How many entries the journal has.
    pub(crate) async fn journal_length(&self) -> usize {
        let mut after = 0;
        let mut length = 0;
        loop {
            let page: Value = self
                .request(Role::Viewer, Method::GET, &format!("/api/v1/journal?after={after}"))
                .send()
                .await
                .unwrap()
                .json()
                .await
                .unwrap();
            length += page["entries"].as_array().unwrap().len();
            match page["next"].as_u64() {
                Some(next) => after = next,
                None => return length,
            }
        }
    }
}

/// What comes of a request. Time jumps in tests, and a connection that waits for a request is closed: it is sent again then.
pub(crate) async fn sent(send: impl AsyncFn() -> reqwest::Result<Response>) -> Response {
    let mut answer = send().await;
    for _ in 0..3 {
        if answer.is_ok() {
            break;
        }
        answer = send().await;
    }
    answer.unwrap()
}

/// What is answered.
pub(crate) async fn answer(send: impl AsyncFn() -> reqwest::Result<Response>) -> (StatusCode, Value) {
    let answer = sent(send).await;
    (answer.status(), answer.json().await.unwrap_or_default())
}
