//! The order in which things are told: as they came, whoever wrote them, and whoever was away meanwhile.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    access::{Actor, Role},
    notice::{Change, Command, Transition},
    words::NoticeId,
};
use engine::Publisher;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use store::{
    clock::Clock,
    outbox::{Bookmark, Holder},
};

use super::{make, publish, until_listed};
use crate::support::{
    receiver::{Heard, Receiver},
    server::TestServer,
};

#[tokio::test]
async fn time_alone_is_told_too_also_after_a_pause() {
    let mut server = TestServer::start("2026-05-04T08:00:00Z").await;
    let receiver = Receiver::start().await;
    let id = make(&server, &receiver, json!({})).await["id"].clone();
    let work = json!({"kind": "maintenance", "severity": "outage", "services": ["kfz-zulassung"], "title": {"de": "Wartung"},
        "starts_at": "2026-05-04T10:00:00Z", "ends_at": "2026-05-04T12:00:00Z", "at_end": "confirm", "publish": true});
    let work = server.post("/api/v1/notices", &work).await["id"].as_str().unwrap().to_owned();
    let later = json!({"kind": "information", "severity": "information", "services": ["kfz-zulassung"], "title": {"de": "Hinweis"},
        "starts_at": "2026-05-05T10:00:00Z", "announce_from": "2026-05-04T09:00:00Z", "ends_at": "2026-05-06T10:00:00Z",
        "at_end": "complete", "publish": true});
    let later = server.post("/api/v1/notices", &later).await["id"].as_str().unwrap().to_owned();
    // Nobody sees it yet, so nobody is told.
    assert_eq!(receiver.told(1).await, [format!("notice.published {work}")]);
    server.clock.set("2026-05-04T09:30:00Z");
    assert_eq!(receiver.told(2).await[1], format!("notice.published {later}"));
    // What came while nobody was there is told as soon as somebody is. A message that arrived and was not noted yet would come again.
    until_listed(&server, &id, |webhook| webhook["open"] == 0).await;
    server.stop().await;
    server.clock.set("2026-05-04T12:30:00Z");
    server.restart().await;
    let told = receiver.told(4).await;
    assert_eq!(told[2..], [format!("notice.started {work}"), format!("notice.overran {work}")]);
    let heard = receiver.until(|_| true).await;
    assert_eq!(heard[2].body()["timestamp"], "2026-05-04T10:00:00Z", "when it began");
    assert_eq!(heard[2].body()["data"]["notice"]["stage"], "overrunning", "and how it is");
    server.clock.set("2026-05-06T10:00:01Z");
    assert_eq!(receiver.told(5).await[4], format!("notice.ended {later}"));
    // Nothing twice, whoever asks again.
    until_listed(&server, &id, |webhook| webhook["open"] == 0).await;
    server.restart().await;
    resolve_work(&server, &work).await;
    assert_eq!(receiver.told(6).await[5], format!("notice.ended {work}"));
    assert_eq!(receiver.heard.borrow().len(), 6);
}

async fn resolve_work(server: &TestServer, id: &str) {
    server.post(&format!("/api/v1/notices/{id}/complete"), &json!({})).await;
}

fn planned(service: &str, title: &str, more: Value) -> Value {
    let mut notice = json!({"kind": "maintenance", "severity": "outage", "services": [service], "title": {"de": title},
        "starts_at": "2026-05-04T10:00:00Z", "ends_at": "2026-05-04T12:00:00Z", "at_end": "confirm", "publish": true});
    for (key, value) in more.as_object().unwrap() {
        notice[key] = value.clone();
    }
    notice
}

async fn plan(server: &TestServer, notice: Value) -> String {
    server.post("/api/v1/notices", &notice).await["id"].as_str().unwrap().to_owned()
}

/// What was told, without what a receiver has had before, which it knows by its id.
fn anew(heard: &[Heard]) -> Vec<String> {
    let mut known = BTreeSet::new();
    let new = heard.iter().filter(|one| known.insert(one.header("webhook-id").to_owned()));
    new.map(Heard::told).collect()
}

#[tokio::test]
async fn what_begins_as_it_appears_is_told_once() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let receiver = Receiver::start().await;
    make(&server, &receiver, json!({})).await;
    let work = plan(
        &server,
        planned("kfz-zulassung", "Wartung", json!({"announce_from": "2026-05-04T10:00:00Z"})),
    )
    .await;
    server.clock.set("2026-05-04T10:00:00Z");
    receiver.told(1).await;
    server.clock.set("2026-05-04T12:00:00Z");
    let told = receiver.told(2).await;
    assert_eq!(told, [format!("notice.published {work}"), format!("notice.overran {work}")]);
    let heard = receiver.until(|_| true).await;
    assert_eq!(heard[0].body()["data"]["notice"]["stage"], "in_progress");
}

