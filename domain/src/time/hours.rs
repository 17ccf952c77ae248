//! Opening hours: from OpenStreetMap's `opening_hours` syntax to intervals of time.

use std::{
    collections::HashMap,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::NaiveDate;
use jiff::{
    SignedDuration, Span as Duration, Timestamp, ToSpan,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};
use opening_hours::{Context, ContextHolidays, OpeningHours, RuleKind, localization::Country};

use super::{holidays, local_holiday::LocalHoliday};

/// The most characters that an expression may have; the fullest week with all holidays needs a tenth.
const LONGEST: usize = 1_000;

/// How many days after the last one an open span is followed to find its end.
const FOLLOWED: u16 = 31;

/// What the syntax knows and we do not: school holidays differ by school, and the sun by place.
const UNKNOWABLE: [&str; 5] = ["SH", "dawn", "sunrise", "sunset", "dusk"];

/// The syntax's word for public holidays.
const PUBLIC_HOLIDAY: &str = "PH";

/// A span of time, `from` included, `to` excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// For how many days ahead opening hours travel, today included.
const DAYS_AHEAD: u16 = 8;

/// How many days beyond these the next opening is looked for, where today is the last day with one.
const LOOKED_FOR: u16 = 54;

/// Opening hours as they travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Open {
    /// Somebody is there day and night.
    pub(crate) always: bool,
    /// When somebody is there in the coming days; where that is not after today, also the next time.
    pub(crate) spans: Vec<Span>,
}

/// Opening hours that were worked out before: the same channel is shown on many portals, and from one event to the next it stays as it is.
/// What it says follows from what it is asked.
#[derive(Debug, Default)]
pub(crate) struct Timetable(Mutex<HashMap<Question, Arc<Open>>>);

/// How many answers are kept: far more than a catalogue has channels.
const KEPT: usize = 4_096;

#[derive(Debug, PartialEq, Eq, Hash)]
struct Question {
    expression: String,
    time_zone: Option<String>,
    region: Option<String>,
    holidays: Vec<LocalHoliday>,
    today: Date,
}

impl Timetable {
    /// The hours of this expression from a day on.
    pub(crate) fn open(&self, expression: &str, place: &Place<'_>, today: Date) -> Arc<Open> {
        let question = Question {
            expression: expression.to_owned(),
            time_zone: place.time_zone.iana_name().map(str::to_owned),
            region: place.region.map(str::to_owned),
            holidays: place.holidays.to_vec(),
            today,
        };
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = known().get(&question) {
            return open.clone();
        }
        let open = Arc::new(open(expression, place, today));
        let mut known = known();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(question, open.clone());
        open
    }
}

impl Open {
    /// The same without a time in which nobody is there although somebody should be, for whoever looks at an instant of `today` in this place.
    /// `until` is the first instant after it, `None`: nobody knows. `on` tells the hours from another day on.
    pub(crate) fn without(
        &self,
        from: Timestamp,
        until: Option<Timestamp>,
        place: &Place<'_>,
        today: Date,
        on: impl Fn(Date) -> Arc<Self>,
    ) -> Self {
        let begins = instant(today.to_datetime(Time::midnight()), place.time_zone);
        let seen = instant(
            today.saturating_add(i64::from(DAYS_AHEAD).days()).to_datetime(Time::midnight()),
            place.time_zone,
        );
        let (Some(begins), Some(seen)) = (begins, seen) else {
            return self.clone();
        };
        if self.always && seen <= from {
            // So far ahead nobody looks yet.
            return self.clone();
        }
        let day_and_night = [Span { from: begins, to: seen }];
        let open = if self.always { &day_and_night } else { &self.spans[..] };
        let before = |span: &Span| Span {
            to: span.to.min(from),
            ..*span
        };
        let after = |span: &Span| {
            let until = until?;
            Some(Span {
                from: span.from.max(until),
                ..*span
            })
        };
        let pieces = open.iter().flat_map(|span| [Some(before(span)), after(span)]).flatten();
        let mut spans: Vec<Span> = pieces.filter(|span| span.from < span.to).collect();
        // Whoever is told of nobody is told from when on somebody is there again.
        if let Some(until) = until
            && (from < seen || spans.is_empty())
            && !spans.iter().any(|span| until < span.to)
        {
            let then = on(until.to_zoned(place.time_zone.clone()).date());
            let again = then.spans.iter().find(|span| until < span.to).copied();
            let week_after = until.saturating_add(SignedDuration::from_hours(24 * i64::from(DAYS_AHEAD)));
            let again = again.or_else(|| {
                then.always.then_some(Span {
                    from: until,
                    to: week_after.unwrap_or(Timestamp::MAX),
                })
            });
            spans.extend(again.map(|span| Span {
                from: span.from.max(until),
                ..span
            }));
        }
        Self { always: false, spans }
    }
}

