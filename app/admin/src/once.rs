//! Something that is asked for once, however often its button is tapped or it is sent again.

use leptos::{prelude::*, task::spawn_local};

use crate::{desk::Desk, failure::Failure, fields::Faults, unsaved};

/// Whether it is on its way, and under which key the server knows it.
#[derive(Clone, Copy)]
pub(crate) struct Once {
    busy: RwSignal<bool>,
    key: StoredValue<String>,
}

impl Once {
    pub(crate) fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            key: StoredValue::new(unsaved::fresh_key()),
        }
    }

    /// Whether it is on its way, as attributes have it.
    pub(crate) fn is_busy(self) -> String {
        self.busy.get().to_string()
    }

    /// Begins; the key under which to ask, or nothing while it is on its way already.
    pub(crate) fn begin(self) -> Option<String> {
        if self.busy.get_untracked() {
            return None;
        }
        self.busy.set(true);
        Some(self.key.get_value())
    }

    /// It was answered, or was not. Nothing where the person has left for another page meanwhile. What may have been done is asked for under the
    /// same key the next time, anything else under another.
    pub(crate) fn ended<T>(self, outcome: Result<T, Failure>) -> Option<Result<T, Failure>> {
        if self.busy.try_set(false).is_some() {
            return None;
        }
        if !outcome.as_ref().err().is_some_and(Failure::may_have_arrived) {
            self.key.set_value(unsaved::fresh_key());
        }
        Some(outcome)
    }

    /// Sends what a form or a button asks for, and goes on with the answer. What is wrong with fields is shown at them, anything else as a message.
    pub(crate) fn send<T: 'static>(
        self,
        desk: Desk,
        faults: Faults,
        sending: impl Future<Output = Result<T, Failure>> + 'static,
        then: impl FnOnce(T) + 'static,
    ) {
        if self.begin().is_none() {
            return;
        }
        desk.hush();
        spawn_local(async move {
            match self.ended(sending.await) {
                Some(Ok(answer)) => then(answer),
                Some(Err(failure)) => {
                    let found = failure.faults();
                    if found.is_empty() {
                        desk.failed(&failure);
                    } else {
                        faults.show(found);
                    }
                }
                None => {}
            }
        });
    }
}
