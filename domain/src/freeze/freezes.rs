//! All freezes, and what events make of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;

use super::{
    event::Event,
    model::{Freeze, Override},
};
use crate::{
    notice::Author,
    schedule::Span,
    words::{FreezeId, PortalId, ServiceId},
};

/// Every freeze that was ever laid down. A copy shares each with its original until one of the two changes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Freezes {
    all: BTreeMap<FreezeId, Arc<Freeze>>,
    /// The highest number that was given, so that none is given twice, redacted ones included.
    last: u32,
    /// The entries by which a freeze is what it is, or is no more.
    entries: BTreeMap<u64, FreezeId>,
}

impl Freezes {
    /// All of them, those included that hold no more, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Freeze> {
        self.all.values().map(Arc::as_ref)
    }

    /// One freeze.
    pub fn get(&self, id: &FreezeId) -> Option<&Freeze> {
        self.all.get(id).map(Arc::as_ref)
    }

    /// Those that hold for work that touches these services and shows on these portals, each with the times at which it overlaps this one.
    pub fn over(&self, services: &BTreeSet<ServiceId>, portals: &BTreeSet<PortalId>, span: Span) -> impl Iterator<Item = (&Freeze, Span)> {
        let hold = self
            .iter()
            .filter(|freeze| freeze.ended_at.is_none() && freeze.terms.concern(services, portals));
        hold.flat_map(move |freeze| freeze.terms.within(span).into_iter().map(move |found| (freeze, found)))
    }

    /// The id that the next freeze gets.
    pub fn next_id(&self) -> FreezeId {
        FreezeId::new(self.last + 1)
    }

    /// Takes note that a number is given.
    pub(crate) fn take_number(&mut self, id: &FreezeId) {
        self.last = id.number().max(self.last);
    }

    /// Whether an entry has to stay, and for the sake of which freeze: while it holds, without the entries that say what it is it would be
    /// another one, and without the one that ended it it would hold again.
    pub(crate) fn keeps(&self, seq: u64) -> Option<&FreezeId> {
        let id = self.entries.get(&seq)?;
        let freeze = self.get(id)?;
        let is_its_end = self.entries.range(seq + 1..).all(|(_, other)| other != id);
        (freeze.ended_at.is_none() || is_its_end).then_some(id)
    }

    /// Takes note of what happened to a freeze.
    pub(crate) fn apply(&mut self, event: &Event, seq: u64, at: Timestamp, actor: &str) {
        let author = Author::of(actor);
        if !matches!(event, Event::Overridden { .. }) {
            self.entries.insert(seq, event.id().clone());
        }
        match event {
            Event::Created { id, terms } => {
                let freeze = Freeze {
                    id: id.clone(),
                    revision: 1,
                    terms: terms.as_ref().clone(),
                    created_at: at,
                    created_by: author.clone(),
                    updated_at: at,
                    updated_by: author,
                    ended_at: None,
                    overrides: Vec::new(),
                };
                self.all.insert(id.clone(), Arc::new(freeze));
            }
            Event::Edited { id, .. } | Event::Ended { id } | Event::Overridden { id, .. } => {
                // A freeze whose creation was redacted is gone; what followed has nothing to change.
                let Some(freeze) = self.all.get_mut(id).map(Arc::make_mut) else {
                    return;
                };
                match event {
                    Event::Edited { terms, .. } => freeze.terms = terms.as_ref().clone(),
                    Event::Overridden { notice, span, reason, .. } => {
                        // What it says stays as it was.
                        freeze.overrides.push(Override {
                            notice: notice.clone(),
                            span: *span,
                            reason: reason.clone(),
                            at,
                            by: author,
                        });
                        return;
                    }
                    Event::Created { .. } | Event::Ended { .. } => freeze.ended_at = Some(at),
                }
                freeze.revision += 1;
                freeze.updated_at = at;
                freeze.updated_by = author;
            }
        }
    }
}
