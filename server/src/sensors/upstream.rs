//! A status page of somebody else, with documents in the shape of Statuspage's API, version 2.
//!
//! A component that does not work is an alert, and so is an incident that is open. What is planned there is none: it is told here by hand, by whoever
//! plans around it.

use domain::{catalogue::Labels, watch::Report, words::Fault};
use jiff::Timestamp;
use serde::Deserialize;

use super::reading::no_message;

/// What is read of a page: its components and what is open.
const DOCUMENT: &str = "/api/v2/summary.json";

#[derive(Deserialize)]
struct Summary {
    components: Vec<Component>,
    #[serde(default)]
    incidents: Vec<Incident>,
}

#[derive(Deserialize)]
struct Component {
    id: String,
    name: String,
    status: String,
}

#[derive(Deserialize)]
struct Incident {
    id: String,
    name: String,
    #[serde(default)]
    impact: String,
    #[serde(default)]
    started_at: Option<String>,
}

/// Where the document of a page is.
pub(super) fn document(address: &str) -> String {
    let page = address.trim_end_matches('/');
    if page.ends_with(".json") {
        page.to_owned()
    } else {
        format!("{page}{DOCUMENT}")
    }
}

pub(super) fn read(body: &[u8]) -> Result<Vec<Report>, Fault> {
    let summary: Summary = serde_json::from_slice(body).map_err(|error| no_message(&error))?;
    let is_broken = |component: &Component| !matches!(component.status.as_str(), "operational" | "under_maintenance");
    let components = summary.components.into_iter().filter(is_broken);
    Ok(components
        .map(component)
        .chain(summary.incidents.into_iter().map(incident))
        .collect())
}

/// Worse or better, it is another alert: a rule may be about one of them.
fn component(Component { id, name, status }: Component) -> Report {
    Report {
        identity: format!("component {id} {status}"),
        labels: labels([("component", name), ("status", status)]),
        fires: true,
        began_at: None,
    }
}

fn incident(incident: Incident) -> Report {
    let Incident {
        id,
        name,
        impact,
        started_at,
    } = incident;
    Report {
        identity: format!("incident {id} {impact}"),
        labels: labels([("incident", name), ("impact", impact)]),
        fires: true,
        began_at: started_at.and_then(|text| text.parse::<Timestamp>().ok()),
    }
}

fn labels(pairs: [(&str, String); 2]) -> Labels {
    pairs.map(|(name, value)| (name.to_owned(), value)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_work_there_is_an_alert() {
        let body = r#"{"page": {"id": "p"}, "status": {"indicator": "major"},
            "components": [
                {"id": "c1", "name": "BundID", "status": "major_outage", "group": false, "of_a_later_release": 1},
                {"id": "c2", "name": "Postfach", "status": "operational"},
                {"id": "c3", "name": "Konto", "status": "under_maintenance"}
            ],
            "incidents": [{"id": "i1", "name": "Anmeldung gest\u00f6rt", "impact": "major", "started_at": "2026-03-03T08:10:00.000Z", "incident_updates": []}],
            "scheduled_maintenances": [{"id": "m1"}]}"#;
        let told: Vec<_> = read(body.as_bytes())
            .unwrap()
            .into_iter()
            .map(|report| (report.identity, report.labels))
            .collect();
        let expected = [
            ("component c1 major_outage", [("component", "BundID"), ("status", "major_outage")]),
            ("incident i1 major", [("incident", "Anmeldung gest\u{f6}rt"), ("impact", "major")]),
        ];
        let expected = expected.map(|(identity, pairs)| (identity.to_owned(), labels(pairs.map(|(name, value)| (name, value.to_owned())))));
        assert_eq!(told, expected);
        assert!(read(b"<html>").is_err());
    }

    #[test]
    fn the_document_of_a_page_is_found() {
        for (address, expected) in [
            ("https://status.example", "https://status.example/api/v2/summary.json"),
            ("https://status.example/", "https://status.example/api/v2/summary.json"),
            ("https://a.example/p/town", "https://a.example/p/town/api/v2/summary.json"),
            ("https://a.example/summary.json", "https://a.example/summary.json"),
        ] {
            assert_eq!(document(address), expected);
        }
    }
}
