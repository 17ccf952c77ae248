//! Tells people of planned work when its time to be announced has come. What is to be announced is a rule over time
//! ([`domain::schedule::Schedule::due`]), and no list of jobs: a server that was down announces when it is back, and nothing is announced twice,
//! since each occurrence is decided about anew.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    access::{Actor, Role, SCHEDULE},
    record::Entry,
    rejection::Rejection,
    schedule::Command,
    state::State,
    words::{SeriesId, Subject},
};
use engine::{
    Publisher,
    reactor::{Outcome, Reactor, Task, Turn},
};
use jiff::{Timestamp, civil::Date};

use super::submitted::outcome;

/// Announces.
pub(crate) struct Announcing {
    publisher: Arc<Publisher>,
}

impl Announcing {
    pub(crate) const fn new(publisher: Arc<Publisher>) -> Self {
        Self { publisher }
    }
}

/// A lane for each series, so that one that cannot be announced keeps no other waiting.
fn task((series, original): &(SeriesId, Date)) -> Task {
    Task {
        lane: series.to_string(),
        key: original.to_string(),
        payload: String::new(),
    }
}

#[async_trait]
impl Reactor for Announcing {
    fn name(&self) -> &'static str {
        "schedule"
    }

    fn after(&self, _: &State, state: &State, entry: &Entry) -> Vec<Task> {
        let due = match &entry.subject {
            Subject::Series(series) => state.due(Some(series), entry.at),
            // What waited for it may be told of.
            Subject::Freeze(_) | Subject::Approval(_) | Subject::Whole => state.due(None, entry.at),
            Subject::Notice(_) | Subject::Channel(_) => return Vec::new(),
        };
        due.now.iter().map(task).collect()
    }

    fn turn(&self, state: &State, now: Timestamp) -> Turn {
        let due = state.due(None, now);
        Turn {
            tasks: due.now.iter().map(task).collect(),
            next: due.next,
        }
    }

    fn rests(&self) -> bool {
        let (state, _) = self.publisher.present();
        state.series().all(|series| series.ended_at.is_some())
    }

    async fn perform(&self, task: &Task, _: u32) -> Outcome {
        let (Ok(id), Ok(original)) = (SeriesId::parse(&task.lane), task.key.parse()) else {
            return Outcome::GivenUp(format!("`{} {}` names no occurrence", task.lane, task.key));
        };
        let (state, now) = self.publisher.present();
        if !state.due(Some(&id), now).now.contains(&(id.clone(), original)) {
            return Outcome::Done;
        }
        drop(state);
        let actor = Actor::new(SCHEDULE, Role::Publisher);
        let done = self.publisher.submit(actor, Command::Announce { id, original }).await;
        outcome(done, |rejection| {
            matches!(rejection, Rejection::NotPlanned(_) | Rejection::UnknownSeries(_))
        })
    }
}
