//! Webhooks: what receivers are told, how it is signed, and who may be one.

mod failing;
mod operation;
mod story;

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::access::Role;
use ed25519_dalek::{Signature, VerifyingKey};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::support::{listener::PATIENCE, outage, receiver::Receiver, server::TestServer};

async fn send(server: &TestServer, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let request = server.request(Role::Admin, method.clone(), path);
    let request = if method == Method::GET { request } else { request.json(body) };
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn make(server: &TestServer, receiver: &Receiver, more: Value) -> Value {
    let mut body = json!({"address": receiver.address});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    let (status, made) = send(server, Method::POST, "/api/v1/webhooks", &body).await;
    assert_eq!(status, 201, "{made}");
    made
}

async fn listed(server: &TestServer, id: &Value) -> Value {
    let (_, all) = send(server, Method::GET, "/api/v1/webhooks", &Value::Null).await;
    let mut all = all["webhooks"].as_array().unwrap().iter();
    all.find(|webhook| webhook["id"] == *id).unwrap().clone()
}

/// Waits until a webhook is told so.
async fn until_listed(server: &TestServer, id: &Value, is_so: impl Fn(&Value) -> bool) -> Value {
    let waiting = async {
        loop {
            let webhook = listed(server, id).await;
            if is_so(&webhook) {
                return webhook;
            }
        }
    };
    timeout(PATIENCE, waiting)
        .await
        .unwrap_or_else(|_| panic!("waited in vain for {id}"))
}

async fn publish(server: &TestServer, service: &str, title: &str) -> String {
    let made = server.post("/api/v1/notices", &outage(service, title)).await;
    made["id"].as_str().unwrap().to_owned()
}

async fn resolve(server: &TestServer, id: &str) {
    server.post(&format!("/api/v1/notices/{id}/resolve"), &json!({})).await;
}

#[tokio::test]
async fn receivers_are_told_in_order_what_they_want_to_know() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let before = publish(&server, "kfz-zulassung", "Davor").await;
    let (all, cars, work, spelt) = (
        Receiver::start().await,
        Receiver::start().await,
        Receiver::start().await,
        Receiver::start().await,
    );
    make(&server, &all, json!({})).await;
    let services = json!({"services": ["kfz-zulassung"], "portals": ["musterstadt"], "signing": "ed25519"});
    make(&server, &cars, services).await;
    make(&server, &work, json!({"kinds": ["maintenance"]})).await;
    make(&server, &spelt, json!({"shape": "statuspage"})).await;
    // A draft is nobody's business; what a base service does touches those that need it.
    let mut draft = outage("bundid", "Entwurf");
    draft["publish"] = json!(false);
    server.post("/api/v1/notices", &draft).await;
    let base = publish(&server, "bundid", "BundID: Anmeldung nicht möglich").await;
    let text = json!({"text": {"de": "Wir **arbeiten** daran."}, "stage": "identified"});
    server.post(&format!("/api/v1/notices/{base}/updates"), &text).await;
    let other = publish(&server, "sperrmuell", "Sperrmüll").await;
    resolve(&server, &base).await;
    resolve(&server, &before).await;
    let (published, updated, ended) = (
        format!("notice.published {base}"),
        format!("notice.updated {base}"),
        format!("notice.ended {base}"),
    );
    let last = format!("notice.ended {before}");
    let others = format!("notice.published {other}");
    let heard = all.told(5).await;
    assert_eq!(heard, [&*published, &*updated, &*others, &*ended, &*last]);
    assert_eq!(cars.told(4).await, [&*published, &*updated, &*ended, &*last]);
    assert!(work.heard.borrow().is_empty());
    // What is told is how it is, as the portal tells it.
    let heard = all.until(|_| true).await;
    let body = heard[4].body();
    assert_eq!(body["data"]["notice"]["stage"], "resolved");
    assert_eq!(body["data"]["portal"], "musterstadt");
    assert_eq!(
        body["data"]["url"],
        format!("http://notices.example/p/musterstadt/notices/{before}")
    );
    assert_eq!(body["timestamp"], "2026-05-04T08:00:00Z");
    let ids: std::collections::BTreeSet<&str> = heard.iter().map(|one| one.header("webhook-id")).collect();
    assert_eq!(ids.len(), 5, "each has its name");
    assert_eq!(heard[0].header("content-type"), "application/json");
    // And as receivers of Statuspage know it.
    let heard = spelt.until(|heard| heard.len() >= 5).await;
    let incident = &heard[3].body()["incident"];
    assert_eq!(
        json!([
            incident["id"],
            incident["name"],
            incident["status"],
            incident["impact"],
            incident["page_id"]
        ]),
        json!([base, "BundID: Anmeldung nicht möglich", "resolved", "critical", "musterstadt"])
    );
    let updates = incident["incident_updates"].as_array().unwrap();
    assert!(
        updates
            .iter()
            .any(|update| update["body"] == "Wir arbeiten daran." && update["status"] == "identified")
    );
    let touched = updates.last().unwrap()["affected_components"].as_array().unwrap();
    let car = touched.iter().find(|one| one["code"] == "kfz-zulassung").unwrap();
    assert_eq!(
        (&car["old_status"], &car["new_status"]),
        (&json!("operational"), &json!("major_outage"))
    );
    let components = incident["components"].as_array().unwrap();
    assert!(components.iter().any(|one| one["id"] == "kfz-zulassung"));
    assert_eq!(heard[4].body()["page"]["id"], "musterstadt");
}

