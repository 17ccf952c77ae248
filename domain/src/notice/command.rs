//! What people ask for of a notice.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wire::{EndCertainty, Stage};

use super::{content::Content, model::Decision, stage::Transition};
use crate::{text::Localized, words::NoticeId};

/// A request to change a notice. It may wait in the journal for a second person, so variants and fields are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Write one.
    Create { content: Box<Content>, intent: Intent },
    /// Replace its content. `expected` is the revision that the author saw.
    Edit {
        id: NoticeId,
        expected: u32,
        content: Box<Content>,
    },
    /// Add a text, with a new stage or without.
    Update { id: NoticeId, change: Change },
    /// Move it on.
    Transit {
        id: NoticeId,
        transition: Transition,
        change: Change,
    },
}

/// What a new notice is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    Draft,
    Publish,
}

/// What comes with an update or a transition. On the wire it is the body of these calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "NoticeChange"))]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// With the notations of `domain::text::markdown`.
    #[serde(default)]
    pub text: Localized,
    /// The stage that begins with it; for updates only.
    #[serde(default)]
    pub stage: Option<Stage>,
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    #[serde(default)]
    pub end_certainty: Option<EndCertainty>,
    #[serde(default)]
    pub next_update_at: Option<Timestamp>,
    /// When it was over in fact; for resolving and completing.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    /// Whether work in progress goes on or is rolled back; for updates only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}
