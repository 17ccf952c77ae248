//! What another tool has told of something that is over: a notice with its own instants, taken into the record once.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wire::Stage;

use super::content::Content;
use crate::text::Localized;

/// Where something was told before. By it the same thing is known again, and taken once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Origin {
    /// The tool, and which page of it: `statuspage kctbh9vrtdwd`.
    pub source: String,
    /// What it is called there.
    pub id: String,
}

/// A text of it, or a new stage, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub text: Localized,
}

/// A notice that is over, as another tool has told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    pub origin: Origin,
    pub content: Content,
    /// How it ended.
    pub stage: Stage,
    /// From when people could read it.
    pub published_at: Timestamp,
    /// When something was last changed about it there.
    pub updated_at: Timestamp,
    /// When it was over.
    pub ended_at: Timestamp,
    /// All that was told, oldest first, the first text included.
    pub updates: Vec<Told>,
}
