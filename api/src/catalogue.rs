//! The catalogue: what it changes to, and what opening hours come to.

use domain::{
    catalogue::{Catalogue, PartKind},
    time::hours::{self, Place},
    words::PortalId,
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// A catalogue file that is to be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CatalogueFile {
    /// Its text, in TOML (`docs/catalogue.md`).
    pub toml: String,
    /// Only say what would change.
    #[serde(default)]
    pub check_only: bool,
}

/// What a catalogue file changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CatalogueChanges {
    /// The number of the journal's entry that holds the catalogue in force; the `ETag`.
    pub revision: u32,
    /// Entry by entry; empty: it is the catalogue that is in force.
    pub changes: Vec<CatalogueChange>,
    /// Whether it is in force now.
    pub is_applied: bool,
}

/// What becomes of one entry of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CatalogueChange {
    pub kind: PartKind,
    pub id: String,
    pub what: Becomes,
}

/// What becomes of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Becomes {
    Added,
    Changed,
    Removed,
}

impl CatalogueChange {
    /// What one catalogue has that is not in the other, list by list.
    pub fn between(before: &Catalogue, after: &Catalogue) -> Vec<Self> {
        let mut changes = Vec::new();
        for kind in PartKind::ALL {
            let mut ids = [before.ids(kind), after.ids(kind)].concat();
            ids.sort_unstable();
            ids.dedup();
            for id in ids {
                let what = match (before.part(kind, id), after.part(kind, id)) {
                    (None, Some(_)) => Becomes::Added,
                    (Some(_), None) => Becomes::Removed,
                    (old, new) if old != new => Becomes::Changed,
                    _ => continue,
                };
                changes.push(Self {
                    kind,
                    id: id.to_owned(),
                    what,
                });
            }
        }
        changes
    }
}

/// What an uploaded form is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FormQuery {
    /// Its name as its author has it, such as `Antrag Wohngeld.pdf`; people get it under one that is made from it.
    pub name: String,
}

/// A form that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UploadedForm {
    /// What a step of a procedure names in `form`: the SHA-256 of the content in base 16, and the name under which people get it.
    pub form: String,
    pub pages: usize,
    /// Bytes.
    pub size: usize,
}

/// Whose opening hours are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OpeningQuery {
    /// Opening hours as in a catalogue file (`docs/opening-hours.md`).
    pub hours: String,
    /// By whose clock and holidays.
    pub portal: PortalId,
}

/// What opening hours come to in the coming two weeks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Opening {
    /// Fourteen days, today first.
    pub days: Vec<OpeningDay>,
}

/// One day of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpeningDay {
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub day: Date,
    /// Whether it is a public holiday there.
    pub is_holiday: bool,
    /// When somebody is there, in the order of time; what goes on after midnight ends the next day. Empty: nobody is.
    pub open: Vec<OpeningSpan>,
}

/// A time in which somebody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpeningSpan {
    pub from: Timestamp,
    pub until: Timestamp,
}

/// So many days are told.
const DAYS: u16 = 14;

impl Opening {
    /// What hours come to at a place from the day of an instant on. A span that begins on a day is that day's.
    pub fn of(expression: &str, place: &Place<'_>, now: Timestamp) -> Self {
        let zone: &TimeZone = place.time_zone;
        let today = now.to_zoned(zone.clone()).date();
        let spans: Vec<OpeningSpan> = hours::spans(expression, place, today, DAYS)
            .iter()
            .flat_map(|span| by_day(span.from, span.to, zone))
            .collect();
        let day = |ahead: u16| {
            let day = today.checked_add(i64::from(ahead).days()).unwrap_or(today);
            let its = spans.iter().filter(|span| span.from.to_zoned(zone.clone()).date() == day);
            OpeningDay {
                day,
                is_holiday: place.is_holiday(day),
                open: its.copied().collect(),
            }
        };
        Self {
            days: (0..DAYS).map(day).collect(),
        }
    }
}

/// For so long what goes on after midnight is told with the day before.
const A_NIGHT: SignedDuration = SignedDuration::from_hours(6);

/// A span cut at each midnight; what ends in the night stays with the day on which it began.
fn by_day(from: Timestamp, until: Timestamp, zone: &TimeZone) -> Vec<OpeningSpan> {
    let mut spans = Vec::new();
    let mut from = from;
    loop {
        let midnight = from
            .to_zoned(zone.clone())
            .date()
            .tomorrow()
            .and_then(|day| day.to_zoned(zone.clone()));
        match midnight.map(|midnight| midnight.timestamp()) {
            Ok(midnight) if until > midnight.saturating_add(A_NIGHT).unwrap_or(until) => {
                spans.push(OpeningSpan { from, until: midnight });
                from = midnight;
            }
            _ => {
                spans.push(OpeningSpan { from, until });
                return spans;
            }
        }
    }
}
