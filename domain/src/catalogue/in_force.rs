//! The catalogue in force, and what follows from it and is kept for speed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

use jiff::Timestamp;

use super::{
    dependencies::Dependents,
    event::Event,
    model::{Catalogue, Channel, Portal, Procedure, Service},
    part::PartKind,
};
use crate::{
    notice::content::Content,
    time::hours::Timetable,
    words::{ChannelId, PortalId, ProcedureId, ServiceId},
};

/// The catalogue in force. Copies share it.
#[derive(Clone, Debug, Default)]
pub struct InForce {
    catalogue: Arc<Catalogue>,
    index: Arc<Index>,
    /// The entry that holds it; 0: none.
    entry: u64,
    /// Where each part was changed last.
    revisions: Arc<Revisions>,
    /// Since when there is what is reported of.
    since: Arc<Since>,
}

/// When the record first knew of each portal and service.
#[derive(Clone, Debug, Default)]
struct Since {
    portals: BTreeMap<PortalId, Timestamp>,
    services: BTreeMap<ServiceId, Timestamp>,
}

/// The entry of the journal by which each part of a catalogue became what it is.
type Revisions = BTreeMap<PartKind, BTreeMap<String, u32>>;

/// What follows from the catalogue and is kept for speed.
#[derive(Debug, Default)]
struct Index {
    dependents: Dependents,
    portals: BTreeMap<PortalId, usize>,
    services: BTreeMap<ServiceId, usize>,
    channels: BTreeMap<ChannelId, usize>,
    procedures: BTreeMap<ProcedureId, usize>,
    portals_of_service: BTreeMap<ServiceId, Vec<PortalId>>,
    timetable: Timetable,
    offering: OnceLock<BTreeMap<ChannelId, BTreeSet<PortalId>>>,
}

impl Index {
    fn of(catalogue: &Catalogue) -> Self {
        let mut portals_of_service: BTreeMap<ServiceId, Vec<PortalId>> = BTreeMap::new();
        for portal in &catalogue.portals {
            for service in &portal.services {
                portals_of_service.entry(service.clone()).or_default().push(portal.id.clone());
            }
        }
        Self {
            dependents: Dependents::of(&catalogue.services),
            portals: catalogue.portals.iter().enumerate().map(|(i, x)| (x.id.clone(), i)).collect(),
            services: catalogue.services.iter().enumerate().map(|(i, x)| (x.id.clone(), i)).collect(),
            channels: catalogue.channels.iter().enumerate().map(|(i, x)| (x.id.clone(), i)).collect(),
            procedures: catalogue.procedures.iter().enumerate().map(|(i, x)| (x.id.clone(), i)).collect(),
            portals_of_service,
            timetable: Timetable::default(),
            offering: OnceLock::new(),
        }
    }
}

impl InForce {
    /// Takes note of what happened to the catalogue.
    pub(crate) fn apply(&mut self, event: &Event, seq: u64, at: Timestamp) {
        let Event::Applied { catalogue } = event;
        let mut since = self.since.as_ref().clone();
        for portal in &catalogue.portals {
            since.portals.entry(portal.id.clone()).or_insert(at);
        }
        for service in &catalogue.services {
            since.services.entry(service.id.clone()).or_insert(at);
        }
        *self = Self {
            revisions: Arc::new(self.revisions_with(catalogue, seq)),
            catalogue: Arc::new(catalogue.as_ref().clone()),
            index: Arc::new(Index::of(catalogue)),
            entry: seq,
            since: Arc::new(since),
        };
    }

    /// What is as it was keeps its revision; all else has the number of this entry.
    fn revisions_with(&self, next: &Catalogue, seq: u64) -> Revisions {
        let now = u32::try_from(seq).unwrap_or(u32::MAX);
        let revisions = |kind: PartKind| {
            let known: BTreeMap<&str, usize> = self
                .catalogue
                .ids(kind)
                .into_iter()
                .enumerate()
                .map(|(place, id)| (id, place))
                .collect();
            let ids = next.ids(kind).into_iter().enumerate();
            let revision = |(place, id): (usize, &str)| {
                let is_same = known
                    .get(id)
                    .is_some_and(|before| self.catalogue.is_same(next, kind, *before, place));
                let kept = is_same.then(|| self.revision(kind, id)).flatten();
                (id.to_owned(), kept.unwrap_or(now))
            };
            (kind, ids.map(revision).collect())
        };
        PartKind::ALL.into_iter().map(revisions).collect()
    }

