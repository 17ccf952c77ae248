//! What holds for every text that someone gives as opening hours, in every place, from every day on.

use domain::time::hours::{Place, Span, fault, is_always, spans};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time, date},
    tz::TimeZone,
};

/// Zones whose clocks change in the night, at midnight, by half an hour, and never.
const ZONES: [&str; 6] = [
    "Europe/Berlin",
    "Europe/London",
    "Atlantic/Azores",
    "America/Santiago",
    "Australia/Lord_Howe",
    "UTC",
];

const REGIONS: [Option<&str>; 7] = [
    Some("DE-BY"),
    Some("DE-BB"),
    Some("DE-SN"),
    Some("DE"),
    Some("AT-9"),
    Some("somewhere"),
    None,
];

/// Days asked for, as many as a portal asks for.
const DAYS: u16 = 8;

/// Checks one text; `day` and `place` choose among days of several years and among places.
///
/// # Panics
/// When something does not hold.
pub(crate) fn check(expression: &str, day: u16, place: u8) {
    let zone = ZONES[usize::from(place) % ZONES.len()];
    let time_zone = TimeZone::get(zone).expect("a known zone");
    let region = REGIONS[usize::from(place) / ZONES.len() % REGIONS.len()];
    let place = Place {
        time_zone: &time_zone,
        region,
        holidays: &[],
    };
    let first = date(2024, 1, 1) + i64::from(day % 1_500).days();

    let found = spans(expression, &place, first, DAYS);
    let always = is_always(expression, &place, first);
    if let Some(fault) = fault(expression) {
        assert!(found.is_empty() && !always, "unreadable, but open: {fault}");
        return;
    }

    let midnight = |day: Date| time_zone.to_ambiguous_zoned(day.to_datetime(Time::midnight())).compatible();
    let midnight = |ahead: i64| midnight(first + ahead.days()).expect("within the calendar").timestamp();
    let (begin, end) = (midnight(0), midnight(i64::from(DAYS)));
    for span in &found {
        assert!(begin <= span.from && span.from < span.to && span.from < end, "{span:?}");
    }
    for pair in found.windows(2) {
        assert!(pair[0].to < pair[1].from, "they touch or overlap: {pair:?}");
    }
    if always {
        assert!(
            found.len() == 1 && found[0].from == begin && found[0].to > end,
            "day and night: {found:?}"
        );
    }

    // From tomorrow on the same is seen as from today on; the years of known holidays are the same within a year.
    let tomorrow = first + 1.day();
    if tomorrow.year() == first.year() {
        let later = spans(expression, &place, tomorrow, DAYS - 1);
        assert_eq!(
            after(&found, midnight(1)),
            after(&later, midnight(1)),
            "today and tomorrow see different days"
        );
    }
}

/// What remains of spans from an instant on, without the ends, up to which they are followed from different days.
fn after(spans: &[Span], from: Timestamp) -> Vec<Timestamp> {
    let later = spans.iter().filter(|span| span.to > from);
    later.map(|span| span.from.max(from)).collect()
}
