//! Named cases of recurring windows, each worked out by hand.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Value, json};

use super::Recurrence;
use crate::time::holidays::german;

/// What happens in a place: the name of the case, a recurrence, and each window of a span of days as `begin end`, in UTC.
struct Case {
    name: &'static str,
    zone: &'static str,
    recurrence: Value,
    span: [&'static str; 2],
    expected: &'static [&'static str],
}

/// On one day, by these times: what the clock of a place makes of it.
fn once(name: &'static str, zone: &'static str, day: &'static str, starts: &str, ends: &str, expected: &'static [&'static str]) -> Case {
    let (ends, days_later) = ends.strip_suffix('+').map_or((ends, 0), |ends| (ends, 1));
    let number: i8 = day[8..].parse().unwrap();
    Case {
        name,
        zone,
        recurrence: json!({"time_zone": "UTC", "first": day, "until": {"count": 1}, "rule": {"each": "month_day", "days": [number]},
            "times": {"starts": starts, "ends": ends, "days_later": days_later}}),
        span: ["2025-12-01", "2029-01-01"],
        expected,
    }
}

/// At noon in UTC, for an hour: on which days.
fn days(name: &'static str, first: &str, rule: Value, span: [&'static str; 2], expected: &'static [&'static str]) -> Case {
    with(name, first, rule, json!({}), span, expected)
}

/// The same, with more said.
fn with(name: &'static str, first: &str, rule: Value, more: Value, span: [&'static str; 2], expected: &'static [&'static str]) -> Case {
    let mut recurrence = json!({"time_zone": "UTC", "first": first, "rule": rule, "times": {"starts": "12:00", "ends": "13:00"}});
    for (key, value) in more.as_object().unwrap() {
        recurrence[key] = value.clone();
    }
    Case {
        name,
        zone: "UTC",
        recurrence,
        span,
        expected,
    }
}

