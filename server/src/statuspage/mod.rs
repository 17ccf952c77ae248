//! What a portal shows, as those know it who read or hear Statuspage: its documents, version 2, and the incident in its webhooks. A reading of the
//! state like any other: nothing is stored for it.

mod incident;
mod plain;

use std::{cell::OnceCell, collections::BTreeMap};

use api::statuspage::{
    Component, ComponentStatus, Components, Incident, Incidents, Indicator, Maintenances, Overall, Page, Status, Summary, instant,
};
use domain::{
    catalogue::Portal,
    project::{project, project_latest},
    state::State,
    text::Language,
    words::{NoticeId, PortalId, ServiceId},
};
use jiff::Timestamp;
use view::Messages;
use wire::{Kind, PublicState, Stage, Untold};

use crate::assets;

/// How many incidents, and how many maintenances, a document has at most.
const LATEST: usize = 50;

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

/// A portal at an instant, in one language.
pub(crate) struct Reading<'a> {
    state: &'a State,
    portal: &'a Portal,
    now: Timestamp,
    /// The address of this server, without a slash at the end.
    origin: &'a str,
    language: Language,
    /// Words for what nobody has written.
    words: Messages,
    shown: Untold,
    latest: OnceCell<[Untold; 2]>,
    components: OnceCell<Vec<Component>>,
}

impl<'a> Reading<'a> {
    /// `None`: there is no such portal. A language that it has not is its default.
    pub(crate) fn new(state: &'a State, portal: &PortalId, language: &str, origin: &'a str, now: Timestamp) -> Option<Self> {
        let shown = project(state, portal, now)?;
        let portal = state.portal(portal)?;
        let spoken = portal.languages.iter().find(|known| known.as_str() == language);
        let language = spoken.or(portal.languages.first())?.clone();
        Some(Self {
            state,
            portal,
            now,
            origin,
            words: assets::messages(language.as_str()),
            language,
            shown,
            latest: OnceCell::new(),
            components: OnceCell::new(),
        })
    }

    /// One of the documents, as JSON.
    pub(crate) fn document(&self, which: Which) -> Vec<u8> {
        let page = self.page();
        let written = match which {
            Which::Summary => serde_json::to_vec(&Summary {
                page,
                components: self.components().to_vec(),
                incidents: self.running(Kind::Outage, |_| true),
                scheduled_maintenances: self.running(Kind::Maintenance, |_| true),
                status: self.overall(),
            }),
            Which::Status => serde_json::to_vec(&Status {
                page,
                status: self.overall(),
            }),
            Which::Components => serde_json::to_vec(&Components {
                page,
                components: self.components().to_vec(),
            }),
            Which::Incidents => serde_json::to_vec(&Incidents {
                page,
                incidents: self.incidents(&self.latest()[0]),
            }),
            Which::Unresolved => serde_json::to_vec(&Incidents {
                page,
                incidents: self.running(Kind::Outage, |_| true),
            }),
            Which::Maintenances => serde_json::to_vec(&Maintenances {
                page,
                scheduled_maintenances: self.incidents(&self.latest()[1]),
            }),
            Which::Upcoming => serde_json::to_vec(&Maintenances {
                page,
                scheduled_maintenances: self.running(Kind::Maintenance, |stage| stage == Stage::Scheduled),
            }),
            Which::Active => serde_json::to_vec(&Maintenances {
                page,
                scheduled_maintenances: self.running(Kind::Maintenance, |stage| stage != Stage::Scheduled),
            }),
        };
        // Strings, numbers and lists can always be written.
        written.unwrap_or_default()
    }

    /// The notice with this id, as the portal shows it in `shown`; `None`: it does not.
    pub(crate) fn incident(&self, id: &NoticeId, shown: &PublicState) -> Option<Incident> {
        let shown = shown.notices.iter().find(|notice| notice.id == id.as_str())?;
        Some(incident::incident(self, self.state.notice(id)?, shown))
    }

    /// How the portal as a whole does.
    pub(crate) fn overall(&self) -> Overall {
        let (indicator, description) = overall(self.shown.status);
        Overall {
            indicator,
            description: description.to_owned(),
        }
    }

    /// The portal.
    pub(crate) fn page(&self) -> Page {
        Page {
            id: self.portal.id.to_string(),
            name: self.portal.name.get_or_any(&self.language).to_owned(),
            url: format!("{}/p/{}/", self.origin, self.portal.id),
            time_zone: self.portal.time_zone.clone(),
            updated_at: self.shown.generated_at.parse().map_or_else(|_| self.since(), instant),
        }
    }