/// Nobody saw to it while others wrote, and while time went on.
#[tokio::test]
async fn after_a_takeover_all_is_told_in_the_order_in_which_it_came() {
    let mut server = TestServer::start("2026-05-04T08:00:00Z").await;
    let receiver = Receiver::start().await;
    let id = make(&server, &receiver, json!({})).await["id"].clone();
    let work = plan(&server, planned("kfz-zulassung", "Wartung", json!({}))).await;
    let later = planned(
        "wohngeld",
        "Wartung",
        json!({"announce_from": "2026-05-04T09:00:00Z", "starts_at": "2026-05-05T10:00:00Z", "ends_at": "2026-05-05T12:00:00Z"}),
    );
    let later = plan(&server, later).await;
    receiver.told(1).await;
    until_listed(&server, &id, |webhook| webhook["open"] == 0).await;
    server.stop().await;
    let journal = server.place().open().await.unwrap().journal;
    let elsewhere = Publisher::open(journal, Arc::new(server.clock.clone()), Arc::new(()))
        .await
        .unwrap();
    server.clock.set("2026-05-04T11:00:00Z");
    let complete = Command::Transit {
        id: NoticeId::parse(&work).unwrap(),
        transition: Transition::Complete,
        change: Change::default(),
    };
    elsewhere.submit(Actor::new("elsewhere", Role::Admin), complete).await.unwrap();
    elsewhere.journal().close().await;
    server.clock.set("2026-05-04T11:30:00Z");
    server.restart().await;
    receiver.told(4).await;
    let expected = [
        format!("notice.published {work}"),
        format!("notice.published {later}"),
        format!("notice.started {work}"),
        format!("notice.ended {work}"),
    ];
    assert_eq!(anew(&receiver.until(|_| true).await), expected);
}

/// As by a process whose clock was wrong.
#[tokio::test]
async fn what_was_noted_by_a_clock_that_ran_ahead_is_told_all_the_same() {
    let mut server = TestServer::start("2026-05-04T08:00:00Z").await;
    let receiver = Receiver::start().await;
    let id = make(&server, &receiver, json!({})).await["id"].clone();
    let work = plan(&server, planned("kfz-zulassung", "Wartung", json!({}))).await;
    receiver.told(1).await;
    until_listed(&server, &id, |webhook| webhook["open"] == 0).await;
    server.stop().await;
    let outbox = server.place().open().await.unwrap().outbox;
    let holder = Holder {
        lease: "reactors",
        name: "ahead",
    };
    let now = server.clock.now();
    assert!(outbox.hold(holder, now, SignedDuration::from_secs(15)).await.unwrap());
    let known = outbox.bookmark("webhook").await.unwrap().unwrap();
    let ahead = Bookmark {
        turned_at: Some("2031-01-01T00:00:00Z".parse().unwrap()),
        ..known
    };
    assert!(outbox.note(holder, "webhook", &[], ahead, now).await.unwrap());
    outbox.let_go(holder).await.unwrap();
    server.clock.set("2026-05-04T10:30:00Z");
    server.restart().await;
    let told = receiver.until(|heard| anew(heard).len() >= 2).await;
    assert_eq!(anew(&told)[1], format!("notice.started {work}"));
    server.clock.set("2026-05-04T12:00:00Z");
    let told = receiver.until(|heard| anew(heard).len() >= 3).await;
    assert_eq!(anew(&told)[2], format!("notice.overran {work}"));
}

#[tokio::test]
async fn what_an_edit_makes_of_a_notice_is_told_as_what_it_is() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let (all, cars) = (Receiver::start().await, Receiver::start().await);
    make(&server, &all, json!({})).await;
    make(&server, &cars, json!({"services": ["kfz-zulassung"]})).await;
    let ending = json!({"kind": "outage", "severity": "outage", "services": ["sperrmuell"], "title": {"de": "Störung"},
        "starts_at": "2026-05-04T07:00:00Z", "ends_at": "2026-05-04T12:00:00Z", "end_certainty": "estimated", "at_end": "complete", "publish": true});
    let ending = plan(&server, ending).await;
    let starting = plan(&server, planned("sperrmuell", "Wartung", json!({}))).await;
    let moving = publish(&server, "kfz-zulassung", "Verschoben").await;
    server.clock.set("2026-05-04T09:30:00Z");
    edit(&server, &ending, json!({"ends_at": "2026-05-04T09:00:00Z"})).await;
    edit(&server, &starting, json!({"starts_at": "2026-05-04T09:00:00Z"})).await;
    edit(&server, &moving, json!({"services": ["sperrmuell"]})).await;
    edit(&server, &moving, json!({"title": {"de": "Nur noch Sperrmüll"}})).await;
    let told = all.told(7).await;
    let expected = [
        format!("notice.ended {ending}"),
        format!("notice.started {starting}"),
        format!("notice.updated {moving}"),
        format!("notice.updated {moving}"),
    ];
    assert_eq!(told[3..], expected);
    // Whoever follows a service that is not touched any more learns it, once.
    let last = publish(&server, "kfz-zulassung", "Danach").await;
    let expected = [
        format!("notice.published {moving}"),
        format!("notice.updated {moving}"),
        format!("notice.published {last}"),
    ];
    assert_eq!(cars.told(3).await, expected);
    let heard = cars.until(|_| true).await;
    let touched = heard[1].body()["data"]["notice"]["affected"].clone();
    assert!(!touched.to_string().contains("kfz-zulassung"), "{touched}");
    // An id says which entry it is about, and when that was written: it is no other's, also after a backup was restored.
    let id = heard[0].header("webhook-id");
    assert!(id.starts_with("msg_") && id.contains("-1777881600000-musterstadt"), "{id}");
}

async fn edit(server: &TestServer, id: &str, content: Value) {
    let request = server.request(Role::Publisher, Method::PATCH, &format!("/api/v1/notices/{id}"));
    let answer = request.header("if-match", "*").json(&content).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}
