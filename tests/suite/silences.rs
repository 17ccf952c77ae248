//! A real Alertmanager is silent while planned work runs, for the alerts that the work explains, and for no others.

use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use store::clock::{Clock, SystemClock};

use super::support::{
    alertmanager::Alertmanager,
    proxy::free_port,
    server::{TestServer, sent},
};
use domain::access::Role;

const AUTHOR: &str = "Umleitung ";

async fn asked(server: &TestServer, method: Method, path: &str, body: &Value) -> Value {
    let answered = sent(async || server.request(Role::Admin, method.clone(), path).json(body).send().await).await;
    let (status, text) = (answered.status(), answered.text().await.unwrap());
    assert!(status.is_success(), "{path}: {text}");
    serde_json::from_str(&text).unwrap_or_default()
}

/// The silences of ours that are still to come or hold.
fn ours(all: &[Value]) -> Vec<&Value> {
    let own = |silence: &&Value| silence["createdBy"].as_str().unwrap().starts_with(AUTHOR) && silence["status"]["state"] != "expired";
    all.iter().filter(own).collect()
}

fn instant(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

/// A server at this very moment, since Alertmanager has clocks of its own; with a rule about each of two services, and an Alertmanager that has an
/// address.
async fn heard(now: Timestamp) -> (TestServer, Alertmanager) {
    let server = TestServer::start(&now.to_string()).await;
    for (id, template, alert) in [("kfz", "kfz-outage", "Kfz*"), ("pay", "pay-outage", "PayDown")] {
        if id == "pay" {
            let notice = json!({"kind": "outage", "severity": "outage", "services": ["fundbuero"], "title": {"de": "Weg"}});
            let template = json!({"id": template, "name": {"de": "Fund"}, "notice": notice});
            asked(&server, Method::PUT, "/api/v1/catalogue/template/pay-outage", &template).await;
        }
        let rule =
            json!({"id": id, "name": {"de": id}, "matchers": [format!("alertname={alert}"), "source=prometheus"], "template": template});
        asked(&server, Method::PUT, &format!("/api/v1/catalogue/rule/{id}"), &rule).await;
    }
    let alertmanager = Alertmanager::telling("http://127.0.0.1:9/", "nobody").await;
    let source = json!({"id": "prometheus", "kind": "alertmanager", "address": alertmanager.address()});
    let made = asked(&server, Method::POST, "/api/v1/sources", &source).await;
    assert!(made["token"].is_string(), "{made}");
    (server, alertmanager)
}

#[tokio::test]
async fn an_alertmanager_is_silent_while_planned_work_runs() {
    let now = SystemClock.now().round(jiff::Unit::Second).unwrap();
    let (server, alertmanager) = heard(now).await;
    let after = |minutes: i64| now + SignedDuration::from_mins(minutes);
    let other = json!({"matchers": [{"name": "alertname", "value": "KfzSlow", "isRegex": false}], "startsAt": after(-1).to_string(),
        "endsAt": after(600).to_string(), "createdBy": "Nora Nacht", "comment": "2026-0001 kfz: by hand"});
    alertmanager.silence(&other).await;
    let work = json!({"kind": "maintenance", "severity": "outage", "services": ["kfz-zulassung"], "portals": [], "title": {"de": "Umbau"},
        "starts_at": after(60).to_string(), "ends_at": after(180).to_string(), "at_end": "confirm", "publish": true});
    let work = asked(&server, Method::POST, "/api/v1/notices", &work).await;
    let id = work["id"].as_str().unwrap();
    let said = async |from: i64, to: i64, state: &str| {
        let all = alertmanager.until("silences", |all| {
            // Somebody has to say that the work is done, so it ends with the half hour behind the announced end.
            let ends = (after(to).as_second().div_euclid(1_800) + 1) * 1_800;
            let is_so = |silence: &Value| {
                (instant(&silence["startsAt"]), instant(&silence["endsAt"]).as_second()) == (after(from), ends)
                    && silence["status"]["state"] == state
            };
            matches!(ours(all)[..], [only] if is_so(only))
        });
        ours(&all.await)[0].clone()
    };
    let silence = said(60, 180, "pending").await;
    let matcher = json!([{"name": "alertname", "value": "Kfz.*", "isRegex": true, "isEqual": true}]);
    assert_eq!(silence["matchers"], matcher, "the rule of another service is left out");
    assert!(
        silence["comment"]
            .as_str()
            .unwrap()
            .starts_with(&format!("{id} kfz prometheus: Umbau")),
        "{silence}"
    );
    // It is moved with it.
    asked(
        &server,
        Method::POST,
        &format!("/api/v1/notices/{id}/extend"),
        &json!({"ends_at": after(240).to_string()}),
    )
    .await;
    said(60, 240, "pending").await;
    // It begins with it, and what fires is not told.
    asked(&server, Method::POST, &format!("/api/v1/notices/{id}/start"), &json!({})).await;
    alertmanager
        .until(
            "silences",
            |all| matches!(ours(all)[..], [only] if only["status"]["state"] == "active"),
        )
        .await;
    for (alert, state) in [("KfzDown", "suppressed"), ("PayDown", "active")] {
        alertmanager.fire(alert).await;
        let is_so = |all: &[Value]| {
            all.iter()
                .any(|one| one["labels"]["alertname"] == alert && one["status"]["state"] == state)
        };
        alertmanager.until("alerts", is_so).await;
    }
    // Work that overruns goes on being one: as long as it does, its end is ahead.
    server.clock.set(&after(241).to_string());
    let is_ahead =
        |all: &[Value]| matches!(ours(all)[..], [only] if instant(&only["endsAt"]) > after(241) && instant(&only["endsAt"]) <= after(301));
    alertmanager.until("silences", is_ahead).await;
    // It is lifted with it.
    asked(&server, Method::POST, &format!("/api/v1/notices/{id}/complete"), &json!({})).await;
    let all = alertmanager.until("silences", |all| ours(all).is_empty()).await;
    let by_hand = |silence: &Value| silence["createdBy"] == "Nora Nacht" && silence["status"]["state"] == "active";
    assert!(all.iter().any(by_hand), "what somebody else has set stays: {all:?}");
    let is_told = |all: &[Value]| {
        all.iter()
            .any(|one| one["labels"]["alertname"] == "KfzDown" && one["status"]["state"] == "active")
    };
    alertmanager.until("alerts", is_told).await;
}

#[tokio::test]
async fn sources_behind_one_address_leave_one_another_alone_and_one_that_comes_again_is_told_again() {
    let now = SystemClock.now().round(jiff::Unit::Second).unwrap();
    let (server, alertmanager) = heard(now).await;
    let after = |minutes: i64| (now + SignedDuration::from_mins(minutes)).to_string();
    let source = |id: &str| json!({"id": id, "kind": "alertmanager", "address": alertmanager.address()});
    asked(&server, Method::POST, "/api/v1/sources", &source("other")).await;
    let rule = json!({"id": "own", "name": {"de": "Own"}, "matchers": ["alertname=OwnDown", "source=other"], "template": "kfz-outage"});
    asked(&server, Method::PUT, "/api/v1/catalogue/rule/own", &rule).await;
    let work = |from: i64, at_end: &str, severity: &str| {
        json!({"kind": "maintenance", "severity": severity, "services": ["kfz-zulassung"], "portals": [], "title": {"de": "Umbau"},
            "starts_at": after(from), "ends_at": after(from + 60), "at_end": at_end, "publish": true})
    };
    // What nobody feels explains nothing, and what is far ahead may still be moved.
    for (from, severity) in [(60, "information"), (60 * 24 * 9, "outage")] {
        asked(&server, Method::POST, "/api/v1/notices", &work(from, "complete", severity)).await;
    }
    asked(&server, Method::POST, "/api/v1/notices", &work(60, "complete", "outage")).await;
    let both = |all: &[Value]| {
        let mut about: Vec<&str> = ours(all)
            .iter()
            .map(|silence| silence["matchers"][0]["value"].as_str().unwrap())
            .collect();
        about.sort_unstable();
        about == ["Kfz.*", "OwnDown"]
            && ours(all)
                .iter()
                .all(|silence| instant(&silence["endsAt"]).to_string() == after(120))
    };
    let all = alertmanager.until("silences", both).await;
    // One is ended, and so is what was set for it, by hand; when it comes again it is told again.
    asked(&server, Method::POST, "/api/v1/sources/other/end", &Value::Null).await;
    let of_other = ours(&all)
        .into_iter()
        .find(|silence| silence["matchers"][0]["value"] == "OwnDown")
        .unwrap();
    alertmanager.end_silence(of_other["id"].as_str().unwrap()).await;
    alertmanager.until("silences", |all| ours(all).len() == 1).await;
    server.clock.set(&after(1));
    asked(&server, Method::POST, "/api/v1/sources", &source("other")).await;
    alertmanager.until("silences", both).await;
}

#[tokio::test]
async fn one_that_does_not_answer_is_told_later_and_staff_see_why() {
    let now = SystemClock.now();
    let server = TestServer::start(&now.to_string()).await;
    let port = free_port();
    let source = json!({"id": "prometheus", "kind": "alertmanager", "address": format!("http://127.0.0.1:{port}")});
    asked(&server, Method::POST, "/api/v1/sources", &source).await;
    let path = "/api/v1/sources";
    let until = async {
        loop {
            let all = asked(&server, Method::GET, path, &Value::Null).await;
            if let Some(failure) = all["sources"][0]["failure"].as_str() {
                break failure.to_owned();
            }
        }
    };
    let failure = tokio::time::timeout(super::support::listener::PATIENCE, until).await.unwrap();
    assert!(failure.starts_with("its silences: ") && failure.contains("refused"), "{failure}");
    // An address that is none, or goes not with the kind, is refused.
    for (kind, address, expected) in [
        ("alertmanager", "ftp://alerts.example", "/address"),
        ("grafana", "https://alerts.example", "/address"),
    ] {
        let body = json!({"id": "other", "kind": kind, "address": address});
        let answer = server.request(Role::Admin, Method::POST, path).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let told: Value = answer.json().await.unwrap();
        assert_eq!(told["errors"][0]["pointer"], expected, "{told}");
    }
}
