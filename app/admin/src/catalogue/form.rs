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

    /// Makes the language the chosen one in which what is pointed at is written, if it is a text.
    pub(super) fn reveal(self, pointer: &str) {
        let tag = pointer.rsplit('/').next().unwrap_or_default();
        let place = self
            .languages
            .with_value(|languages| languages.iter().position(|language| language.as_str() == tag));
        if let Some(place) = place {
            self.language.set(place);
        }
    }
}