fn open(expression: &str, place: &Place<'_>, today: Date) -> Open {
    if is_always(expression, place, today) {
        return Open {
            always: true,
            spans: Vec::new(),
        };
    }
    let mut open = spans(expression, place, today, DAYS_AHEAD);
    // Who stands before a door that is shut for weeks is told when it opens.
    let tomorrow = today.checked_add(1.days()).ok();
    let midnight = tomorrow.and_then(|day| instant(day.to_datetime(Time::midnight()), place.time_zone));
    if open.last().map(|last| last.to) <= midnight {
        let later = today.saturating_add(i64::from(DAYS_AHEAD).days());
        open.extend(spans(expression, place, later, LOOKED_FOR).into_iter().take(1));
    }
    Open {
        always: false,
        spans: open,
    }
}

/// Where opening hours hold.
pub struct Place<'a> {
    pub time_zone: &'a TimeZone,
    /// ISO 3166-2, such as `DE-BE`.
    pub region: Option<&'a str>,
    /// Its own holidays beside those of the region.
    pub holidays: &'a [LocalHoliday],
}

impl Place<'_> {
    /// Whether a day is a public holiday here: one of the region, or one of its own.
    pub fn is_holiday(&self, day: Date) -> bool {
        let is_own = |holiday: &LocalHoliday| holiday.in_year(day.year()) == Some(day);
        self.region.is_some_and(|region| is_public_holiday(region, day)) || self.holidays.iter().any(is_own)
    }
}

/// Why this expression cannot be read, if so.
pub fn fault(expression: &str) -> Option<String> {
    read(expression).err()
}

/// Whether the public holidays count, so that whoever tells these hours has to know them.
pub fn depends_on_holidays(expression: &str) -> bool {
    read(expression).is_ok_and(|hours| names(&hours, PUBLIC_HOLIDAY))
}

/// Whether a day is a public holiday in a region (ISO 3166-2); in one whose holidays are not known, none is.
pub fn is_public_holiday(region: &str, day: Date) -> bool {
    if region.starts_with("DE") {
        return holidays::german(region, day.year()).is_some_and(|days| days.contains(&day));
    }
    let known = public_holidays(Some(region), &[], day.year());
    known.is_some_and(|known| naive(day).is_some_and(|day| known.get_public().contains(day)))
}

/// Whether the public holidays of a region (ISO 3166-2) are known.
pub fn knows_holidays(region: &str) -> bool {
    public_holidays(Some(region), &[], 2026).is_some()
}

/// Whether someone is there day and night from this day on, for as long as ends are followed: to tell one beyond that would be to invent it.
pub fn is_always(expression: &str, place: &Place<'_>, first: Date) -> bool {
    let begin = instant(first.to_datetime(Time::midnight()), place.time_zone);
    let cut = first.checked_add(i64::from(FOLLOWED).days()).ok();
    let cut = cut.and_then(|last| midnight_after(last, place.time_zone));
    matches!(spans(expression, place, first, 1)[..], [only] if Some(only.from) == begin && Some(only.to) == cut)
}

