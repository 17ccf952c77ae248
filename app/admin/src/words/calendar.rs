//! Days, months and clock times.

use crate::tongue::pick;

/// Names of the days, from Monday on, and of the months, in German and in English.
const WEEKDAYS: [[&str; 7]; 2] = [
    ["Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."],
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
];
const MONTHS: [[&str; 12]; 2] = [
    [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
];

pub(crate) fn oclock(hour: i8, minute: i8) -> String {
    format!("{hour:02}:{minute:02}{}", pick(" Uhr", ""))
}

/// A clock time that is told to the second.
pub(crate) fn second(clock: &str) -> String {
    format!("{clock}{}", pick(" Uhr", ""))
}

/// `weekday` from Monday = 0, `month` from 1.
pub(crate) fn date(weekday: usize, day: i8, month: i8, year: Option<i16>) -> String {
    let year = year.map(|year| format!(" {year}")).unwrap_or_default();
    let weekday = WEEKDAYS[pick(0, 1)].get(weekday).unwrap_or(&"");
    format!("{weekday}, {}{year}", day_and_month(day, month))
}

/// A day of the week by its short name, from Monday = 0 on.
pub(crate) fn weekday_short(place: usize) -> &'static str {
    WEEKDAYS[pick(0, 1)].get(place).copied().unwrap_or_default()
}

/// `month` from 1.
pub(crate) fn month(month: i8) -> &'static str {
    let months = &MONTHS[pick(0, 1)];
    let month = usize::try_from(month - 1).ok().and_then(|month| months.get(month));
    month.copied().unwrap_or_default()
}

/// A month such as `2026-03`.
pub(crate) fn month_of(text: &str) -> String {
    let (year, number) = text.split_once('-').unwrap_or((text, ""));
    format!("{} {year}", month(number.parse().unwrap_or_default()))
}

/// `month` from 1.
pub(crate) fn day_and_month(day: i8, month: i8) -> String {
    format!("{day}{} {}", pick(".", ""), self::month(month))
}

/// A length of time: `45 Min.`, `3 Std. 20 Min.`, `1 Tag`, `47 Std.`, `2 Tage`.
pub(crate) fn span(minutes: i64) -> String {
    let [less, short, hours, day, days] = pick(
        ["unter 1 Min.", "Min.", "Std.", "1 Tag", "Tage"],
        ["less than 1 min", "min", "h", "1 day", "days"],
    );
    match minutes {
        ..1 => less.to_owned(),
        1..60 => format!("{minutes} {short}"),
        60..1440 if minutes % 60 == 0 => format!("{} {hours}", minutes / 60),
        60..1440 => format!("{} {hours} {} {short}", minutes / 60, minutes % 60),
        1440 => day.to_owned(),
        1441..2880 => format!("{} {hours}", minutes / 60),
        _ => format!("{} {days}", minutes / 1440),
    }
}
