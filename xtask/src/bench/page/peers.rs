//! What else is measured on the same page: the status widget from npm with the same trouble to tell, and the least there can be.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::tools;

/// What the status widget says when some of the services are out; it shows nothing else of a notice.
pub(super) const TROUBLE: &str = "Partial System Outage";

/// The script of the status widget as its maker has built it.
pub(super) fn status_widget() -> PathBuf {
    tools::folder().join("node_modules/@statuspage/status-widget/dist/index.js")
}

/// The document that the status widget reads, for the state that the portal's own loader gets.
pub(super) fn summary(state: &Value, title: &str) -> Value {
    let at = state["generated_at"].clone();
    let affected: Vec<&Value> = state["notices"][0]["affected"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| &one["id"])
        .collect();
    let services = state["services"].as_array().into_iter().flatten().enumerate();
    let components: Vec<Value> = services
        .map(|(position, service)| {
            let status = if affected.contains(&&service["id"]) {
                "partial_outage"
            } else {
                "operational"
            };
            json!({
                "id": identifier(position), "name": service["name"]["de"], "status": status, "created_at": at, "updated_at": at,
                "position": position + 1, "description": null, "showcase": true, "start_date": null, "group_id": null,
                "page_id": "musterstadt0", "group": false, "only_show_if_degraded": false,
            })
        })
        .collect();
    let hit: Vec<&Value> = components.iter().filter(|component| component["status"] != "operational").collect();
    let changed: Vec<Value> = hit
        .iter()
        .map(|one| json!({"code": one["id"], "name": one["name"], "old_status": "operational", "new_status": one["status"]}))
        .collect();
    json!({
        "page": {"id": "musterstadt0", "name": "Musterstadt", "url": "https://status.musterstadt.example", "time_zone": "Europe/Berlin", "updated_at": at},
        "components": components,
        "incidents": [{
            "id": "stoerung0000", "name": title, "status": "identified", "created_at": at, "updated_at": at, "monitoring_at": null,
            "resolved_at": null, "impact": "major", "shortlink": "https://status.musterstadt.example/1", "started_at": at,
            "page_id": "musterstadt0", "components": hit,
            "incident_updates": [{
                "id": "aenderung000", "status": "identified", "incident_id": "stoerung0000", "created_at": at, "updated_at": at,
                "display_at": at, "affected_components": changed, "deliver_notifications": true, "custom_tweet": null, "tweet_id": null,
                "body": "Sie können sich seit heute Morgen nicht anmelden. Angefangene Anträge lassen sich deshalb nicht öffnen.",
            }],
        }],
        "scheduled_maintenances": [],
        "status": {"indicator": "major", "description": TROUBLE},
    })
}

/// The one small document of the floor.
pub(super) fn floor(title: &str) -> Value {
    json!({"title": title, "text": "Sie können sich seit heute Morgen nicht anmelden."})
}

/// Twelve characters, as that service has them.
fn identifier(position: usize) -> String {
    format!("dienst{position:06}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_tells_of_the_same_trouble() {
        let state = json!({
            "generated_at": "2026-05-04T09:12:00+02:00",
            "services": [{"id": "a", "name": {"de": "Dienst A"}}, {"id": "b", "name": {"de": "Dienst B"}}],
            "notices": [{"affected": [{"id": "b"}]}],
        });
        let summary = summary(&state, "B ist gestört");
        assert_eq!(summary["components"][0]["status"], "operational");
        assert_eq!(summary["components"][1]["status"], "partial_outage");
        assert_eq!(summary["incidents"][0]["name"], "B ist gestört");
        assert_eq!(summary["incidents"][0]["components"][0]["name"], "Dienst B");
        assert_eq!(summary["status"]["description"], TROUBLE);
    }
}