/// The spans in which someone is there, from the beginning of a day in the place's time zone, for so many days: sorted, apart
/// from each other, none empty. One that began before counts from the first midnight; one that goes on after the last midnight
/// is followed to its end for a month, and cut there. An expression that cannot be read has none, nor has one that names holidays where
/// nobody knows them.
pub fn spans(expression: &str, place: &Place<'_>, first: Date, days: u16) -> Vec<Span> {
    let Ok(hours) = read(expression) else { return Vec::new() };
    let holidays = match public_holidays(place.region, place.holidays, first.year()) {
        Some(known) => known,
        None if names(&hours, PUBLIC_HOLIDAY) => return Vec::new(),
        None => ContextHolidays::default(),
    };
    let hours = hours.with_context(Context::default().with_holidays(holidays));
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
    let typed = as_meant(expression);
    let hours = OpeningHours::from_str(&typed).map_err(|error| {
        let reason = stopped_at(&typed, &error.to_string());
        let hint = german_names(&typed);
        refuse(&format!("is not in OpenStreetMap's opening_hours syntax: {reason}{hint}"))
    })?;
    if let Some(word) = UNKNOWABLE.iter().find(|word| names(&hours, word)) {
        return Err(refuse(&format!(
            "depends on `{word}`, which is not known here; name dates or times"
        )));
    }
    if joins_days_and_holidays(&typed) {
        return Err(refuse(
            "has `PH` and weekdays with a blank between them, which means only the holidays on such weekdays and is not known here; put \
             a comma between them to name both",
        ));
    }
    let rules = &hours.get_expression().rules;
    let mut spans = rules.iter().flat_map(|rule| &rule.time_selector.spans);
    if spans.clone().any(|span| span.open_end) {
        return Err(refuse("has no end (`+`), and nobody can promise one; say until when"));
    }
    if spans.any(|span| span.repeats.is_some()) {
        return Err(refuse("names moments that recur (`/`), not hours; say from when until when"));
    }
    // Nobody would read "by appointment", and without it the hours promise too much.
    if rules.iter().any(|rule| rule.kind == RuleKind::Open && !rule.comment.is_empty()) {
        return Err(refuse(
            "has a remark on open hours, which would not be shown; put it into the channel's note",
        ));
    }
    Ok(hours)
}

/// In one line, with hyphens for dashes and without a last semicolon: what a word processor makes of an expression.
fn as_meant(expression: &str) -> String {
    let line = expression.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.replace(['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}'], "-");
    line.trim_end_matches([';', ' ']).to_owned()
}

/// How far reading came. The parser says it as ` --> line:column`, and shows with it what would help nobody.
fn stopped_at(typed: &str, error: &str) -> String {
    let reason = error.lines().next().unwrap_or_default();
    let column = reason.trim().strip_prefix("--> 1:").and_then(|column| column.parse::<usize>().ok());
    let Some(column) = column else { return reason.to_owned() };
    let rest: String = typed.chars().skip(column.saturating_sub(1)).take(40).collect();
    match rest.trim() {
        "" => "reading stopped at its end".to_owned(),
        rest => format!("reading stopped at `{rest}`"),
    }
}

/// Names that look like those of the syntax.
const GERMAN: [(&str, &str); 9] = [
    ("Di", "Tu"),
    ("Mi", "We"),
    ("Do", "Th"),
    ("So", "Su"),
    ("Mär", "Mar"),
    ("Mai", "May"),
    ("Okt", "Oct"),
    ("Dez", "Dec"),
    ("Feiertag", "PH"),
];

fn german_names(typed: &str) -> String {
    let known = |word: &str| GERMAN.iter().find(|(german, _)| word.to_lowercase() == german.to_lowercase());
    let meant = words(typed).find_map(known);
    meant.map_or_else(String::new, |(german, word)| {
        format!(", where names are English: `{word}` for `{german}`")
    })
}

