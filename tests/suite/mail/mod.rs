//! People who are told by mail: how they ask for it, what they are told, and what becomes of mails that are not taken. A mail server that others have
//! written takes them.

mod asking;
mod failing;
mod telling;

use domain::access::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use store::{clock::Clock, outbox::Lane};
use tokio::time::timeout;

use super::support::{
    listener::PATIENCE,
    mailbox::{Mail, Mailbox},
    outage,
    server::{TestServer, sent},
};

const ADDRESS: &str = "erika.muster@beispiel.example";

/// A server, and whoever takes its mails.
async fn house(instant: &str) -> (TestServer, Mailbox) {
    let mailbox = Mailbox::start().await;
    (TestServer::mailing(instant, mailbox.relay()).await, mailbox)
}

/// What is answered to a form that is sent.
async fn send(server: &TestServer, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let answer = sent(async || server.anonymous(Method::POST, path).form(fields).send().await).await;
    (answer.status(), answer.text().await.unwrap())
}

async fn look(server: &TestServer, path: &str) -> (StatusCode, String) {
    let answer = sent(async || server.anonymous(Method::GET, path).send().await).await;
    (answer.status(), answer.text().await.unwrap())
}

async fn ask(server: &TestServer, address: &str) {
    let (status, page) = send(server, "/p/musterstadt/subscribe?lang=de", &[("address", address)]).await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("Noch ein Schritt") && page.contains(address), "{page}");
}

/// All fields of the form on somebody's own page that are sent when nobody touches them.
fn ticked(page: &str) -> Vec<(String, String)> {
    let boxes = page.split("<input type=\"checkbox\" ").skip(1);
    let value = |tag: &str, name: &str| {
        let rest = tag.split(&format!("{name}=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    boxes
        .map(|rest| rest.split('>').next().unwrap())
        .filter(|tag| tag.contains(" checked"))
        .map(|tag| (value(tag, "name"), value(tag, "value")))
        .collect()
}

/// Sends the form of somebody's own page, with what is ticked there and passes.
async fn settle(server: &TestServer, own: &str, passes: impl Fn(&str, &str) -> bool) -> String {
    let (_, page) = look(server, own).await;
    let fields = ticked(&page);
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.retain(|(name, value)| passes(name, value));
    fields.push(("do", "settle"));
    let (status, page) = send(server, own, &fields).await;
    assert_eq!(status, 200, "{page}");
    page
}

/// Somebody who is told of all from now on; where their own page is.
async fn somebody(server: &TestServer, mailbox: &Mailbox, address: &str) -> String {
    ask(server, address).await;
    let own = mailbox
        .until(|said| {
            let mut links = said.iter().filter(|line| line["to"] == json!([address]));
            links.next().map(|line| Mail(line.clone()).own_page())
        })
        .await;
    let page = settle(server, &own, |_, _| true).await;
    assert!(page.contains("Ihre Adresse ist bestätigt."), "{page}");
    own
}

async fn publish(server: &TestServer, service: &str, title: &str) -> String {
    let made = server.post("/api/v1/notices", &outage(service, title)).await;
    made["id"].as_str().unwrap().to_owned()
}

async fn update(server: &TestServer, id: &str, text: &str) {
    server
        .post(&format!("/api/v1/notices/{id}/updates"), &json!({"text": {"de": text}}))
        .await;
}

async fn resolve(server: &TestServer, id: &str) {
    server.post(&format!("/api/v1/notices/{id}/resolve"), &json!({})).await;
}

/// What staff are told of those who are told by mail.
async fn known(server: &TestServer, address: &str) -> Value {
    let path = "/api/v1/subscriptions";
    let counted = sent(async || server.request(Role::Admin, Method::GET, path).send().await).await;
    assert_eq!(counted.status(), 200);
    let mut known: Value = counted.json().await.unwrap();
    let (path, asked) = (format!("{path}/find"), json!({"address": address}));
    let answer = sent(async || server.request(Role::Admin, Method::POST, &path).json(&asked).send().await).await;
    assert_eq!(answer.status(), 200);
    known["found"] = answer.json::<Value>().await.unwrap()["found"].take();
    known
}

/// The mails about notices.
fn about_notices(mails: &[Mail]) -> Vec<&Mail> {
    mails.iter().filter(|mail| !mail.header("list-unsubscribe").is_empty()).collect()
}

/// Waits until so many people are waited for: what was not taken is sent again at an instant that is to come.
async fn until_waited_for(server: &TestServer, count: usize) {
    let now = server.clock.now();
    until_lanes(server, |lanes| lanes.iter().filter(|lane| lane.due_at > Some(now)).count() >= count).await;
}

/// Waits until nothing is to be sent, and it is noted what was.
async fn until_done(server: &TestServer) {
    until_lanes(server, |lanes| lanes.iter().all(|lane| lane.open == 0)).await;
}

async fn until_lanes(server: &TestServer, is_so: impl Fn(&[Lane]) -> bool) {
    let outbox = server.place().open().await.unwrap().outbox;
    let waiting = async {
        while !is_so(&outbox.lanes("mail").await.unwrap()) {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, waiting).await.expect("it does not come to that");
}
