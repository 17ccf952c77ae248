//! What happened: the facts of which the journal consists. An event is one thing that a person did.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{catalogue::Catalogue, id::NoticeId, notice::Content, text::Localized};
use wire::{EndCertainty, Stage};

/// One thing that a person did. Kept forever, so variants and fields are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A catalogue took the place of the one before.
    CatalogueApplied { catalogue: Box<Catalogue> },
    /// A notice was written; with `stage` it was published in the same act.
    NoticeCreated {
        id: NoticeId,
        content: Box<Content>,
        stage: Option<Stage>,
    },
    /// Its content was replaced.
    NoticeEdited { id: NoticeId, content: Box<Content> },
    /// It moved on: a text, a new stage, a new end, or several of these at once.
    NoticeAdvanced { id: NoticeId, step: Step },
    /// The payload of an earlier entry was replaced by a tombstone.
    EntryRedacted { seq: u64, reason: String },
    /// The machine's clock was confirmed: time counts from this entry on, whatever the entries before it are dated.
    ClockConfirmed { reason: String },
}

/// What changed when a notice moved on; what is absent stayed as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub text: Localized,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_update_at: Option<Timestamp>,
    /// When it was over in fact, if not at the moment of the entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

/// A newly announced end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// `None`: not known.
    pub at: Option<Timestamp>,
    pub certainty: EndCertainty,
}

impl Event {
    /// The notice that it is about.
    pub const fn subject(&self) -> Option<&NoticeId> {
        match self {
            Self::NoticeCreated { id, .. } | Self::NoticeEdited { id, .. } | Self::NoticeAdvanced { id, .. } => Some(id),
            Self::CatalogueApplied { .. } | Self::EntryRedacted { .. } | Self::ClockConfirmed { .. } => None,
        }
    }
}

/// An event in its place in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Counts from 1, without gaps.
    pub seq: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who did it: the opaque id of an account or token, or `command-line`.
    pub actor: String,
    /// The notice that it is about; stays when the payload is redacted, so that no number is given twice.
    pub subject: Option<NoticeId>,
    /// `None`: redacted.
    pub event: Option<Event>,
}
