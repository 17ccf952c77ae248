//! The webhook of Uptime Kuma, in JSON. It names no event: an alert is a monitor that is down. Tests and messages about certificates have
//! neither heartbeat nor monitor.

use domain::{catalogue::Labels, watch::Report, words::Fault};
use jiff::{civil::DateTime, tz::TimeZone};
use serde::Deserialize;
use serde_json::Value;

use super::reading::no_message;

#[derive(Deserialize)]
struct Message {
    heartbeat: Option<Heartbeat>,
    monitor: Option<Monitor>,
}

#[derive(Deserialize)]
struct Heartbeat {
    #[serde(rename = "monitorID")]
    monitor: i64,
    status: u8,
    #[serde(default)]
    time: Option<String>,
}

#[derive(Default, Deserialize)]
struct Monitor {
    #[serde(default)]
    name: String,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
struct Tag {
    name: String,
    #[serde(default)]
    value: Value,
}

const DOWN: u8 = 0;

/// It is not known yet; what was known stands.
const PENDING: u8 = 2;

pub(super) fn read(body: &[u8]) -> Result<Vec<Report>, Fault> {
    let message: Message = serde_json::from_slice(body).map_err(|error| no_message(&error))?;
    let Some(heartbeat) = message.heartbeat.filter(|heartbeat| heartbeat.status != PENDING) else {
        return Ok(Vec::new());
    };
    let monitor = message.monitor.unwrap_or_default();
    let id = heartbeat.monitor.to_string();
    let mut labels: Labels = monitor.tags.into_iter().map(tag).collect();
    let own = [("monitor", monitor.name), ("monitor_id", id.clone()), ("type", monitor.kind)];
    labels.extend(own.map(|(name, value)| (name.to_owned(), value)));
    Ok(vec![Report {
        identity: id,
        labels,
        // Maintenance there is planned, and what is planned fires no alert.
        fires: heartbeat.status == DOWN,
        began_at: heartbeat.time.as_deref().and_then(instant),
    }])
}

/// A tag as a label, whose name has letters, digits and underscores only.
fn tag(tag: Tag) -> (String, String) {
    let name = tag.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let value = match tag.value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    };
    (name, value)
}

/// `2026-03-03 08:10:00.123` is in UTC, without a mark.
fn instant(text: &str) -> Option<jiff::Timestamp> {
    let local: DateTime = text.parse().ok()?;
    Some(TimeZone::UTC.to_ambiguous_zoned(local).compatible().ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(status: u8) -> String {
        format!(
            r#"{{"heartbeat": {{"monitorID": 7, "status": {status}, "time": "2026-03-03 08:10:00.123", "msg": "timeout", "important": true, "duration": 60}},
                "monitor": {{"id": 7, "name": "Kfz-Zulassung", "type": "http", "url": "https://kfz.example", "tags": [{{"tag_id": 1, "name": "Team A", "value": "kfz", "color": "red"}}]}},
                "msg": "[Kfz-Zulassung] [Down] timeout"}}"#
        )
    }

    #[test]
    fn a_monitor_that_is_down_is_an_alert() {
        let read_one = |status| read(message(status).as_bytes()).unwrap();
        assert_eq!([0, 1, 3].map(|status| read_one(status)[0].fires), [true, false, false]);
        assert_eq!(read_one(2), Vec::new(), "nobody knows yet");
        let down = read_one(0).remove(0);
        assert_eq!(down.identity, "7");
        assert_eq!(down.began_at, Some("2026-03-03T08:10:00.123Z".parse().unwrap()));
        let labels: Vec<_> = down.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(labels, ["Team_A=kfz", "monitor=Kfz-Zulassung", "monitor_id=7", "type=http"]);
    }

    #[test]
    fn a_test_says_nothing() {
        let test = r#"{"heartbeat": null, "monitor": null, "msg": "Umleitung Testing"}"#;
        assert_eq!(read(test.as_bytes()).unwrap(), Vec::new());
        assert!(read(b"msg=1").is_err());
    }
}
