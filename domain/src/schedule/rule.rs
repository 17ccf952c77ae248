//! On which days something recurs: a rule over civil dates.

use std::collections::BTreeSet;

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use serde::{Deserialize, Serialize};

/// On which days something recurs. A day that a month does not have is left out, never moved: who means the last day says −1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "each", rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// On these days of every n-th week, counted from the week of the first day. Weeks begin on Monday, as in ISO 8601.
    Week {
        #[serde(default = "one")]
        every: u8,
        weekdays: BTreeSet<Day>,
    },
    /// On these days of every n-th month: 1 to 31 from its beginning, −1 to −7 from its end.
    MonthDay {
        #[serde(default = "one")]
        every: u8,
        days: BTreeSet<i8>,
    },
    /// On the first to fifth (1 to 5) or the last (−1) of a weekday in every n-th month, and so many days after it.
    MonthWeekday {
        #[serde(default = "one")]
        every: u8,
        nth: i8,
        weekday: Day,
        #[serde(default)]
        plus_days: u8,
    },
    /// On one day of each year.
    Year { month: i8, day: i8 },
}

const fn one() -> u8 {
    1
}

/// A day of the week, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl From<Weekday> for Day {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

impl Rule {
    /// Whether it falls on a day, for something that begins on `first`: no day before it counts, and weeks and months are counted from it.
    pub fn falls_on(&self, first: Date, day: Date) -> bool {
        if day < first {
            return false;
        }
        match self {
            Self::Week { every, weekdays } => {
                let weeks = (monday_of(day) - monday_of(first)).get_days() / 7;
                is_turn(weeks, *every) && weekdays.contains(&day.weekday().into())
            }
            Self::MonthDay { every, days } => {
                let from_end = day.day() - day.days_in_month() - 1;
                is_turn(months_between(first, day), *every) && (days.contains(&day.day()) || days.contains(&from_end))
            }
            Self::MonthWeekday {
                every,
                nth,
                weekday,
                plus_days,
            } => {
                let Ok(counted) = day.checked_sub(i64::from(*plus_days).days()) else {
                    return false;
                };
                let from_start = (counted.day() - 1) / 7 + 1;
                let is_last = counted.day() + 7 > counted.days_in_month();
                Day::from(counted.weekday()) == *weekday
                    && (from_start == *nth || (*nth == -1 && is_last))
                    && is_turn(months_between(first, counted), *every)
            }
            Self::Year { month, day: on } => (day.month(), day.day()) == (*month, *on),
        }
    }

    /// Its days from one to another, both included, in their order.
    pub fn days(&self, first: Date, from: Date, to: Date) -> impl Iterator<Item = Date> {
        let all = from.max(first).series(1.day()).take_while(move |day| *day <= to);
        all.filter(move |day| self.falls_on(first, *day))
    }
}

fn is_turn(passed: i32, every: u8) -> bool {
    passed.rem_euclid(i32::from(every.max(1))) == 0
}

fn monday_of(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}

/// How many months lie between the months of two days.
fn months_between(first: Date, day: Date) -> i32 {
    (i32::from(day.year()) - i32::from(first.year())) * 12 + i32::from(day.month()) - i32::from(first.month())
}
