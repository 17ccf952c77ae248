//! A rule in words: `Jede Woche am Dienstag, 22:00 bis 04:00 Uhr am Tag danach`.

use domain::schedule::{Day, OnHoliday, Recurrence, Rule, Times, Until};

use crate::words;

/// When something recurs, in one sentence.
pub(crate) fn sentence(recurrence: &Recurrence) -> String {
    let mut parts = vec![days(&recurrence.rule), times(&recurrence.times)];
    parts.push(words::from_day(&words::day(recurrence.since.unwrap_or(recurrence.first))));
    match recurrence.until {
        Until::Open => {}
        Until::Day(last) => parts.push(words::until_day(&words::day(last))),
        Until::Count(count) => parts.push(words::times_in_all(count)),
    }
    match recurrence.on_holiday {
        OnHoliday::Hold => {}
        other => parts.push(words::on_holiday(other).to_owned()),
    }
    parts.join(", ")
}

/// From when to when.
pub(crate) fn times(times: &Times) -> String {
    let clock = |time: jiff::civil::Time| words::oclock(time.hour(), time.minute());
    words::from_to(&clock(times.starts), &clock(times.ends), times.days_later)
}

/// On which days.
pub(crate) fn days(rule: &Rule) -> String {
    match rule {
        Rule::Week { every, weekdays } => {
            let names: Vec<&str> = weekdays.iter().map(|day| words::weekday(place(*day))).collect();
            words::every_week(*every, &words::listed(&names))
        }
        Rule::MonthDay { every, days } => {
            let names: Vec<String> = days.iter().map(|day| words::day_of_month(*day)).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            words::every_month(*every, &words::listed(&names))
        }
        Rule::MonthWeekday {
            every,
            nth,
            weekday,
            plus_days,
        } => {
            let day = words::nth_weekday(*nth, words::weekday(place(*weekday)));
            words::every_month(*every, &words::days_after(*plus_days, day))
        }
        Rule::Year { month, day } => words::every_year(*day, *month),
    }
}

/// The place of a day in its week, from Monday on.
const fn place(day: Day) -> usize {
    match day {
        Day::Monday => 0,
        Day::Tuesday => 1,
        Day::Wednesday => 2,
        Day::Thursday => 3,
        Day::Friday => 4,
        Day::Saturday => 5,
        Day::Sunday => 6,
    }
}
