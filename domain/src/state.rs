//! What is known after all events so far. `apply` is the only thing that changes it; it never fails and never looks at a clock.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use crate::{
    catalogue::{Catalogue, Channel, Portal, Procedure, Service},
    dependencies::Dependents,
    event::{Entry, Event, Step},
    hours::Timetable,
    id::{ChannelId, NoticeId, PortalId, ProcedureId, ServiceId},
    notice::{Alteration, Author, Content, Notice, Update},
    plausible,
    text::Localized,
};
use wire::{EndCertainty, Kind, Stage};

/// The state of the whole server. A copy shares with its original whatever neither of them changes: what is large is copied never, or
/// notice by notice.
#[derive(Clone, Debug, Default)]
pub struct State {
    position: u64,
    catalogue: Arc<Catalogue>,
    notices: BTreeMap<NoticeId, Arc<Notice>>,
    kept: Kept,
    time: Time,
    /// The highest number given in each year, so that none is given twice, redacted ones included.
    numbers: BTreeMap<i16, u32>,
    index: Arc<Index>,
    boards: BTreeMap<PortalId, Board>,
}

/// Entries that may not be redacted.
#[derive(Clone, Debug, Default)]
struct Kept {
    /// Those that record a redaction, without which a tombstone could not be told from a theft.
    redactions: BTreeSet<u64>,
    /// The one that holds the catalogue in force.
    catalogue: u64,
}

/// What the entries say of the time at which they were written.
#[derive(Clone, Copy, Debug, Default)]
struct Time {
    last: Option<Timestamp>,
    confirmed: u64,
}

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
}

/// What one portal has on show, seen from the last event that touched it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Board {
    /// The entry that touched it last, and when that was.
    pub(crate) position: u64,
    pub(crate) changed_at: Timestamp,
    /// Published notices that may still be shown. Those that are over for good leave at the next event.
    pub(crate) notices: BTreeSet<NoticeId>,
    /// From how many notices on it is worth looking for those that are over for good.
    tidy_from: usize,
    pub(crate) time_zone: TimeZone,
}

/// How many notices that are over linger on one portal, at most: the latest ones. Nobody reads more of them than that, and after a bad day
/// there would be thousands; the history has them all.
pub(crate) const LINGERING: usize = 20;

impl Board {
    /// Takes off what is over for good, and all but the latest of what lingers. As it looks at every notice, it waits until there are twice
    /// as many as it last left.
    fn tidy(&mut self, notices: &BTreeMap<NoticeId, Arc<Notice>>, now: Timestamp, linger: SignedDuration) {
        if self.notices.len() < self.tidy_from {
            return;
        }
        self.notices
            .retain(|id| notices.get(id).is_some_and(|notice| may_show(notice, now, linger)));
        let ended = |id: &NoticeId| Some((notices.get(id)?.ended_at(now)?, id.clone()));
        let mut over: Vec<_> = self.notices.iter().filter_map(ended).collect();
        over.sort();
        for (_, id) in over.iter().rev().skip(LINGERING) {
            self.notices.remove(id);
        }
        self.tidy_from = (2 * self.notices.len()).max(LINGERING);
    }
}

/// Two states are equal when the same things are known; the index follows from them.
impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.position == other.position
            && self.catalogue == other.catalogue
            && self.notices == other.notices
            && self.numbers == other.numbers
            && self.boards == other.boards
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
    state.position = entry.seq;
    if plausible::is_evidence(entry.at) {
        state.time.last = Some(entry.at);
    }
    if let Some(id) = &entry.subject {
        let number = state.numbers.entry(id.year()).or_default();
        *number = id.number().max(*number);
    }
    match &entry.event {
        None => {}
        Some(Event::EntryRedacted { .. }) => state.redact(entry),
        Some(Event::ClockConfirmed { .. }) => state.confirm_clock(entry),
        Some(Event::CatalogueApplied { catalogue }) => {
            state.put_catalogue(catalogue, entry);
            state.kept.catalogue = entry.seq;
        }
        Some(Event::NoticeCreated { id, content, stage }) => state.create(id, content, *stage, entry),
        Some(Event::NoticeEdited { id, content }) => state.change(id, entry, |notice| edit(notice, content, entry)),
        Some(Event::NoticeAdvanced { id, step }) => state.change(id, entry, |notice| advance(notice, step, entry)),
    }
}