/// In nights in which a clock is changed.
#[rustfmt::skip] // One case, one line.
fn clocks() -> Vec<Case> {
    const BERLIN: &str = "Europe/Berlin";
    const LORD_HOWE: &str = "Australia/Lord_Howe";
    const SANTIAGO: &str = "America/Santiago";
    const BEIRUT: &str = "Asia/Beirut";
    const CASABLANCA: &str = "Africa/Casablanca";
    vec![
        // Berlin leaves out 02:00 to 03:00 on 29 March 2026, at 01:00 UTC.
        once("the evening before", BERLIN, "2026-03-28", "22:00", "23:00", &["2026-03-28T21:00Z 2026-03-28T22:00Z"]),
        once("through the hour that is left out", BERLIN, "2026-03-29", "01:00", "04:00", &["2026-03-29T00:00Z 2026-03-29T02:00Z"]),
        once("begins in it", BERLIN, "2026-03-29", "02:30", "05:00", &["2026-03-29T01:00Z 2026-03-29T03:00Z"]),
        once("ends in it", BERLIN, "2026-03-29", "00:30", "02:30", &["2026-03-28T23:30Z 2026-03-29T01:00Z"]),
        once("both in it", BERLIN, "2026-03-29", "02:15", "02:45", &["2026-03-29T01:00Z 2026-03-29T01:30Z"]),
        once("begins where it begins", BERLIN, "2026-03-29", "02:00", "04:00", &["2026-03-29T01:00Z 2026-03-29T02:00Z"]),
        once("ends where it begins", BERLIN, "2026-03-29", "00:00", "02:00", &["2026-03-28T23:00Z 2026-03-29T01:00Z"]),
        once("begins where it ends", BERLIN, "2026-03-29", "03:00", "04:00", &["2026-03-29T01:00Z 2026-03-29T02:00Z"]),
        once("exactly it", BERLIN, "2026-03-29", "02:00", "03:00", &["2026-03-29T01:00Z 2026-03-29T02:00Z"]),
        once("overnight into it", BERLIN, "2026-03-28", "22:00", "06:00+", &["2026-03-28T21:00Z 2026-03-29T04:00Z"]),
        // And shows 02:00 to 03:00 twice on 25 October 2026, until 01:00 and until 02:00 UTC.
        once("through the hour that comes twice", BERLIN, "2026-10-25", "01:00", "04:00", &["2026-10-24T23:00Z 2026-10-25T03:00Z"]),
        once("begins in the first of it", BERLIN, "2026-10-25", "02:30", "05:00", &["2026-10-25T00:30Z 2026-10-25T04:00Z"]),
        once("ends in the second of it", BERLIN, "2026-10-25", "00:30", "02:30", &["2026-10-24T22:30Z 2026-10-25T01:30Z"]),
        once("both in it, twice", BERLIN, "2026-10-25", "02:15", "02:45", &["2026-10-25T00:15Z 2026-10-25T01:45Z"]),
        once("exactly it, twice", BERLIN, "2026-10-25", "02:00", "03:00", &["2026-10-25T00:00Z 2026-10-25T02:00Z"]),
        once("ends where it begins again", BERLIN, "2026-10-25", "01:00", "02:00", &["2026-10-24T23:00Z 2026-10-25T01:00Z"]),
        once("begins after it", BERLIN, "2026-10-25", "03:00", "04:00", &["2026-10-25T02:00Z 2026-10-25T03:00Z"]),
        once("overnight into it, twice", BERLIN, "2026-10-24", "22:00", "06:00+", &["2026-10-24T20:00Z 2026-10-25T05:00Z"]),
        // Lord Howe changes by half an hour: 02:00 to 02:30 is left out on 4 October 2026, 01:30 to 02:00 comes twice on 5 April.
        once("begins in half an hour that is left out", LORD_HOWE, "2026-10-04", "02:00", "03:00", &["2026-10-03T15:30Z 2026-10-03T16:00Z"]),
        once("both in half an hour that is left out", LORD_HOWE, "2026-10-04", "02:10", "02:20", &["2026-10-03T15:30Z 2026-10-03T15:40Z"]),
        once("half an hour that comes twice", LORD_HOWE, "2026-04-05", "01:30", "02:00", &["2026-04-04T14:30Z 2026-04-04T15:30Z"]),
        // Santiago changes at midnight: 6 September 2026 begins at 01:00, the last hour of 4 April comes twice.
        once("a day that begins at one", SANTIAGO, "2026-09-06", "00:00", "02:00", &["2026-09-06T04:00Z 2026-09-06T05:00Z"]),
        once("the last hour of a day, twice", SANTIAGO, "2026-04-04", "22:00", "23:30", &["2026-04-05T01:00Z 2026-04-05T03:30Z"]),
        once("midnight after it", SANTIAGO, "2026-04-05", "00:00", "01:00", &["2026-04-05T04:00Z 2026-04-05T05:00Z"]),
        once("overnight past a midnight that is left out", SANTIAGO, "2026-09-05", "23:00", "00:30+", &["2026-09-06T03:00Z 2026-09-06T04:00Z"]),
        once("at a midnight that is left out", BEIRUT, "2026-03-29", "00:30", "01:30", &["2026-03-28T22:00Z 2026-03-28T22:30Z"]),
        once("before a midnight that comes twice", BEIRUT, "2026-10-24", "23:15", "23:45", &["2026-10-24T20:15Z 2026-10-24T21:45Z"]),
        // Casablanca sets its clock back for the month of fasting, from 15 February to 22 March 2026.
        once("the month of fasting begins", CASABLANCA, "2026-02-15", "02:15", "02:45", &["2026-02-15T01:15Z 2026-02-15T02:45Z"]),
        once("the month of fasting is over", CASABLANCA, "2026-03-22", "02:15", "03:30", &["2026-03-22T02:00Z 2026-03-22T02:30Z"]),
        once("where the day begins first", "Pacific/Kiritimati", "2026-05-01", "00:00", "01:00", &["2026-04-30T10:00Z 2026-04-30T11:00Z"]),
    ]
}

