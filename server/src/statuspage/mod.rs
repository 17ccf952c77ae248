//! What a portal shows, as those know it who read or hear Statuspage: its documents, version 2, and the incident in its webhooks. A reading of the
//! state like any other: nothing is stored for it.

mod incident;
mod plain;
mod reading;

use api::statuspage::{Components, Incident, Incidents, Maintenances, Status, Summary};
use domain::words::NoticeId;
use wire::{Kind, PublicState, Stage};

pub(crate) use self::{incident::incident, reading::Reading};

/// One of the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Summary,
    Status,
    Components,
    Incidents,
    Unresolved,
    Maintenances,
    Upcoming,
    Active,
}

/// One of the documents, as JSON.
pub(crate) fn document(reading: &Reading<'_>, which: Which) -> Vec<u8> {
    let page = reading.page();
    let written = match which {
        Which::Summary => serde_json::to_vec(&Summary {
            page,
            components: reading.components().to_vec(),
            incidents: running(reading, Kind::Outage, |_| true),
            scheduled_maintenances: running(reading, Kind::Maintenance, |_| true),
            status: reading.overall(),
        }),
        Which::Status => serde_json::to_vec(&Status {
            page,
            status: reading.overall(),
        }),
        Which::Components => serde_json::to_vec(&Components {
            page,
            components: reading.components().to_vec(),
        }),
        Which::Incidents => serde_json::to_vec(&Incidents {
            page,
            incidents: incidents(reading, &reading.latest()[0]),
        }),
        Which::Unresolved => serde_json::to_vec(&Incidents {
            page,
            incidents: running(reading, Kind::Outage, |_| true),
        }),
        Which::Maintenances => serde_json::to_vec(&Maintenances {
            page,
            scheduled_maintenances: incidents(reading, &reading.latest()[1]),
        }),
        Which::Upcoming => serde_json::to_vec(&Maintenances {
            page,
            scheduled_maintenances: running(reading, Kind::Maintenance, |stage| stage == Stage::Scheduled),
        }),
        Which::Active => serde_json::to_vec(&Maintenances {
            page,
            scheduled_maintenances: running(reading, Kind::Maintenance, |stage| stage != Stage::Scheduled),
        }),
    };
    // Strings, numbers and lists can always be written.
    written.unwrap_or_default()
}

/// What is not over, of a kind and in some stages.
fn running(reading: &Reading<'_>, kind: Kind, is_meant: impl Fn(Stage) -> bool) -> Vec<Incident> {
    let found = reading.all(|notice, stage| notice.content.kind == kind && !stage.is_final() && is_meant(stage));
    found.map(|found| incidents(reading, &found)).unwrap_or_default()
}

fn incidents(reading: &Reading<'_>, document: &PublicState) -> Vec<Incident> {
    let ids = document.notices.iter().filter_map(|notice| NoticeId::parse(&notice.id).ok());
    ids.filter_map(|id| incident(reading, &id, document)).collect()
}
