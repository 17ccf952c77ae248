//! Planned work that recurs, as it is sent and answered. Instants are RFC 3339, in UTC; days and clock times are those of the series' place.

use std::collections::{BTreeSet, HashMap};

use domain::{
    notice::{Author, Content},
    schedule::{self, Exception, Plan, Recurrence},
    state::State,
    text::Localized,
    words::{FreezeId, NoticeId, SeriesId},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use wire::Stage;

/// A series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Series {
    pub id: SeriesId,
    /// Counts the changes of the plan, from 1; the `ETag`. What is announced of it changes no plan.
    pub revision: u32,
    /// What people are told of each occurrence: a maintenance without its times.
    pub notice: Box<Content>,
    pub recurrence: Recurrence,
    /// So many hours before an occurrence begins it is announced.
    pub announce_hours: u16,
    /// The series that it goes on from, in another way.
    pub continues: Option<SeriesId>,
    pub created_at: Timestamp,
    pub created_by: Author,
    pub updated_at: Timestamp,
    /// Whoever changed it last.
    pub updated_by: Author,
    /// Since when nothing of it is announced any more; `null`: it goes on.
    pub ended_at: Option<Timestamp>,
    /// Its next occurrences that are not over, ten at most.
    pub upcoming: Vec<Occurrence>,
}

/// One occurrence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Occurrence {
    /// The day on which the rule put it: its name for life, wherever it is moved.
    pub original: Date,
    /// The day on which it begins.
    pub day: Date,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// By how many minutes it lasts longer than its times say, because the clock is changed meanwhile; negative: shorter.
    pub longer_minutes: i64,
    /// What was decided about it; `null`: it is as the rule says.
    pub exception: Option<Exception>,
    /// When people are told of it.
    pub announced_from: Timestamp,
    /// The notice by which they were told; `null`: they were not yet.
    pub notice: Option<NoticeId>,
    /// The stage of that notice.
    pub stage: Option<Stage>,
    /// Whether that notice tells other times than these: somebody has changed it by itself, or the clocks of the place are set in another way
    /// than was known when it was announced. What was announced holds until somebody decides.
    pub differs: bool,
    /// The freezes before which it waits: it is not announced until somebody does so for a reason, or moves it.
    pub frozen: Vec<FreezeId>,
}

/// How many occurrences a series tells by itself.
pub const UPCOMING: usize = 10;

impl Series {
    /// A series as it is at an instant. `names` has the name behind each author's id, for as long as there is one.
    pub fn new(series: &schedule::Series, now: Timestamp, names: &HashMap<String, String>, state: &State) -> Self {
        let named = |author: &Author| Author {
            name: names.get(&author.id).cloned(),
            ..author.clone()
        };
        let most = if series.ended_at.is_none() { UPCOMING } else { 0 };
        let upcoming = series.plan.recurrence.upcoming(now, most, |_| true);
        let Plan {
            notice,
            recurrence,
            announce_hours,
        } = series.plan.clone();
        Self {
            id: series.id.clone(),
            revision: series.revision,
            notice,
            recurrence,
            announce_hours,
            continues: series.continues.clone(),
            created_at: series.created_at,
            created_by: named(&series.created_by),
            updated_at: series.updated_at,
            updated_by: named(&series.updated_by),
            ended_at: series.ended_at,
            upcoming: upcoming.into_iter().map(|one| Occurrence::new(series, one, now, state)).collect(),
        }
    }
}

impl Occurrence {
    /// An occurrence of a series, as it is at an instant.
    pub fn new(series: &schedule::Series, occurrence: schedule::Occurrence, now: Timestamp, state: &State) -> Self {
        let id = series.announced.get(&occurrence.original);
        let notice = id.and_then(|id| state.notice(id));
        let frozen: BTreeSet<&FreezeId> = if id.is_none() {
            let found = state.frozen_occurrence(series, &occurrence).into_iter();
            found.map(|(freeze, _)| &freeze.id).collect()
        } else {
            BTreeSet::new()
        };
        let times = Some((Some(occurrence.starts_at), Some(occurrence.ends_at)));
        Self {
            original: occurrence.original,
            day: occurrence.day,
            starts_at: occurrence.starts_at,
            ends_at: occurrence.ends_at,
            longer_minutes: occurrence.longer.as_mins(),
            exception: series.plan.recurrence.exceptions.get(&occurrence.original).copied(),
            announced_from: occurrence.starts_at.checked_sub(series.plan.lead()).unwrap_or(Timestamp::MIN),
            notice: id.cloned(),
            stage: notice.and_then(|notice| notice.stage_at(now)),
            differs: notice.is_some_and(|notice| Some((notice.content.starts_at, notice.content.ends_at)) != times),
            frozen: frozen.into_iter().cloned().collect(),
        }
    }
}

/// All series that the caller may read, the oldest first, those included that have ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AllSeries {
    pub series: Vec<Series>,
    /// The server's time.
    pub now: Timestamp,
}

/// Of which days occurrences are asked for, by the clock of the series' place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OccurrencesQuery {
    /// The first day.
    pub from: Date,
    /// The last day; at most 400 days after the first.
    pub to: Date,
}

/// What takes place on these days, in the order in which it begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Occurrences {
    pub occurrences: Vec<Occurrence>,
}

/// What is decided about one occurrence, or that one is added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OccurrenceDecision {
    /// `null`: it is as the rule says. It has to be said.
    #[serde(deserialize_with = "Option::deserialize")]
    pub exception: Option<Exception>,
    /// For those who have read the notice of this occurrence, where it was announced.
    #[serde(default)]
    pub text: Localized,
}

/// What comes with announcing an occurrence ahead of its time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Announcement {}

/// What comes with the end of a series.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SeriesEnd {
    /// For those who have read the notices of the occurrences that were announced and now do not take place.
    #[serde(default)]
    pub text: Localized,
}
