//! What people ask for of a series.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{model::Plan, recurrence::Exception};
use crate::{text::Localized, words::SeriesId};

/// A request to change a series. What was announced of it and has not begun follows: its notices are edited or cancelled by the same act, with
/// `text` for those who have read them. What has begun stays as it is. It may wait in the journal for a second person, so variants and fields
/// are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Plan one.
    Create { plan: Box<Plan> },
    /// Replace its plan. `expected` is the revision that the author saw.
    Edit {
        id: SeriesId,
        expected: u32,
        plan: Box<Plan>,
        text: Localized,
    },
    /// Go on in another way from a day on: this one has what the rule puts before it, a new one with this plan the rest.
    Split {
        id: SeriesId,
        expected: u32,
        from: Date,
        plan: Box<Plan>,
        text: Localized,
    },
    /// Decide about one occurrence, or add one; `None`: as the rule says.
    Decide {
        id: SeriesId,
        original: Date,
        exception: Option<Exception>,
        text: Localized,
    },
    /// Tell people of one occurrence.
    Announce { id: SeriesId, original: Date },
    /// Plan no more of it.
    End { id: SeriesId, text: Localized },
}
