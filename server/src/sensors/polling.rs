//! Reads status pages of others once a minute. It is driven like what goes out, since of several servers on one database one is to ask.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use domain::{record::Entry, state::State};
use engine::reactor::{Outcome, Reactor, Task, Turn};
use jiff::{SignedDuration, Timestamp};
use store::{sources::Source, tables::TableError};

use super::intake::Intake;
use crate::reactors::Visitor;

/// How often a page is read.
const EVERY: SignedDuration = SignedDuration::from_mins(1);

/// So many pages are read at once.
const AT_ONCE: usize = 4;

/// Polls.
pub(crate) struct Polling {
    intake: Intake,
    visitor: Visitor,
    /// At which second of each minute: servers of others that watch the same page ask at other ones.
    second: i64,
    known: Mutex<Vec<Source>>,
}

impl Polling {
    /// `chance` spreads servers over the minute.
    pub(crate) const fn new(intake: Intake, visitor: Visitor, chance: u64) -> Self {
        Self {
            intake,
            visitor,
            second: chance.cast_signed().rem_euclid(60),
            known: Mutex::new(Vec::new()),
        }
    }

    fn known(&self) -> Vec<Source> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The next time at which pages are read, after this instant.
    fn next(&self, now: Timestamp) -> Option<Timestamp> {
        let since = (now.as_second() - self.second).rem_euclid(EVERY.as_secs());
        Timestamp::from_second(now.as_second() - since).ok()?.checked_add(EVERY).ok()
    }
}

#[async_trait]
impl Reactor for Polling {
    fn name(&self) -> &'static str {
        "upstream"
    }

    fn after(&self, _: &State, _: &State, _: &Entry) -> Vec<Task> {
        Vec::new()
    }

    /// A lane for each page, so that one that does not answer keeps no other waiting.
    fn turn(&self, _: &State, now: Timestamp) -> Turn {
        let task = |source: Source| Task {
            lane: source.id.into(),
            key: String::new(),
            payload: String::new(),
        };
        Turn {
            tasks: self.known().into_iter().map(task).collect(),
            next: self.next(now),
        }
    }

    fn rests(&self) -> bool {
        self.known().is_empty()
    }

    fn lanes(&self) -> usize {
        AT_ONCE
    }

    async fn look(&self) -> Result<(), TableError> {
        let polled = self.intake.polled().await?;
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = polled;
        Ok(())
    }

    async fn perform(&self, task: &Task, _: u32) -> Outcome {
        let Some(source) = self.known().into_iter().find(|source| source.id.as_str() == task.lane) else {
            return Outcome::Done;
        };
        match self.intake.poll(&source, &self.visitor).await {
            // Also where the page could not be read: it is read again in a minute.
            Ok(()) => Outcome::Done,
            Err(error) => Outcome::GivenUp(error.to_string()),
        }
    }
}