#[tokio::test]
async fn a_chat_gets_a_few_lines_in_its_own_signs() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let mut heard = Vec::new();
    for shape in ["slack", "mattermost", "matrix", "teams"] {
        let receiver = Receiver::start().await;
        make(&server, &receiver, json!({"shape": shape})).await;
        heard.push((shape, receiver));
    }
    let mut notice = outage("kfz-zulassung", "Kfz <gestört> & *mehr*");
    notice["impact"] = json!({"de": "Sie können kein Auto zulassen."});
    let id = server.post("/api/v1/notices", &notice).await["id"].as_str().unwrap().to_owned();
    let address = format!("http://notices.example/p/musterstadt/notices/{id}");
    for (shape, receiver) in &heard {
        let body = receiver.until(|heard| !heard.is_empty()).await[0].body();
        let text = match *shape {
            "teams" => body["attachments"][0]["content"].to_string(),
            _ => body["text"].as_str().unwrap().to_owned(),
        };
        assert!(
            text.contains("Störung") && text.contains("Sie können kein Auto zulassen."),
            "{shape}: {text}"
        );
        assert!(text.contains(&address), "{shape}: {text}");
        // Matrix has its signs elsewhere.
        assert!(*shape == "matrix" || !text.contains(" *mehr*"), "{shape}: {text}");
    }
    // What it was is told as over.
    resolve(&server, &id).await;
    let (_, slack) = &heard[0];
    let last = slack.until(|heard| heard.len() == 2).await[1].body();
    assert!(last["text"].as_str().unwrap().contains("Behoben"), "{last}");
}

