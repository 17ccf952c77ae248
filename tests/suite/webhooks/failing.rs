//! Receivers that fail, hang and come back.

use domain::{
    access::{Grants, Role},
    words::PortalId,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{listed, make, publish, resolve, send, until_listed};
use crate::support::{
    receiver::{FINE, Plan, Receiver},
    server::TestServer,
};

#[tokio::test]
async fn a_receiver_that_fails_is_told_later_and_in_order() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let (failing, fine) = (Receiver::start().await, Receiver::start().await);
    let id = make(&server, &failing, json!({})).await["id"].clone();
    make(&server, &fine, json!({})).await;
    failing.plan.send_replace(Plan::Answer(500, None));
    let one = publish(&server, "kfz-zulassung", "Eins").await;
    let two = publish(&server, "sperrmuell", "Zwei").await;
    // Others do not wait for it.
    fine.told(2).await;
    let seen = until_listed(&server, &id, |webhook| webhook["failing_since"].is_string()).await;
    assert_eq!(seen["failing_since"], "2026-05-04T08:00:00Z");
    assert!(seen["failure"].as_str().unwrap().contains("500"), "{seen}");
    assert_eq!(failing.heard.borrow().len(), 1, "the second waits for the first");
    // Those see it on each page who can do something about it, and nobody else.
    for (role, expected) in [(Role::Admin, 1), (Role::Publisher, 0)] {
        let report = server.request(role, Method::GET, "/api/v1/health").send().await.unwrap();
        let report: Value = report.json().await.unwrap();
        let conditions = report["conditions"].as_array().unwrap();
        let failing = conditions.iter().filter(|one| one["code"] == "webhook_failing");
        assert_eq!((failing.count(), &report["ready"]), (expected, &json!(true)), "{report}");
    }
    // It tells how it may be asked again, and where it has gone to, which is not followed.
    for (instant, plan, reason) in [
        (
            "2026-05-04T08:00:10Z",
            Plan::Answer(302, Some(("location", "http://127.0.0.1:1/"))),
            "302",
        ),
        ("2026-05-04T08:01:00Z", Plan::Answer(429, Some(("retry-after", "7200"))), "429"),
    ] {
        failing.plan.send_replace(plan);
        server.clock.set(instant);
        until_listed(&server, &id, |webhook| webhook["failure"].as_str().unwrap().contains(reason)).await;
    }
    let seen = until_listed(&server, &id, |webhook| webhook["next_attempt_at"].as_str() > Some("2026-05-04T10")).await;
    assert_eq!(
        (&seen["next_attempt_at"], &seen["open"]),
        (&json!("2026-05-04T10:01:00Z"), &json!(2))
    );
    assert_eq!(failing.heard.borrow().len(), 3);
    failing.plan.send_replace(FINE);
    server.clock.set("2026-05-04T10:01:00Z");
    let expected = [format!("notice.published {one}"), format!("notice.published {two}")];
    assert_eq!(failing.told(2).await, expected);
    let heard = failing.until(|_| true).await;
    let ids: Vec<&str> = heard.iter().map(|one| one.header("webhook-id")).collect();
    assert_eq!(ids[..3], [ids[3]; 3], "it is the same message each time");
    assert_ne!(heard[0].header("webhook-timestamp"), heard[3].header("webhook-timestamp"));
    let seen = until_listed(&server, &id, |webhook| webhook["open"] == 0).await;
    assert_eq!((&seen["failing_since"], &seen["failure"]), (&Value::Null, &Value::Null));
    assert_eq!(seen["delivered_at"], "2026-05-04T10:01:00Z");
}

