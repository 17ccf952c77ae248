//! Webhooks of a server as it runs in operation: where it may send, the command line, and what becomes of messages when it is killed.

use std::collections::BTreeMap;

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::support::{
    binary::{self, Process},
    outage,
    receiver::{Heard, Receiver},
};

/// A server with its own clock, as it runs in operation.
struct Site {
    folder: tempfile::TempDir,
    process: Process,
    token: String,
    client: Client,
}

impl Site {
    fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let process = Process::serve(folder.path(), &[&["--demo"], arguments].concat());
        let token = binary::succeed(folder.path(), &["token", "create", "ops", "--role", "admin"]);
        Self {
            token: token.trim().to_owned(),
            client: Client::new(),
            folder,
            process,
        }
    }

    async fn send(&self, method: Method, path: &str, body: Value) -> Option<(u16, Value)> {
        let url = format!("{}{path}", self.process.base);
        let request = self.client.request(method, url).bearer_auth(&self.token).json(&body);
        let response = request.send().await.ok()?;
        Some((response.status().as_u16(), response.json().await.ok()?))
    }
}

#[tokio::test]
async fn nothing_is_sent_into_the_servers_own_network() {
    let site = Site::start(&[]);
    let receiver = Receiver::start().await;
    let refused = site
        .send(Method::POST, "/api/v1/webhooks", json!({"address": receiver.address}))
        .await;
    let (status, problem) = refused.unwrap();
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/address")));
    // A name says nothing yet; what it leads to is looked at before anything is sent.
    let address = receiver.address.replace("http://127.0.0.1", "https://localhost");
    let (status, made) = site
        .send(Method::POST, "/api/v1/webhooks", json!({"address": address}))
        .await
        .unwrap();
    assert_eq!(status, 201, "{made}");
    let path = format!("/api/v1/webhooks/{}/test", made["id"].as_str().unwrap());
    let (_, tried) = site.send(Method::POST, &path, json!({})).await.unwrap();
    assert!(
        tried["failure"].as_str().unwrap().contains("is not on the open internet"),
        "{tried}"
    );
    assert!(
        !tried.to_string().contains("127.0.0.1"),
        "it does not tell where a name leads: {tried}"
    );
    assert!(receiver.heard.borrow().is_empty());
}

#[tokio::test]
async fn the_command_line_manages_them_too() {
    let site = Site::start(&["--webhook-allow", "127.0.0.1"]);
    let folder = site.folder.path();
    let receiver = Receiver::start().await;
    let add = ["webhook", "add", &receiver.address, "--kind", "outage", "--portal", "musterstadt"];
    let secret = binary::succeed(folder, &add);
    assert!(secret.starts_with("whsec_") && secret.lines().count() == 1, "{secret}");
    let (status, _) = site
        .send(Method::POST, "/api/v1/notices", outage("bundid", "Störung"))
        .await
        .unwrap();
    assert_eq!(status, 201);
    let heard = receiver.until(|heard| !heard.is_empty()).await;
    let headers: reqwest::header::HeaderMap = heard[0].headers.clone();
    let verifier = standardwebhooks::Webhook::new(secret.trim()).unwrap();
    verifier.verify(heard[0].text.as_bytes(), &headers).unwrap();
    assert!(verifier.verify(b"{}", &headers).is_err());
    let list = binary::succeed(folder, &["webhook", "list"]);
    let fields: Vec<&str> = list.trim().split('\t').collect();
    assert_eq!((fields[1], fields[4]), ("works", "musterstadt outage"), "{list}");
    let unknown = binary::fail(folder, &["webhook", "end", "hook-1"]);
    assert!(unknown.contains("there is no webhook `hook-1`"), "{unknown}");
    let wrong = binary::fail(folder, &["webhook", "add", &receiver.address, "--service", "x"]);
    assert!(wrong.contains("`/services/0` is not in the catalogue"), "{wrong}");
    binary::succeed(folder, &["webhook", "replay", fields[0]]);
    binary::succeed(folder, &["webhook", "end", fields[0]]);
    let list = binary::succeed(folder, &["webhook", "list"]);
    assert!(list.contains("ended: ended by hand"), "{list}");
}

/// How often the server is killed; more often where somebody has the time.
fn kills() -> usize {
    std::env::var("UMLEITUNG_KILLS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(2)
}

#[tokio::test]
async fn nothing_is_lost_when_the_server_is_killed() {
    let mut site = Site::start(&["--webhook-allow", "127.0.0.1"]);
    let (one, two) = (Receiver::start().await, Receiver::start().await);
    for receiver in [&one, &two] {
        let made = site
            .send(Method::POST, "/api/v1/webhooks", json!({"address": receiver.address}))
            .await;
        assert_eq!(made.unwrap().0, 201);
    }
    let mut published = Vec::new();
    for round in 0..kills() {
        let before = one.heard.borrow().len();
        for number in 0..8 {
            let title = format!("Runde {round}, {number}");
            let (status, made) = site.send(Method::POST, "/api/v1/notices", outage("bundid", &title)).await.unwrap();
            assert_eq!(status, 201);
            published.push(made["id"].as_str().unwrap().to_owned());
        }
        // In the midst of it, wherever it is by then.
        one.until(|heard| heard.len() > before + round % 7).await;
        site.process.kill();
        site.process = Process::serve(site.folder.path(), &["--demo", "--webhook-allow", "127.0.0.1"]);
    }
    let all: Vec<String> = published.iter().map(|id| format!("notice.published {id}")).collect();
    for receiver in [&one, &two] {
        // What has piled up takes a while; as long as something comes, it goes on.
        let is_all = |heard: &[Heard]| heard.iter().any(|one| Some(&one.told()) == all.last());
        let mut heard = receiver.until(|_| true).await;
        while !is_all(&heard) {
            heard = receiver.until(|now| now.len() > heard.len()).await;
        }
        let mut first: BTreeMap<String, usize> = BTreeMap::new();
        for (at, one) in heard.iter().enumerate() {
            first.entry(one.told()).or_insert(at);
        }
        let order: Vec<Option<&usize>> = all.iter().map(|told| first.get(told)).collect();
        assert!(order.iter().all(Option::is_some), "one is lost: {order:?}");
        assert!(order.is_sorted(), "they are out of order: {order:?}");
        println!("umleitung:  {} messages, {} told twice", all.len(), heard.len() - first.len());
    }
}
