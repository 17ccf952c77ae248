//! What is known after all events so far, subject by subject. `apply` is the only thing that changes it; it never fails and never looks at a
//! clock.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::{
    catalogue::{Catalogue, Channel, InForce, Portal, Procedure, Service, dependencies::Dependents},
    listings::{Listing, Listings, concerned},
    notice::{Content, Notice, Notices, notices::Place},
    record::{
        Entry, Event,
        upkeep::{self, Upkeep},
    },
    schedule::{Due, Schedule, Series},
    time::hours::Timetable,
    words::{ChannelId, NoticeId, PortalId, ProcedureId, SeriesId, ServiceId, Subject},
};

/// The state of the whole server. A copy shares with its original whatever neither of them changes: what is large is copied never, or
/// notice by notice.
#[derive(Clone, Debug, Default)]
pub struct State {
    pub(crate) catalogue: InForce,
    pub(crate) notices: Notices,
    pub(crate) schedule: Schedule,
    pub(crate) upkeep: Upkeep,
    listings: Listings,
}

/// Two states are equal when the same things are known; the rest follows from them.
impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.upkeep.position == other.upkeep.position
            && self.catalogue.catalogue() == other.catalogue.catalogue()
            && self.notices == other.notices
            && self.schedule == other.schedule
            && self.listings == other.listings
    }
}

/// Reads a journal from its beginning.
pub fn replay<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> State {
    let mut state = State::default();
    for entry in entries {
        apply(&mut state, entry);
    }
    state
}

/// Takes note of an entry. Entries come in the order of the journal.
pub fn apply(state: &mut State, entry: &Entry) {
    let State {
        catalogue,
        notices,
        schedule,
        upkeep,
        listings,
    } = state;
    upkeep.note(entry.seq, entry.at);
    match &entry.subject {
        Subject::Whole => {}
        Subject::Notice(id) => notices.take_number(id),
        Subject::Series(id) => schedule.take_number(id),
    }
    match &entry.event {
        None => {}
        Some(Event::Upkeep(event)) => {
            upkeep.apply(event, entry.seq);
            match event {
                // What was redacted may have been shown anywhere; what a wrong clock has dated into the future is told anew.
                upkeep::Event::Redacted { .. } | upkeep::Event::ClockConfirmed { .. } => listings.touch_all(entry.seq, entry.at),
            }
        }
        Some(Event::Catalogue(event)) => {
            catalogue.apply(event, entry.seq);
            *listings = Listings::anew(catalogue, notices, entry.seq, entry.at);
        }
        // What is planned is nobody's to see until it is announced.
        Some(Event::Schedule(event)) => schedule.apply(event, entry.seq, entry.at, &entry.actor),
        Some(Event::Notice(event)) => {
            let place = Place {
                seq: entry.seq,
                at: entry.at,
                actor: &entry.actor,
            };
            let before = notices
                .get(event.id())
                .map(|notice| concerned(notice, catalogue))
                .unwrap_or_default();
            notices.apply(event, place, |content| catalogue.portals_of(content));
            listings.touch(event.id(), &before, catalogue, notices, entry.seq, entry.at);
        }
    }
}

impl State {
    /// The number of the last entry; 0 before the first.
    pub const fn position(&self) -> u64 {
        self.upkeep.position
    }

    /// When the last entry was written; `None`: nothing tells.
    pub const fn last_at(&self) -> Option<Timestamp> {
        self.upkeep.last_at
    }

    /// The entry by which the clock was confirmed last; 0: none.
    pub const fn clock_confirmed(&self) -> u64 {
        self.upkeep.clock_confirmed
    }

    /// The last entry after which everything may be another than it was: a catalogue, a redaction, a clock that was confirmed; 0: none.
    pub fn rewritten_at(&self) -> u64 {
        let redacted = self.upkeep.last_redaction().unwrap_or_default();
        self.catalogue.entry().max(redacted).max(self.clock_confirmed())
    }

    /// The catalogue in force.
    pub fn catalogue(&self) -> &Catalogue {
        self.catalogue.catalogue()
    }

    /// Every notice, drafts included, oldest first.
    pub fn notices(&self) -> impl DoubleEndedIterator<Item = &Notice> {
        self.notices.iter()
    }

    /// The notices with ids before this one, newest first; `None`: all of them.
    pub fn notices_before(&self, id: Option<&NoticeId>) -> impl Iterator<Item = &Notice> {
        self.notices.before(id)
    }

    /// One notice.
    pub fn notice(&self, id: &NoticeId) -> Option<&Notice> {
        self.notices.get(id)
    }

    /// Every series, oldest first.
    pub fn series(&self) -> impl DoubleEndedIterator<Item = &Series> {
        self.schedule.iter()
    }

    /// One series.
    pub fn one_series(&self, id: &SeriesId) -> Option<&Series> {
        self.schedule.get(id)
    }

    /// What is to be announced at an instant; of one series, or of all.
    pub fn due(&self, of: Option<&SeriesId>, now: Timestamp) -> Due {
        match of {
            None => self.schedule.due(now),
            Some(id) => self.schedule.due_of(self.schedule.get(id), now),
        }
    }

    /// One portal.
    pub fn portal(&self, id: &PortalId) -> Option<&Portal> {
        self.catalogue.portal(id)
    }

    /// The id that the next notice gets.
    pub fn next_id(&self, now: Timestamp) -> NoticeId {
        self.notices.next_id(now)
    }

    /// The portals on which a notice with this content shows.
    pub fn concerned_portals(&self, content: &Content) -> BTreeSet<PortalId> {
        self.catalogue.portals_of(content)
    }

    /// The services that a notice with this content touches on a portal: those that it names, and those there that need one of them.
    pub fn touched_services(&self, content: &Content, portal: &PortalId) -> BTreeSet<ServiceId> {
        self.catalogue.services_of(content, portal)
    }

    pub(crate) fn timetable(&self) -> &Timetable {
        self.catalogue.timetable()
    }

    pub(crate) fn dependents(&self) -> &Dependents {
        self.catalogue.dependents()
    }

    pub(crate) fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.catalogue.service(id)
    }

    pub(crate) fn channel(&self, id: &ChannelId) -> Option<&Channel> {
        self.catalogue.channel(id)
    }

    pub(crate) fn procedure(&self, id: &ProcedureId) -> Option<&Procedure> {
        self.catalogue.procedure(id)
    }

    pub(crate) fn listing(&self, id: &PortalId) -> Option<&Listing> {
        self.listings.get(id)
    }

    /// The portals, in the order of their ids, each with the entry that touched it last.
    pub fn portal_positions(&self) -> impl Iterator<Item = (&PortalId, u64)> {
        self.listings.iter().map(|(id, listing)| (id, listing.position))
    }
}
