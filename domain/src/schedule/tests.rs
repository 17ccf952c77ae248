//! The rules of recurring windows, held against a walk over every minute.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, Time, date, time},
    tz::TimeZone,
};
use proptest::prelude::*;

use super::{Exception, OnHoliday, Plan, Recurrence, Rule, Times, Until, rule::Day};
use crate::time::holidays::german;

/// Where clocks are changed by an hour, by half of one, for a month of fasting, at midnight, and never.
const ZONES: [&str; 7] = [
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "America/Santiago",
    "Asia/Beirut",
    "Pacific/Kiritimati",
    "UTC",
];

/// The days that are looked at: three years, a leap year among them. What begins near their edges is left out on both sides.
const FROM: Date = date(2026, 1, 1);
const TO: Date = date(2028, 12, 31);

/// What the clock of a place shows at each minute of these years.
struct Walk {
    time_zone: TimeZone,
    /// The first and the last minute, counted from the first that was looked at, at which the clock shows the minute of this number; for
    /// one that it leaves out, the first minute at which it shows a later one, twice.
    shown: Vec<(i64, i64)>,
    begin: Timestamp,
}

fn local_minute(day: Date, clock: Time) -> i64 {
    let days = i64::from(FROM.until(day).unwrap().get_days());
    days * 1440 + i64::from(clock.hour()) * 60 + i64::from(clock.minute())
}

impl Walk {
    fn through(zone: &str) -> Self {
        let time_zone = TimeZone::get(zone).unwrap();
        let begin = FROM.saturating_sub(2.days()).to_zoned(TimeZone::UTC).unwrap().timestamp();
        let end = TO.saturating_add(3.days()).to_zoned(TimeZone::UTC).unwrap().timestamp();
        let count = usize::try_from(local_minute(TO.saturating_add(3.days()), Time::midnight())).unwrap();
        let mut shown: Vec<Option<(i64, i64)>> = vec![None; count];
        let minutes = end.duration_since(begin).as_mins();
        for minute in 0..minutes {
            let clock = time_zone.to_datetime(begin + SignedDuration::from_mins(minute));
            if let Some(seen) = usize::try_from(local_minute(clock.date(), clock.time()))
                .ok()
                .and_then(|index| shown.get_mut(index))
            {
                let first = seen.map_or(minute, |(first, _)| first);
                *seen = Some((first, minute));
            }
        }
        // What the clock leaves out is the moment at which it does: from the end, the next that it shows for the first time.
        let mut next = (minutes, minutes);
        let mut filled = Vec::with_capacity(count);
        for seen in shown.into_iter().rev() {
            let told = seen.unwrap_or((next.0, next.0));
            next = told;
            filled.push(told);
        }
        filled.reverse();
        Self {
            time_zone,
            shown: filled,
            begin,
        }
    }

    fn window(&self, day: Date, times: Times) -> (Timestamp, Timestamp) {
        let at = |day: Date, clock: Time| self.shown[usize::try_from(local_minute(day, clock)).unwrap()];
        let last = day.saturating_add(i64::from(times.days_later).days());
        let (starts, ends) = (at(day, times.starts).0, at(last, times.ends).1);
        let ends = if ends > starts {
            ends
        } else {
            starts + local_minute(last, times.ends) - local_minute(day, times.starts)
        };
        let instant = |minute: i64| self.begin + SignedDuration::from_mins(minute);
        (instant(starts), instant(ends))
    }
}

static WALKS: LazyLock<Vec<Walk>> = LazyLock::new(|| ZONES.into_iter().map(Walk::through).collect());

