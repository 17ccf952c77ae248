//! The webhook of Prometheus' Alertmanager, version 4, which Grafana's alerting speaks as well.
//!
//! A group has alerts that fire and such that do not. The `endsAt` of one that fires is a guess, and is not read.

use domain::{catalogue::Labels, watch::Report, words::Fault};
use jiff::Timestamp;
use serde::Deserialize;

use super::reading::{by_labels, no_message};

#[derive(Deserialize)]
struct Message {
    alerts: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    status: Status,
    #[serde(default)]
    labels: Labels,
    #[serde(default, rename = "startsAt")]
    starts_at: Option<String>,
    #[serde(default)]
    fingerprint: Option<String>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Status {
    Firing,
    Resolved,
}

pub(super) fn read(body: &[u8]) -> Result<Vec<Report>, Fault> {
    let message: Message = serde_json::from_slice(body).map_err(|error| no_message(&error))?;
    Ok(message.alerts.into_iter().map(report).collect())
}

fn report(item: Item) -> Report {
    let known = item.fingerprint.filter(|fingerprint| !fingerprint.is_empty());
    Report {
        identity: known.unwrap_or_else(|| by_labels(&item.labels)),
        labels: item.labels,
        fires: item.status == Status::Firing,
        began_at: item.starts_at.and_then(|text| text.parse::<Timestamp>().ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: &str = r#"{
        "receiver": "umleitung", "status": "firing", "version": "4", "groupKey": "{}:{}", "truncatedAlerts": 0,
        "notification_reason": "a field of a later release", "routeLabels": {},
        "groupLabels": {}, "commonLabels": {"job": "kfz"}, "commonAnnotations": {}, "externalURL": "http://am.example",
        "alerts": [
            {"status": "firing", "labels": {"alertname": "Down", "job": "kfz"}, "annotations": {"summary": "weg"},
             "startsAt": "2026-03-03T08:10:00.123Z", "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "", "fingerprint": "3f1c"},
            {"status": "resolved", "labels": {"alertname": "Slow", "job": "kfz"}, "annotations": {},
             "startsAt": "2026-03-03T08:00:00Z", "endsAt": "2026-03-03T08:05:00Z", "fingerprint": "77aa"}
        ]}"#;

    #[test]
    fn a_group_has_what_fires_and_what_does_not() {
        let read = read(GROUP.as_bytes()).unwrap();
        let told: Vec<_> = read.iter().map(|report| (report.identity.as_str(), report.fires)).collect();
        assert_eq!(told, [("3f1c", true), ("77aa", false)]);
        assert_eq!(read[0].began_at, Some("2026-03-03T08:10:00.123Z".parse().unwrap()));
        assert_eq!(read[0].labels["job"], "kfz");
    }

    #[test]
    fn without_a_fingerprint_the_labels_are_what_it_is_known_by() {
        let one = |labels: &str| {
            let read = read(format!(r#"{{"alerts": [{{"status": "firing", "labels": {labels}}}]}}"#).as_bytes());
            read.unwrap().remove(0).identity
        };
        assert_eq!(one(r#"{"a": "1", "b": "2"}"#), one(r#"{"b": "2", "a": "1"}"#));
        assert_ne!(one(r#"{"a": "1,b=2"}"#), one(r#"{"a": "1", "b": "2"}"#));
    }

    #[test]
    fn what_is_no_group_is_said_to_be_none() {
        for body in [
            "",
            "[]",
            "{}",
            r#"{"alerts": [{"status": "sung"}]}"#,
            r#"{"alerts": [{"labels": {"a": 1}, "status": "firing"}]}"#,
        ] {
            assert!(read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
