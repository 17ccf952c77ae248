//! What is wrong with a series as somebody wrote it.

use jiff::{
    SignedDuration,
    civil::{Date, date},
};

use super::{
    rule::Rule,
    series::{END, Exception, LONGEST, Series, Until},
    window::Times,
};
use crate::words::{Code, Faults};

/// More decisions about single days than this are a series of their own.
const EXCEPTIONS: usize = 1000;
/// As many days as a series can have within the years that are known.
const COUNT: u32 = 40_000;

/// Reports all faults of a series; `at` is the pointer to it.
pub fn check_series(series: &Series, at: &str, faults: &mut Faults) {
    let field = |name: &str| format!("{at}/{name}");
    check_day(series.first, &field("first"), faults);
    if let Some(since) = series.since {
        check_day(since, &field("since"), faults);
    }
    match series.until {
        Until::Open => {}
        Until::Day(last) if last < series.first => {
            faults.add(field("until/day"), Code::BeforeStart, "is before `first`");
        }
        Until::Day(last) => check_day(last, &field("until/day"), faults),
        Until::Count(1..=COUNT) => {}
        Until::Count(_) => faults.add(field("until/count"), Code::OutOfRange, format!("is not within 1 to {COUNT}")),
    }
    check_rule(&series.rule, &field("rule"), faults);
    check_times(&series.times, &field("times"), faults);
    if series.exceptions.len() > EXCEPTIONS {
        faults.add(
            field("exceptions"),
            Code::TooLong,
            format!("has more than {EXCEPTIONS} days; make a second series"),
        );
    }
    for (original, exception) in &series.exceptions {
        let at = field(&format!("exceptions/{original}"));
        check_day(*original, &at, faults);
        if let Exception::Held { day, times } = exception {
            check_day(*day, &format!("{at}/held/day"), faults);
            check_times(times, &format!("{at}/held/times"), faults);
        }
    }
}

/// Reports a day that nobody can mean, such as one of a year with a slip of the finger.
fn check_day(day: Date, at: &str, faults: &mut Faults) {
    if day < date(2000, 1, 1) || day >= END {
        faults.add(at, Code::OutOfRange, "is not within the years 2000 to 2099");
    }
}

fn check_rule(rule: &Rule, at: &str, faults: &mut Faults) {
    let field = |name: &str| format!("{at}/{name}");
    let (every, most) = match rule {
        Rule::Week { every, .. } => (*every, 52),
        Rule::MonthDay { every, .. } | Rule::MonthWeekday { every, .. } => (*every, 24),
        Rule::Year { .. } => (1, 1),
    };
    if every == 0 || every > most {
        faults.add(field("every"), Code::OutOfRange, format!("is not within 1 to {most}"));
    }
    match rule {
        Rule::Week { weekdays, .. } if weekdays.is_empty() => {
            faults.add(field("weekdays"), Code::Empty, "names no day; name at least one");
        }
        Rule::MonthDay { days, .. } if days.is_empty() => {
            faults.add(field("days"), Code::Empty, "names no day; name at least one");
        }
        Rule::MonthDay { days, .. } if !days.iter().all(|day| matches!(day, 1..=31 | -7..=-1)) => {
            faults.add(
                field("days"),
                Code::OutOfRange,
                "has a day that is neither within 1 to 31 nor, from the end of the month, within -7 to -1",
            );
        }
        Rule::MonthWeekday { nth, plus_days, .. } => {
            if !matches!(nth, 1..=5 | -1) {
                faults.add(field("nth"), Code::OutOfRange, "is neither within 1 to 5 nor -1 for the last one");
            }
            if *plus_days > 27 {
                faults.add(field("plus_days"), Code::OutOfRange, "is not within 0 to 27");
            }
        }
        // A leap year has every day.
        Rule::Year { month, day } if Date::new(2000, *month, *day).is_err() => {
            faults.add(field("day"), Code::OutOfRange, "is no day of that month in any year");
        }
        Rule::Week { .. } | Rule::MonthDay { .. } | Rule::Year { .. } => {}
    }
}

