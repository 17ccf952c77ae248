//! What is wrong with a plan as somebody wrote it.

use jiff::{
    SignedDuration,
    civil::{Date, date},
    tz::TimeZone,
};
use wire::Kind;

use super::{
    model::Plan,
    recurrence::{END, Exception, LONGEST, OnHoliday, Recurrence, Until},
    rule::Rule,
    window::Times,
};
use crate::{
    catalogue::Catalogue,
    notice::{
        check::{Purpose, check_content},
        turning::{fits, not_within},
    },
    time::hours::knows_holidays,
    words::{Code, Faults},
};

/// More decisions about single days than this are a recurrence of their own.
pub(super) const EXCEPTIONS: usize = 1000;
/// Whoever plans more than this has a last day in mind, or none.
const COUNT: u32 = 1000;

/// The longest time before an occurrence at which it can be announced.
const LONGEST_LEAD_HOURS: u16 = 60 * 24;

/// Reports all faults of a plan; `at` is the pointer to it, empty for a whole document.
pub(crate) fn check_plan(plan: &Plan, catalogue: &Catalogue, at: &str, faults: &mut Faults) {
    let field = |name: &str| format!("{at}/{name}");
    let notice = &plan.notice;
    if notice.kind != Kind::Maintenance {
        faults.add(
            field("notice/kind"),
            Code::PlannedIsMaintenance,
            format!("is `{}`; what is planned is a `maintenance`", notice.kind.word()),
        );
    }
    for (name, instant) in [
        ("starts_at", notice.starts_at),
        ("ends_at", notice.ends_at),
        ("announce_from", notice.announce_from),
        ("next_update_at", notice.next_update_at),
        ("entries_until", notice.entries_until),
    ] {
        if instant.is_some() {
            let detail = "is an instant, and each occurrence has its own; `recurrence` and `announce_hours` say when";
            faults.add(field(&format!("notice/{name}")), Code::OfEachOccurrence, detail);
        }
    }
    check_content(notice, catalogue, Purpose::Template, &field("notice"), faults);
    if notice
        .rollback_minutes
        .is_some_and(|minutes| minutes > 0 && !fits(minutes, plan.recurrence.times.length()))
    {
        not_within(field("notice/rollback_minutes"), faults);
    }
    check_recurrence(&plan.recurrence, &field("recurrence"), faults);
    if plan.announce_hours > LONGEST_LEAD_HOURS {
        let detail = format!("is more than {LONGEST_LEAD_HOURS}, which is 60 days");
        faults.add(field("announce_hours"), Code::OutOfRange, detail);
    }
}

/// Reports all faults of a recurrence; `at` is the pointer to it.
pub(crate) fn check_recurrence(recurrence: &Recurrence, at: &str, faults: &mut Faults) {
    let field = |name: &str| format!("{at}/{name}");
    check_day(recurrence.first, &field("first"), faults);
    if let Some(since) = recurrence.since {
        check_day(since, &field("since"), faults);
    }
    match recurrence.until {
        Until::Open => {}
        Until::Day(last) if last < recurrence.first => {
            faults.add(field("until/day"), Code::BeforeStart, "is before `first`");
        }
        Until::Day(last) => check_day(last, &field("until/day"), faults),
        Until::Count(1..=COUNT) => {}
        Until::Count(_) => faults.add(field("until/count"), Code::OutOfRange, format!("is not within 1 to {COUNT}")),
    }
    if !TimeZone::get(&recurrence.time_zone).is_ok_and(|zone| !zone.is_unknown()) {
        let detail = format!(
            "is `{}`, which is no time zone; write one of the IANA database, such as `Europe/Berlin`",
            recurrence.time_zone
        );
        faults.add(field("time_zone"), Code::Malformed, detail);
    }
    match &recurrence.region {
        Some(region) if !knows_holidays(region) => {
            let detail = format!("is `{region}`, whose holidays are not known; write an ISO 3166-2 code, such as `DE-BY` for Bavaria");
            faults.add(field("region"), Code::Malformed, detail);
        }
        None if recurrence.on_holiday != OnHoliday::Hold => {
            let detail =
                "is missing; `on_holiday` needs to know whose holidays count: write an ISO 3166-2 code, such as `DE-BY` for Bavaria";
            faults.add(field("region"), Code::Missing, detail);
        }
        _ => {}
    }
    check_rule(&recurrence.rule, &field("rule"), faults);
    check_times(&recurrence.times, &field("times"), faults);
    if recurrence.exceptions.len() > EXCEPTIONS {
        faults.add(
            field("exceptions"),
            Code::TooLong,
            format!("has more than {EXCEPTIONS} days; make a second recurrence"),
        );
    }
    for (original, exception) in &recurrence.exceptions {
        let at = field(&format!("exceptions/{original}"));
        check_exception(*original, exception, &at, faults);
    }
}

/// Reports all faults of what is decided about one occurrence; `at` is the pointer to it.
pub(crate) fn check_exception(original: Date, exception: &Exception, at: &str, faults: &mut Faults) {
    check_day(original, at, faults);
    if let Exception::Held { day, times } = exception {
        check_day(*day, &format!("{at}/held/day"), faults);
        check_times(times, &format!("{at}/held/times"), faults);
    }
}

/// Reports a day that nobody can mean, such as one of a year with a slip of the finger.
pub(super) fn check_day(day: Date, at: &str, faults: &mut Faults) {
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
        let mut recurrence = json!({"time_zone": "UTC", "first": "2026-01-01", "rule": {"each": "week", "weekdays": ["monday"]},
            "times": {"starts": "22:00", "ends": "04:00", "days_later": 1}});
        for (key, value) in change.as_object().unwrap() {
            recurrence[key] = value.clone();
        }
        let recurrence: Recurrence = serde_json::from_value(recurrence).unwrap();
        let mut faults = Faults::default();
        check_recurrence(&recurrence, "/recurrence", &mut faults);
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
            assert_eq!(faults(&change), [(format!("/recurrence/{pointer}"), code)], "{change}");
        }
    }
}
