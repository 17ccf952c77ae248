//! What recurs: a rule, its times, and what somebody has decided about single days of it.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, date},
    tz::TimeZone,
};
use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::{rule::Rule, window::Times};
use crate::time::hours::is_public_holiday;

/// When something recurs, in the time of a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Recurrence {
    /// The day from which on it holds; weeks and months are counted from it.
    pub first: Date,
    /// The day from which on it holds where that is a later one: weeks and months are still counted from the first, so that what goes
    /// on in another way from some day on keeps its step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    #[serde(default)]
    pub until: Until,
    pub rule: Rule,
    pub times: Times,
    #[serde(default)]
    pub on_holiday: OnHoliday,
    /// By whose clock the times are meant, by its name in the IANA database: `Europe/Berlin`.
    pub time_zone: String,
    /// Whose public holidays count, as an ISO 3166-2 code: `DE-BY`. Left out where holidays change nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// What was decided about single occurrences, each by the day on which the rule put it, which is its name for life; and further ones.
    #[serde(default, deserialize_with = "read_days", skip_serializing_if = "BTreeMap::is_empty")]
    pub exceptions: BTreeMap<Date, Exception>,
}

/// Reads what was decided, each under a day as it is written here: two spellings of one day would be two decisions.
fn read_days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<Date, Exception>, D::Error> {
    let given = BTreeMap::<String, Exception>::deserialize(deserializer)?;
    let read = given.into_iter().map(|(day, exception)| Some((read_day(&day)?, exception)));
    let wrong = || D::Error::custom("is not by days such as `2026-12-01`");
    read.collect::<Option<_>>().ok_or_else(wrong)
}

/// Reads the name of an occurrence; `None`: it is none, or is written in another way than `2026-12-01`.
pub fn read_day(given: &str) -> Option<Date> {
    given.parse::<Date>().ok().filter(|day| day.to_string() == given)
}

/// How long it goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// The first day of which nothing is known any more: nothing recurs so far.
pub(super) const END: Date = date(2100, 1, 1);

/// The longest window, in days.
pub(super) const LONGEST: i32 = 14;

/// By how many days holidays can put an occurrence off; no calendar has so many of them in a row.
const PUT_OFF: u8 = 31;

/// Before this nothing has begun that is not over at an instant.
fn begun_before(now: Timestamp) -> Timestamp {
    let longest = SignedDuration::from_hours(24) * (LONGEST + 1);
    now.saturating_sub(longest).unwrap_or(Timestamp::MIN)
}

impl Recurrence {
    /// The clock of the place. A zone that a newer release of the database no longer knows is read as UTC.
    pub fn clock(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// Whether a day is a public holiday there.
    fn holidays(&self) -> impl Fn(Date) -> bool + use<> {
        let region = self.region.clone();
        move |day| region.as_deref().is_some_and(|region| is_public_holiday(region, day))
    }

    /// The occurrences that begin from one instant on and before another, in the order in which they begin.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> Vec<Occurrence> {
        self.between_by(from, to, &self.clock(), &self.holidays())
    }

    /// What begins on the days from one to another, both included: on which day, and from when to when by the clock of the place. It asks for no
    /// instants and for no holidays, so what these put off or leave out is told as the rule has it.
    pub fn on_days(&self, first: Date, last: Date) -> Vec<(Date, Times)> {
        let recurrence = self.counted_out();
        let mut found: Vec<(Date, Times)> = recurrence
            .originals(first, last)
            .filter_map(|original| recurrence.placed(original, &|_| false))
            .filter(|(day, _)| (first..=last).contains(day))
            .collect();
        found.sort_by_key(|(day, times)| (*day, times.starts));
        found
    }

    /// The occurrences that are not over at an instant and begin by another one, that included, in the order in which they begin.
    pub fn open_at(&self, now: Timestamp, by: Timestamp) -> Vec<Occurrence> {
        let to = by.saturating_add(SignedDuration::from_nanos(1)).unwrap_or(Timestamp::MAX);
        let mut found = self.between(begun_before(now), to);
        found.retain(|one| one.ends_at > now);
        found
    }

    /// The first occurrences that are not over at an instant, and that count, in the order in which they begin: so many at most.
    pub fn upcoming(&self, now: Timestamp, most: usize, counts: impl Fn(&Occurrence) -> bool) -> Vec<Occurrence> {
        self.upcoming_by(now, most, &self.clock(), &self.holidays(), &counts)
    }

    /// The first of them; `None`: there is none any more.
    pub fn next(&self, now: Timestamp, counts: impl Fn(&Occurrence) -> bool) -> Option<Occurrence> {
        self.upcoming(now, 1, counts).pop()
    }

    /// The first days, from one on, on which the rule has it take place, so many at most, in their order; without what was decided about single
    /// ones, and by whoever knows holidays, so that a page without a clock of the place can tell them.
    pub fn days(&self, from: Date, most: usize, is_holiday: &dyn Fn(Date) -> bool) -> Vec<Date> {
        let recurrence = self.counted_out();
        let put_off = i64::from(PUT_OFF);
        let earliest = from.saturating_sub(put_off.days()).max(self.since.unwrap_or(self.first));
        let originals = self.rule.days(self.first, earliest, recurrence.last_day().min(END));
        let placed = originals.filter_map(|original| recurrence.day_of(original, is_holiday));
        // One that is put off may come after the next.
        let some = most.saturating_add(usize::from(PUT_OFF));
        let mut found: Vec<Date> = placed.filter(|day| *day >= from).take(some).collect();
        found.sort_unstable();
        found.truncate(most);
        found
    }

