//! Reactors: whatever has to happen outside because of what stands in the journal, or because time has passed.
//!
//! A reactor is three pure questions, from which tasks follow, and one deed. What is asked and when, who asks, how often a deed is tried, and
//! that nothing is forgotten when a process dies: all that is the [driver](crate::driver)'s.
//!
//! An *edge* reactor (a message to somebody) makes a task for each entry and receiver, on a lane for each receiver. A *level* reactor (a copy
//! of something) makes a task for each thing that is to be brought up to date, keyed by the thing: asked for ten times, it is done once.

use async_trait::async_trait;
use domain::{record::Entry, state::State};
use jiff::{SignedDuration, Timestamp};
pub use store::outbox::Task;
use store::tables::TableError;

/// Something that has to happen outside.
#[async_trait]
pub trait Reactor: Send + Sync {
    /// Under this its tasks are kept. It stays the same from release to release.
    fn name(&self) -> &'static str;

    /// What follows from an entry, with the state before it and the state after it. Pure.
    fn after(&self, before: &State, state: &State, entry: &Entry) -> Vec<Task>;

    /// What time alone has brought in a span in which no entry was written: after `since`, up to `until`. Pure. Each instant is asked for
    /// once, by whichever process.
    fn between(&self, _state: &State, _since: Timestamp, _until: Timestamp) -> Vec<Task> {
        Vec::new()
    }

    /// What is to be looked at at this instant because of time alone, and when to ask again. Pure. It is also asked whenever a process begins
    /// to see to this.
    fn turn(&self, state: &State, now: Timestamp) -> Turn;

    /// Whether there is nothing to see to, whatever happens: nobody then needs the lease for its sake.
    fn rests(&self) -> bool {
        false
    }

    /// Whether what its questions are about changes without an entry: it is then asked anew whenever something has come in.
    fn measures(&self) -> bool {
        false
    }

    /// Reads what else its questions are about, such as who wants to be told. It comes before they are asked, and after the state was taken
    /// that they are about.
    ///
    /// # Errors
    /// When the database fails.
    async fn look(&self) -> Result<(), TableError> {
        Ok(())
    }

    /// This process begins to see to it: whatever it remembers of the world outside may be another's work by now.
    fn begin(&self) {}

    /// Does a task. It may be done again: a process may die before it can say that it was done. `attempts`: how often it was tried in vain.
    async fn perform(&self, task: &Task, attempts: u32) -> Outcome;

    /// On how many lanes work goes on at once.
    fn lanes(&self) -> usize {
        1
    }
}

/// What time asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    pub tasks: Vec<Task>,
    /// When to ask again; `None`: time alone asks for nothing more.
    pub next: Option<Timestamp>,
}

/// What became of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// It failed, for this reason, and is tried again after this time; `None`: after a while that grows with each attempt.
    Again(Option<SignedDuration>, String),
    /// Nothing failed, but it is not as it is to be, for this reason; it is looked at again after this time.
    NotYet(SignedDuration, String),
    /// It is not worth another attempt, for this reason.
    GivenUp(String),
}

/// The longest pause between two attempts.
const LONGEST: SignedDuration = SignedDuration::from_mins(5);

/// For how long a task rests that was tried so often in vain: a second, then ever twice as long.
pub(crate) fn pause(attempts: u32) -> SignedDuration {
    let seconds = 1_i64.checked_shl(attempts.min(32)).unwrap_or(i64::MAX);
    SignedDuration::from_secs(seconds).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_five_minutes() {
        let seconds = [0, 1, 2, 8, 9, 40, u32::MAX].map(|attempts| pause(attempts).as_secs());
        assert_eq!(seconds, [1, 2, 4, 256, 300, 300, 300]);
    }
}
