//! Documents of the API of Statuspage, version 2. Unknown fields are accepted: there are many servers of that shape.

use jiff::Timestamp;
use serde::Deserialize;
use tag::plain;
use wire::{Kind, Severity, Stage};

use crate::{
    found::{Batch, Found, Left, Told},
    json::from_json,
};

#[derive(Deserialize)]
struct Document {
    page: Page,
    #[serde(default)]
    incidents: Vec<serde_json::Value>,
    #[serde(default)]
    scheduled_maintenances: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Page {
    id: String,
}

#[derive(Deserialize)]
struct Incident {
    id: String,
    name: String,
    status: String,
    #[serde(default)]
    impact: Option<String>,
    created_at: Timestamp,
    #[serde(default)]
    updated_at: Option<Timestamp>,
    #[serde(default)]
    started_at: Option<Timestamp>,
    #[serde(default)]
    resolved_at: Option<Timestamp>,
    #[serde(default)]
    scheduled_for: Option<Timestamp>,
    #[serde(default)]
    scheduled_until: Option<Timestamp>,
    #[serde(default)]
    incident_updates: Vec<Update>,
    #[serde(default)]
    components: Option<Vec<Component>>,
}

#[derive(Deserialize)]
struct Update {
    status: String,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    display_at: Option<Timestamp>,
    created_at: Timestamp,
}

#[derive(Deserialize)]
struct Component {
    id: String,
    name: String,
}

pub(crate) fn read(bytes: &[u8]) -> Result<Batch, String> {
    let document: Document = from_json(bytes, "document of Statuspage's API (version 2)")?;
    let mut batch = Batch {
        tool: "statuspage",
        page: Some(document.page.id),
        ..Batch::default()
    };
    for written in document.incidents.into_iter().chain(document.scheduled_maintenances) {
        let id = written["id"].as_str().unwrap_or("one without an id").to_owned();
        match serde_json::from_value::<Incident>(written) {
            Ok(incident) => batch.found.push(found(incident)),
            Err(error) => batch.left.push(Left::new(id, format!("cannot be read: {error}"))),
        }
    }
    Ok(batch)
}

fn found(incident: Incident) -> Found {
    let kind = if incident.scheduled_for.is_some() {
        Kind::Maintenance
    } else {
        Kind::Outage
    };
    let over = matches!(incident.status.as_str(), "resolved" | "postmortem" | "completed");
    let updates: Vec<Told> = incident.incident_updates.into_iter().map(|update| told(kind, update)).collect();
    // A maintenance is resolved nowhere; it is over with the update that says so.
    let said = Found::end_told(kind, &updates);
    let updated_at = incident.updated_at.unwrap_or(incident.created_at);
    Found {
        id: incident.id,
        title: incident.name.split_whitespace().collect::<Vec<_>>().join(" "),
        kind,
        severity: severity(incident.impact.as_deref()),
        components: incident
            .components
            .unwrap_or_default()
            .into_iter()
            .map(|component| vec![component.id, component.name])
            .collect(),
        starts_at: incident.scheduled_for.or(incident.started_at).unwrap_or(incident.created_at),
        planned_until: incident.scheduled_until,
        published_at: incident.created_at,
        updated_at,
        ended_at: over.then(|| incident.resolved_at.or(said).unwrap_or(updated_at)),
        updates,
    }
    .in_order()
}

fn told(kind: Kind, update: Update) -> Told {
    let stage = match (kind, update.status.as_str()) {
        (Kind::Outage, "investigating") => Some(Stage::Investigating),
        (Kind::Outage, "identified") => Some(Stage::Identified),
        (Kind::Outage, "monitoring") => Some(Stage::Monitoring),
        (Kind::Outage, "resolved") => Some(Stage::Resolved),
        (Kind::Maintenance, "scheduled") => Some(Stage::Scheduled),
        (Kind::Maintenance, "in_progress" | "verifying") => Some(Stage::InProgress),
        (Kind::Maintenance, "completed") => Some(Stage::Completed),
        // What is said afterwards changes nothing about how it ended.
        _ => None,
    };
    let at = update.display_at.unwrap_or(update.created_at);
    Told::new(at, stage, plain(&update.body.unwrap_or_default()))
}

/// How grave it was; a maintenance is not graded there.
fn severity(impact: Option<&str>) -> Severity {
    match impact {
        Some("critical") => Severity::Outage,
        Some("major") => Severity::PartialOutage,
        Some("none") => Severity::Information,
        _ => Severity::Degraded,
    }
}
