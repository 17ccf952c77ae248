//! A month of the calendar.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

/// A month of the calendar, written as `2026-03`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    first: Date,
}

/// Not a valid month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no month; write it as `2026-03`")]
pub struct InvalidMonth;

impl Month {
    /// The month in which an instant lies in a place.
    pub fn of(instant: Timestamp, zone: &TimeZone) -> Self {
        Self {
            first: instant.to_zoned(zone.clone()).date().first_of_month(),
        }
    }

    /// From its first instant in a place up to the first one behind it; an hour more or less, where a clock is changed in it. `None`: at the end of
    /// all calendars.
    pub fn span(self, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        let midnight = |day: Date| Some(day.to_zoned(zone.clone()).ok()?.timestamp());
        Some((midnight(self.first)?, midnight(self.first.checked_add(1.month()).ok()?)?))
    }

    /// The one before it.
    pub fn before(self) -> Option<Self> {
        let first = self.first.checked_sub(1.month()).ok()?;
        Some(Self { first })
    }

    /// Its first day.
    pub const fn first(self) -> Date {
        self.first
    }
}

impl FromStr for Month {
    type Err = InvalidMonth;

    fn from_str(given: &str) -> Result<Self, InvalidMonth> {
        if given.len() != "2026-03".len() {
            return Err(InvalidMonth);
        }
        let first = format!("{given}-01").parse().map_err(|_| InvalidMonth)?;
        Ok(Self { first })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_as_long_as_the_clocks_there_say() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let month = |text: &str| text.parse::<Month>().unwrap();
        let hours = |text: &str| month(text).span(&berlin).map(|(from, to)| to.duration_since(from).as_hours());
        assert_eq!(hours("2026-03"), Some(31 * 24 - 1));
        assert_eq!(hours("2026-10"), Some(31 * 24 + 1));
        assert_eq!(hours("2026-12"), Some(31 * 24));
        let (from, _) = month("2026-04").span(&berlin).unwrap();
        assert_eq!(from.to_string(), "2026-03-31T22:00:00Z");
        assert_eq!(Month::of(from, &berlin), month("2026-04"));
        assert_eq!(Month::of(from, &TimeZone::UTC), month("2026-03"));
        assert_eq!(month("2026-01").before().unwrap().to_string(), "2025-12");
        for text in ["2026", "2026-13", "2026-3", "2026-03-01", "", "03-2026"] {
            assert_eq!(text.parse::<Month>(), Err(InvalidMonth), "{text}");
        }
    }
}
