//! What is known after all events so far, subject by subject. `apply` is the only thing that changes it; it never fails and never looks at a
//! clock.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::{
    approval::{Approval, Approvals},
    catalogue::{Catalogue, Channel, InForce, PartKind, Portal, Procedure, Service, dependencies::Dependents},
    channel_state::{self, Outages},
    freeze::{Freeze, Freezes, Level},
    listings::{Listing, Listings},
    notice::{Content, Notice, Notices, notices::Place},
    record::{
        Entry, Event,
        upkeep::{self, Upkeep},
    },
    schedule::{Due, Occurrence, Schedule, Series, Span},
    time::hours::Timetable,
    watch::Watched,
    words::{ApprovalId, ChannelId, FreezeId, NoticeId, PortalId, ProcedureId, SeriesId, ServiceId, Subject},
};

/// The state of the whole server. A copy shares with its original whatever neither of them changes: what is large is copied never, or
/// notice by notice.
#[derive(Clone, Debug, Default)]
pub struct State {
    pub(crate) catalogue: InForce,
    pub(crate) notices: Notices,
    pub(crate) schedule: Schedule,
    pub(crate) freezes: Freezes,
    pub(crate) outages: Outages,
    pub(crate) approvals: Approvals,
    pub(crate) watched: Watched,
    pub(crate) upkeep: Upkeep,
    is_rehearsal: bool,
    listings: Listings,
}

/// Two states are equal when the same things are known; the rest follows from them.
impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.upkeep.position == other.upkeep.position
            && self.catalogue.catalogue() == other.catalogue.catalogue()
            && self.notices == other.notices
            && self.schedule == other.schedule
            && self.freezes == other.freezes
            && self.outages == other.outages
            && self.approvals == other.approvals
            && self.watched == other.watched
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
        freezes,
        outages,
        approvals,
        watched,
        upkeep,
        is_rehearsal: _,
        listings,
    } = state;
    upkeep.note(entry.seq, entry.at);
    match &entry.subject {
        Subject::Whole => {}
        Subject::Channel(id) => outages.count(id),
        Subject::Notice(id) => notices.take_number(id),
        Subject::Series(id) => schedule.take_number(id),
        Subject::Freeze(id) => freezes.take_number(id),
        Subject::Approval(id) => approvals.take_number(id),
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
            catalogue.apply(event, entry.seq, entry.at);
            *listings = Listings::anew(catalogue, notices, entry.seq, entry.at);
        }
        Some(Event::Freeze(event)) => freezes.apply(event, entry.seq, entry.at, &entry.actor),
        Some(Event::Channel(event)) => {
            outages.apply(event, entry.seq, entry.at, &entry.actor);
            listings.touch_offering(event.id(), catalogue, notices, entry.seq, entry.at);
        }
        Some(Event::Approval(event)) => approvals.apply(event, entry.seq, entry.at, &entry.actor),
        // What is planned is nobody's to see until it is announced.
        Some(Event::Schedule(event)) => schedule.apply(event, entry.seq, entry.at, &entry.actor),
        Some(Event::Notice(event)) => {
            let place = Place {
                seq: entry.seq,
                at: entry.at,
                actor: &entry.actor,
            };
            notices.apply(event, place, |content| catalogue.portals_of(content));
            watched.apply(event, &entry.actor);
            listings.touch(event.id(), catalogue, notices, entry.seq, entry.at);
        }
    }
}

impl State {
    /// The number of the last entry; 0 before the first.
    pub const fn position(&self) -> u64 {
        self.upkeep.position
    }