fn edit(notice: &mut Notice, content: &Content, entry: &Entry) {
    let change = Alteration::between(notice, content).filter(|_| notice.published_at.is_some());
    notice.content = content.clone();
    if change.is_some() {
        notice.updates.push(Update {
            at: entry.at,
            stage: None,
            text: Localized::default(),
            by: Some(Author::of(&entry.actor)),
            change,
        });
    }
}

fn advance(notice: &mut Notice, step: &Step, entry: &Entry) {
    let at = entry.at;
    if let Some(stage) = step.stage {
        let was_draft = notice.stage.is_none();
        if let Some(end) = untold_end(notice, stage, at) {
            notice.updates.push(end);
        }
        if was_draft && !stage.is_final() {
            notice.published_at = Some(at);
            notice.published_by = Some(Author::of(&entry.actor));
        }
        if stage == Stage::InProgress {
            let starts_at = notice.starts_at().min(at);
            notice.content.starts_at = Some(starts_at);
            notice.content.announce_from = notice.content.announce_from.map(|from| from.min(starts_at));
        }
        notice.ended_at = stage.is_final().then(|| step.ended_at.unwrap_or(at));
        notice.stage = Some(stage);
    }
    let mut change = None;
    if let Some(end) = step.end {
        if end.at != notice.content.ends_at {
            change = Some(Alteration::EndMoved {
                to: notice.content.ends_at,
            });
        }
        notice.content.ends_at = end.at;
        notice.content.end_certainty = Some(end.certainty);
        // Without an end there is nothing at which it could end by itself.
        if end.at.is_none() {
            notice.content.at_end = wire::AtEnd::Confirm;
            notice.content.end_certainty = Some(EndCertainty::Unknown);
        }
    }
    if let Some(next) = step.next_update_at {
        notice.content.next_update_at = Some(next);
    } else if notice.content.next_update_at.is_some_and(|promised| promised <= at) {
        // The promise was kept by this very step, and no new one was made.
        notice.content.next_update_at = None;
    }
    if step.stage.is_some() || !step.text.is_empty() || change.is_some() {
        notice.updates.push(Update {
            at,
            stage: step.stage,
            text: step.text.clone(),
            by: Some(Author::of(&entry.actor)),
            change,
        });
    }
}

/// The end of what ended by time and is taken up again: nobody said it, and without it the history would have none.
fn untold_end(notice: &Notice, next: Stage, now: Timestamp) -> Option<Update> {
    let stage = notice
        .stage_at(now)
        .filter(|stage| stage.is_final() && notice.stage != Some(*stage))?;
    let at = notice.ended_at(now)?;
    (!next.is_final()).then(|| Update {
        at,
        stage: Some(stage),
        text: Localized::default(),
        by: None,
        change: None,
    })
}

impl State {
    /// The number of the last entry; 0 before the first.
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// When the last entry was written; `None`: nothing tells.
    pub const fn last_at(&self) -> Option<Timestamp> {
        self.time.last
    }

    /// The entry by which the clock was confirmed last; 0: none.
    pub const fn clock_confirmed(&self) -> u64 {
        self.time.confirmed
    }

    /// The catalogue in force.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Every notice, drafts included, oldest first.
    pub fn notices(&self) -> impl DoubleEndedIterator<Item = &Notice> {
        self.notices.values().map(Arc::as_ref)
    }

    /// The notices with ids before this one, newest first; `None`: all of them.
    pub fn notices_before(&self, id: Option<&NoticeId>) -> impl Iterator<Item = &Notice> {
        let end = id.map_or(Bound::Unbounded, Bound::Excluded);
        self.notices.range((Bound::Unbounded, end)).rev().map(|(_, notice)| notice.as_ref())
    }

    /// One notice.
    pub fn notice(&self, id: &NoticeId) -> Option<&Notice> {
        self.notices.get(id).map(Arc::as_ref)
    }