/// The words of an expression; every other piece between quotation marks is a remark.
fn words(expression: &str) -> impl Iterator<Item = &str> {
    let rules = expression.split('"').step_by(2);
    rules.flat_map(|rule| rule.split(|c: char| !c.is_alphabetic()))
}

/// Whether this word is among those of the hours. Printed anew each stands in its usual case.
fn names(hours: &OpeningHours, word: &str) -> bool {
    words(&hours.to_string()).any(|one| one == word)
}

/// Whether holidays and weekdays stand beside each other with a blank alone. For the parser that is the same as a comma; in the syntax
/// it is a holiday on such a weekday.
fn joins_days_and_holidays(typed: &str) -> bool {
    #[derive(PartialEq)]
    enum Days {
        OfTheWeek,
        Holidays,
    }
    const WEEK: [&str; 7] = ["mo", "tu", "we", "th", "fr", "sa", "su"];
    let kind = |piece: &str| match piece.get(..2)?.to_ascii_lowercase() {
        ph if ph == "ph" => Some(Days::Holidays),
        day if WEEK.contains(&day.as_str()) => Some(Days::OfTheWeek),
        _ => None,
    };
    for rule in typed.split('"').step_by(2) {
        let mut before = None;
        for piece in rule.split(' ') {
            // An offset such as `-1 day` belongs to what stands before it.
            let is_offset = piece.starts_with(['+', '-']) || piece.starts_with("day");
            if !is_offset {
                let this = kind(piece);
                if before.is_some() && this.is_some() && before != this {
                    return true;
                }
                before = this;
            }
            // After these another rule begins.
            if piece.ends_with([',', ';', '|']) {
                before = None;
            }
        }
    }
    false
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

/// The public holidays of the year and of those beside it: hours may be laid down relative to a holiday. `None`: nobody knows them.
fn public_holidays(region: Option<&str>, own: &[LocalHoliday], year: i16) -> Option<ContextHolidays> {
    let region = region?;
    let years = year.saturating_sub(1)..=year.saturating_add(1);
    let mut days: Vec<Date> = own
        .iter()
        .flat_map(|day| years.clone().filter_map(|year| day.in_year(year)))
        .collect();
    let known = if region.starts_with("DE") {
        for year in years {
            days.extend(holidays::german(region, year)?);
        }
        ContextHolidays::default()
    } else {
        let country = region.split('-').next()?.parse::<Country>().ok()?;
        Some(country.holidays()).filter(|known| known.get_public().count() > 0)?
    };
    let mut public = known.get_public().clone();
    for day in days.into_iter().filter_map(naive) {
        public.insert(day);
    }
    Some(ContextHolidays::new(Arc::new(public), Arc::default()))
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
            holidays: &[],
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
    fn what_was_worked_out_before_is_told_to_those_alone_whom_it_concerns() {
        let timetable = Timetable::default();
        let zones = ["Europe/Berlin", "America/New_York", "UTC"].map(|zone| TimeZone::get(zone).unwrap());
        let holiday = [LocalHoliday::try_from("01-07".to_owned()).unwrap()];
        let expressions = ["Mo-Fr 08:00-16:00; PH off", "24/7", "Apr 1 10:00-11:00", "Mo-Su 22:00-06:00"];
        // Twice: worked out, and known.
        for _ in 0..2 {
            for (time_zone, expression) in zones.iter().flat_map(|zone| expressions.map(|expression| (zone, expression))) {
                for (region, holidays) in [("DE-BY", &holiday[..]), ("DE-BE", &holiday), ("DE-BE", &[])] {
                    for day in 5..8 {
                        let (place, day) = (
                            Place {
                                time_zone,
                                region: Some(region),
                                holidays,
                            },
                            civil::date(2026, 1, day),
                        );
                        assert_eq!(
                            *timetable.open(expression, &place, day),
                            open(expression, &place, day),
                            "{expression}"
                        );
                    }
                }
            }
        }
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
