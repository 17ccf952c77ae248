//! What was just done, and can be taken back with one tap for a moment. Later it takes the step of its own, which asks what to tell people.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

use crate::{
    calls,
    desk::{Desk, Undo},
    fields,
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
    // Beside what was said of the same notice, and nothing else.
    let is_offered = Memo::new(move |_| {
        let said = desk.message();
        desk.undo.with(|undo| undo.as_ref().is_some_and(|undo| said.contains(&undo.id)))
    });
    let take_back = move |_| {
        let Some(undo) = desk.undo.get_untracked() else { return };
        if once.begin().is_none() {
            return;
        }
        spawn_local(async move {
            match once.ended(calls::act(&undo.id, undo.action, &json!({}), &undo.key).await) {
                Some(Ok(notice)) => {
                    desk.undo.set(None);
                    desk.refresh_all();
                    desk.say(format!("{}: {}", words::say().undone, notice.id));
                    fields::focus("heading");
                }
                Some(Err(failure)) => desk.failed(&failure),
                None => {}
            }
        });
    };
    view! {
        <button type="button" class="small" data-test="undo" hidden=move || !is_offered.get() aria-disabled=move || once.is_busy()
            on:click=take_back>{words::say().undo}</button>
    }
    .into_any()
}
