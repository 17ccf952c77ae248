//! Freezes, and whether work may be done at a time. Instants are RFC 3339, in UTC.

use std::collections::{BTreeSet, HashMap};

use domain::{
    access::Grants,
    freeze::{self, Level, Terms, When},
    notice::Author,
    project::conflicts::{Cause, Conflict, Relation, Verdict},
    schedule::Span,
    state::State,
    words::{FreezeId, NoticeId, PortalId, SeriesId, ServiceId},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// A freeze.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Freeze {
    pub id: FreezeId,
    /// Counts the changes, from 1; the `ETag`.
    pub revision: u32,
    /// What it is called among staff, and why it is.
    pub name: String,
    pub level: Level,
    /// For work that shows on these portals; with `services` empty as well: for all work.
    pub portals: BTreeSet<PortalId>,
    /// For work on these services, and on what they need.
    pub services: BTreeSet<ServiceId>,
    pub when: When,
    pub created_at: Timestamp,
    pub created_by: Author,
    pub updated_at: Timestamp,
    /// Whoever changed it last.
    pub updated_by: Author,
    /// Since when it holds no more; `null`: it holds.
    pub ended_at: Option<Timestamp>,
    /// The works that were planned in it nevertheless, in the order of the decisions; those that the caller may read of.
    pub overrides: Vec<Override>,
}

/// Work that was planned in frozen time nevertheless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Override {
    /// The notice of the work.
    pub notice: NoticeId,
    /// From the first to the last time of the freeze in which it lies.
    pub from: Timestamp,
    pub to: Timestamp,
    /// Why.
    pub reason: String,
    pub at: Timestamp,
    pub by: Author,
}

impl Freeze {
    /// A freeze as it is told to somebody, with the name behind each author's id, for as long as there is one.
    pub fn new(freeze: &freeze::Freeze, names: &HashMap<String, String>, state: &State, grants: &Grants) -> Self {
        let reads = |id: &NoticeId| state.notice(id).is_some_and(|notice| state.may_read(grants, notice));
        let named = |author: &Author| Author {
            name: names.get(&author.id).cloned(),
            ..author.clone()
        };
        let Terms {
            name,
            level,
            portals,
            services,
            when,
        } = freeze.terms.clone();
        Self {
            id: freeze.id.clone(),
            revision: freeze.revision,
            name,
            level,
            portals,
            services,
            when,
            created_at: freeze.created_at,
            created_by: named(&freeze.created_by),
            updated_at: freeze.updated_at,
            updated_by: named(&freeze.updated_by),
            ended_at: freeze.ended_at,
            overrides: freeze
                .overrides
                .iter()
                .filter(|one| reads(&one.notice))
                .map(|one| Override {
                    notice: one.notice.clone(),
                    from: one.span.from,
                    to: one.span.to,
                    reason: one.reason.clone(),
                    at: one.at,
                    by: named(&one.by),
                })
                .collect(),
        }
    }
}

/// All freezes, the oldest first, those included that hold no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Freezes {
    pub freezes: Vec<Freeze>,
    /// The server's time.
    pub now: Timestamp,
}

/// About which work and time somebody asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckQuery {
    /// The service on which the work would be done; several with commas between them.
    #[serde(with = "listed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub service: BTreeSet<ServiceId>,
    pub from: Timestamp,
    /// After `from`, and at most 14 days later.
    pub to: Timestamp,
    /// The notice of the work itself, where there is one: it is not in its own way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<NoticeId>,
}

/// Names with commas between them.
mod listed {
    use std::collections::BTreeSet;

    use domain::words::ServiceId;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(services: &BTreeSet<ServiceId>, serializer: S) -> Result<S::Ok, S::Error> {
        let names: Vec<&str> = services.iter().map(ServiceId::as_str).collect();
        names.join(",").serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<ServiceId>, D::Error> {
        let given = String::deserialize(deserializer)?;
        given
            .split(',')
            .map(|name| ServiceId::parse(name).map_err(D::Error::custom))
            .collect()
    }
}

/// Whether work may begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Check {
    pub verdict: Answer,
    /// All that is in the way in that time, hints included, in the order in which it begins.
    pub reasons: Vec<Reason>,
    /// The next time of this length in which nothing is in the way, on the quarter of an hour, within 90 days. With `go`: that time itself.
    pub next_free: Option<Span>,
}

/// What somebody is told who asks whether they may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Go,
    /// Something is in the way, and `next_free` is when nothing is.
    Wait,
    /// Something is in the way for 90 days.
    No,
}

impl From<Verdict> for Answer {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Go => Self::Go,
            Verdict::Wait => Self::Wait,
            Verdict::No => Self::No,
        }
    }
}

/// Something that is in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reason {
    pub from: Timestamp,
    pub to: Timestamp,
    pub what: What,
}

/// What is in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A freeze; with the level `hint` it keeps nobody. `null`: for the work of portals of which the caller reads nothing.
    Freeze {
        id: Option<FreezeId>,
        name: Option<String>,
        level: Level,
    },
    /// Work that is told of, or going on; `null`: on a portal of which the caller reads nothing.
    Notice { id: Option<NoticeId>, relation: Related },
    /// Work that is planned; `null`: on a portal of which the caller reads nothing.
    Occurrence {
        series: Option<SeriesId>,
        original: Date,
        relation: Related,
    },
}

/// How the services of two works are related.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Related {
    /// It is on the same service.
    Same,
    /// It is on something that this service needs.
    Needed,
    /// It is on something that needs this service.
    Needing,
}

impl From<Relation> for Related {
    fn from(relation: Relation) -> Self {
        match relation {
            Relation::Same => Self::Same,
            Relation::Needed => Self::Needed,
            Relation::Needing => Self::Needing,
        }
    }
}

impl Reason {
    /// A conflict as it is told to somebody. What they may not read is told without its name.
    pub fn new(conflict: &Conflict, state: &State, grants: &Grants) -> Self {
        let reads_notice = |id: &NoticeId| state.notice(id).is_some_and(|notice| state.may_read(grants, notice));
        let reads_series = |id: &SeriesId| state.one_series(id).is_some_and(|series| state.may_read_series(grants, series));
        let what = match &conflict.cause {
            Cause::Freeze { id, level } => {
                let readable = state.freeze(id).filter(|freeze| state.may_read_freeze(grants, freeze));
                What::Freeze {
                    id: readable.map(|freeze| freeze.id.clone()),
                    name: readable.map(|freeze| freeze.terms.name.clone()),
                    level: *level,
                }
            }
            Cause::Notice { id, relation } => What::Notice {
                id: Some(id.clone()).filter(reads_notice),
                relation: (*relation).into(),
            },
            Cause::Occurrence {
                series,
                original,
                relation,
            } => What::Occurrence {
                series: Some(series.clone()).filter(reads_series),
                original: *original,
                relation: (*relation).into(),
            },
        };
        Self {
            from: conflict.span.from,
            to: conflict.span.to,
            what,
        }
    }
}
