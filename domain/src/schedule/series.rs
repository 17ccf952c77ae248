//! A series: a rule, its times, and what somebody has decided about single days of it.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, date},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use super::{rule::Rule, window::Times};

/// Planned work that recurs, in the time of a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// The day from which on it holds; weeks and months are counted from it.
    pub first: Date,
    /// The day from which on it holds where that is a later one: weeks and months are still counted from the first, so that a series that goes
    /// on in another way from some day on keeps its step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    #[serde(default)]
    pub until: Until,
    pub rule: Rule,
    pub times: Times,
    #[serde(default)]
    pub on_holiday: OnHoliday,
    /// What was decided about single occurrences, each by the day on which the rule put it, which is its name for life; and further ones.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exceptions: BTreeMap<Date, Exception>,
}

/// How long it goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    #[default]
    Open,
    /// The last day on which the rule may put one.
    Day(Date),
    /// After so many days of the rule, those included that are left out.
    Count(u32),
}

/// What becomes of an occurrence on a public holiday.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnHoliday {
    /// It takes place.
    #[default]
    Hold,
    Skip,
    /// It takes place on the next day that is neither a holiday nor on a weekend; once, however many come to the same day.
    NextWorkingDay,
}

/// What somebody has decided about one occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exception {
    /// There is none.
    Skipped,
    /// It takes place on this day at these times, whatever holidays there are; also where the rule has none.
    Held { day: Date, times: Times },
}

/// One occurrence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The day on which the rule put it: its name for life.
    pub original: Date,
    /// The day on which it begins.
    pub day: Date,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// By how much it lasts longer than its times say, because the clock is changed meanwhile; negative: shorter.
    pub longer: SignedDuration,
}

/// The first day of which nothing is known any more: no series reaches so far.
pub(super) const END: Date = date(2100, 1, 1);

/// The longest window, in days.
pub(super) const LONGEST: i32 = 14;

/// By how many days holidays can put an occurrence off; no calendar has so many of them in a row.
const PUT_OFF: u8 = 31;

impl Series {
    /// The occurrences that begin from one instant on and before another, in the order in which they begin. `is_holiday` is asked about days
    /// of the place.
    pub fn between(&self, from: Timestamp, to: Timestamp, time_zone: &TimeZone, is_holiday: &dyn Fn(Date) -> bool) -> Vec<Occurrence> {
        let first = time_zone.to_datetime(from).date().saturating_sub(i64::from(PUT_OFF + 1).days());
        let last = time_zone.to_datetime(to).date().saturating_add(1.day());
        let series = self.counted_out();
        let mut found: Vec<Occurrence> = series
            .originals(first, last)
            .filter_map(|original| series.held(original, time_zone, is_holiday))
            .filter(|occurrence| (from..to).contains(&occurrence.starts_at))
            .collect();
        found.sort_by_key(|occurrence| (occurrence.starts_at, occurrence.original));
        found
    }

    /// The first occurrence that is not over at an instant; `None`: it has none any more.
    pub fn next(&self, now: Timestamp, time_zone: &TimeZone, is_holiday: &dyn Fn(Date) -> bool) -> Option<Occurrence> {
        let day = SignedDuration::from_hours(24);
        let mut from = now.checked_sub(day * (LONGEST + 1)).ok()?;
        // Most have one soon; a leap day may be eight years away.
        for days in [60, 366, 9 * 366] {
            let to = now.checked_add(day * days).ok()?;
            let found = self.between(from, to, time_zone, is_holiday);
            if let Some(next) = found.into_iter().find(|one| one.ends_at > now) {
                return Some(next);
            }
            from = to;
        }
        None
    }

