//! Sending a step, and what becomes of one that got no answer.

use domain::notice::{Notice, Transition};
use jiff::Timestamp;
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, Value};

use super::{
    action::Action,
    typed::{OpenStep, Sent, Typed, let_go},
};
use crate::{
    calls,
    desk::Desk,
    failure::Failure,
    fields::{self, Faults},
    route::Route,
    unsaved, words,
};

/// An open step with all that it needs to be sent.
#[derive(Clone, Copy)]
pub(super) struct Sending {
    pub(super) desk: Desk,
    pub(super) step: OpenStep,
    pub(super) faults: Faults,
    pub(super) busy: RwSignal<bool>,
    /// The notice as the page knows it.
    pub(super) latest: Memo<Option<Notice>>,
    /// Which step is open; none once this one has arrived.
    pub(super) open: RwSignal<Option<Action>>,
    /// Takes the notice as the step has left it.
    pub(super) changed: Callback<Notice>,
    /// Whether the notice is a draft.
    pub(super) is_draft: bool,
    /// Whether the form asks for an end.
    pub(super) asks_end: bool,
    /// What is said once the step has arrived.
    pub(super) done: &'static str,
}

impl Sending {
    /// Sends what is typed. The same key makes one step of it, however often it is sent.
    pub(super) fn send(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.faults.0.set(Vec::new());
        self.desk.hush();
        let said_now = self.step.typed.get_untracked();
        let body = self.body(&said_now);
        let (id, action) = (self.step.id.get_value(), self.step.action);
        let key = said_now.sent.map_or_else(unsaved::fresh_key, |sent| sent.key);
        let revision = self
            .latest
            .with_untracked(|latest| latest.as_ref().map(|latest| latest.revision).unwrap_or_default());
        self.busy.set(true);
        self.step.sent.set(Some(Sent {
            key: key.clone(),
            revision,
        }));
        spawn_local(async move {
            let outcome = calls::act(&id, action.path(), &Value::Object(body), &key).await;
            if matches!(outcome, Ok(_) | Err(Failure::Waits(_))) {
                // Also when its author has left for another page meanwhile.
                let_go(&id, action);
            }
            if self.busy.try_set(false).is_some() {
                return;
            }
            if !matches!(outcome, Err(Failure::NoAnswer)) {
                self.step.sent.set(None);
            }
            match outcome {
                Ok(notice) => self.arrived(notice),
                Err(Failure::NoAnswer) => self.desk.lost(words::say().step_unanswered.to_owned()),
                Err(failure @ Failure::Waits(_)) => {
                    self.step.done.set_value(true);
                    self.open.set(None);
                    self.desk.refresh_all();
                    self.desk.failed(&failure);
                    fields::focus("heading");
                }
                Err(failure) => self.refused(&failure),
            }
        });
    }

    /// What goes to the server.
    fn body(self, typed: &Typed) -> Map<String, Value> {
        let mut body = Map::new();
        if !typed.text.is_empty() {
            body.insert("text".to_owned(), serde_json::to_value(&typed.text).unwrap_or_default());
        }
        if let Action::Decide(decision) = self.step.action {
            body.insert("decision".to_owned(), serde_json::to_value(decision).unwrap_or_default());
        }
        let mut put = |name: &str, at: Option<Timestamp>| {
            if let Some(at) = at {
                body.insert(name.to_owned(), Value::String(at.to_string()));
            }
        };
        put("next_update_at", typed.next_update_at);
        put("ended_at", typed.ended_at);
        if self.asks_end && !typed.end_unknown {
            put("ends_at", typed.ends_at);
        }
        if self.asks_end && typed.end_unknown {
            body.insert("end_certainty".to_owned(), "unknown".into());
        }
        if !typed.freeze_reason.trim().is_empty() {
            body.insert("freeze_reason".to_owned(), typed.freeze_reason.as_str().into());
        }
        if let Some(stage) = typed.stage {
            body.insert("stage".to_owned(), stage.word().into());
        }
        body
    }

    fn arrived(self, notice: Notice) {
        self.close(&notice);
        match self.step.action {
            Action::Make(Transition::Publish) => drop(self.desk.has_published(notice.id.as_str())),
            Action::Make(Transition::Resolve) => self.desk.has_resolved(notice.id.as_str()),
            // What was done before it is not taken back behind its back.
            _ => self.desk.undo.set(None),
        }
        if self.is_draft && self.step.action == Action::Make(Transition::Cancel) {
            self.desk.go_with(&Route::Overview, format!("{}: {}", self.done, notice.id));
        } else {
            self.changed.run(notice);
            fields::focus("heading");
        }
    }

    /// Closes the form of what has arrived, and says so.
    fn close(self, notice: &Notice) {
        self.step.done.set_value(true);
        self.open.set(None);
        self.desk.refresh_all();
        self.desk.say(format!("{}: {}", self.done, notice.id));
    }

    fn refused(self, failure: &Failure) {
        let found = failure.faults();
        if let Some(first) = found.first().map(|fault| fault.pointer.clone()) {
            self.faults.0.set(found);
            Faults::focus_soon(first);
        } else {
            self.desk.failed(failure);
        }
    }

    /// Once the server answers again: what became of that which got no answer.
    pub(super) fn follow_answers(self) {
        Effect::new(move |_| {
            self.desk.tick.track();
            let Some(asked) = self.step.sent.get_untracked() else {
                return;
            };
            let id = self.step.id.get_value();
            spawn_local(async move {
                let Ok(notice) = calls::notice(&id).await else { return };
                let still_sent = self.step.sent.try_get_untracked().flatten();
                if self.busy.try_get_untracked() != Some(false) || still_sent.as_ref() != Some(&asked) {
                    return;
                }
                self.step.sent.set(None);
                self.found(notice, &asked, &id);
            });
        });
    }

    /// Tells by the stored notice whether what was asked has arrived.
    fn found(self, notice: Notice, asked: &Sent, id: &str) {
        let said_now = self.step.typed.get_untracked().text;
        if notice.revision == asked.revision {
            self.desk.warn(words::say().step_not_arrived.to_owned());
        } else if !said_now.is_empty() && notice.updates.last().is_some_and(|update| update.text == said_now) {
            let_go(id, self.step.action);
            self.close(&notice);
            self.changed.run(notice);
        } else {
            self.changed.run(notice);
            self.desk.warn(words::say().step_perhaps.to_owned());
        }
    }
}