/// The rule once more, by counting through the month.
fn falls_on(rule: &Rule, first: Date, day: Date) -> bool {
    let month = |day: Date| i32::from(day.year()) * 12 + i32::from(day.month());
    let in_month = |day: Date| (1..=day.days_in_month()).map(move |number| Date::new(day.year(), day.month(), number).unwrap());
    if day < first {
        return false;
    }
    match rule {
        Rule::Week { every, weekdays } => {
            let mut monday = first;
            while monday.weekday().to_monday_one_offset() != 1 {
                monday = monday.yesterday().unwrap();
            }
            let weeks = monday.until(day).unwrap().get_days() / 7;
            weeks % i32::from(*every) == 0 && weekdays.iter().any(|one| *one == Day::from(day.weekday()))
        }
        Rule::MonthDay { every, days } => {
            let all: Vec<Date> = in_month(day).collect();
            let named = days.iter().filter_map(|one| match one {
                1.. => all.get(usize::try_from(*one - 1).unwrap()),
                _ => all.iter().rev().nth(usize::try_from(-1 - *one).unwrap()),
            });
            (month(day) - month(first)) % i32::from(*every) == 0 && named.into_iter().any(|one| *one == day)
        }
        Rule::MonthWeekday {
            every,
            nth,
            weekday,
            plus_days,
        } => {
            let base = day.saturating_sub(i64::from(*plus_days).days());
            let mut fitting = in_month(base).filter(|one| Day::from(one.weekday()) == *weekday);
            let found = match nth {
                -1 => fitting.next_back(),
                _ => fitting.nth(usize::try_from(*nth - 1).unwrap()),
            };
            found == Some(base) && (month(base) - month(first)) % i32::from(*every) == 0
        }
        Rule::Year { month, day: on } => Date::new(day.year(), *month, *on).is_ok_and(|one| one == day),
    }
}

fn any_rule() -> impl Strategy<Value = Rule> {
    const DAYS: [Day; 7] = [
        Day::Monday,
        Day::Tuesday,
        Day::Wednesday,
        Day::Thursday,
        Day::Friday,
        Day::Saturday,
        Day::Sunday,
    ];
    let weekday = || prop::sample::select(DAYS.to_vec());
    prop_oneof![
        (1..5u8, prop::collection::btree_set(weekday(), 1..4)).prop_map(|(every, weekdays)| Rule::Week { every, weekdays }),
        (1..4u8, prop::collection::btree_set(prop_oneof![1..=31i8, -7..=-1i8], 1..4))
            .prop_map(|(every, days)| Rule::MonthDay { every, days }),
        (1..4u8, prop_oneof![1..=5i8, Just(-1i8)], weekday(), 0..7u8).prop_map(|(every, nth, weekday, plus_days)| {
            Rule::MonthWeekday {
                every,
                nth,
                weekday,
                plus_days,
            }
        }),
        (1..=12i8, 1..=31i8).prop_map(|(month, day)| Rule::Year { month, day }),
    ]
}

fn any_times() -> impl Strategy<Value = Times> {
    // Half of them begin or end in the hours in which clocks are changed.
    let minute = || prop_oneof![0..1440i16, 0..240i16];
    (minute(), minute(), 0..2u8).prop_filter_map("has a length", |(starts, ends, days_later)| {
        let clock = |minute: i16| time(i8::try_from(minute / 60).unwrap(), i8::try_from(minute % 60).unwrap(), 0, 0);
        let times = Times {
            starts: clock(starts),
            ends: clock(ends),
            days_later,
        };
        (times.length() > SignedDuration::ZERO).then_some(times)
    })
}

fn any_day() -> impl Strategy<Value = Date> {
    (0..1000i64).prop_map(|days| FROM.saturating_add(days.days()))
}

/// Of these days of each week; holidays put them off.
fn put_off<const N: usize>(weekdays: [Day; N]) -> Recurrence {
    Recurrence {
        first: date(2026, 3, 27),
        since: None,
        until: Until::Open,
        rule: Rule::Week {
            every: 1,
            weekdays: BTreeSet::from(weekdays),
        },
        times: Times {
            starts: time(12, 0, 0, 0),
            ends: time(13, 0, 0, 0),
            days_later: 0,
        },
        on_holiday: OnHoliday::NextWorkingDay,
        time_zone: String::new(),
        region: None,
        exceptions: BTreeMap::new(),
    }
}

/// Friday and Saturday are Christmas, and both are put off to Monday, which has one.
#[test]
fn none_of_two_that_a_holiday_puts_off_comes_back_by_a_split() {
    let recurrence = put_off([Day::Monday, Day::Friday, Day::Saturday]);
    let is_holiday = |day: Date| german("DE-BY", day.year()).is_some_and(|days| days.contains(&day));
    let edge = |day: Date| day.to_zoned(TimeZone::UTC).unwrap().timestamp();
    let days = |recurrence: &Recurrence| -> Vec<Date> {
        let found = recurrence.between_by(edge(date(2026, 12, 22)), edge(date(2027, 1, 1)), &TimeZone::UTC, &is_holiday);
        found.into_iter().map(|one| one.original).collect()
    };
    assert_eq!(days(&recurrence), [date(2026, 12, 28)]);
    let (before, after) = recurrence.split_by(date(2026, 12, 27), &is_holiday);
    assert_eq!(days(&before), []);
    assert_eq!(days(&after), [date(2026, 12, 28)]);
}