    /// The same in two parts: what the rule puts before a day, and from it on. Together they have the occurrences of the whole, by the
    /// same names.
    pub fn split(&self, at: Date, is_holiday: &dyn Fn(Date) -> bool) -> (Self, Self) {
        let whole = self.counted_out().into_owned();
        let (mut before, mut after) = (whole.clone(), whole.clone());
        after.exceptions = before.exceptions.split_off(&at);
        after.since = Some(whole.since.map_or(at, |since| since.max(at)));
        let eve = at.yesterday().unwrap_or(Date::MIN);
        before.until = Until::Day(eve.min(whole.last_day()));
        // What holidays would have put off to a day of the second part had no place of its own. From the last one back: without a later
        // one, an earlier one would take its place.
        let near = at.saturating_sub(i64::from(PUT_OFF).days());
        let originals: Vec<Date> = whole.rule.days(whole.first, near, eve).collect();
        for original in originals.into_iter().rev() {
            let has_none = |series: &Self| series.is_of_rule(original) && series.day_of(original, is_holiday).is_none();
            if has_none(&whole) && !has_none(&before) {
                before.exceptions.entry(original).or_insert(Exception::Skipped);
            }
        }
        (before, after)
    }

    /// The occurrence with this name; `None`: there is none.
    pub fn occurrence(&self, original: Date, time_zone: &TimeZone, is_holiday: &dyn Fn(Date) -> bool) -> Option<Occurrence> {
        self.counted_out().held(original, time_zone, is_holiday)
    }

    /// The same, with its last day instead of a number: it is counted once, whatever is asked afterwards.
    fn counted_out(&self) -> Cow<'_, Self> {
        let Until::Count(count) = self.until else {
            return Cow::Borrowed(self);
        };
        let mut days = self.rule.days(self.first, self.first, END);
        let place = usize::try_from(count).unwrap_or(usize::MAX);
        let last = place.checked_sub(1).map_or(Date::MIN, |place| days.nth(place).unwrap_or(END));
        Cow::Owned(Self {
            until: Until::Day(last),
            ..self.clone()
        })
    }

    /// The occurrence with this name, of a series that is counted out.
    fn held(&self, original: Date, time_zone: &TimeZone, is_holiday: &dyn Fn(Date) -> bool) -> Option<Occurrence> {
        let (day, times) = match self.exceptions.get(&original) {
            Some(Exception::Skipped) => return None,
            Some(Exception::Held { day, times }) => (*day, *times),
            None if !self.is_of_rule(original) => return None,
            None => (self.day_of(original, is_holiday)?, self.times),
        };
        let (starts_at, ends_at) = times.on(day, time_zone)?;
        Some(Occurrence {
            original,
            day,
            starts_at,
            ends_at,
            longer: ends_at.duration_since(starts_at) - times.length(),
        })
    }

    /// The day on which one of the rule takes place that nobody has decided about.
    fn day_of(&self, original: Date, is_holiday: &dyn Fn(Date) -> bool) -> Option<Date> {
        if !is_holiday(original) {
            return Some(original);
        }
        match self.on_holiday {
            OnHoliday::Hold => Some(original),
            OnHoliday::Skip => None,
            OnHoliday::NextWorkingDay => {
                let later = original.tomorrow().ok()?.series(1.day()).take(usize::from(PUT_OFF));
                let is_working = |day: &Date| !is_holiday(*day) && day.weekday().to_monday_zero_offset() < 5;
                let day = later.clone().find(is_working)?;
                // A later one that takes place there as well is enough.
                let stays = |other: Date| self.is_of_rule(other) && !self.exceptions.contains_key(&other);
                let mut others = later.take_while(|other| *other <= day).filter(|other| stays(*other));
                let is_taken = others.any(|other| self.day_of(other, is_holiday) == Some(day));
                (!is_taken).then_some(day)
            }
        }
    }

    /// Whether the rule puts one on this day.
    fn is_of_rule(&self, day: Date) -> bool {
        self.rule.falls_on(self.first, day) && self.since.is_none_or(|since| since <= day) && day <= self.last_day()
    }

    /// The last day on which the rule may put one, once it is counted out.
    fn last_day(&self) -> Date {
        match self.until {
            Until::Day(last) => last,
            Until::Open | Until::Count(_) => END,
        }
    }

    /// The names of all that could take place between two days, those of the rule and those that somebody has added.
    fn originals(&self, first: Date, last: Date) -> impl Iterator<Item = Date> {
        let first = self.since.map_or(first, |since| since.max(first));
        let of_rule = self.rule.days(self.first, first, last.min(self.last_day()));
        let undecided = of_rule.filter(|day| !self.exceptions.contains_key(day));
        // What was decided about may take place wherever it was put.
        undecided.chain(self.exceptions.keys().copied())
    }
}
