//! What is known after the entries so far.

use std::sync::Arc;

use domain::{
    record::Entry,
    state::{State, apply},
};

/// What is known after the entries so far. Its lock is held for taking a copy of the pointer and for applying entries, never while
/// anything is worked out of the state: who reads at length holds the state as it was, and the next entry is applied to a copy. As long as
/// nobody reads, there is one owner and nothing is copied.
#[derive(Clone, Default)]
pub(super) struct Known {
    pub(super) state: Arc<State>,
}

impl Known {
    pub(super) fn take(&mut self, entry: &Entry) {
        apply(Arc::make_mut(&mut self.state), entry);
    }
}
