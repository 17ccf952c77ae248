//! A series: planned work that recurs, what people are told of it, and which of its occurrences were announced.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::recurrence::{Occurrence, Recurrence};
use crate::{
    notice::{Author, Content, turning::fits},
    words::{NoticeId, SeriesId},
};

/// What somebody plans: the same work again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What people are told of each occurrence: a maintenance without its times.
    pub notice: Box<Content>,
    pub recurrence: Recurrence,
    /// So many hours before an occurrence begins it is announced.
    #[serde(default = "week")]
    pub announce_hours: u16,
}

const fn week() -> u16 {
    7 * 24
}

impl Plan {
    /// How long before an occurrence begins it is announced.
    pub fn lead(&self) -> SignedDuration {
        SignedDuration::from_hours(i64::from(self.announce_hours))
    }

    /// What people are told of one occurrence. In one that is too short to be rolled back, nobody is asked whether it is to be.
    pub fn notice(&self, occurrence: &Occurrence) -> Content {
        let window = occurrence.ends_at.duration_since(occurrence.starts_at);
        Content {
            starts_at: Some(occurrence.starts_at),
            ends_at: Some(occurrence.ends_at),
            rollback_minutes: self.notice.rollback_minutes.filter(|minutes| fits(*minutes, window)),
            ..self.notice.as_ref().clone()
        }
    }
}

/// A series with what has become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    pub id: SeriesId,
    /// Counts the changes of the plan, from 1; the API's `ETag`. What is announced changes no plan.
    pub revision: u32,
    pub plan: Plan,
    /// The series that it goes on from, in another way.
    pub continues: Option<SeriesId>,
    /// The notices of the occurrences that were announced, by the occurrence's name.
    pub announced: BTreeMap<Date, NoticeId>,
    pub created_at: Timestamp,
    pub created_by: Author,
    pub updated_at: Timestamp,
    /// Whoever changed it last.
    pub updated_by: Author,
    /// Since when nothing is announced any more; `None`: it goes on.
    pub ended_at: Option<Timestamp>,
}

impl Series {
    /// The first occurrence that is not over at an instant and was not announced; `None`: there is none.
    pub fn next_unannounced(&self, now: Timestamp) -> Option<Occurrence> {
        if self.ended_at.is_some() {
            return None;
        }
        self.plan.recurrence.next(now, |one| !self.announced.contains_key(&one.original))
    }
}