    /// When the first entry was written; `None`: nothing tells.
    pub const fn first_at(&self) -> Option<Timestamp> {
        self.upkeep.first_at
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

    /// The number of the entry that holds the catalogue in force; 0: there is none yet.
    pub fn catalogue_revision(&self) -> u32 {
        u32::try_from(self.catalogue.entry()).unwrap_or(u32::MAX)
    }

    /// By which entry of the journal a part of the catalogue became what it is; `None`: there is no such part.
    pub fn part_revision(&self, kind: PartKind, id: &str) -> Option<u32> {
        self.catalogue.revision(kind, id)
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

    /// Every freeze, oldest first.
    pub fn freezes(&self) -> impl DoubleEndedIterator<Item = &Freeze> {
        self.freezes.iter()
    }

    /// One freeze.
    pub fn freeze(&self, id: &FreezeId) -> Option<&Freeze> {
        self.freezes.get(id)
    }

    /// What was said of channels that are out of order, or will be.
    pub const fn outages(&self) -> &Outages {
        &self.outages
    }

    /// When a channel is out of order, if it is at an instant or will be after it.
    pub(crate) fn outage(&self, id: &ChannelId, now: Timestamp) -> Option<&channel_state::Terms> {
        self.outages.ahead(id, now)
    }

    /// The portals on which a notice may offer this channel without naming it.
    pub fn portals_offering(&self, channel: &ChannelId) -> &BTreeSet<PortalId> {
        self.catalogue.portals_offering(channel)
    }

    /// All that takes or took a second person, oldest first.
    pub fn approvals(&self) -> impl DoubleEndedIterator<Item = &Approval> {
        self.approvals.iter()
    }

    /// One of them.
    pub fn approval(&self, id: &ApprovalId) -> Option<&Approval> {
        self.approvals.get(id)
    }

    /// A copy to play things through on, where no freeze and no second person is in the way: what something would look like is no question of
    /// when it may be, or who has to say yes.
    #[must_use]
    pub fn rehearsal(&self) -> Self {
        Self {
            is_rehearsal: true,
            ..self.clone()
        }
    }

    /// Whether neither a freeze nor a second person can be in the way of anything.
    pub(crate) fn asks_nothing(&self) -> bool {
        let asks = || {
            self.freezes().any(|freeze| freeze.ended_at.is_none())
                || self.catalogue().portals.iter().any(|portal| !portal.four_eyes.is_empty())
        };
        self.is_rehearsal || !asks()
    }

    /// Which notice each rule has written.
    pub const fn watched(&self) -> &Watched {
        &self.watched
    }

    /// Every series, oldest first.
    pub fn series(&self) -> impl DoubleEndedIterator<Item = &Series> {
        self.schedule.iter()
    }

    /// One series.
    pub fn one_series(&self, id: &SeriesId) -> Option<&Series> {
        self.schedule.get(id)
    }

    /// What is to be announced at an instant; of one series, or of all. What lies in frozen time waits for somebody's decision.
    pub fn due(&self, of: Option<&SeriesId>, now: Timestamp) -> Due {
        let mut due = match of {
            None => self.schedule.due(now),
            Some(id) => self.schedule.due_of(self.schedule.get(id), now),
        };
        due.now.retain(|(id, original)| {
            let series = self.schedule.get(id);
            let occurrence = series.and_then(|series| Some((series, series.plan.recurrence.occurrence(*original)?)));
            occurrence.is_none_or(|(series, occurrence)| self.frozen_occurrence(series, &occurrence).is_empty())
        });
        due
    }

    /// The freezes that keep an occurrence of a series from being announced.
    pub fn frozen_occurrence(&self, series: &Series, occurrence: &Occurrence) -> Vec<(&Freeze, Span)> {
        let span = Span {
            from: occurrence.starts_at,
            to: occurrence.ends_at,
        };
        self.frozen(&series.plan.notice, span)
    }

    /// The freezes that keep work with this content from being done then without more ado, each with the time at which it is; hints keep nobody.
    pub fn frozen(&self, content: &Content, span: Span) -> Vec<(&Freeze, Span)> {
        let touched: BTreeSet<ServiceId> = content
            .services
            .iter()
            .flat_map(|id| self.dependents().of_service(id))
            .map(|(id, _)| id.clone())
            .collect();
        let portals = self.concerned_portals(content);
        let found = self.freezes.over(&touched, &portals, span);
        found.filter(|(freeze, _)| freeze.terms.level > Level::Hint).collect()
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

    /// The portals that have a service.
    pub(crate) fn portals_with(&self, service: &ServiceId) -> &[PortalId] {
        self.catalogue.portals_with(service)
    }

    /// A service of the catalogue.
    pub fn service(&self, id: &ServiceId) -> Option<&Service> {
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

    /// Whether a portal has, or may soon have, a notice on show; also one that is over until something else happens there.
    pub fn shows_notices(&self, portal: &PortalId) -> bool {
        self.listing(portal).is_some_and(|listing| !listing.notices.is_empty())
    }

    /// The entry that touched a portal last; `None`: there is no such portal.
    pub fn portal_position(&self, portal: &PortalId) -> Option<u64> {
        self.listings.position(portal)
    }

    /// The portals, in the order of their ids, each with the entry that touched it last.
    pub fn portal_positions(&self) -> impl Iterator<Item = (&PortalId, u64)> {
        self.listings.iter().map(|(id, listing)| (id, listing.position))
    }
}
