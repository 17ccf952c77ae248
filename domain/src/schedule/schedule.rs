//! All series, and what events make of them.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{Timestamp, civil::Date};

use super::{event::Event, model::Series, recurrence::Occurrence};
use crate::{
    notice::Author,
    words::{NoticeId, SeriesId},
};

/// Every series that was ever planned. A copy shares each with its original until one of the two changes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schedule {
    all: BTreeMap<SeriesId, Arc<Series>>,
    /// The entries about series, each with the series and what it is.
    entries: BTreeMap<u64, (SeriesId, Kept)>,
    /// The highest number that was given, so that none is given twice, redacted ones included.
    last: u32,
}

/// For how long an entry has to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    /// Without it something would be announced that was, or will not be.
    Forever,
    /// Until its series has ended, and all that it was one with once.
    WhileOpen,
}

/// What is to be announced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// The occurrences whose time has come, by series and name.
    pub now: Vec<(SeriesId, Date)>,
    /// When the next one's comes; `None`: there is none.
    pub next: Option<Timestamp>,
}

impl Schedule {
    /// All of them, those included that have ended, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Series> {
        self.all.values().map(Arc::as_ref)
    }

    /// One series.
    pub fn get(&self, id: &SeriesId) -> Option<&Series> {
        self.all.get(id).map(Arc::as_ref)
    }

    /// The series of which this one was a part once; itself, where it goes on from no other.
    pub(crate) fn root<'a>(&'a self, mut id: &'a SeriesId) -> &'a SeriesId {
        while let Some(before) = self.get(id).and_then(|series| series.continues.as_ref()) {
            id = before;
        }
        id
    }

    /// The id that the next series gets.
    pub fn next_id(&self) -> SeriesId {
        SeriesId::new(self.last + 1)
    }

    /// What is to be announced at an instant. A rule over time and no job: whoever was not there when its time came announces it when they
    /// are, and what is over by then was nobody's to announce.
    pub fn due(&self, now: Timestamp) -> Due {
        self.due_of(self.iter(), now)
    }

    /// The same of some of them.
    pub fn due_of<'a>(&self, of: impl IntoIterator<Item = &'a Series>, now: Timestamp) -> Due {
        let mut due = Due::default();
        for series in of.into_iter().filter(|series| series.ended_at.is_none()) {
            let recurrence = &series.plan.recurrence;
            let is_new = |one: &Occurrence| !series.announced.contains_key(&one.original);
            let near = now.saturating_add(series.plan.lead()).unwrap_or(Timestamp::MAX);
            let found = recurrence.open_at(now, near).into_iter().filter(is_new);
            due.now.extend(found.map(|one| (series.id.clone(), one.original)));
            if let Some(next) = recurrence.next(now, |one| one.starts_at > near && is_new(one)) {
                let at = next.starts_at.saturating_sub(series.plan.lead()).unwrap_or(Timestamp::MIN);
                due.next = Some(due.next.map_or(at, |other| other.min(at)));
            }
        }
        due
    }

    /// What was announced of a series of the days from which on another one goes on as it: that one's from now on.
    fn handed_over(&mut self, from: Option<&SeriesId>, since: Option<Date>) -> BTreeMap<Date, NoticeId> {
        let (Some(from), Some(since)) = (from.and_then(|from| self.all.get_mut(from)), since) else {
            return BTreeMap::new();
        };
        Arc::make_mut(from).announced.split_off(&since)
    }

    /// Takes note that a number is given.
    pub(crate) fn take_number(&mut self, id: &SeriesId) {
        self.last = id.number().max(self.last);
    }

    /// Whether an entry has to stay, and for the sake of which series.
    pub(crate) fn keeps(&self, seq: u64) -> Option<&SeriesId> {
        let (id, kept) = self.entries.get(&seq)?;
        let root = self.root(id);
        let goes_on = || self.iter().any(|series| series.ended_at.is_none() && self.root(&series.id) == root);
        (*kept == Kept::Forever || goes_on()).then_some(id)
    }

    /// Takes note of what happened to a series.
    pub(crate) fn apply(&mut self, event: &Event, seq: u64, at: Timestamp, actor: &str) {
        let kept = match event {
            Event::Announced { .. } | Event::Ended { .. } => Kept::Forever,
            Event::Created { .. } | Event::Edited { .. } | Event::Decided { .. } => Kept::WhileOpen,
        };
        self.entries.insert(seq, (event.id().clone(), kept));
        if let Event::Created { id, plan, continues } = event {
            let author = Author::of(actor);
            let announced = self.handed_over(continues.as_ref(), plan.recurrence.since);
            let series = Series {
                id: id.clone(),
                revision: 1,
                plan: plan.as_ref().clone(),
                continues: continues.clone(),
                announced,
                created_at: at,
                created_by: author.clone(),
                updated_at: at,
                updated_by: author,
                ended_at: None,
            };
            self.all.insert(id.clone(), Arc::new(series));
            return;
        }
        // A series whose creation was redacted is gone; what followed has nothing to change.
        let Some(series) = self.all.get_mut(event.id()).map(Arc::make_mut) else {
            return;
        };
        match event {
            Event::Announced { original, notice, .. } => {
                series.announced.insert(*original, notice.clone());
                return;
            }
            Event::Edited { plan, .. } => series.plan = plan.as_ref().clone(),
            Event::Decided { original, exception, .. } => {
                let exceptions = &mut series.plan.recurrence.exceptions;
                match exception {
                    Some(exception) => drop(exceptions.insert(*original, *exception)),
                    None => drop(exceptions.remove(original)),
                }
            }
            Event::Ended { .. } => series.ended_at = Some(at),
            Event::Created { .. } => {}
        }
        series.revision += 1;
        series.updated_at = at;
        series.updated_by = Author::of(actor);
    }
}
