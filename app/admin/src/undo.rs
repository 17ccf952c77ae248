//! What was just done, and can be taken back with one tap for a moment. Later it takes the step of its own, which asks what to tell people.

use std::time::Duration;

use leptos::prelude::*;
use serde_json::json;

use crate::{
    calls,
    desk::{Desk, Undo},
    fields::Faults,
    once::Once,
    unsaved, words,
};

/// For so long it is offered.
const OFFERED: Duration = Duration::from_secs(10);

impl Desk {
    /// A notice was published, which for a moment can be taken back; what to say of it.
    pub(crate) fn has_published(self, id: &str) -> &'static str {
        self.can_undo(id, "withdraw");
        words::say().published
    }

    /// The all-clear was given for a notice: for a moment that can be taken back.
    pub(crate) fn has_resolved(self, id: &str) {
        self.can_undo(id, "reopen");
    }

    fn can_undo(self, id: &str, action: &'static str) {
        let undo = Undo {
            id: id.to_owned(),
            action,
            key: unsaved::fresh_key(),
        };
        self.undo.set(Some(undo.clone()));
        set_timeout(
            move || {
                if self.undo.with_untracked(|offered| *offered == Some(undo)) {
                    self.undo.set(None);
                }
            },
            OFFERED,
        );
    }
}

/// The button that takes it back; nothing while there is nothing to take back.
pub(crate) fn button(desk: Desk) -> AnyView {
    let once = Once::new();
    let take_back = move |_| {
        let Some(undo) = desk.undo.get_untracked() else { return };
        let acting = async move { calls::act(&undo.id, undo.action, &json!({}), &undo.key).await };
        once.send(desk, Faults::new(), acting, move |notice| {
            desk.undo.set(None);
            desk.refresh_all();
            desk.say(format!("{}: {}", words::say().undone, notice.id));
        });
    };
    view! {
        <button type="button" class="small" data-test="undo" hidden=move || desk.undo.with(Option::is_none) aria-disabled=move || once.is_busy()
            on:click=take_back>{words::say().undo}</button>
    }
    .into_any()
}
