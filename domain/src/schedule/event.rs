//! What happens to a series.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{model::Plan, recurrence::Exception};
use crate::words::{NoticeId, SeriesId};

/// What happened to a series. Kept forever, so variants and fields are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// It was planned; with `continues` another one goes on as this one.
    #[serde(rename = "series_created")]
    Created {
        id: SeriesId,
        plan: Box<Plan>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        continues: Option<SeriesId>,
    },
    /// Its plan was replaced, for all that has not begun.
    #[serde(rename = "series_edited")]
    Edited { id: SeriesId, plan: Box<Plan> },
    /// It was decided about one occurrence; `None`: it is as the rule says again.
    #[serde(rename = "series_decided")]
    Decided {
        id: SeriesId,
        original: Date,
        exception: Option<Exception>,
    },
    /// People are told of one occurrence, by this notice.
    #[serde(rename = "series_announced")]
    Announced { id: SeriesId, original: Date, notice: NoticeId },
    /// Nothing more of it is announced.
    #[serde(rename = "series_ended")]
    Ended { id: SeriesId },
}

impl Event {
    /// The series that it is about.
    pub const fn id(&self) -> &SeriesId {
        match self {
            Self::Created { id, .. }
            | Self::Edited { id, .. }
            | Self::Decided { id, .. }
            | Self::Announced { id, .. }
            | Self::Ended { id } => id,
        }
    }
}
