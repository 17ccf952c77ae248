//! What happens to a notice.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wire::{EndCertainty, Stage};

use super::{content::Content, imported::Imported, model::Decision};
use crate::{text::Localized, words::NoticeId};

/// What happened to a notice. Kept forever, so variants and fields are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// It was written; with `stage` it was published in the same act.
    #[serde(rename = "notice_created")]
    Created {
        id: NoticeId,
        content: Box<Content>,
        stage: Option<Stage>,
    },
    /// Its content was replaced.
    #[serde(rename = "notice_edited")]
    Edited { id: NoticeId, content: Box<Content> },
    /// It moved on: a text, a new stage, a new end, or several of these at once.
    #[serde(rename = "notice_advanced")]
    Advanced { id: NoticeId, step: Step },
    /// It was told and ended elsewhere, and is in this record since then.
    #[serde(rename = "notice_imported")]
    Imported { id: NoticeId, notice: Box<Imported> },
}

impl Event {
    /// The notice that it is about.
    pub const fn id(&self) -> &NoticeId {
        match self {
            Self::Created { id, .. } | Self::Edited { id, .. } | Self::Advanced { id, .. } | Self::Imported { id, .. } => id,
        }
    }
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
    /// Whether the work goes on or is rolled back. The public is not told of it, but by the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

impl Step {
    /// Whether anybody outside learns of it. A decision alone is nobody's business there.
    pub(crate) fn is_told(&self) -> bool {
        let silent = Self {
            decision: self.decision,
            ..Self::default()
        };
        *self != silent
    }
}

/// A newly announced end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// `None`: not known.
    pub at: Option<Timestamp>,
    pub certainty: EndCertainty,
}
