//! All notices, and what events make of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
    sync::Arc,
};

use jiff::{Timestamp, tz::Offset};
use wire::{AtEnd, EndCertainty, Stage};

use super::{
    content::Content,
    event::{Event, Step},
    imported::Imported,
    model::{Alteration, Author, Decided, Decision, Notice, Promise, Update},
};
use crate::{
    text::Localized,
    words::{NoticeId, PortalId},
};

/// Every notice that was ever written. A copy shares each with its original until one of the two changes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notices {
    all: BTreeMap<Key, Arc<Notice>>,
    /// The highest number given in each year, so that none is given twice, redacted ones included.
    numbers: BTreeMap<i16, u32>,
}

/// The year and the number of a notice, in the order of which notices stand. A preview copies them all, so they are no texts.
type Key = (i16, u32);

fn key(id: &NoticeId) -> Key {
    (id.year(), id.number())
}

/// In which place of the journal an event stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) seq: u64,
    pub(crate) at: Timestamp,
    pub(crate) actor: &'a str,
}

impl Notices {
    /// All of them, drafts included, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Notice> {
        self.all.values().map(Arc::as_ref)
    }

    /// Those with ids before this one, newest first; `None`: all of them.
    pub fn before(&self, id: Option<&NoticeId>) -> impl Iterator<Item = &Notice> {
        let end = id.map_or(Bound::Unbounded, |id| Bound::Excluded(key(id)));
        self.all.range((Bound::Unbounded, end)).rev().map(|(_, notice)| notice.as_ref())
    }

    /// One notice.
    pub fn get(&self, id: &NoticeId) -> Option<&Notice> {
        // Another spelling of its number names no notice.
        self.all.get(&key(id)).map(Arc::as_ref).filter(|notice| notice.id == *id)
    }

    /// The id that the next notice gets.
    pub fn next_id(&self, now: Timestamp) -> NoticeId {
        let year = Offset::UTC.to_datetime(now).year();
        NoticeId::new(year, self.numbers.get(&year).copied().unwrap_or_default() + 1)
    }

    /// Takes note that a number is given.
    pub(crate) fn take_number(&mut self, id: &NoticeId) {
        let number = self.numbers.entry(id.year()).or_default();
        *number = id.number().max(*number);
    }

    /// Takes note of what happened to a notice. `portals` tells which ones a content concerns; each that a notice has concerned it remembers.
    pub(crate) fn apply(&mut self, event: &Event, place: Place<'_>, portals: impl Fn(&Content) -> BTreeSet<PortalId>) {
        let mut notice = match event {
            Event::Created { id, content, stage } => created(id, content, *stage, place),
            Event::Imported { id, notice } => imported(id, notice, place),
            Event::Edited { id, .. } | Event::Advanced { id, .. } => {
                // A notice whose creation was redacted is gone; what followed has nothing to change.
                let Some(notice) = self.all.remove(&key(id)) else { return };
                let mut notice = Arc::unwrap_or_clone(notice);
                if let Some((decision, is_told)) = decided(event) {
                    let by = Author::of(place.actor);
                    notice.decided = Some(Decided {
                        decision,
                        at: place.at,
                        by,
                    });
                    if !is_told {
                        self.all.insert(key(&notice.id), Arc::new(notice));
                        return;
                    }
                }
                remember(&mut notice, &portals);
                match event {
                    Event::Edited { content, .. } => edit(&mut notice, content, place),
                    Event::Advanced { step, .. } => advance(&mut notice, step, place),
                    Event::Created { .. } | Event::Imported { .. } => {}
                }
                notice.revision += 1;
                notice.updated_at = place.at;
                notice.updated_by = Some(Author::of(place.actor));
                notice.position = place.seq;
                notice
            }
        };
        remember(&mut notice, &portals);
        self.all.insert(key(&notice.id), Arc::new(notice));
    }
}

/// What a step decides about the work, and whether it says anything besides.
fn decided(event: &Event) -> Option<(Decision, bool)> {
    match event {
        Event::Advanced { step, .. } => step.decision.map(|decision| (decision, step.is_told())),
        _ => None,
    }
}

fn remember(notice: &mut Notice, portals: impl Fn(&Content) -> BTreeSet<PortalId>) {
    if notice.published_at.is_some() {
        let concerned = portals(&notice.content);
        notice.shown_on.extend(concerned);
    }
}

