//! A freeze: when it is, for whom, and what it takes to work nevertheless.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    access::{Grants, Role, Where},
    catalogue::InForce,
    notice::Author,
    schedule::{Recurrence, Span},
    words::{FreezeId, NoticeId, PortalId, ServiceId},
};

/// What it takes to plan work in this time nevertheless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing; whoever plans is told of it.
    Hint,
    /// A reason, which is recorded.
    Reason,
    /// The yes of a second person.
    SecondPerson,
}

/// When it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Again and again, such as from Friday at noon to Monday morning.
    Recurring(Box<Recurrence>),
    /// At these times, such as the days before a deadline.
    Spans(Vec<Span>),
}

/// What somebody lays down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// What it is called among staff, and why it is: `Abgabefrist der Grundsteuer`.
    pub name: String,
    pub level: Level,
    /// For work that shows on these portals; with `services` empty as well: for all work.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub portals: BTreeSet<PortalId>,
    /// For work on these services, and on what they need.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub services: BTreeSet<ServiceId>,
    pub when: When,
}

impl Terms {
    /// Whether it is for work that touches these services and shows on these portals.
    pub fn concern(&self, services: &BTreeSet<ServiceId>, portals: &BTreeSet<PortalId>) -> bool {
        self.are_for_all() || !self.services.is_disjoint(services) || !self.portals.is_disjoint(portals)
    }

    /// Whether it is for all work, on whichever portal.
    pub fn are_for_all(&self) -> bool {
        self.services.is_empty() && self.portals.is_empty()
    }

    /// The portals on which work shows for which it is; none: for all work, which is the whole server's.
    pub(crate) fn portals_in(&self, catalogue: &InForce) -> BTreeSet<PortalId> {
        let feeling = self.services.iter().flat_map(|service| catalogue.dependents().of_service(service));
        let of_services = feeling.flat_map(|(service, _)| catalogue.portals_with(service));
        let named = self.portals.iter().filter(|portal| catalogue.portal(portal).is_some());
        named.chain(of_services).cloned().collect()
    }

    /// When it is, as far as it overlaps this time, in the order in which it begins.
    pub fn within(&self, span: Span) -> Vec<Span> {
        let mut found: Vec<Span> = match &self.when {
            When::Spans(spans) => spans.clone(),
            When::Recurring(recurrence) => {
                let occurrences = recurrence.open_at(span.from, span.to).into_iter();
                occurrences
                    .map(|one| Span {
                        from: one.starts_at,
                        to: one.ends_at,
                    })
                    .collect()
            }
        };
        found.retain(|one| one.overlaps(&span));
        found.sort_unstable();
        found
    }
}

/// A freeze with what has become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freeze {
    pub id: FreezeId,
    /// Counts the changes, from 1; the API's `ETag`.
    pub revision: u32,
    pub terms: Terms,
    pub created_at: Timestamp,
    pub created_by: Author,
    pub updated_at: Timestamp,
    /// Whoever changed it last.
    pub updated_by: Author,
    /// Since when it holds no more; `None`: it holds.
    pub ended_at: Option<Timestamp>,
    /// The works that were planned in it nevertheless, in the order of the decisions.
    pub overrides: Vec<Override>,
}

impl Freeze {
    /// Whether somebody may read it: whoever holds a role where it holds, and everybody where it is for all work.
    pub(crate) fn may_be_read(&self, grants: &Grants, catalogue: &InForce) -> bool {
        let portals = self.terms.portals_in(catalogue);
        let place = if self.terms.are_for_all() {
            Where::Somewhere
        } else {
            Where::OnOne(&portals)
        };
        grants.may(Role::Viewer, Where::Everywhere) || grants.may(Role::Viewer, place)
    }
}

/// Work that was planned in frozen time nevertheless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The notice of the work.
    pub notice: NoticeId,
    /// From the first to the last time of the freeze in which it lies.
    pub span: Span,
    /// Why, in the words of whoever decided it.
    pub reason: String,
    pub at: Timestamp,
    pub by: Author,
}