    /// The occurrence with this name; `None`: there is none.
    pub fn occurrence(&self, original: Date) -> Option<Occurrence> {
        self.counted_out().held(original, &self.clock(), &self.holidays())
    }

    /// The same in two parts: what the rule puts before a day, and from it on. Together they have the occurrences of the whole, by the
    /// same names.
    pub fn split(&self, at: Date) -> (Self, Self) {
        self.split_by(at, &self.holidays())
    }

    /// [`Self::between`] by this clock and these holidays.
    pub(super) fn between_by(
        &self,
        from: Timestamp,
        to: Timestamp,
        time_zone: &TimeZone,
        is_holiday: &dyn Fn(Date) -> bool,
    ) -> Vec<Occurrence> {
        let first = time_zone.to_datetime(from).date().saturating_sub(i64::from(PUT_OFF + 1).days());
        let last = time_zone.to_datetime(to).date().saturating_add(1.day());
        let recurrence = self.counted_out();
        let mut found: Vec<Occurrence> = recurrence
            .originals(first, last)
            .filter_map(|original| recurrence.held(original, time_zone, is_holiday))
            .filter(|occurrence| (from..to).contains(&occurrence.starts_at))
            .collect();
        found.sort_by_key(|occurrence| (occurrence.starts_at, occurrence.original));
        found
    }

    /// [`Self::upcoming`] by this clock and these holidays.
    pub(super) fn upcoming_by(
        &self,
        now: Timestamp,
        most: usize,
        time_zone: &TimeZone,
        is_holiday: &dyn Fn(Date) -> bool,
        counts: &dyn Fn(&Occurrence) -> bool,
    ) -> Vec<Occurrence> {
        let day = SignedDuration::from_hours(24);
        let mut found = Vec::new();
        let mut from = begun_before(now);
        // Most have one soon; a leap day may be eight years away, and the first day of all as far as somebody likes.
        for days in [60, 366, 9 * 366, 100 * 366] {
            let to = now.saturating_add(day * days).unwrap_or(Timestamp::MAX);
            let of_span = self.between_by(from, to, time_zone, is_holiday).into_iter();
            found.extend(of_span.filter(|one| one.ends_at > now && counts(one)).take(most - found.len()));
            if found.len() == most {
                break;
            }
            from = to;
        }
        found
    }

    /// [`Self::split`] by these holidays.
    pub(super) fn split_by(&self, at: Date, is_holiday: &dyn Fn(Date) -> bool) -> (Self, Self) {
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
            let has_none = |recurrence: &Self| recurrence.is_of_rule(original) && recurrence.day_of(original, is_holiday).is_none();
            if has_none(&whole) && !has_none(&before) {
                before.exceptions.entry(original).or_insert(Exception::Skipped);
            }
        }
        (before, after)
    }

    /// [`Self::occurrence`] by this clock and these holidays.
    #[cfg(test)]
    pub(super) fn occurrence_by(&self, original: Date, time_zone: &TimeZone, is_holiday: &dyn Fn(Date) -> bool) -> Option<Occurrence> {
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

    /// The occurrence with this name, of what is counted out.
    fn held(&self, original: Date, time_zone: &TimeZone, is_holiday: &dyn Fn(Date) -> bool) -> Option<Occurrence> {
        let (day, times) = self.placed(original, is_holiday)?;
        let (starts_at, ends_at) = times.on(day, time_zone)?;
        Some(Occurrence {
            original,
            day,
            starts_at,
            ends_at,
            longer: ends_at.duration_since(starts_at) - times.length(),
        })
    }

    /// On which day one takes place, and from when to when, of what is counted out.
    fn placed(&self, original: Date, is_holiday: &dyn Fn(Date) -> bool) -> Option<(Date, Times)> {
        match self.exceptions.get(&original) {
            Some(Exception::Skipped) => None,
            Some(Exception::Held { day, times }) => Some((*day, *times)),
            None if !self.is_of_rule(original) => None,
            None => Some((self.day_of(original, is_holiday)?, self.times)),
        }
    }

    /// The day on which one of the rule takes place that nobody has decided about.
    fn day_of(&self, original: Date, is_holiday: &dyn Fn(Date) -> bool) -> Option<Date> {
        if self.on_holiday == OnHoliday::Hold || !is_holiday(original) {
            return Some(original);
        }
        match self.on_holiday {
            OnHoliday::Hold => Some(original),
            OnHoliday::Skip => None,
            OnHoliday::NextWorkingDay => {
                let later = original.tomorrow().ok()?.series(1.day()).take(usize::from(PUT_OFF));
                let is_working = |day: &Date| !is_holiday(*day) && day.weekday().to_monday_zero_offset() < 5;
                let day = later.clone().find(is_working)?;
                // A later one that the rule has there is enough, whatever was decided about that: to decide about one makes no other.
                let mut others = later.take_while(|other| *other <= day).filter(|other| self.is_of_rule(*other));
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
