//! What is wrong with an input, field by field, so that a person can mend it.

use serde::{Deserialize, Serialize};

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// JSON Pointer (RFC 6901) to the field, such as `/title/de`.
    pub pointer: String,
    /// What is wrong and what would be right; begins with a lower-case verb, the field's name stands before it.
    pub detail: String,
}

/// All that is wrong with an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// A single fault.
    pub fn one(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let mut faults = Self::default();
        faults.add(pointer, detail);
        faults
    }

    /// Takes note of a fault.
    pub fn add(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(Fault {
            pointer: pointer.into(),
            detail: detail.into(),
        });
    }

    /// The faults in the order of the input.
    pub fn into_vec(self) -> Vec<Fault> {
        self.0
    }

    /// Ok when nothing is wrong.
    ///
    /// # Errors
    /// The faults themselves, when there is at least one.
    pub fn into_result(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}