const YEAR: [&str; 2] = ["2026-01-01", "2027-01-01"];

/// Ends of months, leap days, weekdays, weeks.
#[rustfmt::skip] // One case, one line.
fn calendars() -> Vec<Case> {
    let week = |every: u8, weekdays: &[&str]| json!({"each": "week", "every": every, "weekdays": weekdays});
    let month = |every: u8, days: &[i8]| json!({"each": "month_day", "every": every, "days": days});
    let nth = |nth: i8, weekday: &str, plus: u8| json!({"each": "month_weekday", "nth": nth, "weekday": weekday, "plus_days": plus});
    let year = |month: i8, day: i8| json!({"each": "year", "month": month, "day": day});
    const SPRING: [&str; 2] = ["2026-01-01", "2026-06-01"];
    vec![
        days("the 31st, where there is one", "2026-01-01", month(1, &[31]), SPRING, &["2026-01-31", "2026-03-31", "2026-05-31"]),
        days("the 30th, not in February", "2026-01-01", month(1, &[30]), ["2026-01-15", "2026-04-15"], &["2026-01-30", "2026-03-30"]),
        days("the last day", "2026-01-01", month(1, &[-1]), ["2026-01-01", "2026-05-01"], &["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        days("the last day of a leap February", "2028-02-01", month(1, &[-1]), ["2028-02-01", "2028-03-15"], &["2028-02-29"]),
        days("the 29th, not in a short February", "2027-01-15", month(1, &[29]), ["2027-01-15", "2027-03-30"], &["2027-01-29", "2027-03-29"]),
        days("the first, the middle and the last", "2026-02-01", month(1, &[1, 15, -1]), ["2026-02-01", "2026-03-01"], &["2026-02-01", "2026-02-15", "2026-02-28"]),
        days("one day by two names is one", "2026-02-01", month(1, &[28, -1]), ["2026-02-01", "2026-03-01"], &["2026-02-28"]),
        days("the seventh day from the end", "2026-02-01", month(1, &[-7]), ["2026-02-01", "2026-04-01"], &["2026-02-22", "2026-03-25"]),
        days("every second month, not before the first day", "2026-01-10", month(2, &[5]), SPRING, &["2026-03-05", "2026-05-05"]),
        days("every third month, over the new year", "2026-11-01", month(3, &[2]), ["2026-11-01", "2027-06-01"], &["2026-11-02", "2027-02-02", "2027-05-02"]),
        days("the Wednesday after the second Tuesday", "2026-01-01", nth(2, "tuesday", 1), ["2026-01-01", "2026-05-01"], &["2026-01-14", "2026-02-11", "2026-03-11", "2026-04-15"]),
        days("a fifth Monday, where there is one", "2026-01-01", nth(5, "monday", 0), YEAR, &["2026-03-30", "2026-06-29", "2026-08-31", "2026-11-30"]),
        days("the last Friday", "2026-01-01", nth(-1, "friday", 0), ["2026-01-01", "2026-04-01"], &["2026-01-30", "2026-02-27", "2026-03-27"]),
        days("the day after the last Saturday, in the next month", "2026-01-01", nth(-1, "saturday", 1), ["2026-01-01", "2026-04-01"], &["2026-02-01", "2026-03-01", "2026-03-29"]),
        days("the first Sunday", "2026-03-01", nth(1, "sunday", 0), ["2026-03-01", "2026-05-01"], &["2026-03-01", "2026-04-05"]),
        days("every second Monday, from a Thursday on", "2026-01-01", week(2, &["monday"]), ["2026-01-01", "2026-02-01"], &["2026-01-12", "2026-01-26"]),
        days("every second week on two days", "2026-01-01", week(2, &["monday", "thursday"]), ["2026-01-01", "2026-02-01"], &["2026-01-01", "2026-01-12", "2026-01-15", "2026-01-26", "2026-01-29"]),
        days("every second week, over a year of 53", "2026-12-18", week(2, &["friday"]), ["2026-12-01", "2027-01-20"], &["2026-12-18", "2027-01-01", "2027-01-15"]),
        days("a week is counted from Monday", "2026-01-04", week(2, &["sunday", "monday"]), ["2026-01-01", "2026-01-20"], &["2026-01-04", "2026-01-12", "2026-01-18"]),
        days("a leap day", "2026-01-01", year(2, 29), ["2026-01-01", "2029-01-01"], &["2028-02-29"]),
        days("each year", "2026-06-01", year(5, 31), ["2026-01-01", "2029-01-01"], &["2027-05-31", "2028-05-31"]),
    ]
}

/// Ends, exceptions and holidays.
#[rustfmt::skip] // One case, one line.
fn decisions() -> Vec<Case> {
    let on = |weekdays: &[&str]| json!({"each": "week", "weekdays": weekdays});
    let held = |day: &str, starts: &str, ends: &str| json!({"held": {"day": day, "times": {"starts": starts, "ends": ends}}});
    const MAY: [&str; 2] = ["2026-05-01", "2026-06-01"];
    const EASTER: [&str; 2] = ["2026-03-30", "2026-04-12"];
    let fridays = || on(&["friday"]);
    vec![
        with("its last day is one of it", "2026-05-01", fridays(), json!({"until": {"day": "2026-05-15"}}), MAY, &["2026-05-01", "2026-05-08", "2026-05-15"]),
        with("the day before is not", "2026-05-01", fridays(), json!({"until": {"day": "2026-05-14"}}), MAY, &["2026-05-01", "2026-05-08"]),
        with("three, one of them left out", "2026-05-01", fridays(), json!({"until": {"count": 3}, "exceptions": {"2026-05-08": "skipped"}}), MAY, &["2026-05-01", "2026-05-15"]),
        with("none at all", "2026-05-01", fridays(), json!({"until": {"count": 0}}), MAY, &[]),
        with("moved to another day", "2026-05-01", fridays(), json!({"exceptions": {"2026-05-08": held("2026-05-09", "12:00", "13:00")}}), MAY, &["2026-05-01", "2026-05-09", "2026-05-15", "2026-05-22", "2026-05-29"]),
        with("moved before the one before", "2026-05-01", fridays(), json!({"exceptions": {"2026-05-15": held("2026-05-07", "12:00", "13:00")}}), MAY, &["2026-05-01", "2026-05-07", "2026-05-08", "2026-05-22", "2026-05-29"]),
        with("moved onto the day of another: both", "2026-05-15", fridays(), json!({"exceptions": {"2026-05-22": held("2026-05-29", "12:00", "13:00")}}), MAY, &["2026-05-15", "2026-05-29", "2026-05-29"]),
        with("other times", "2026-05-22", fridays(), json!({"exceptions": {"2026-05-29": held("2026-05-29", "12:30", "14:00")}}), MAY, &["2026-05-22", "2026-05-29T12:30Z 2026-05-29T14:00Z"]),
        with("one more", "2026-05-22", fridays(), json!({"exceptions": {"2026-05-26": held("2026-05-26", "12:00", "13:00")}}), MAY, &["2026-05-22", "2026-05-26", "2026-05-29"]),
        with("moved into the span from far outside", "2026-01-02", json!({"each": "year", "month": 12, "day": 1}), json!({"exceptions": {"2026-12-01": held("2026-05-05", "12:00", "13:00")}}), MAY, &["2026-05-05"]),
        with("moved out of the span", "2026-05-22", fridays(), json!({"exceptions": {"2026-05-22": held("2026-07-01", "12:00", "13:00")}}), MAY, &["2026-05-29"]),
        // Holidays of Berlin: 3 and 6 April, 1 May, 14 and 25 May 2026; 1 January 2027 is a Friday.
        with("a holiday changes nothing unless somebody says so", "2026-05-01", fridays(), json!({}), ["2026-05-01", "2026-05-09"], &["2026-05-01", "2026-05-08"]),
        with("left out on a holiday", "2026-05-01", fridays(), json!({"on_holiday": "skip"}), ["2026-05-01", "2026-05-16"], &["2026-05-08", "2026-05-15"]),
        with("put off to the next working day", "2026-05-01", fridays(), json!({"on_holiday": "next_working_day"}), ["2026-05-01", "2026-05-09"], &["2026-05-04", "2026-05-08"]),
        with("put off over Easter", "2026-03-27", fridays(), json!({"on_holiday": "next_working_day"}), EASTER, &["2026-04-07", "2026-04-10"]),
        with("two that are put off to one day are one", "2026-03-27", on(&["friday", "monday"]), json!({"on_holiday": "next_working_day"}), EASTER, &["2026-03-30", "2026-04-07", "2026-04-10"]),
        with("put off to a day that has one", "2026-03-27", on(&["friday", "tuesday"]), json!({"on_holiday": "next_working_day"}), EASTER, &["2026-03-31", "2026-04-07", "2026-04-10"]),
        with("one on the Saturday between stays where it is", "2026-05-01", on(&["friday", "saturday"]), json!({"on_holiday": "next_working_day"}), ["2026-05-01", "2026-05-08"], &["2026-05-02", "2026-05-04"]),
        with("put off into the next year", "2026-12-24", fridays(), json!({"on_holiday": "next_working_day"}), ["2026-12-26", "2027-01-10"], &["2026-12-28", "2027-01-04", "2027-01-08"]),
        with("held on a holiday because somebody says so", "2026-05-01", fridays(), json!({"on_holiday": "skip", "exceptions": {"2026-05-01": held("2026-05-01", "12:00", "13:00")}}), ["2026-05-01", "2026-05-09"], &["2026-05-01", "2026-05-08"]),
        with("put off beyond its last day", "2026-05-01", fridays(), json!({"on_holiday": "next_working_day", "until": {"day": "2026-05-01"}}), MAY, &["2026-05-04"]),
    ]
}

#[test]
fn each_case_is_as_worked_out_by_hand() {
    let cases: Vec<Case> = [clocks(), calendars(), decisions()].into_iter().flatten().collect();
    assert!(cases.len() >= 50, "{}", cases.len());
    let is_holiday = |day: Date| german("DE-BE", day.year()).unwrap().contains(&day);
    for Case {
        name,
        zone,
        recurrence,
        span,
        expected,
    } in cases
    {
        let recurrence: Recurrence = serde_json::from_value(recurrence).unwrap_or_else(|error| panic!("{name}: {error}"));
        let time_zone = TimeZone::get(zone).unwrap();
        let [from, to] = span.map(|day| day.parse::<Date>().unwrap().to_zoned(TimeZone::UTC).unwrap().timestamp());
        let found = recurrence.between_by(from, to, &time_zone, &is_holiday);
        let found: Vec<(Timestamp, Timestamp)> = found.iter().map(|one| (one.starts_at, one.ends_at)).collect();
        let expected: Vec<(Timestamp, Timestamp)> = expected
            .iter()
            .map(|told| {
                let whole = if told.contains('T') {
                    (*told).to_owned()
                } else {
                    format!("{told}T12:00Z {told}T13:00Z")
                };
                let (begin, end) = whole.split_once(' ').unwrap();
                (begin.parse().unwrap(), end.parse().unwrap())
            })
            .collect();
        assert_eq!(found, expected, "{name}");
        assert_eq!(
            serde_json::from_value::<Recurrence>(serde_json::to_value(&recurrence).unwrap()).unwrap(),
            recurrence,
            "{name}"
        );
    }
}
