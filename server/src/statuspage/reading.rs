//! A portal at an instant, in one language: itself, its services, and what it showed last.

use std::{cell::OnceCell, collections::BTreeMap};

use api::statuspage::{Component, ComponentStatus, Indicator, Overall, Page, instant};
use domain::{
    catalogue::Portal,
    notice::Notice,
    project::{project, project_latest},
    state::State,
    text::Language,
    words::{NoticeId, PortalId, ServiceId},
};
use jiff::Timestamp;
use view::Messages;
use wire::{Kind, Stage, Untold};

use crate::{assets, turned::turned_at};

/// How many incidents, and how many maintenances, a document has at most.
const LATEST: usize = 50;

/// A portal at an instant, in one language.
pub(crate) struct Reading<'a> {
    pub(super) state: &'a State,
    pub(super) portal: &'a Portal,
    pub(super) now: Timestamp,
    /// The address of this server, without a slash at the end.
    pub(super) origin: &'a str,
    pub(super) language: Language,
    /// Words for what nobody has written.
    pub(super) words: Messages,
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

    /// All that is wanted of what it shows or showed, in the stage in which it is now.
    pub(super) fn all(&self, is_wanted: impl Fn(&Notice, Stage) -> bool) -> Option<Untold> {
        project_latest(self.state, &self.portal.id, self.now, usize::MAX, is_wanted)
    }

    /// Its latest outages and maintenances.
    pub(super) fn latest(&self) -> &[Untold; 2] {
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
    pub(super) fn components(&self) -> &[Component] {
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
            let last = turned_at(notice, self.now);
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

pub(super) const fn component_status(status: wire::Status) -> ComponentStatus {
    match status {
        wire::Status::Operational | wire::Status::Information => ComponentStatus::Operational,
        wire::Status::Maintenance => ComponentStatus::UnderMaintenance,
        wire::Status::Degraded => ComponentStatus::DegradedPerformance,
        wire::Status::PartialOutage => ComponentStatus::PartialOutage,
        wire::Status::Outage => ComponentStatus::MajorOutage,
    }
}
