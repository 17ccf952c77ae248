//! Opening hours: from OpenStreetMap's `opening_hours` syntax to intervals of time.

use std::{str::FromStr, sync::Arc};

use chrono::NaiveDate;
use jiff::{
    Span as Duration, Timestamp, ToSpan,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};
use opening_hours::{Context, ContextHolidays, OpeningHours, RuleKind, localization::Country};

use crate::holidays;

/// The most characters that an expression may have; the fullest week with all holidays needs a tenth.
const LONGEST: usize = 1_000;

/// How many days after the last one an open span is followed to find its end.
const FOLLOWED: u16 = 31;

/// What the syntax knows and we do not: school holidays differ by school, and the sun by place.
const UNKNOWABLE: [&str; 5] = ["SH", "dawn", "sunrise", "sunset", "dusk"];

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
    read(expression).err()
}

/// Whether someone is there day and night.
pub fn is_always(expression: &str) -> bool {
    let Ok(hours) = read(expression) else { return false };
    matches!(&hours.normalize().get_expression().rules[..], [rule] if rule.is_constant() && rule.kind == RuleKind::Open)
}

/// The spans in which someone is there, from the beginning of a day in the place's time zone, for so many days: sorted, apart
/// from each other, none empty. One that began before counts from the first midnight; one that goes on after the last midnight
/// is followed to its end for a month, and cut there. An expression that cannot be read has none.
pub fn spans(expression: &str, place: &Place<'_>, first: Date, days: u16) -> Vec<Span> {
    let Ok(hours) = read(expression) else { return Vec::new() };
    let hours = hours.with_context(Context::default().with_holidays(holidays_around(place.region, first.year())));
    let mut spans: Vec<Span> = Vec::new();
    // Day by day, which takes the same time for every expression.
    for ahead in 0..days.saturating_add(FOLLOWED) {
        let Ok(day) = first.checked_add(i64::from(ahead).days()) else {
            break;
        };
        let mut open = open_on(&hours, place.time_zone, day);
        if ahead >= days {
            // Only what goes on from the day before still counts.
            let goes_on = open.first().filter(|next| spans.last().is_some_and(|last| last.to == next.from));
            open = goes_on.copied().into_iter().collect();
        }
        let ends_within = open.last().is_none_or(|last| Some(last.to) != midnight_after(day, place.time_zone));
        for span in open {
            match spans.last_mut() {
                // Hours that touch are one, also those that differ in a remark, and those on either side of midnight.
                Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
                _ => spans.push(span),
            }
        }
        if ends_within && ahead.saturating_add(1) >= days {
            break;
        }
    }
    spans
}

fn read(expression: &str) -> Result<OpeningHours, String> {
    let refuse = |reason: &str| {
        let shown: String = expression.chars().take(100).collect();
        format!("`{shown}` {reason}; write for example `Mo-Fr 08:00-16:00; PH off`")
    };
    if expression.chars().count() > LONGEST {
        return Err(refuse(&format!("has more than {LONGEST} characters")));
    }
    let hours = OpeningHours::from_str(expression).map_err(|error| {
        let error = error.to_string();
        let reason = error.lines().next().unwrap_or_default();
        refuse(&format!("is not in OpenStreetMap's opening_hours syntax ({reason})"))
    })?;
    // Printed anew each word stands in its usual case; every other piece between quotation marks is a remark.
    let printed = hours.to_string();
    let mut words = printed
        .split('"')
        .step_by(2)
        .flat_map(|rule| rule.split(|c: char| !c.is_ascii_alphabetic()));
    if let Some(word) = words.find(|word| UNKNOWABLE.contains(word)) {
        return Err(refuse(&format!(
            "depends on `{word}`, which is not known here; name dates or times"
        )));
    }
    // Nobody would read "by appointment", and without it the hours promise too much.
    let has_remark = hours
        .get_expression()
        .rules
        .iter()
        .any(|rule| rule.kind == RuleKind::Open && !rule.comment.is_empty());
    if has_remark {
        return Err(refuse(
            "has a remark on open hours, which would not be shown; put it into the channel's note",
        ));
    }
    Ok(hours)
}

/// The open spans of one day, from midnight to midnight.
fn open_on(hours: &OpeningHours, time_zone: &TimeZone, day: Date) -> Vec<Span> {
    let Some(naive) = naive(day) else { return Vec::new() };
    let clock = |minutes: u16| {
        instant(
            day.to_datetime(Time::midnight()).checked_add(i64::from(minutes).minutes()).ok()?,
            time_zone,
        )
    };
    let open = hours.schedule_at(naive).into_iter().filter(|range| range.kind == RuleKind::Open);
    let spans = open.filter_map(|range| {
        Some(Span {
            from: clock(range.range.start.mins_from_midnight())?,
            to: clock(range.range.end.mins_from_midnight())?,
        })
    });
    // An hour that the clock skips is no time at all.
    spans.filter(|span| span.from < span.to).collect()
}

fn midnight_after(day: Date, time_zone: &TimeZone) -> Option<Timestamp> {
    instant(day.tomorrow().ok()?.to_datetime(Time::midnight()), time_zone)
}

/// The public holidays of the year and of those beside it: hours may be laid down relative to a holiday.
fn holidays_around(region: Option<&str>, year: i16) -> ContextHolidays {
    let Some(region) = region else { return ContextHolidays::default() };
    let years = year.saturating_sub(1)..=year.saturating_add(1);
    let german: Option<Vec<_>> = years.map(|year| holidays::german(region, year)).collect();
    if let Some(years) = german {
        let public = years.into_iter().flatten().filter_map(naive).collect();
        return ContextHolidays::new(Arc::new(public), Arc::default());
    }
    let country = region.split('-').next().and_then(|code| code.parse::<Country>().ok());
    country.map(Country::holidays).unwrap_or_default()
}

fn naive(day: Date) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(
        i32::from(day.year()),
        u32::try_from(day.month()).ok()?,
        u32::try_from(day.day()).ok()?,
    )
}

/// The instant at which the clock shows this: of two the earlier one; for a time that the clock skips the end of the gap.
fn instant(clock: DateTime, time_zone: &TimeZone) -> Option<Timestamp> {
    let ambiguous = time_zone.to_ambiguous_timestamp(clock);
    let is_skipped = matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. });
    let instant = ambiguous.compatible().ok()?;
    if !is_skipped {
        return Some(instant);
    }
    let just_after = instant.checked_add(Duration::new().seconds(1)).ok()?;
    time_zone.preceding(just_after).next().map(|change| change.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::civil;

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
