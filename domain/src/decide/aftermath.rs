//! What notices would be like after some events: what spans rooms is asked of how it would be, whatever command leads there.

use std::collections::BTreeSet;

use crate::{
    access::Context,
    notice::{Notice, Notices, notices::Place},
    record::Event,
    schedule,
    state::State,
    words::{NoticeId, PortalId, Subject},
};

/// Events that are not yet kept, and the notices as they would be.
pub(super) struct Aftermath<'a> {
    pub(super) events: &'a [Event],
    touched: BTreeSet<&'a NoticeId>,
    all: Notices,
}

impl<'a> Aftermath<'a> {
    pub(super) fn of(state: &State, events: &'a [Event], context: &Context) -> Self {
        let about = |event: &'a Event| match event {
            Event::Notice(event) => Some(event.id()),
            _ => None,
        };
        let place = Place {
            seq: state.position() + 1,
            at: context.now,
            actor: &context.actor.id,
        };
        let mut all = state.notices.clone();
        for event in events {
            if let Event::Notice(event) = event {
                all.apply(event, place, |content| state.concerned_portals(content));
            }
        }
        Self {
            events,
            touched: events.iter().filter_map(about).collect(),
            all,
        }
    }

    /// The notices about which something would happen, as they would be.
    pub(super) fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.touched.iter().filter_map(|id| self.all.get(id))
    }

    /// What would be changed, each once, in the order in which it comes.
    pub(super) fn subjects(&self) -> Vec<Subject> {
        let mut found = Vec::new();
        for subject in self.events.iter().map(Event::subject) {
            if matches!(subject, Subject::Notice(_) | Subject::Series(_)) && !found.contains(&subject) {
                found.push(subject);
            }
        }
        found
    }

    /// The portals on which it would show, or showed before.
    pub(super) fn portals(&self, state: &State) -> BTreeSet<PortalId> {
        let of_notices = self.notices().flat_map(|notice| notice.portals(&state.catalogue));
        let plans = self.events.iter().filter_map(|event| match event {
            Event::Schedule(schedule::Event::Created { plan, .. } | schedule::Event::Edited { plan, .. }) => Some(plan.notice.as_ref()),
            Event::Schedule(event) => state.schedule.get(event.id()).map(|series| series.plan.notice.as_ref()),
            _ => None,
        });
        of_notices
            .chain(plans.flat_map(|content| state.concerned_portals(content)))
            .collect()
    }
}