    /// What is not over, of a kind and in some stages.
    fn running(&self, kind: Kind, is_meant: impl Fn(Stage) -> bool) -> Vec<Incident> {
        let found = project_latest(self.state, &self.portal.id, self.now, usize::MAX, |notice, stage| {
            notice.content.kind == kind && !stage.is_final() && is_meant(stage)
        });
        found.map(|found| self.incidents(&found)).unwrap_or_default()
    }

    fn incidents(&self, document: &PublicState) -> Vec<Incident> {
        let ids = document.notices.iter().filter_map(|notice| NoticeId::parse(&notice.id).ok());
        ids.filter_map(|id| self.incident(&id, document)).collect()
    }

    /// Its latest outages and maintenances.
    fn latest(&self) -> &[Untold; 2] {
        let latest = |kind| {
            let found = project_latest(self.state, &self.portal.id, self.now, LATEST, |notice, _| {
                notice.content.kind == kind
            });
            // There is such a portal.
            found.unwrap_or_else(|| self.shown.clone())
        };
        self.latest.get_or_init(|| [latest(Kind::Outage), latest(Kind::Maintenance)])
    }

    /// The portal's services, in its order.
    fn components(&self) -> &[Component] {
        self.components.get_or_init(|| self.all_components())
    }

    fn all_components(&self) -> Vec<Component> {
        let changed = self.changed();
        let since = self.since();
        let services = self.portal.services.iter().enumerate();
        let component = |(place, id): (usize, &ServiceId)| Component {
            id: id.to_string(),
            name: self.service_name(id.as_str()),
            status: self
                .shown
                .services
                .iter()
                .find(|service| service.id == id.as_str())
                .map_or(ComponentStatus::Operational, |service| component_status(service.status)),
            created_at: since.clone(),
            updated_at: changed.get(id.as_str()).map_or_else(|| since.clone(), |at| instant(*at)),
            position: place + 1,
            description: None,
            showcase: true,
            start_date: None,
            group_id: None,
            page_id: self.portal.id.to_string(),
            group: false,
            only_show_if_degraded: false,
        };
        services.map(component).collect()
    }

    /// When each service last began or ceased to be touched by something, or what touches it was changed.
    fn changed(&self) -> BTreeMap<&str, Timestamp> {
        let mut changed = BTreeMap::new();
        for shown in self.latest().iter().flat_map(|document| &document.notices) {
            let Some(notice) = NoticeId::parse(&shown.id).ok().and_then(|id| self.state.notice(&id)) else {
                continue;
            };
            let instants = [Some(notice.starts_at()), notice.ended_at(self.now), Some(notice.updated_at)];
            let Some(last) = instants.into_iter().flatten().filter(|at| *at <= self.now).max() else {
                continue;
            };
            for affected in &shown.affected {
                let known = changed.entry(affected.id.as_str()).or_insert(last);
                *known = last.max(*known);
            }
        }
        changed
    }

    /// Since when there is a record: nobody has written down when a service came to be.
    fn since(&self) -> String {
        instant(self.state.first_at().unwrap_or(Timestamp::UNIX_EPOCH))
    }

    fn service_name(&self, id: &str) -> String {
        let known = self.state.catalogue().services.iter().find(|service| service.id.as_str() == id);
        known.map_or_else(|| id.to_owned(), |service| service.name.get_or_any(&self.language).to_owned())
    }
}

/// Clients compare with these words.
const fn overall(status: wire::Status) -> (Indicator, &'static str) {
    match status {
        wire::Status::Operational | wire::Status::Information => (Indicator::None, "All Systems Operational"),
        wire::Status::Maintenance => (Indicator::Maintenance, "Service Under Maintenance"),
        wire::Status::Degraded => (Indicator::Minor, "Minor Service Outage"),
        wire::Status::PartialOutage => (Indicator::Major, "Partial System Outage"),
        wire::Status::Outage => (Indicator::Critical, "Major Service Outage"),
    }
}

const fn component_status(status: wire::Status) -> ComponentStatus {
    match status {
        wire::Status::Operational | wire::Status::Information => ComponentStatus::Operational,
        wire::Status::Maintenance => ComponentStatus::UnderMaintenance,
        wire::Status::Degraded => ComponentStatus::DegradedPerformance,
        wire::Status::PartialOutage => ComponentStatus::PartialOutage,
        wire::Status::Outage => ComponentStatus::MajorOutage,
    }
}
