//! Where something belongs here.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    catalogue::Service,
    notice::{Content, Imported, Origin, Told},
    text::{Language, Localized},
    words::{PortalId, ServiceId},
};
use wire::{AtEnd, Entries, Kind};

use crate::found::{Batch, Found};

/// The portal that goes on telling it, and how its services are called elsewhere.
#[derive(Clone, Debug)]
pub struct Here {
    portal: PortalId,
    /// In which it was told.
    language: Language,
    services: BTreeMap<String, ServiceId>,
}

/// Something as it belongs here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub notice: Imported,
    /// What it touched and nothing here is called.
    pub unknown: BTreeSet<String>,
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

impl Here {
    /// A portal; its services are known by their ids and by their names in every language.
    pub fn new<'a>(portal: PortalId, language: Language, services: impl Iterator<Item = &'a Service>) -> Self {
        let mut known = BTreeMap::new();
        for service in services {
            for (_, name) in service.name.iter() {
                known.insert(folded(name), service.id.clone());
            }
            known.insert(folded(service.id.as_str()), service.id.clone());
        }
        Self {
            portal,
            language,
            services: known,
        }
    }

    /// Says what a service is called elsewhere.
    #[must_use]
    pub fn with(mut self, theirs: &str, ours: ServiceId) -> Self {
        self.services.insert(folded(theirs), ours);
        self
    }

    /// The service that is called so elsewhere.
    pub fn service(&self, theirs: &str) -> Option<&ServiceId> {
        self.services.get(&folded(theirs))
    }

    /// In which it was told.
    pub const fn language(&self) -> &Language {
        &self.language
    }

    /// The tool, and which page of it; where that does not tell, it is the one from which this portal has what was.
    fn source(&self, Batch { tool, page, .. }: &Batch) -> String {
        let page = page.as_deref().unwrap_or(self.portal.as_str());
        format!("{tool} {page}")
    }

    /// What is over, as a notice of this portal: about the services that are known here, else about the portal as a whole. `None`: it is not over.
    pub fn place(&self, batch: &Batch, found: Found) -> Option<Placed> {
        let ended_at = found.ended_at?;
        let mut services: Vec<ServiceId> = Vec::new();
        let mut unknown = BTreeSet::new();
        for names in &found.components {
            match names.iter().find_map(|name| self.services.get(&folded(name))) {
                Some(service) if services.contains(service) => {}
                Some(service) => services.push(service.clone()),
                None => unknown.extend(names.last().cloned()),
            }
        }
        // Where nobody has kept until when it was planned, its end is all that is known.
        let planned_until = found.planned_until.or(Some(ended_at).filter(|end| *end > found.starts_at));
        let planned_until = planned_until.filter(|_| found.kind == Kind::Maintenance);
        let told = |text: &str| match text {
            "" => Localized::default(),
            text => Localized::default().with(self.language.clone(), text),
        };
        let content = Content {
            kind: found.kind,
            severity: found.severity,
            portals: if services.is_empty() {
                vec![self.portal.clone()]
            } else {
                Vec::new()
            },
            services,
            title: told(&found.title),
            impact: Localized::default(),
            guidance: Localized::default(),
            still_works: Localized::default(),
            entries: Entries::Unknown,
            entries_until: None,
            applications: Localized::default(),
            deadline_note: Localized::default(),
            deadline_source: None,
            video: None,
            // Whom people could turn to then, nobody here knows.
            channels: Some(Vec::new()),
            procedures: Some(Vec::new()),
            starts_at: Some(found.starts_at),
            ends_at: planned_until,
            end_certainty: None,
            next_update_at: None,
            announce_from: None,
            at_end: AtEnd::Confirm,
            rollback_minutes: None,
        };
        let updates = found.updates.iter().map(|update| Told {
            at: update.at,
            stage: update.stage,
            text: told(&update.text),
        });
        let notice = Imported {
            origin: Origin {
                source: self.source(batch),
                id: found.id,
            },
            content,
            stage: Found::end(found.kind),
            published_at: found.published_at,
            updated_at: found.updated_at,
            ended_at,
            updates: updates.collect(),
        };
        Some(Placed { notice, unknown })
    }
}
