//! What is asked of a catalogue, and what happens to it.

use serde::{Deserialize, Serialize};

use super::model::Catalogue;

/// A request to change the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Put this one in the place of the one before.
    Apply { catalogue: Box<Catalogue> },
}

/// What happened to the catalogue. Kept forever, so variants and fields are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A catalogue took the place of the one before.
    #[serde(rename = "catalogue_applied")]
    Applied { catalogue: Box<Catalogue> },
}
