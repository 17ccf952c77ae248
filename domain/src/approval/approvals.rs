//! All that takes or took a second person, and what events make of it.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;

use super::{
    event::Event,
    model::{Approval, Settled, Standing},
};
use crate::{notice::Author, words::ApprovalId};

/// Everything that ever took a second person. A copy shares each with its original until one of the two changes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Approvals {
    all: BTreeMap<ApprovalId, Arc<Approval>>,
    /// The highest number that was given, so that none is given twice, redacted ones included.
    last: u32,
    /// The entries by which something is settled.
    settling: BTreeMap<u64, ApprovalId>,
    /// Those by which something was done that had not waited.
    emergencies: BTreeMap<u64, ApprovalId>,
}

impl Approvals {
    /// All of it, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Approval> {
        self.all.values().map(Arc::as_ref)
    }

    /// One of them.
    pub fn get(&self, id: &ApprovalId) -> Option<&Approval> {
        self.all.get(id).map(Arc::as_ref)
    }

    /// The id that the next one gets.
    pub(crate) fn next_id(&self) -> ApprovalId {
        ApprovalId::new(self.last + 1)
    }

    /// Takes note that a number is given.
    pub(crate) fn take_number(&mut self, id: &ApprovalId) {
        self.last = id.number().max(self.last);
    }

    /// Whether an entry has to stay, and for the sake of what: without the one that settled it, it would wait again. Once what was asked for
    /// is gone itself, nothing can. What could not wait stays until somebody has looked at it.
    pub(crate) fn keeps(&self, seq: u64) -> Option<&ApprovalId> {
        let is_open = |id: &&ApprovalId| self.get(id).is_some_and(|one| one.standing == Standing::Bypassed);
        let settled = self.settling.get(&seq).filter(|id| self.all.contains_key(*id));
        settled.or_else(|| self.emergencies.get(&seq).filter(is_open))
    }

    /// Takes note of what happened.
    pub(crate) fn apply(&mut self, event: &Event, seq: u64, at: Timestamp, actor: &str) {
        let by = Author::of(actor);
        let begun = |standing| Approval {
            id: event.id().clone(),
            portals: Default::default(),
            asked: None,
            seen: None,
            freeze_reason: None,
            asked_at: at,
            asked_by: by.clone(),
            emergency: None,
            standing,
            settled: None,
            done: Vec::new(),
        };
        let (standing, text, done, heard_by) = match event {
            Event::Asked {
                id,
                portals,
                asked,
                seen,
                freeze_reason,
            } => {
                let approval = Approval {
                    portals: portals.clone(),
                    asked: Some(asked.clone()),
                    seen: *seen,
                    freeze_reason: freeze_reason.clone(),
                    ..begun(Standing::Waiting)
                };
                self.all.insert(id.clone(), Arc::new(approval));
                return;
            }
            Event::Bypassed {
                id,
                portals,
                done,
                emergency,
            } => {
                // It may have waited before.
                let new = || {
                    Arc::new(Approval {
                        portals: portals.clone(),
                        ..begun(Standing::Bypassed)
                    })
                };
                let approval = Arc::make_mut(self.all.entry(id.clone()).or_insert_with(new));
                approval.standing = Standing::Bypassed;
                approval.emergency = Some(emergency.clone());
                approval.done.clone_from(done);
                let kind = if approval.asked.is_some() {
                    &mut self.settling
                } else {
                    &mut self.emergencies
                };
                kind.insert(seq, id.clone());
                return;
            }
            Event::Granted { done, heard_by, .. } => (Standing::Granted, None, done.clone(), heard_by.as_deref()),
            Event::Declined { text, .. } => (Standing::Declined, Some(text.clone()), Vec::new(), None),
            Event::Withdrawn { .. } => (Standing::Withdrawn, None, Vec::new(), None),
            Event::Reviewed { text, .. } => (Standing::Reviewed, text.clone(), Vec::new(), None),
        };
        self.settling.insert(seq, event.id().clone());
        // What was asked for may have been redacted; then there is nothing to settle.
        if let Some(approval) = self.all.get_mut(event.id()).map(Arc::make_mut) {
            approval.standing = standing;
            approval.settled = Some(Settled {
                at,
                by,
                text,
                heard_by: heard_by.map(Author::of),
            });
            approval.done.extend(done);
        }
    }
}
