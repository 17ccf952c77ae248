//! Signing in at a provider that is not of our own making (`oidc-provider`, from npm): what it says of itself, its pages, its tokens by RSA.

use std::{
    io::{BufRead, BufReader, Lines},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
};

use domain::access::Role;
use jiff::SignedDuration;
use reqwest::{Client, Response, StatusCode, Url, header, redirect::Policy};
use serde_json::{Value, json};
use server::provider::{GroupGrant, ProviderSecret, ProviderSettings};
use store::clock::{Clock, SystemClock};

use super::support::{
    clock::ManualClock,
    provider::{CLIENT, CLIENT_SECRET},
    server::TestServer,
};

const RETURNS_TO: &str = "http://notices.example/admin/oidc";

/// So many steps lead from the first page of the provider back.
const STEPS: usize = 12;

/// The provider's program; it ends when it is dropped.
struct Program {
    child: Child,
    issuer: String,
    /// What else it says; it ends where nobody listens.
    _said: Lines<BufReader<ChildStdout>>,
}

impl Program {
    fn start() -> Self {
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let modules = here.join("../target/tools/node_modules");
        assert!(modules.join("oidc-provider").exists(), "`cargo xtask setup` installs it");
        let mut child = Command::new("node")
            .arg(here.join("oidc/provider.mjs"))
            .args([modules.as_os_str(), RETURNS_TO.as_ref()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let issuer = said.by_ref().map(Result::unwrap).find(|line| line.starts_with("http://"));
        Self {
            issuer: issuer.expect("it does not say where it listens"),
            child,
            _said: said,
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A browser at the provider: it follows each link, and fills in each form.
struct Visit {
    client: Client,
    issuer: String,
}

impl Visit {
    fn by(client: &Client, program: &Program) -> Self {
        Self {
            client: client.clone(),
            issuer: program.issuer.clone(),
        }
    }

    /// Where the provider sends somebody in the end who signs in at this address.
    async fn until_back(&self, address: &str) -> String {
        let mut answer = self.client.get(address).send().await.unwrap();
        for _ in 0..STEPS {
            let next = answer.headers().get(header::LOCATION).map(|next| next.to_str().unwrap().to_owned());
            answer = match next {
                Some(next) if next.starts_with(RETURNS_TO) => return next,
                Some(next) => {
                    let next = Url::parse(&self.issuer).unwrap().join(&next).unwrap();
                    self.client.get(next).send().await.unwrap()
                }
                None => self.fill_in(answer).await,
            };
        }
        panic!("it leads in circles");
    }

    /// The pages that the provider has for trying out: one for the name, and one that asks for consent.
    async fn fill_in(&self, page: Response) -> Response {
        assert_eq!(page.status(), StatusCode::OK);
        let html = page.text().await.unwrap();
        let place = html
            .split("action=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("a form");
        let prompt = if html.contains("value=\"consent\"") { "consent" } else { "login" };
        let form = format!("prompt={prompt}&login=4711&password=x");
        let request = self.client.post(Url::parse(&self.issuer).unwrap().join(place).unwrap());
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        request.send().await.unwrap()
    }
}

/// A server at which people sign in by this program, under this name; its clock is so far ahead of the program's.
async fn server(program: &Program, issuer: &str, ahead: SignedDuration) -> TestServer {
    let settings = ProviderSettings {
        issuer: issuer.to_owned(),
        client_id: CLIENT.to_owned(),
        client_secret: Some(ProviderSecret::from(CLIENT_SECRET.to_owned())),
        name: "Stadtkonto".to_owned(),
        scopes: vec!["profile".to_owned()],
        groups_claim: "groups".to_owned(),
        grants: vec![GroupGrant {
            group: "/Stadt/Presse".to_owned(),
            grants: Role::Publisher.into(),
        }],
    };
    assert!(program.issuer.starts_with("http://127.0.0.1:"));
    // The program goes by the machine's clock.
    let clock = ManualClock::at(&(SystemClock.now() + ahead).to_string());
    TestServer::with_provider(clock, settings).await
}

/// Somebody's browser, which knows nothing yet.
fn browser() -> Client {
    Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap()
}

/// The address at the provider to which somebody is sent.
async fn sent_to(server: &TestServer, client: &Client) -> Value {
    let response = client.post(server.url("/api/v1/session/oidc")).send().await.unwrap();
    response.json().await.unwrap()
}

/// Where somebody ends who comes back with this, and who they are then.
async fn come_back(server: &TestServer, client: &Client, back: &str) -> (String, Value) {
    let here = back.replacen("http://notices.example", &server.url(""), 1);
    let response = client.get(here).send().await.unwrap();
    let place = response.headers()[header::LOCATION].to_str().unwrap().to_owned();
    let session = client.get(server.url("/api/v1/session")).send().await.unwrap();
    (place, session.json().await.unwrap())
}

#[tokio::test]
async fn somebody_signs_in_at_a_provider_that_others_have_made() {
    let program = Program::start();
    let server = server(&program, &program.issuer, SignedDuration::ZERO).await;
    let client = browser();
    let visit = Visit::by(&client, &program);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let told = sent_to(&server, &client).await;
        let back = visit.until_back(told["address"].as_str().unwrap()).await;
        let (place, session) = come_back(&server, &client, &back).await;
        assert_eq!(place, "/admin/");
        assert_eq!((&session["name"], &session["role"]), (&json!("Ada Lovelace"), &json!("publisher")));
        ids.push(session["id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
}

/// The address with another value of one of its parameters.
fn with(address: &str, name: &str, value: &str) -> String {
    let mut url = Url::parse(address).unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    assert!(pairs.iter().any(|(key, _)| key == name), "{address} has no {name}");
    let changed = pairs
        .into_iter()
        .map(|(key, old)| if key == name { (key, value.to_owned()) } else { (key, old) });
    url.query_pairs_mut().clear().extend_pairs(changed.collect::<Vec<_>>());
    url.into()
}

#[tokio::test]
async fn what_does_not_hold_lets_nobody_in_there_either() {
    let program = Program::start();
    let hours = SignedDuration::from_hours;
    for (what, name, value, ahead) in [
        ("a token for another visit", "nonce", "another", hours(0)),
        ("a code for another program", "client_id", "another", hours(0)),
        (
            "a code that another secret belongs to",
            "code_challenge",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            hours(0),
        ),
        ("another way", "state", "another", hours(0)),
        ("a token that has run out", "scope", "openid profile", hours(2)),
    ] {
        let server = server(&program, &program.issuer, ahead).await;
        let client = browser();
        let visit = Visit::by(&client, &program);
        let told = sent_to(&server, &client).await;
        let back = visit.until_back(&with(told["address"].as_str().unwrap(), name, value)).await;
        let (place, session) = come_back(&server, &client, &back).await;
        assert_ne!(place, "/admin/", "{what}");
        assert_eq!(session["name"], Value::Null, "{what}: {session}");
    }
    // What has let somebody in lets nobody in again, be it in the browser that went or in another one.
    let server = server(&program, &program.issuer, hours(0)).await;
    let client = browser();
    let told = sent_to(&server, &client).await;
    let back = Visit::by(&client, &program).until_back(told["address"].as_str().unwrap()).await;
    assert_eq!(come_back(&server, &client, &back).await.0, "/admin/");
    client.delete(server.url("/api/v1/session")).send().await.unwrap();
    for client in [&client, &browser()] {
        let (place, session) = come_back(&server, client, &back).await;
        assert_ne!(place, "/admin/");
        assert_eq!(session["name"], Value::Null, "{session}");
    }
    // A program that calls itself otherwise is another one.
    let issuer = program.issuer.replacen("127.0.0.1", "localhost", 1);
    let server = self::server(&program, &issuer, hours(0)).await;
    let told = sent_to(&server, &browser()).await;
    assert_eq!(told["type"], "urn:umleitung:provider_silent", "{told}");
}