#[tokio::test]
async fn what_was_given_up_after_a_day_is_sent_again_by_hand() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let receiver = Receiver::start().await;
    let id = make(&server, &receiver, json!({})).await["id"].clone();
    receiver.plan.send_replace(Plan::Answer(503, None));
    let one = publish(&server, "kfz-zulassung", "Eins").await;
    until_listed(&server, &id, |webhook| webhook["failing_since"].is_string()).await;
    // What comes later has its own day.
    server.clock.set("2026-05-04T20:00:00Z");
    until_listed(&server, &id, |webhook| webhook["next_attempt_at"].as_str() > Some("2026-05-04T20")).await;
    let two = publish(&server, "sperrmuell", "Zwei").await;
    server.clock.set("2026-05-05T08:00:01Z");
    let first_was_refused =
        |webhook: &Value| webhook["given_up"] == 1 && webhook["next_attempt_at"].as_str() > Some("2026-05-05T08:00:01Z");
    let seen = until_listed(&server, &id, first_was_refused).await;
    assert_eq!(seen["open"], 1);
    // However long ago it was: it is tried three times.
    server.clock.set("2026-05-06T08:00:00Z");
    let second_was_refused = |webhook: &Value| webhook["next_attempt_at"].as_str() > Some("2026-05-06T08:00:00Z");
    let seen = until_listed(&server, &id, second_was_refused).await;
    assert_eq!((&seen["given_up"], &seen["open"]), (&json!(1), &json!(1)));
    server.clock.set("2026-05-06T08:01:00Z");
    until_listed(&server, &id, |webhook| webhook["given_up"] == 2).await;
    assert_eq!(receiver.heard.borrow().len(), 6);
    receiver.plan.send_replace(FINE);
    let path = format!("/api/v1/webhooks/{}", id.as_str().unwrap());
    let (status, tried) = send(&server, Method::POST, &format!("{path}/test"), &json!({})).await;
    assert_eq!((status, tried), (200, json!({"delivered": true, "failure": null})));
    let (status, seen) = send(&server, Method::POST, &format!("{path}/replay"), &json!({})).await;
    assert_eq!(status, 200, "{seen}");
    let told = receiver.told(3).await;
    let expected = [
        "webhook.test ".to_owned(),
        format!("notice.published {one}"),
        format!("notice.published {two}"),
    ];
    assert_eq!(told, expected);
    let seen = until_listed(&server, &id, |webhook| webhook["open"] == 0).await;
    assert_eq!((&seen["given_up"], &seen["failing_since"]), (&json!(0), &Value::Null));
    // Whoever ends it, and a receiver that is gone, end it for good.
    receiver.plan.send_replace(Plan::Answer(410, None));
    resolve(&server, &one).await;
    let seen = until_listed(&server, &id, |webhook| webhook["ended_at"].is_string()).await;
    assert_eq!(
        (&seen["ended_because"], &seen["open"]),
        (&json!("the receiver answered 410 Gone"), &json!(0))
    );
    receiver.plan.send_replace(FINE);
    for call in ["replay", "test"] {
        let (status, problem) = send(&server, Method::POST, &format!("{path}/{call}"), &json!({})).await;
        assert_eq!((status, &problem["title"]), (409, &json!("The webhook has ended")));
    }
    let other = Receiver::start().await;
    let next = make(&server, &other, json!({})).await["id"].clone();
    resolve(&server, &two).await;
    other.told(1).await;
    let ended = format!("/api/v1/webhooks/{}/end", next.as_str().unwrap());
    let (status, seen) = send(&server, Method::POST, &ended, &json!({})).await;
    assert_eq!((status, &seen["ended_because"]), (200, &json!("ended by hand")));
    assert_eq!(receiver.told(3).await.len(), 3, "nothing came after the end");
}

#[tokio::test]
async fn a_receiver_that_never_answers_keeps_nobody_waiting() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let (silent, fine) = (Receiver::start().await, Receiver::start().await);
    let id = make(&server, &silent, json!({})).await["id"].clone();
    make(&server, &fine, json!({})).await;
    silent.plan.send_replace(Plan::Silence);
    let one = publish(&server, "kfz-zulassung", "Eins").await;
    silent.until(|heard| heard.len() == 1).await;
    resolve(&server, &one).await;
    assert_eq!(
        fine.told(2).await,
        [format!("notice.published {one}"), format!("notice.ended {one}")]
    );
    assert_eq!(silent.heard.borrow().len(), 1);
    let seen = until_listed(&server, &id, |webhook| webhook["failure"].is_string()).await;
    assert_eq!(seen["failure"], "it did not answer within 15 seconds");
    silent.plan.send_replace(FINE);
    server.clock.set("2026-05-04T08:00:10Z");
    assert_eq!(
        silent.told(2).await,
        [format!("notice.published {one}"), format!("notice.ended {one}")]
    );
}

#[tokio::test]
async fn however_many_hang_they_keep_nobody_waiting() {
    let server = TestServer::start("2026-05-04T08:00:00Z").await;
    let mut silent = Vec::new();
    for _ in 0..40 {
        let one = Receiver::start().await;
        one.plan.send_replace(Plan::Silence);
        let id = make(&server, &one, json!({})).await["id"].clone();
        silent.push((one, id));
    }
    let fine = Receiver::start().await;
    make(&server, &fine, json!({})).await;
    let one = publish(&server, "kfz-zulassung", "Eins").await;
    fine.told(1).await;
    resolve(&server, &one).await;
    fine.told(2).await;
    for (_, id) in &silent {
        assert_eq!(
            listed(&server, id).await["failing_since"],
            Value::Null,
            "it still waits for an answer"
        );
    }
    // Whoever administrates a portal makes so many, and not all that there may be.
    let town = PortalId::parse("musterstadt").unwrap();
    let token = server
        .accounts()
        .await
        .create_token("Amt", Grants::on(Role::Admin, [town]), None)
        .await
        .unwrap();
    let request = |number: u32| {
        let body = json!({"address": format!("https://receiver.example/{number}"), "portals": ["musterstadt"]});
        let request = server
            .anonymous(Method::POST, "/api/v1/webhooks")
            .bearer_auth(token.as_str())
            .json(&body);
        async move { request.send().await.unwrap() }
    };
    for number in 0..50 {
        assert_eq!(request(number).await.status(), 201, "{number}");
    }
    let answer = request(50).await;
    assert_eq!(answer.status(), 422);
    assert!(answer.text().await.unwrap().contains("there are 50 webhooks"));
    make(&server, &fine, json!({})).await;
}