fn created(id: &NoticeId, content: &Content, stage: Option<Stage>, place: Place<'_>) -> Notice {
    let author = Some(Author::of(place.actor));
    Notice {
        id: id.clone(),
        revision: 1,
        stage,
        content: content.clone(),
        created_at: place.at,
        created_by: author.clone(),
        published_at: stage.map(|_| place.at),
        published_by: stage.and(author.clone()),
        updated_at: place.at,
        updated_by: author,
        ended_at: None,
        decided: None,
        updates: Vec::new(),
        rests: Vec::new(),
        promises: stage.and(content.next_update_at).map(promised).into_iter().collect(),
        origin: None,
        position: place.seq,
        shown_on: BTreeSet::new(),
    }
}

/// A notice with the instants that it had elsewhere; in this record it was written by whoever has taken it over.
fn imported(id: &NoticeId, notice: &Imported, place: Place<'_>) -> Notice {
    let author = Some(Author::of(place.actor));
    let updates = notice.updates.iter().map(|told| Update {
        at: told.at,
        stage: told.stage,
        text: told.text.clone(),
        by: author.clone(),
        change: None,
    });
    Notice {
        published_at: Some(notice.published_at),
        published_by: author.clone(),
        updated_at: notice.updated_at,
        ended_at: Some(notice.ended_at),
        updates: updates.collect(),
        origin: Some(notice.origin.clone()),
        ..created(id, &notice.content, Some(notice.stage), place)
    }
}

const fn promised(until: Timestamp) -> Promise {
    Promise { until, kept_at: None }
}

/// Takes note that people were told until when they hear more. Another time for what is still owed is no new promise.
fn promise(notice: &mut Notice) {
    let next = notice.content.next_update_at;
    let owed = notice.promises.last_mut().filter(|last| last.kept_at.is_none());
    let is_owed = owed.is_some();
    // An earlier time is one that is owed sooner.
    if let Some((owed, next)) = owed.zip(next) {
        owed.until = owed.until.min(next);
    }
    let is_told = notice.published_at.is_some() && !notice.stage.is_some_and(Stage::is_final);
    if is_told && !is_owed {
        notice.promises.extend(next.map(promised));
    }
}

fn edit(notice: &mut Notice, content: &Content, place: Place<'_>) {
    let change = Alteration::between(notice, content).filter(|_| notice.published_at.is_some());
    notice.content = content.clone();
    if change.is_some() {
        notice.updates.push(Update {
            at: place.at,
            stage: None,
            text: Localized::default(),
            by: Some(Author::of(place.actor)),
            change,
        });
    }
    promise(notice);
}

fn advance(notice: &mut Notice, step: &Step, place: Place<'_>) {
    let at = place.at;
    if let Some(stage) = step.stage {
        let was_draft = notice.stage.is_none();
        if let Some(end) = untold_end(notice, stage, at) {
            notice.updates.push(end);
        }
        if let Some(ended) = notice.ended_at(at).filter(|ended| !stage.is_final() && *ended < at) {
            notice.rests.push((ended, at));
        }
        if was_draft && !stage.is_final() {
            notice.published_at = Some(at);
            notice.published_by = Some(Author::of(place.actor));
        }
        if stage == Stage::InProgress {
            let starts_at = notice.starts_at().min(at);
            notice.content.starts_at = Some(starts_at);
            notice.content.announce_from = notice.content.announce_from.map(|from| from.min(starts_at));
        }
        if notice.stage.is_some_and(Stage::is_final) {
            // What is taken up again is decided about anew.
            notice.decided = None;
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
            notice.content.at_end = AtEnd::Confirm;
            notice.content.end_certainty = Some(EndCertainty::Unknown);
        }
    }
    if let Some(next) = step.next_update_at {
        notice.content.next_update_at = Some(next);
    } else if notice.content.next_update_at.is_some_and(|promised| promised <= at) {
        // The promise was kept by this very step, and no new one was made.
        notice.content.next_update_at = None;
    }
    let is_news = step.stage.is_some() || !step.text.is_empty();
    if is_news && let Some(owed) = notice.promises.last_mut().filter(|last| last.kept_at.is_none()) {
        // More that comes early leaves a promise standing, unless another one takes its place, or all is over.
        let is_over = notice.stage.is_some_and(Stage::is_final);
        let is_replaced = step.next_update_at.is_some_and(|next| next != owed.until);
        if owed.until <= at || is_replaced || is_over {
            owed.kept_at = Some(at);
        }
    }
    promise(notice);
    if is_news || change.is_some() {
        notice.updates.push(Update {
            at,
            stage: step.stage,
            text: step.text.clone(),
            by: Some(Author::of(place.actor)),
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
