//! What is asked of a catalogue.

use super::{
    model::Catalogue,
    part::{Part, PartKind},
};

/// A request to change the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Put this one in the place of the one before.
    Apply { catalogue: Box<Catalogue> },
    /// Change one entry of it.
    Change {
        kind: PartKind,
        id: String,
        /// The entry's revision as whoever changes it saw it ([`super::InForce::revision`]); `None`: to them there was none.
        seen: Option<u32>,
        /// As it is to be; `None`: it is to be gone.
        part: Option<Part>,
    },
}