    /// Since when there is a portal.
    pub(crate) fn portal_since(&self, portal: &PortalId) -> Option<Timestamp> {
        self.since.portals.get(portal).copied()
    }

    /// Since when there is a service.
    pub(crate) fn service_since(&self, service: &ServiceId) -> Option<Timestamp> {
        self.since.services.get(service).copied()
    }

    /// By which entry of the journal a part became what it is; `None`: there is no such part.
    pub fn revision(&self, kind: PartKind, id: &str) -> Option<u32> {
        self.revisions.get(&kind)?.get(id).copied()
    }

    /// The catalogue itself.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The entry that holds it; 0: none.
    pub(crate) const fn entry(&self) -> u64 {
        self.entry
    }

    /// One portal.
    pub fn portal(&self, id: &PortalId) -> Option<&Portal> {
        self.catalogue.portals.get(*self.index.portals.get(id)?)
    }

    pub(crate) fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.catalogue.services.get(*self.index.services.get(id)?)
    }

    pub(crate) fn channel(&self, id: &ChannelId) -> Option<&Channel> {
        self.catalogue.channels.get(*self.index.channels.get(id)?)
    }

    pub(crate) fn procedure(&self, id: &ProcedureId) -> Option<&Procedure> {
        self.catalogue.procedures.get(*self.index.procedures.get(id)?)
    }

    /// The portals that have a service.
    pub(crate) fn portals_with(&self, service: &ServiceId) -> &[PortalId] {
        self.index.portals_of_service.get(service).map(Vec::as_slice).unwrap_or_default()
    }

    /// The portals on which a notice may offer this channel without naming it: those that have a service with it, or one that needs such a service.
    pub fn portals_offering(&self, channel: &ChannelId) -> &BTreeSet<PortalId> {
        static NONE: BTreeSet<PortalId> = BTreeSet::new();
        self.offering().get(channel).unwrap_or(&NONE)
    }

    /// Whether a notice with this content offers a channel wherever it shows: by its author's choice, or with a service that it names, which a
    /// portal need not have.
    pub(crate) fn offers_by_itself(&self, content: &Content, channel: &ChannelId) -> bool {
        match &content.channels {
            Some(chosen) => chosen.contains(channel),
            None => {
                let mut named = content.services.iter().filter_map(|id| self.service(id));
                named.any(|service| service.channels.contains(channel))
            }
        }
    }

    /// All of them, worked out when somebody asks first: most catalogues are never asked.
    fn offering(&self) -> &BTreeMap<ChannelId, BTreeSet<PortalId>> {
        self.index.offering.get_or_init(|| {
            let mut offering: BTreeMap<ChannelId, BTreeSet<PortalId>> = BTreeMap::new();
            for service in self.catalogue.services.iter().filter(|service| !service.channels.is_empty()) {
                let feeling = self.index.dependents.of_service(&service.id);
                let portals: BTreeSet<_> = feeling.flat_map(|(service, _)| self.portals_with(service)).collect();
                for channel in &service.channels {
                    offering
                        .entry(channel.clone())
                        .or_default()
                        .extend(portals.iter().copied().cloned());
                }
            }
            offering
        })
    }

    /// Who feels whose trouble.
    pub(crate) fn dependents(&self) -> &Dependents {
        &self.index.dependents
    }

    /// Opening hours as they were read before.
    pub(crate) fn timetable(&self) -> &Timetable {
        &self.index.timetable
    }

    /// The portals on which a notice with this content shows.
    pub fn portals_of(&self, content: &Content) -> BTreeSet<PortalId> {
        let touched = content.services.iter().flat_map(|root| self.index.dependents.of_service(root));
        let through_services = touched
            .filter_map(|(service, _)| self.index.portals_of_service.get(service))
            .flatten();
        let named = content.portals.iter().filter(|id| self.index.portals.contains_key(*id));
        named.chain(through_services).cloned().collect()
    }

    /// The services that a notice with this content touches on a portal: those that it names, and those there that need one of them.
    pub fn services_of(&self, content: &Content, portal: &PortalId) -> BTreeSet<ServiceId> {
        let touched = content.services.iter().flat_map(|root| self.index.dependents.of_service(root));
        let is_there = |service: &ServiceId| {
            self.index
                .portals_of_service
                .get(service)
                .is_some_and(|portals| portals.contains(portal))
        };
        let there = touched.map(|(service, _)| service).filter(|service| is_there(service));
        content.services.iter().chain(there).cloned().collect()
    }
}
