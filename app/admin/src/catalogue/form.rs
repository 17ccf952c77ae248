//! What the fields of an entry's form have in common.

use domain::text::Language;
use leptos::prelude::*;
use serde_json::Value;

use super::draft::Draft;
use crate::{desk::Desk, fields::Faults};

/// The form of an entry.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) desk: Desk,
    pub(super) draft: Draft,
    pub(super) faults: Faults,
    /// Which of the languages is shown.
    pub(super) language: RwSignal<usize>,
    pub(super) languages: StoredValue<Vec<Language>>,
}

impl Form {
    /// Something was typed at a pointer.
    pub(super) fn typed(self, pointer: &str, value: Value) {
        self.faults.touched(pointer);
        self.draft.set(pointer, value);
    }
}