    /// One portal.
    pub fn portal(&self, id: &PortalId) -> Option<&Portal> {
        self.catalogue.portals.get(*self.index.portals.get(id)?)
    }

    /// The id that the next notice gets.
    pub fn next_id(&self, now: Timestamp) -> NoticeId {
        let year = now.to_zoned(TimeZone::UTC).year();
        NoticeId::new(year, self.numbers.get(&year).copied().unwrap_or_default() + 1)
    }

    /// The portals on which a notice with this content shows.
    pub fn concerned_portals(&self, content: &Content) -> BTreeSet<PortalId> {
        let touched = content.services.iter().flat_map(|root| self.index.dependents.of_service(root));
        let through_services = touched
            .filter_map(|(service, _)| self.index.portals_of_service.get(service))
            .flatten();
        content
            .portals
            .iter()
            .filter(|id| self.boards.contains_key(*id))
            .chain(through_services)
            .cloned()
            .collect()
    }

    /// Opening hours as they were read before.
    pub(crate) fn timetable(&self) -> &Timetable {
        &self.index.timetable
    }

    pub(crate) fn dependents(&self) -> &Dependents {
        &self.index.dependents
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

    pub(crate) fn board(&self, id: &PortalId) -> Option<&Board> {
        self.boards.get(id)
    }

    /// Whether this entry records a redaction.
    pub fn is_redaction(&self, seq: u64) -> bool {
        self.kept.redactions.contains(&seq)
    }

    /// Whether this entry holds the catalogue in force.
    pub const fn is_catalogue_in_force(&self, seq: u64) -> bool {
        self.kept.catalogue == seq
    }

    /// The portals, in the order of their ids, each with the entry that touched it last.
    pub fn portal_positions(&self) -> impl Iterator<Item = (&PortalId, u64)> {
        self.boards.iter().map(|(id, board)| (id, board.position))
    }

    /// What was redacted may have been shown anywhere.
    fn redact(&mut self, entry: &Entry) {
        self.kept.redactions.insert(entry.seq);
        self.tell_everyone(entry);
    }

    /// What a wrong clock has dated into the future is told anew.
    fn confirm_clock(&mut self, entry: &Entry) {
        self.time.confirmed = entry.seq;
        self.tell_everyone(entry);
    }

    fn tell_everyone(&mut self, entry: &Entry) {
        for board in self.boards.values_mut() {
            board.position = entry.seq;
            board.changed_at = entry.at;
        }
    }

    fn create(&mut self, id: &NoticeId, content: &Content, stage: Option<Stage>, entry: &Entry) {
        let mut notice = Notice {
            id: id.clone(),
            revision: 1,
            stage,
            content: content.clone(),
            created_at: entry.at,
            created_by: Some(Author::of(&entry.actor)),
            published_at: stage.map(|_| entry.at),
            published_by: stage.map(|_| Author::of(&entry.actor)),
            updated_at: entry.at,
            updated_by: Some(Author::of(&entry.actor)),
            ended_at: None,
            updates: Vec::new(),
            position: entry.seq,
            shown_on: BTreeSet::new(),
        };
        self.touch(&mut notice, entry);
        self.notices.insert(id.clone(), Arc::new(notice));
    }

    fn change(&mut self, id: &NoticeId, entry: &Entry, change: impl FnOnce(&mut Notice)) {
        // A notice whose creation was redacted is gone; what followed has nothing to change.
        let Some(notice) = self.notices.remove(id) else { return };
        let mut notice = Arc::unwrap_or_clone(notice);
        self.touch(&mut notice, entry);
        change(&mut notice);
        notice.revision += 1;
        notice.updated_at = entry.at;
        notice.updated_by = Some(Author::of(&entry.actor));
        notice.position = entry.seq;
        self.touch(&mut notice, entry);
        self.notices.insert(id.clone(), Arc::new(notice));
    }

    /// Puts a notice onto the boards of the portals that it concerns, and clears from these what is over for good.
    fn touch(&mut self, notice: &mut Notice, entry: &Entry) {
        if notice.published_at.is_none() {
            return;
        }
        let concerned = self.concerned_portals(&notice.content);
        // From where it was moved away it is gone, whatever becomes of it elsewhere.
        for id in notice.shown_on.iter().filter(|id| !concerned.contains(id)) {
            if let Some(board) = self.boards.get_mut(id) {
                board.notices.remove(&notice.id);
            }
        }
        for id in concerned {
            notice.shown_on.insert(id.clone());
            let linger = linger(self.portal(&id));
            let Some(board) = self.boards.get_mut(&id) else { continue };
            board.position = entry.seq;
            board.changed_at = entry.at;
            board.tidy(&self.notices, entry.at, linger);
            if may_show(notice, entry.at, linger) {
                board.notices.insert(notice.id.clone());
            } else {
                board.notices.remove(&notice.id);
            }
        }
    }

    fn put_catalogue(&mut self, catalogue: &Catalogue, entry: &Entry) {
        self.catalogue = Arc::new(catalogue.clone());
        let mut boards = BTreeMap::new();
        let mut index = Index {
            dependents: Dependents::of(&catalogue.services),
            portals: catalogue.portals.iter().enumerate().map(|(i, x)| (x.id.clone(), i)).collect(),
            services: catalogue.services.iter().enumerate().map(|(i, x)| (x.id.clone(), i)).collect(),
            channels: catalogue.channels.iter().enumerate().map(|(i, x)| (x.id.clone(), i)).collect(),
            procedures: catalogue.procedures.iter().enumerate().map(|(i, x)| (x.id.clone(), i)).collect(),
            ..Index::default()
        };
        for portal in &catalogue.portals {
            for service in &portal.services {
                index.portals_of_service.entry(service.clone()).or_default().push(portal.id.clone());
            }
            let time_zone = TimeZone::get(&portal.time_zone).unwrap_or(TimeZone::UTC);
            boards.insert(
                portal.id.clone(),
                Board {
                    position: entry.seq,
                    changed_at: entry.at,
                    notices: BTreeSet::new(),
                    tidy_from: 0,
                    time_zone,
                },
            );
        }
        self.index = Arc::new(index);
        self.boards = boards;
        let shown: Vec<(PortalId, NoticeId)> = self
            .notices
            .values()
            .filter(|notice| notice.published_at.is_some())
            .flat_map(|notice| {
                self.concerned_portals(&notice.content)
                    .into_iter()
                    .map(move |portal| (portal, notice))
            })
            .filter(|(portal, notice)| may_show(notice, entry.at, linger(self.portal(portal))))
            .map(|(portal, notice)| (portal, notice.id.clone()))
            .collect();
        for (portal, notice) in shown {
            if let Some(board) = self.boards.get_mut(&portal) {
                board.notices.insert(notice);
            }
        }
    }
}

/// For how long a portal goes on showing what is over.
pub(crate) fn linger(portal: Option<&Portal>) -> SignedDuration {
    SignedDuration::from_mins(portal.map_or(0, |portal| i64::from(portal.linger_minutes)))
}

/// When a notice disappears from a portal, as seen from `now`; `None`: it goes on.
pub(crate) fn gone_at(notice: &Notice, now: Timestamp, linger: SignedDuration) -> Option<Timestamp> {
    let last = |stage: Stage| notice.updates.iter().rev().find(|update| update.stage == Some(stage));
    let over = match notice.stage? {
        // What a person ended lingers from the moment people could learn of it.
        stage if stage.is_final() => last(stage).map_or(notice.ended_at?, |update| update.at),
        _ => notice.ended_at(now)?,
    };
    // A withdrawn information is simply no longer there, unless there is something to say about it.
    let silent = notice.stage != Some(Stage::Withdrawn) || last(Stage::Withdrawn).is_none_or(|update| update.text.is_empty());
    let linger = if notice.content.kind == Kind::Information && silent {
        SignedDuration::ZERO
    } else {
        linger
    };
    Some(over.saturating_add(linger).unwrap_or(Timestamp::MAX))
}

fn may_show(notice: &Notice, now: Timestamp, linger: SignedDuration) -> bool {
    notice.published_at.is_some() && gone_at(notice, now, linger).is_none_or(|gone| now < gone)
}