fn check_times(times: &Times, at: &str, faults: &mut Faults) {
    let ends = format!("{at}/ends");
    if times.length() <= SignedDuration::ZERO {
        let detail = "is not after `starts`; where it ends on the next day, `days_later` is 1";
        faults.add(ends, Code::NotAfterStart, detail);
    } else if times.length() > SignedDuration::from_hours(24) * LONGEST {
        faults.add(ends, Code::OutOfRange, format!("is more than {LONGEST} days after `starts`"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn faults(change: &Value) -> Vec<(String, Code)> {
        let mut series = json!({"first": "2026-01-01", "rule": {"each": "week", "weekdays": ["monday"]},
            "times": {"starts": "22:00", "ends": "04:00", "days_later": 1}});
        for (key, value) in change.as_object().unwrap() {
            series[key] = value.clone();
        }
        let series: Series = serde_json::from_value(series).unwrap();
        let mut faults = Faults::default();
        check_series(&series, "/series", &mut faults);
        faults.into_vec().into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn each_fault_is_told_where_it_is() {
        let month = |days: &[i8]| json!({"rule": {"each": "month_day", "days": days}});
        let nth = |nth: i8, plus: u8| json!({"rule": {"each": "month_weekday", "nth": nth, "weekday": "monday", "plus_days": plus}});
        let year = |month: i8, day: i8| json!({"rule": {"each": "year", "month": month, "day": day}});
        let times = |starts: &str, ends: &str, later: u8| json!({"times": {"starts": starts, "ends": ends, "days_later": later}});
        for fine in [
            json!({}),
            month(&[31, -7]),
            nth(5, 27),
            nth(-1, 0),
            year(2, 29),
            times("00:00", "00:00", 14),
        ] {
            assert_eq!(faults(&fine), [], "{fine}");
        }
        for (change, pointer, code) in [
            (json!({"first": "1999-12-31"}), "first", Code::OutOfRange),
            (json!({"since": "2100-01-01"}), "since", Code::OutOfRange),
            (json!({"until": {"day": "2025-12-31"}}), "until/day", Code::BeforeStart),
            (json!({"until": {"day": "2100-01-01"}}), "until/day", Code::OutOfRange),
            (json!({"until": {"count": 0}}), "until/count", Code::OutOfRange),
            (json!({"rule": {"each": "week", "weekdays": []}}), "rule/weekdays", Code::Empty),
            (
                json!({"rule": {"each": "week", "every": 0, "weekdays": ["monday"]}}),
                "rule/every",
                Code::OutOfRange,
            ),
            (
                json!({"rule": {"each": "week", "every": 53, "weekdays": ["monday"]}}),
                "rule/every",
                Code::OutOfRange,
            ),
            (month(&[]), "rule/days", Code::Empty),
            (month(&[1, 0]), "rule/days", Code::OutOfRange),
            (month(&[32]), "rule/days", Code::OutOfRange),
            (month(&[-8]), "rule/days", Code::OutOfRange),
            (nth(6, 0), "rule/nth", Code::OutOfRange),
            (nth(0, 0), "rule/nth", Code::OutOfRange),
            (nth(1, 28), "rule/plus_days", Code::OutOfRange),
            (year(2, 30), "rule/day", Code::OutOfRange),
            (times("04:00", "04:00", 0), "times/ends", Code::NotAfterStart),
            (times("22:00", "04:00", 0), "times/ends", Code::NotAfterStart),
            (times("00:00", "00:01", 14), "times/ends", Code::OutOfRange),
            (
                json!({"exceptions": {"2026-02-02": {"held": {"day": "2226-02-03", "times": {"starts": "01:00", "ends": "02:00"}}}}}),
                "exceptions/2026-02-02/held/day",
                Code::OutOfRange,
            ),
            (
                json!({"exceptions": {"2026-02-02": {"held": {"day": "2026-02-03", "times": {"starts": "03:00", "ends": "02:00"}}}}}),
                "exceptions/2026-02-02/held/times/ends",
                Code::NotAfterStart,
            ),
        ] {
            assert_eq!(faults(&change), [(format!("/series/{pointer}"), code)], "{change}");
        }
    }
}