/// By implementations that have nothing in common with the server's.
#[tokio::test]
async fn signatures_are_those_of_standard_webhooks() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let (shared, paired) = (Receiver::start().await, Receiver::start().await);
    let secret = make(&server, &shared, json!({})).await;
    let public = make(&server, &paired, json!({"signing": "ed25519"})).await;
    publish(&server, "kfz-zulassung", "Störung").await;
    let heard = shared.until(|heard| !heard.is_empty()).await;
    let (id, text) = (heard[0].header("webhook-id"), &heard[0].text);
    let second: i64 = heard[0].header("webhook-timestamp").parse().unwrap();
    assert_eq!(second, 1_777_881_600, "seconds since 1970");
    let key = secret["verification_key"].as_str().unwrap();
    let expected = standardwebhooks::Webhook::new(key).unwrap().sign(id, second, text.as_bytes());
    assert_eq!(heard[0].header("webhook-signature"), expected.unwrap());
    assert!(text.len() < 20_000, "{}", text.len());

    let heard = paired.until(|heard| !heard.is_empty()).await;
    let signed = |text: &str| format!("{}.{}.{text}", heard[0].header("webhook-id"), heard[0].header("webhook-timestamp"));
    let of = |text: &str, prefix: &str| STANDARD.decode(text.strip_prefix(prefix).unwrap()).unwrap();
    let key = of(public["verification_key"].as_str().unwrap(), "whpk_");
    let key = VerifyingKey::from_bytes(&key.try_into().unwrap()).unwrap();
    let signature = of(heard[0].header("webhook-signature"), "v1a,");
    let signature = Signature::from_slice(&signature).unwrap();
    key.verify_strict(signed(&heard[0].text).as_bytes(), &signature).unwrap();
    assert!(key.verify_strict(signed("{}").as_bytes(), &signature).is_err());
    // What is secret is told once, and what is public again and again.
    assert_eq!(listed(&server, &secret["id"]).await["verification_key"], Value::Null);
    assert_eq!(listed(&server, &public["id"]).await["verification_key"], public["verification_key"]);
}

#[tokio::test]
async fn what_cannot_be_a_receiver_is_refused_by_field() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    for (body, pointer, code) in [
        (json!({"address": "receiver"}), "/address", "malformed"),
        (json!({"address": "ftp://receiver.example/"}), "/address", "link"),
        (json!({"address": "https://ada:geheim@receiver.example/"}), "/address", "link"),
        (json!({"address": "https://169.254.169.254/latest"}), "/address", "link"),
        (json!({"address": "https://[::1]/"}), "/address", "link"),
        (json!({"address": "https://0x0a000001/"}), "/address", "link"),
        (
            json!({"address": "https://receiver.example/", "portals": ["nirgends"]}),
            "/portals/0",
            "not_in_catalogue",
        ),
        (
            json!({"address": "https://receiver.example/", "services": ["bundid", "x"]}),
            "/services/1",
            "not_in_catalogue",
        ),
        (json!({"address": "https://receiver.example/", "kinds": []}), "/kinds", "empty"),
        (
            json!({"address": "https://receiver.example/", "shape": "round"}),
            "/shape",
            "malformed",
        ),
        (
            json!({"address": "https://receiver.example/", "colour": "red"}),
            "/colour",
            "malformed",
        ),
        (json!({}), "/address", "missing"),
    ] {
        let (status, problem) = send(&server, Method::POST, "/api/v1/webhooks", &body).await;
        assert_eq!(status, 422, "{body}: {problem}");
        let fault = &problem["errors"][0];
        assert_eq!(
            (&fault["pointer"], &fault["code"]),
            (&json!(pointer), &json!(code)),
            "{body}: {problem}"
        );
    }
    let (_, all) = send(&server, Method::GET, "/api/v1/webhooks", &Value::Null).await;
    assert_eq!(all, json!({"webhooks": []}));
    // What is kept is what is asked for, whichever way it was written.
    for (given, kept) in [
        (" https://bücher.example/ä ", "https://xn--bcher-kva.example/%C3%A4"),
        ("https:receiver.example/x", "https://receiver.example/x"),
        ("HTTPS://Receiver.example:443/#x", "https://receiver.example/"),
    ] {
        let (status, made) = send(&server, Method::POST, "/api/v1/webhooks", &json!({"address": given})).await;
        assert_eq!((status, &made["address"]), (201, &json!(kept)), "{made}");
    }
    let (status, _) = send(&server, Method::POST, "/api/v1/webhooks/hook-1/replay", &json!({})).await;
    assert_eq!(status, 404);
}
