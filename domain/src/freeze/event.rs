//! What happens to a freeze.

use serde::{Deserialize, Serialize};

use super::model::Terms;
use crate::{
    schedule::Span,
    words::{FreezeId, NoticeId},
};

/// What happened to a freeze. Kept forever, so variants and fields are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// It was laid down.
    #[serde(rename = "freeze_created")]
    Created { id: FreezeId, terms: Box<Terms> },
    /// Other terms took the place of its own.
    #[serde(rename = "freeze_edited")]
    Edited { id: FreezeId, terms: Box<Terms> },
    /// It holds no more.
    #[serde(rename = "freeze_ended")]
    Ended { id: FreezeId },
    /// Work was planned in it nevertheless: that of this notice, in its times within this span, for this reason.
    #[serde(rename = "freeze_overridden")]
    Overridden {
        id: FreezeId,
        notice: NoticeId,
        span: Span,
        reason: String,
    },
}

impl Event {
    /// The freeze that it is about.
    pub const fn id(&self) -> &FreezeId {
        match self {
            Self::Created { id, .. } | Self::Edited { id, .. } | Self::Ended { id } | Self::Overridden { id, .. } => id,
        }
    }
}
