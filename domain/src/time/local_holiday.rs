//! Public holidays of a municipality.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A public holiday of a municipality: `08-15` in each year, or `2026-06-04` in one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LocalHoliday {
    /// `None`: each year.
    year: Option<i16>,
    month: i8,
    day: i8,
}

/// Not a valid day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no holiday; write month and day, such as `08-15`, or a date, such as `2026-06-04`")]
pub struct InvalidHoliday(String);

impl LocalHoliday {
    /// The day in this year; `None`: there is none.
    pub fn in_year(&self, year: i16) -> Option<Date> {
        let holds = self.year.is_none_or(|own| own == year);
        holds.then(|| Date::new(year, self.month, self.day).ok()).flatten()
    }
}

impl TryFrom<String> for LocalHoliday {
    type Error = InvalidHoliday;

    fn try_from(given: String) -> Result<Self, InvalidHoliday> {
        // A year that has a 29 February.
        let date = match given.len() {
            5 => format!("2000-{given}").parse::<Date>().ok(),
            10 => given.parse::<Date>().ok(),
            _ => None,
        };
        let Some(date) = date else {
            return Err(InvalidHoliday(given.chars().take(40).collect()));
        };
        Ok(Self {
            year: (given.len() == 10).then(|| date.year()),
            month: date.month(),
            day: date.day(),
        })
    }
}

impl From<LocalHoliday> for String {
    fn from(holiday: LocalHoliday) -> Self {
        let LocalHoliday { year, month, day } = holiday;
        let year = year.map(|year| format!("{year:04}-")).unwrap_or_default();
        format!("{year}{month:02}-{day:02}")
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for LocalHoliday {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "LocalHoliday".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "Month and day, such as `08-15`, for each year; or a date, such as `2026-06-04`.",
            "pattern": "^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$",
        })
    }
}
