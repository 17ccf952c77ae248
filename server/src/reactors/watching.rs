//! Does what the rules of the catalogue ask for by the alerts that fire ([`domain::project::alarm`]): writes notices, and moves them on.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use domain::{
    access::{Actor, Role, WATCH},
    catalogue::Rule,
    project::{Alarm, alarm},
    record::{Command, Entry},
    rejection::Rejection,
    state::State,
    watch::Alert,
    words::RuleId,
};
use engine::{
    Publisher,
    reactor::{Outcome, Reactor, Task, Turn},
};
use jiff::Timestamp;
use store::{alerts::Alerts, tables::TableError};

use super::submitted::outcome;

/// Watches.
pub(crate) struct Watching {
    publisher: Arc<Publisher>,
    alerts: Alerts,
    /// As they were when it was last looked.
    known: Mutex<Arc<Vec<Alert>>>,
}

impl Watching {
    pub(crate) fn new(publisher: Arc<Publisher>, alerts: Alerts) -> Self {
        Self {
            publisher,
            alerts,
            known: Mutex::default(),
        }
    }

    fn known(&self) -> Arc<Vec<Alert>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What each rule asks for.
    fn asked(&self, state: &State, now: Timestamp) -> Turn {
        let known = self.known();
        let mut turn = Turn::default();
        for rule in &state.catalogue().rules {
            let Alarm { command, next } = alarm(state, rule, &*known, now);
            turn.tasks.extend(command.map(|_| task(rule)));
            turn.next = [turn.next, next].into_iter().flatten().min();
        }
        turn
    }
}

/// A lane for each rule, so that one that cannot be followed keeps no other waiting.
fn task(rule: &Rule) -> Task {
    Task {
        lane: rule.id.to_string(),
        key: String::new(),
        payload: String::new(),
    }
}

#[async_trait]
impl Reactor for Watching {
    fn name(&self) -> &'static str {
        "watch"
    }

    fn after(&self, _: &State, state: &State, entry: &Entry) -> Vec<Task> {
        if entry.subject.is_told() {
            self.asked(state, entry.at).tasks
        } else {
            Vec::new()
        }
    }

    fn turn(&self, state: &State, now: Timestamp) -> Turn {
        self.asked(state, now)
    }

    fn rests(&self) -> bool {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    fn measures(&self) -> bool {
        true
    }

    async fn look(&self) -> Result<(), TableError> {
        let known: Vec<Alert> = self.alerts.all().await?.into_iter().map(|known| known.alert).collect();
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
        Ok(())
    }

    async fn perform(&self, task: &Task, _: u32) -> Outcome {
        if let Err(error) = self.look().await {
            return Outcome::Again(None, error.to_string());
        }
        let Ok(id) = RuleId::parse(&task.lane) else {
            return Outcome::GivenUp(format!("`{}` names no rule", task.lane));
        };
        let known = self.known();
        // It is asked anew when it is written: somebody may have told of it meanwhile, here or on another node.
        let asked = |state: &State, now: Timestamp| {
            let rule = state.catalogue().rules.iter().find(|rule| rule.id == id)?;
            alarm(state, rule, &*known, now).command.map(Command::from)
        };
        let actor = Actor::new(format!("{WATCH}{id}"), Role::Publisher);
        let done = self.publisher.submit_asked(actor, &asked).await;
        outcome(done, |rejection| matches!(rejection, Rejection::NotAllowed(_)))
    }
}
