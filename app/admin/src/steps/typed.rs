//! What is typed into a step: it outlives a reload, until it has arrived or its author lets it go.

use domain::text::Localized;
use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wire::Stage;

use super::action::Action;
use crate::{
    desk::Desk,
    draft::{Moment, Variants},
    fields,
    route::Route,
    unsaved,
};

/// What was typed into a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Typed {
    pub(super) text: Localized,
    pub(super) stage: Option<Stage>,
    pub(super) ends_at: Option<Timestamp>,
    pub(super) end_unknown: bool,
    pub(super) next_update_at: Option<Timestamp>,
    pub(super) ended_at: Option<Timestamp>,
    #[serde(default)]
    pub(super) freeze_reason: String,
    pub(super) sent: Option<Sent>,
}

/// What was sent and not answered: under which key, and at which revision of the notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sent {
    pub(super) key: String,
    pub(super) revision: u32,
}

/// Where the storage keeps what is typed into a step.
fn place(id: &str, action: Action) -> String {
    // Whoever decides and whoever adds an update send it to the same place, and do not mean the same.
    let name = if let Action::Decide(_) = action {
        action.test()
    } else {
        action.path()
    };
    format!("{}/{name}", Route::Notice(id.to_owned()).hash())
}

/// What was typed into a step of this notice before, and still lies there.
pub(super) fn kept(id: &str, action: Action) -> Option<Typed> {
    unsaved::at::<Typed>(&place(id, action)).map(|typed| typed.what)
}

/// Lets go of what was typed into a step of this notice.
pub(super) fn let_go(id: &str, action: Action) {
    unsaved::keep::<Typed>(&place(id, action), None);
}

/// A step while someone fills it in: each field a signal.
#[derive(Clone, Copy)]
pub(super) struct OpenStep {
    pub(super) action: Action,
    /// Of the notice.
    pub(super) id: StoredValue<String>,
    pub(super) text: Variants,
    pub(super) stage: RwSignal<Option<Stage>>,
    pub(super) ends_at: Moment,
    pub(super) end_unknown: RwSignal<bool>,
    pub(super) next_update_at: Moment,
    pub(super) ended_at: Moment,
    /// Why planned work may be in frozen time.
    pub(super) freeze_reason: RwSignal<String>,
    pub(super) sent: RwSignal<Option<Sent>>,
    /// All of these together.
    pub(super) typed: Memo<Typed>,
    /// Set while it holds what was typed before a reload.
    pub(super) restored: RwSignal<bool>,
    /// Set when what was typed has arrived.
    pub(super) done: StoredValue<bool>,
    /// What stands there before anyone has typed something.
    first: StoredValue<Typed>,
}

impl OpenStep {
    /// A step with what was typed into it before, or with what is likely.
    pub(super) fn new(desk: Desk, id: String, action: Action, first: Typed) -> Self {
        let zone = desk.zone();
        let before = kept(&id, action);
        let restored = RwSignal::new(before.is_some());
        let start = before.unwrap_or_else(|| first.clone());
        let text = Variants::new(&desk.languages(), &start.text);
        let stage = RwSignal::new(start.stage);
        let ends_at = Moment::end(start.ends_at, &zone);
        let (next_update_at, ended_at) = (Moment::new(start.next_update_at, &zone), Moment::new(start.ended_at, &zone));
        let end_unknown = RwSignal::new(start.end_unknown);
        let freeze_reason = RwSignal::new(start.freeze_reason);
        let sent = RwSignal::new(start.sent);
        let typed = Memo::new(move |_| Typed {
            text: text.text(),
            stage: stage.get(),
            ends_at: ends_at.at(),
            end_unknown: end_unknown.get(),
            next_update_at: next_update_at.at(),
            ended_at: ended_at.at(),
            freeze_reason: freeze_reason.get(),
            sent: sent.get(),
        });
        Self {
            action,
            id: StoredValue::new(id),
            text,
            stage,
            ends_at,
            end_unknown,
            next_update_at,
            ended_at,
            freeze_reason,
            sent,
            typed,
            restored,
            done: StoredValue::new(false),
            first: StoredValue::new(first),
        }
    }

    /// From now on what is typed is kept for a reload, until it has arrived.
    pub(super) fn keep_what_is_typed(self) {
        let first = self.first.get_value();
        let place = self.id.with_value(|id| place(id, self.action));
        Effect::new(move |_| {
            let typed = self.typed.get();
            if !self.done.get_value() {
                unsaved::keep(&place, (typed != first).then_some(typed));
            }
        });
    }

    /// Empties the fields again. What was sent and not answered stays open.
    pub(super) fn discard(self) {
        let first = self.first.get_value();
        self.text.set(&first.text);
        self.stage.set(None);
        self.ends_at.set(first.ends_at);
        self.end_unknown.set(false);
        self.next_update_at.set(None);
        self.ended_at.set(None);
        self.freeze_reason.set(String::new());
        self.restored.set(false);
        fields::focus("step");
    }
}
