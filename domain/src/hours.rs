//! Opening hours: from OpenStreetMap's `opening_hours` syntax to intervals of time.

use std::{str::FromStr, sync::Arc};

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use jiff::{Timestamp, civil, tz::TimeZone};
use opening_hours::{Context, ContextHolidays, OpeningHours, RuleKind, localization::Country};

use crate::holidays;

/// A span of time, `from` included, `to` excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Where opening hours hold.
pub struct Place<'a> {
    pub time_zone: &'a TimeZone,
    /// ISO 3166-2, such as `DE-BE`.
    pub region: Option<&'a str>,
}

/// Why this expression cannot be read, if so.
pub fn fault(expression: &str) -> Option<String> {
    OpeningHours::from_str(expression).err().map(|error| {
        let reason = error.to_string().lines().next().unwrap_or_default().to_owned();
        format!("`{expression}` is not in OpenStreetMap's opening_hours syntax ({reason}); write for example `Mo-Fr 08:00-16:00; PH off`")
    })
}

/// Whether someone is there day and night.
pub fn is_always(expression: &str) -> bool {
    expression.trim() == "24/7"
}

/// The spans in which someone is there, from the beginning of a day in the place's time zone, for so many days. A span that
/// reaches over the last midnight is cut there. An expression that cannot be read has none.
pub fn spans(expression: &str, place: &Place<'_>, first: civil::Date, days: u16) -> Vec<Span> {
    let Ok(hours) = OpeningHours::from_str(expression) else {
        return Vec::new();
    };
    let Some(from) = naive(first).and_then(|day| day.and_hms_opt(0, 0, 0)) else {
        return Vec::new();
    };
    let Some(to) = from.checked_add_days(chrono::Days::new(u64::from(days))) else {
        return Vec::new();
    };
    hours
        .with_context(Context::default().with_holidays(holidays_around(place.region, first.year())))
        .iter_range(from, to)
        .filter(|range| range.kind == RuleKind::Open)
        .filter_map(|range| {
            Some(Span {
                from: instant(range.range.start, place.time_zone)?,
                to: instant(range.range.end, place.time_zone)?,
            })
        })
        // An hour that the clock skips is no time at all.
        .filter(|span| span.from < span.to)
        .collect()
}

fn holidays_around(region: Option<&str>, year: i16) -> ContextHolidays {
    let Some(region) = region else { return ContextHolidays::default() };
    let german: Option<Vec<_>> = [year, year.saturating_add(1)]
        .into_iter()
        .map(|year| holidays::german(region, year))
        .collect();
    if let Some(years) = german {
        let public = years.into_iter().flatten().filter_map(naive).collect();
        return ContextHolidays::new(Arc::new(public), Arc::default());
    }
    let country = region.split('-').next().and_then(|code| code.parse::<Country>().ok());
    country.map(Country::holidays).unwrap_or_default()
}

fn naive(day: civil::Date) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(
        i32::from(day.year()),
        u32::try_from(day.month()).ok()?,
        u32::try_from(day.day()).ok()?,
    )
}

/// The instant at which the clock shows this; a time that the clock skips counts as the first one after the gap.
fn instant(clock: NaiveDateTime, time_zone: &TimeZone) -> Option<Timestamp> {
    let number = |n: u32| i8::try_from(n).ok();
    let clock = civil::DateTime::new(
        i16::try_from(clock.year()).ok()?,
        number(clock.month())?,
        number(clock.day())?,
        number(clock.hour())?,
        number(clock.minute())?,
        number(clock.second())?,
        0,
    )
    .ok()?;
    time_zone.to_ambiguous_zoned(clock).compatible().ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(expression: &str, region: &str, first: civil::Date, days: u16) -> Vec<String> {
        let time_zone = TimeZone::get("Europe/Berlin").unwrap();
        let place = Place {
            time_zone: &time_zone,
            region: Some(region),
        };
        let clock = |t: Timestamp| t.to_zoned(time_zone.clone()).strftime("%a %d %H:%M%:z").to_string();
        spans(expression, &place, first, days)
            .iter()
            .map(|span| format!("{} – {}", clock(span.from), clock(span.to)))
            .collect()
    }

    #[test]
    fn a_holiday_of_the_land_is_off_and_the_same_day_elsewhere_is_not() {
        let epiphany = civil::date(2026, 1, 6);
        assert_eq!(shown("Mo-Fr 08:00-16:00; PH off", "DE-BY", epiphany, 1), Vec::<String>::new());
        assert_eq!(
            shown("Mo-Fr 08:00-16:00; PH off", "DE-BE", epiphany, 1),
            ["Tue 06 08:00+01:00 – Tue 06 16:00+01:00"]
        );
    }

    #[test]
    fn overnight_hours_across_the_change_of_clocks() {
        let saturday = civil::date(2026, 3, 28);
        assert_eq!(
            shown("Sa 22:00-06:00", "DE-BE", saturday, 2),
            ["Sat 28 22:00+01:00 – Sun 29 06:00+02:00"]
        );
    }
}
