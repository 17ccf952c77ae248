//! Signing in at a provider that is not of our own making (`oidc-provider`, from npm): what it says of itself, its pages, its tokens by RSA.

use std::{
    io::{BufRead, BufReader, Lines},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
};

use domain::access::Role;
use reqwest::{Client, Response, StatusCode, header, redirect::Policy};
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
    /// Where the provider sends somebody in the end who signs in at this address.
    async fn until_back(&self, address: &str) -> String {
        let mut answer = self.client.get(address).send().await.unwrap();
        for _ in 0..STEPS {
            let next = answer.headers().get(header::LOCATION).map(|next| next.to_str().unwrap().to_owned());
            answer = match next {
                Some(next) if next.starts_with(RETURNS_TO) => return next,
                Some(next) => {
                    let next = reqwest::Url::parse(&self.issuer).unwrap().join(&next).unwrap();
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
        let request = self.client.post(reqwest::Url::parse(&self.issuer).unwrap().join(place).unwrap());
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        request.send().await.unwrap()
    }
}

#[tokio::test]
async fn somebody_signs_in_at_a_provider_that_others_have_made() {
    let program = Program::start();
    let settings = ProviderSettings {
        issuer: program.issuer.clone(),
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
    // The program goes by the machine's clock.
    let clock = ManualClock::at(&SystemClock.now().to_string());
    let server = TestServer::with_provider(clock, settings).await;
    let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
    let visit = Visit {
        client: client.clone(),
        issuer: program.issuer.clone(),
    };
    let mut ids = Vec::new();
    for _ in 0..2 {
        let response = client.post(server.url("/api/v1/session/oidc")).send().await.unwrap();
        let told: Value = response.json().await.unwrap();
        let back = visit.until_back(told["address"].as_str().unwrap()).await;
        let response = client
            .get(back.replacen("http://notices.example", &server.url(""), 1))
            .send()
            .await
            .unwrap();
        assert_eq!(response.headers()[header::LOCATION], "/admin/");
        let session: Value = client
            .get(server.url("/api/v1/session"))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!((&session["name"], &session["role"]), (&json!("Ada Lovelace"), &json!("publisher")));
        ids.push(session["id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
}
