//! What happens to a catalogue.

use serde::{Deserialize, Serialize};

use super::model::Catalogue;

/// What happened to the catalogue. Kept forever, so variants and fields are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A catalogue took the place of the one before.
    #[serde(rename = "catalogue_applied")]
    Applied { catalogue: Box<Catalogue> },
}