/// Christmas and New Year are put off to Mondays, one of which has one.
#[test]
fn the_first_days_are_told_without_a_clock() {
    let is_holiday = |day: Date| german("DE-BY", day.year()).is_some_and(|days| days.contains(&day));
    let days = |recurrence: &Recurrence| recurrence.days(date(2026, 12, 22), 3, &is_holiday);
    let mut recurrence = put_off([Day::Monday, Day::Friday, Day::Saturday]);
    assert_eq!(days(&recurrence), [date(2026, 12, 28), date(2027, 1, 2), date(2027, 1, 4)]);
    recurrence.since = Some(date(2026, 12, 29));
    assert_eq!(days(&recurrence)[0], date(2027, 1, 2));
    recurrence.until = Until::Day(date(2027, 1, 2));
    // Monday is no day of it any more.
    assert_eq!(days(&recurrence), [date(2027, 1, 2), date(2027, 1, 4)]);
    recurrence.until = Until::Day(date(2026, 12, 24));
    assert_eq!(days(&recurrence), []);
    let fridays = put_off([Day::Friday]);
    assert_eq!(days(&fridays), [date(2026, 12, 28), date(2027, 1, 4), date(2027, 1, 8)]);
}

/// Good Friday is put off to Tuesday, which has one: also where Tuesday is the first day of another part.
#[test]
fn what_a_holiday_puts_off_is_not_doubled_by_a_split() {
    let recurrence = put_off([Day::Friday, Day::Tuesday]);
    let is_holiday = |day: Date| german("DE-BE", day.year()).is_some_and(|days| days.contains(&day));
    let (before, after) = recurrence.split_by(date(2026, 4, 7), &is_holiday);
    let edge = |day: Date| day.to_zoned(TimeZone::UTC).unwrap().timestamp();
    let days = |recurrence: &Recurrence| -> Vec<Date> {
        let found = recurrence.between_by(edge(date(2026, 3, 30)), edge(date(2026, 4, 12)), &TimeZone::UTC, &is_holiday);
        found.into_iter().map(|one| one.day).collect()
    };
    assert_eq!(days(&before), [date(2026, 3, 31)]);
    assert_eq!(days(&after), [date(2026, 4, 7), date(2026, 4, 10)]);
    // Each name is of one part.
    for (part, day, is_there) in [
        (&before, date(2026, 3, 31), true),
        (&after, date(2026, 3, 31), false),
        (&before, date(2026, 4, 7), false),
        (&after, date(2026, 4, 7), true),
    ] {
        assert_eq!(part.occurrence_by(day, &TimeZone::UTC, &is_holiday).is_some(), is_there, "{day}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_walk_over_every_minute_finds_the_same(
        rule in any_rule(),
        times in any_times(),
        first in any_day(),
        skipped in prop::collection::btree_set(any_day(), 0..20),
        held in prop::collection::btree_map(any_day(), (any_day(), any_times()), 0..5),
    ) {
        let mut exceptions: BTreeMap<Date, Exception> = skipped.iter().map(|day| (*day, Exception::Skipped)).collect();
        exceptions.extend(held.into_iter().map(|(original, (day, times))| (original, Exception::Held { day, times })));
        let recurrence = Recurrence { first, since: None, until: Until::Open, rule, times, on_holiday: OnHoliday::Hold, time_zone: String::new(), region: None, exceptions };
        for walk in WALKS.iter() {
            let mut expected = BTreeSet::new();
            for day in FROM.series(1.day()).take_while(|day| *day < TO) {
                let held = match recurrence.exceptions.get(&day) {
                    Some(Exception::Skipped) => None,
                    Some(Exception::Held { day, times }) => Some((*day, *times)),
                    None => falls_on(&recurrence.rule, first, day).then_some((day, recurrence.times)),
                };
                if let Some((held_on, times)) = held {
                    let (starts_at, ends_at) = walk.window(held_on, times);
                    expected.insert((starts_at, day, ends_at));
                }
            }
            let edge = |day: Date| day.to_zoned(walk.time_zone.clone()).unwrap().timestamp();
            let found = recurrence.between_by(edge(FROM), edge(TO), &walk.time_zone, &|_| false);
            let told: Vec<_> = found.iter().map(|one| (one.starts_at, one.original, one.ends_at)).collect();
            let within: Vec<_> = expected.into_iter().filter(|(starts_at, ..)| (edge(FROM)..edge(TO)).contains(starts_at)).collect();
            prop_assert_eq!(told, within);
            // The same by the clock alone, wherever it is.
            let mut days: Vec<Date> = found.iter().map(|one| one.day).collect();
            days.sort_unstable();
            let last = TO.saturating_sub(1.day());
            prop_assert_eq!(recurrence.on_days(FROM, last).into_iter().map(|(day, _)| day).collect::<Vec<_>>(), days);
        }
    }

    #[test]
    fn two_parts_are_the_whole(
        rule in any_rule(),
        first in any_day(),
        at in any_day(),
        until in prop_oneof![Just(Until::Open), any_day().prop_map(Until::Day), (0..40u32).prop_map(Until::Count)],
        on_holiday in prop::sample::select(vec![OnHoliday::Hold, OnHoliday::Skip, OnHoliday::NextWorkingDay]),
        skipped in prop::collection::btree_set(any_day(), 0..20),
        held in prop::collection::btree_map(any_day(), any_day(), 0..5),
    ) {
        let times = Times { starts: time(22, 0, 0, 0), ends: time(4, 0, 0, 0), days_later: 1 };
        let mut exceptions: BTreeMap<Date, Exception> = skipped.into_iter().map(|day| (day, Exception::Skipped)).collect();
        exceptions.extend(held.into_iter().map(|(original, day)| (original, Exception::Held { day, times })));
        let recurrence = Recurrence { first, since: None, until, rule, times, on_holiday, time_zone: String::new(), region: None, exceptions };
        let is_holiday = |day: Date| german("DE-BY", day.year()).is_some_and(|days| days.contains(&day));
        let zone = &WALKS[0].time_zone;
        let edge = |day: Date| day.to_zoned(zone.clone()).unwrap().timestamp();
        let all = |recurrence: &Recurrence| recurrence.between_by(edge(FROM), edge(TO), zone, &is_holiday);
        let (before, after) = recurrence.split_by(at, &is_holiday);
        let mut parts = [all(&before), all(&after)].concat();
        parts.sort_by_key(|one| (one.starts_at, one.original));
        prop_assert_eq!(&parts, &all(&recurrence));
        // No two occurrences of the rule come to one day.
        let undecided = parts.iter().filter(|one| !recurrence.exceptions.contains_key(&one.original));
        let days: Vec<Date> = undecided.map(|one| one.day).collect();
        prop_assert_eq!(days.iter().collect::<BTreeSet<_>>().len(), days.len());
        // The next one is the first of all that are not over.
        let now = edge(at);
        let next = recurrence.upcoming_by(now, 1, zone, &is_holiday, &|_| true).pop();
        let first = parts.into_iter().find(|one| one.ends_at > now);
        if first.is_some() {
            prop_assert_eq!(next, first);
        }
    }
}

#[test]
fn a_night_that_is_too_short_to_be_rolled_back_is_announced_all_the_same() {
    let plan: Plan = serde_json::from_value(serde_json::json!({
        "notice": {"kind": "maintenance", "severity": "outage", "services": ["car"], "title": {"de": "Wartung"}, "rollback_minutes": 240},
        "recurrence": {"first": "2026-03-22", "rule": {"each": "week", "weekdays": ["sunday"]},
            "times": {"starts": "00:00", "ends": "05:00"}, "time_zone": "Europe/Berlin"},
    }))
    .unwrap();
    // The clocks go forward in the night to 29 March.
    for (day, rollback) in [(date(2026, 3, 29), None), (date(2026, 4, 5), Some(240))] {
        let occurrence = plan.recurrence.occurrence(day).unwrap();
        assert_eq!(plan.notice(&occurrence).rollback_minutes, rollback, "{day}");
    }
}
