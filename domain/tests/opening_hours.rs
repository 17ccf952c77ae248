//! Opening hours against the calendar: what people find open or closed, Land by Land and day by day.
//!
//! The expected values were written down from the holiday laws of the Länder as they publish them (the days that move with Easter
//! after its dates 2024-03-31, 2025-04-20, 2026-04-05, 2027-03-28), from the national holidays of Austria (Feiertagsruhegesetz) and
//! France (Code du travail, L3133-1), from directive 2000/84/EC for the days on which clocks change, and from the specification of
//! `opening_hours`. None of them was taken from what the code says.

#![expect(clippy::unwrap_used, reason = "a test may unwrap")]

use domain::time::{
    LocalHoliday, holidays,
    hours::{Place, fault, is_always, spans},
};
use jiff::{civil::Date, tz::TimeZone};

/// The spans as people would note them: day of the month, clock time, offset.
fn shown(zone: &str, region: &str, expression: &str, first: &str, days: u16) -> Vec<String> {
    let time_zone = TimeZone::get(zone).unwrap();
    let place = Place {
        time_zone: &time_zone,
        region: Some(region).filter(|region| !region.is_empty()),
        holidays: &[],
    };
    let clock = |instant: jiff::Timestamp| instant.to_zoned(time_zone.clone()).strftime("%-d. %H:%M%:z").to_string();
    spans(expression, &place, first.parse().unwrap(), days)
        .iter()
        .map(|span| format!("{} – {}", clock(span.from), clock(span.to)))
        .collect()
}

/// What an office with ordinary hours does on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Day {
    Off,
    Works,
}
use Day::{Off, Works};

/// Days of one Land that are working days elsewhere, and the other way round; all of them Monday to Friday.
#[rustfmt::skip]
const OFFICE_DAYS: &[(&str, &[&str], Day)] = &[
    // Epiphany: Baden-Württemberg, Bavaria, Saxony-Anhalt.
    ("2025-01-06", &["BW", "BY", "ST"], Off),
    ("2026-01-06", &["BW", "BY", "ST"], Off),
    ("2027-01-06", &["BW", "BY", "ST"], Off),
    ("2026-01-06", &["BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "SH", "TH"], Works),
    // International Women's Day: Berlin, Mecklenburg-Western Pomerania.
    ("2024-03-08", &["BE", "MV"], Off),
    ("2027-03-08", &["BE", "MV"], Off),
    ("2024-03-08", &["BB", "SH", "HH"], Works),
    ("2027-03-08", &["BW", "BY", "BB", "HB", "HH", "HE", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH"], Works),
    // The 80th anniversary of the end of the war: Berlin, once.
    ("2025-05-08", &["BE"], Off),
    ("2025-05-08", &["BB", "MV", "SN"], Works),
    ("2026-05-08", &["BE"], Works),
    ("2024-05-08", &["BE"], Works),
    // Corpus Christi: six Länder; in Saxony and Thuringia only in some municipalities.
    ("2024-05-30", &["BW", "BY", "HE", "NW", "RP", "SL"], Off),
    ("2025-06-19", &["BW", "BY", "HE", "NW", "RP", "SL"], Off),
    ("2026-06-04", &["BW", "BY", "HE", "NW", "RP", "SL"], Off),
    ("2027-05-27", &["BW", "BY", "HE", "NW", "RP", "SL"], Off),
    ("2026-06-04", &["BE", "BB", "HB", "HH", "MV", "NI", "ST", "SH"], Works),
    ("2026-06-04", &["SN", "TH"], Works),
    // Assumption: Saarland; in Bavaria only in some municipalities.
    ("2024-08-15", &["SL"], Off),
    ("2025-08-15", &["SL"], Off),
    ("2025-08-15", &["RP", "BW", "HE"], Works),
    ("2025-08-15", &["BY"], Works),
    // The Augsburg peace festival: only in that city.
    ("2025-08-08", &["BY"], Works),
    // Children's Day: Thuringia.
    ("2024-09-20", &["TH"], Off),
    ("2027-09-20", &["TH"], Off),
    ("2027-09-20", &["BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH"], Works),
    // Reformation Day: nine Länder.
    ("2024-10-31", &["BB", "HB", "HH", "MV", "NI", "SN", "ST", "SH", "TH"], Off),
    ("2025-10-31", &["BB", "HB", "HH", "MV", "NI", "SN", "ST", "SH", "TH"], Off),
    ("2025-10-31", &["BW", "BY", "BE", "HE", "NW", "RP", "SL"], Works),
    // All Saints: five Länder.
    ("2024-11-01", &["BW", "BY", "NW", "RP", "SL"], Off),
    ("2027-11-01", &["BW", "BY", "NW", "RP", "SL"], Off),
    ("2027-11-01", &["BE", "BB", "HB", "HH", "HE", "MV", "NI", "SN", "ST", "SH", "TH"], Works),
    // Repentance Day: Saxony.
    ("2024-11-20", &["SN"], Off),
    ("2025-11-19", &["SN"], Off),
    ("2026-11-18", &["SN"], Off),
    ("2027-11-17", &["SN"], Off),
    ("2026-11-11", &["SN"], Works),
    ("2026-11-18", &["BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "ST", "SH", "TH"], Works),
    // Everywhere: New Year, Good Friday, Easter Monday, Labour Day, Ascension, Whit Monday, Unity, both days of Christmas.
    ("2024-01-01", LAENDER, Off),
    ("2024-03-29", LAENDER, Off),
    ("2024-04-01", LAENDER, Off),
    ("2024-05-01", LAENDER, Off),
    ("2024-05-09", LAENDER, Off),
    ("2024-05-20", LAENDER, Off),
    ("2024-10-03", LAENDER, Off),
    ("2024-12-25", LAENDER, Off),
    ("2024-12-26", LAENDER, Off),
    ("2025-04-18", LAENDER, Off),
    ("2025-04-21", LAENDER, Off),
    ("2025-05-29", LAENDER, Off),
    ("2025-06-09", LAENDER, Off),
    ("2026-04-03", LAENDER, Off),
    ("2026-04-06", LAENDER, Off),
    ("2026-05-14", LAENDER, Off),
    ("2026-05-25", LAENDER, Off),
    ("2027-03-26", LAENDER, Off),
    ("2027-03-29", LAENDER, Off),
    ("2027-05-06", LAENDER, Off),
    ("2027-05-17", LAENDER, Off),
    // Nowhere: Maundy Thursday, the Tuesday after Easter, Christmas Eve, New Year's Eve.
    ("2026-04-02", LAENDER, Works),
    ("2026-04-07", LAENDER, Works),
    ("2026-12-24", LAENDER, Works),
    ("2026-12-31", LAENDER, Works),
];

const LAENDER: &[&str] = &[
    "BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH",
];

#[test]
fn an_office_is_closed_on_the_holidays_of_its_land_and_on_no_others() {
    let mut cases = 0;
    for (day, laender, expected) in OFFICE_DAYS {
        let date: Date = day.parse().unwrap();
        assert!(date.weekday().to_monday_one_offset() <= 5, "{day} is a weekend");
        for land in *laender {
            let found = shown("Europe/Berlin", &format!("DE-{land}"), "Mo-Fr 08:00-16:00; PH off", day, 1);
            let is_off = found.is_empty();
            assert_eq!(is_off, *expected == Off, "{day} in {land}: {found:?}");
            let hours = |from: &str| from.contains(" 08:00+0") && from.contains(" 16:00+0");
            assert!(is_off || (found.len() == 1 && hours(&found[0])), "{day} in {land}: {found:?}");
            cases += 1;
        }
    }
    assert!(cases > 500, "{cases}");
    for land in LAENDER {
        let named = OFFICE_DAYS
            .iter()
            .filter(|(_, laender, _)| laender.len() < LAENDER.len() && laender.contains(land));
        assert!(named.count() >= 3, "{land}");
    }
}

const WEEK: &str = "Mo-Fr 08:00-16:00; PH off";
const SEASONS: &str = "Apr-Oct Mo-Su 10:00-18:00; Nov-Mar Mo-Su 10:00-16:00";
const NIGHT: &str = "Sa 22:00-06:00";

/// Zone, region, expression, first day, days, open spans.
type Case = (&'static str, &'static str, &'static str, &'static str, u16, &'static [&'static str]);

const BERLIN: &str = "Europe/Berlin";

#[rustfmt::skip]
const CASES: &[Case] = &[
    // Holidays with hours of their own.
    (BERLIN, "DE-SN", "Mo-Fr 08:00-16:00; PH 10:00-12:00", "2026-11-18", 1, &["18. 10:00+01:00 – 18. 12:00+01:00"]),
    (BERLIN, "DE-ST", "Mo-Fr 08:00-16:00; PH 10:00-12:00", "2026-11-18", 1, &["18. 08:00+01:00 – 18. 16:00+01:00"]),
    (BERLIN, "DE-BB", "Mo-Su 10:00-14:00; PH off", "2026-04-05", 1, &[]),
    (BERLIN, "DE-BE", "Mo-Su 10:00-14:00; PH off", "2026-04-05", 1, &["5. 10:00+02:00 – 5. 14:00+02:00"]),
    (BERLIN, "DE-BB", "Mo-Su 10:00-14:00; PH off", "2027-05-16", 1, &[]),
    (BERLIN, "DE-MV", "Mo-Su 10:00-14:00; PH off", "2027-05-16", 1, &["16. 10:00+02:00 – 16. 14:00+02:00"]),
    (BERLIN, "DE-MV", "Mo-Su 10:00-14:00; PH off", "2026-03-08", 1, &[]),
    (BERLIN, "DE-SL", "Sa 10:00-14:00; PH off", "2026-08-15", 1, &[]),
    (BERLIN, "DE-RP", "Sa 10:00-14:00; PH off", "2026-08-15", 1, &["15. 10:00+02:00 – 15. 14:00+02:00"]),
    (BERLIN, "DE-TH", "Su 10:00-14:00; PH off", "2026-09-20", 1, &[]),
    (BERLIN, "DE-HE", "Su 10:00-14:00; PH off", "2026-09-20", 1, &["20. 10:00+02:00 – 20. 14:00+02:00"]),
    (BERLIN, "DE-HB", "Sa 10:00-14:00; PH off", "2026-10-31", 1, &[]),
    (BERLIN, "DE-NW", "Sa 10:00-14:00; PH off", "2026-10-31", 1, &["31. 10:00+01:00 – 31. 14:00+01:00"]),
    (BERLIN, "DE-NI", "PH 10:00-12:00", "2026-10-30", 3, &["31. 10:00+01:00 – 31. 12:00+01:00"]),
    (BERLIN, "DE-NW", "PH 10:00-12:00", "2026-10-30", 3, &["1. 10:00+01:00 – 1. 12:00+01:00"]),
    // Holidays that the hours do not name change nothing.
    (BERLIN, "DE-SH", "Mo-Fr 08:00-16:00", "2026-04-03", 1, &["3. 08:00+02:00 – 3. 16:00+02:00"]),
    (BERLIN, "DE-HH", "Mo-Fr,PH 08:00-16:00", "2026-10-31", 1, &["31. 08:00+01:00 – 31. 16:00+01:00"]),
    // The days beside a holiday, also when that is in the next year or was in the last one.
    (BERLIN, "DE-BE", "Mo-Fr 08:00-16:00; PH -1 day 08:00-12:00; PH off", "2026-12-24", 1, &["24. 08:00+01:00 – 24. 12:00+01:00"]),
    (BERLIN, "DE-BE", "Mo-Fr 08:00-16:00; PH -1 day 08:00-12:00; PH off", "2026-12-31", 1, &["31. 08:00+01:00 – 31. 12:00+01:00"]),
    (BERLIN, "DE-BE", "PH +6 days 10:00-12:00", "2027-01-01", 1, &["1. 10:00+01:00 – 1. 12:00+01:00"]),
    // Easter by its own name needs no region.
    (BERLIN, "", "Mo-Fr 08:00-16:00; easter -2 days off", "2026-04-03", 1, &[]),
    (BERLIN, "", "Mo-Fr 08:00-16:00; easter -2 days off", "2027-03-26", 1, &[]),
    (BERLIN, "", "Mo-Fr 08:00-16:00; easter -2 days off", "2027-04-02", 1, &["2. 08:00+02:00 – 2. 16:00+02:00"]),
    (BERLIN, "", "easter +50 days 10:00-12:00", "2026-05-25", 1, &["25. 10:00+02:00 – 25. 12:00+02:00"]),
    // Clocks go forward: 2026-03-29, 2027-03-28.
    (BERLIN, "DE-BE", NIGHT, "2026-03-28", 2, &["28. 22:00+01:00 – 29. 06:00+02:00"]),
    (BERLIN, "DE-BE", NIGHT, "2027-03-27", 2, &["27. 22:00+01:00 – 28. 06:00+02:00"]),
    (BERLIN, "DE-BE", NIGHT, "2026-03-29", 1, &["29. 00:00+01:00 – 29. 06:00+02:00"]),
    (BERLIN, "DE-BE", "Su 02:00-03:00", "2026-03-29", 1, &[]),
    (BERLIN, "DE-BE", "Su 02:30-05:00", "2026-03-29", 1, &["29. 03:00+02:00 – 29. 05:00+02:00"]),
    (BERLIN, "DE-BE", "Su 01:00-02:45,03:10-04:00", "2026-03-29", 1, &["29. 01:00+01:00 – 29. 03:00+02:00", "29. 03:10+02:00 – 29. 04:00+02:00"]),
    (BERLIN, "DE-BE", "Su 00:00-24:00", "2026-03-29", 1, &["29. 00:00+01:00 – 30. 00:00+02:00"]),
    (BERLIN, "DE-BE", "Su 10:00-12:00", "2027-03-28", 1, &["28. 10:00+02:00 – 28. 12:00+02:00"]),
    // Clocks go back: 2026-10-25, 2027-10-31.
    (BERLIN, "DE-BE", NIGHT, "2026-10-24", 2, &["24. 22:00+02:00 – 25. 06:00+01:00"]),
    (BERLIN, "DE-BE", NIGHT, "2027-10-30", 2, &["30. 22:00+02:00 – 31. 06:00+01:00"]),
    (BERLIN, "DE-BE", "Su 02:00-03:00", "2026-10-25", 1, &["25. 02:00+02:00 – 25. 03:00+01:00"]),
    (BERLIN, "DE-BE", "Su 00:00-24:00", "2026-10-25", 1, &["25. 00:00+02:00 – 26. 00:00+01:00"]),
    (BERLIN, "DE-BE", "Mo 08:00-16:00", "2026-10-25", 2, &["26. 08:00+01:00 – 26. 16:00+01:00"]),
    (BERLIN, "DE-BE", "Su 10:00-12:00", "2027-10-31", 1, &["31. 10:00+01:00 – 31. 12:00+01:00"]),
    // Nights: what began yesterday is there this morning; what goes on tomorrow keeps its end.
    (BERLIN, "DE-BE", "Mo-Su 22:00-06:00", "2026-07-01", 1, &["1. 00:00+02:00 – 1. 06:00+02:00", "1. 22:00+02:00 – 2. 06:00+02:00"]),
    (BERLIN, "DE-BE", "Th 20:00-04:00", "2026-12-31", 1, &["31. 20:00+01:00 – 1. 04:00+01:00"]),
    (BERLIN, "DE-BE", "Th 20:00-04:00", "2027-01-01", 1, &["1. 00:00+01:00 – 1. 04:00+01:00"]),
    (BERLIN, "DE-BE", "Fr 20:00-28:00", "2026-07-04", 1, &["4. 00:00+02:00 – 4. 04:00+02:00"]),
    // A holiday is off from midnight on.
    (BERLIN, "DE-BE", "Mo-Su 22:00-06:00; PH off", "2026-12-31", 1, &["31. 00:00+01:00 – 31. 06:00+01:00", "31. 22:00+01:00 – 1. 00:00+01:00"]),
    // Up to midnight, over it in two pieces, whole days.
    (BERLIN, "DE-BE", "Fr 16:00-24:00", "2026-06-05", 1, &["5. 16:00+02:00 – 6. 00:00+02:00"]),
    (BERLIN, "DE-BE", "Fr 16:00-24:00; Sa 00:00-04:00", "2026-06-05", 1, &["5. 16:00+02:00 – 6. 04:00+02:00"]),
    (BERLIN, "DE-BE", "Sa-Su 00:00-24:00", "2026-06-06", 1, &["6. 00:00+02:00 – 8. 00:00+02:00"]),
    (BERLIN, "DE-BE", "24/7; PH off", "2026-04-30", 3, &["30. 00:00+02:00 – 1. 00:00+02:00", "2. 00:00+02:00 – 14. 00:00+02:00"]),
    // The week: breaks, ranges over its end, hours that touch.
    (BERLIN, "DE-BE", "Mo-Th 08:00-12:00,13:00-16:00; Fr 08:00-12:00", "2026-06-04", 2, &["4. 08:00+02:00 – 4. 12:00+02:00", "4. 13:00+02:00 – 4. 16:00+02:00", "5. 08:00+02:00 – 5. 12:00+02:00"]),
    (BERLIN, "DE-BE", "Fr-Mo 10:00-12:00", "2026-06-07", 3, &["7. 10:00+02:00 – 7. 12:00+02:00", "8. 10:00+02:00 – 8. 12:00+02:00"]),
    (BERLIN, "DE-BE", "Mo 08:00-12:00,12:00-16:00", "2026-06-08", 1, &["8. 08:00+02:00 – 8. 16:00+02:00"]),
    (BERLIN, "DE-BE", "Mo-Fr 08:00-16:00; We off", "2026-06-09", 3, &["9. 08:00+02:00 – 9. 16:00+02:00", "11. 08:00+02:00 – 11. 16:00+02:00"]),
    (BERLIN, "DE-BE", "Mo-Fr 08:00-16:00; Fr 12:00-13:00 closed", "2026-06-05", 1, &["5. 08:00+02:00 – 5. 12:00+02:00", "5. 13:00+02:00 – 5. 16:00+02:00"]),
    // Weeks of the month and of the year: 2026-09-01 is a Tuesday, 2026-06-11 is in week 24.
    (BERLIN, "DE-BE", "We[1] 14:00-18:00", "2026-09-01", 14, &["2. 14:00+02:00 – 2. 18:00+02:00"]),
    (BERLIN, "DE-BE", "We[-1] 14:00-18:00", "2026-09-16", 15, &["30. 14:00+02:00 – 30. 18:00+02:00"]),
    (BERLIN, "DE-BE", "We[2,4] 14:00-18:00", "2026-09-01", 30, &["9. 14:00+02:00 – 9. 18:00+02:00", "23. 14:00+02:00 – 23. 18:00+02:00"]),
    (BERLIN, "DE-BE", "week 2-52/2 Th 14:00-18:00", "2026-06-04", 8, &["11. 14:00+02:00 – 11. 18:00+02:00"]),
    // Seasons, single dates, the turn of the year, a leap day.
    (BERLIN, "DE-BE", SEASONS, "2026-10-31", 2, &["31. 10:00+01:00 – 31. 18:00+01:00", "1. 10:00+01:00 – 1. 16:00+01:00"]),
    (BERLIN, "DE-BE", SEASONS, "2027-03-31", 2, &["31. 10:00+02:00 – 31. 16:00+02:00", "1. 10:00+02:00 – 1. 18:00+02:00"]),
    (BERLIN, "DE-HH", "Mo-Fr 08:00-16:00; PH off; Dec 24,Dec 31 off", "2026-12-24", 8, &["28. 08:00+01:00 – 28. 16:00+01:00", "29. 08:00+01:00 – 29. 16:00+01:00", "30. 08:00+01:00 – 30. 16:00+01:00"]),
    (BERLIN, "DE-HH", WEEK, "2027-01-01", 6, &["4. 08:00+01:00 – 4. 16:00+01:00", "5. 08:00+01:00 – 5. 16:00+01:00", "6. 08:00+01:00 – 6. 16:00+01:00"]),
    (BERLIN, "DE-BY", WEEK, "2026-12-31", 8, &["31. 08:00+01:00 – 31. 16:00+01:00", "4. 08:00+01:00 – 4. 16:00+01:00", "5. 08:00+01:00 – 5. 16:00+01:00", "7. 08:00+01:00 – 7. 16:00+01:00"]),
    (BERLIN, "DE-BE", "Mo-Fr 08:00-16:00; Dec 24-Jan 1 off", "2027-01-01", 4, &["4. 08:00+01:00 – 4. 16:00+01:00"]),
    (BERLIN, "DE-BE", "Mo-Fr 08:00-16:00; 2026 Jun 8-12 off \"Umzug\"", "2026-06-05", 11, &["5. 08:00+02:00 – 5. 16:00+02:00", "15. 08:00+02:00 – 15. 16:00+02:00"]),
    (BERLIN, "DE-BE", "Feb 29 10:00-12:00", "2024-02-28", 3, &["29. 10:00+01:00 – 29. 12:00+01:00"]),
    (BERLIN, "DE-BE", "Feb 29 10:00-12:00", "2026-02-27", 4, &[]),
    // What is not certain is not promised.
    (BERLIN, "DE-BE", "Mo-Fr 08:00-16:00 unknown", "2026-06-08", 1, &[]),
    (BERLIN, "DE-BE", "Mo-Fr 08:00-16:00; Sa unknown \"nach Vereinbarung\"", "2026-06-05", 2, &["5. 08:00+02:00 – 5. 16:00+02:00"]),
    (BERLIN, "DE-BE", "closed", "2026-06-08", 8, &[]),
    // Beyond Germany: Austria's national day and Immaculate Conception, France's 14 July, 8 May and 11 November.
    (BERLIN, "AT", WEEK, "2026-10-26", 1, &[]),
    (BERLIN, "DE-BY", WEEK, "2026-10-26", 1, &["26. 08:00+01:00 – 26. 16:00+01:00"]),
    ("Europe/Vienna", "AT-9", WEEK, "2026-12-08", 1, &[]),
    ("Europe/Vienna", "AT-9", WEEK, "2026-04-03", 1, &["3. 08:00+02:00 – 3. 16:00+02:00"]),
    ("Europe/Paris", "FR", WEEK, "2026-07-14", 1, &[]),
    ("Europe/Paris", "FR-IDF", WEEK, "2026-05-08", 1, &[]),
    (BERLIN, "DE-SL", WEEK, "2026-05-08", 1, &["8. 08:00+02:00 – 8. 16:00+02:00"]),
    ("Europe/Paris", "FR", WEEK, "2025-11-11", 1, &[]),
    ("Europe/Paris", "FR", WEEK, "2026-04-06", 1, &[]),
    ("Europe/Paris", "FR", WEEK, "2026-10-03", 3, &["5. 08:00+02:00 – 5. 16:00+02:00"]),
    // The portal's own zone counts; in the Azores clocks change at midnight.
    ("Europe/London", "", "Mo-Fr 09:00-17:00", "2026-06-01", 1, &["1. 09:00+01:00 – 1. 17:00+01:00"]),
    ("Europe/London", "", "Su 00:30-02:30", "2026-03-29", 1, &["29. 00:30+00:00 – 29. 02:30+01:00"]),
    ("Atlantic/Azores", "", "Su 00:00-06:00", "2026-03-29", 1, &["29. 01:00+00:00 – 29. 06:00+00:00"]),
    ("Atlantic/Azores", "", NIGHT, "2026-03-28", 2, &["28. 22:00-01:00 – 29. 06:00+00:00"]),
    ("Atlantic/Azores", "", NIGHT, "2026-10-24", 2, &["24. 22:00+00:00 – 25. 06:00-01:00"]),
    ("Atlantic/Azores", "DE-BE", WEEK, "2026-05-01", 1, &[]),
    // Where nobody knows the holidays, hours that name them promise nothing; the country alone has those that hold everywhere.
    (BERLIN, "", WEEK, "2026-12-24", 8, &[]),
    (BERLIN, "somewhere", WEEK, "2026-12-24", 8, &[]),
    (BERLIN, "DE-XX", WEEK, "2026-12-24", 8, &[]),
    (BERLIN, "", "Mo-Fr 08:00-16:00", "2026-12-24", 1, &["24. 08:00+01:00 – 24. 16:00+01:00"]),
    (BERLIN, "DE", WEEK, "2026-12-25", 1, &[]),
    (BERLIN, "DE", WEEK, "2026-06-04", 1, &["4. 08:00+02:00 – 4. 16:00+02:00"]),
    // 75 years after the uprising of 1953: Berlin, once; a Saturday.
    (BERLIN, "DE-BE", "Sa 10:00-14:00; PH off", "2028-06-17", 1, &[]),
    (BERLIN, "DE-BB", "Sa 10:00-14:00; PH off", "2028-06-17", 1, &["17. 10:00+02:00 – 17. 14:00+02:00"]),
    (BERLIN, "DE-BE", "Mo-Su 10:00-14:00; PH off", "2027-06-17", 1, &["17. 10:00+02:00 – 17. 14:00+02:00"]),
    // A holiday of one's own municipality may be written down by its date.
    (BERLIN, "DE-BY", "Mo-Fr 08:00-16:00; PH off; Aug 8,Aug 15 off", "2025-08-15", 1, &[]),
];

#[test]
fn the_table_of_hours() {
    let mut wrong = Vec::new();
    for (zone, region, expression, first, days, expected) in CASES {
        if let Some(fault) = fault(expression) {
            wrong.push(format!("{expression}: {fault}"));
        }
        let found = shown(zone, region, expression, first, *days);
        if found != *expected {
            wrong.push(format!(
                "{expression} in {zone}, {region}, from {first}:\n  expected {expected:?}\n  found    {found:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(CASES.len() >= 60);
}

/// What holds everywhere from 2026 to 2030, then what each Land has beside it.
const EVERYWHERE: [&str; 5] = [
    "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26",
    "01-01 03-26 03-29 05-01 05-06 05-17 10-03 12-25 12-26",
    "01-01 04-14 04-17 05-01 05-25 06-05 10-03 12-25 12-26",
    "01-01 03-30 04-02 05-01 05-10 05-21 10-03 12-25 12-26",
    "01-01 04-19 04-22 05-01 05-30 06-10 10-03 12-25 12-26",
];

#[rustfmt::skip]
const OWN: [(&str, [&str; 5]); 17] = [
    ("DE", ["", "", "", "", ""]),
    ("DE-BW", ["01-06 06-04 11-01", "01-06 05-27 11-01", "01-06 06-15 11-01", "01-06 05-31 11-01", "01-06 06-20 11-01"]),
    ("DE-BY", ["01-06 06-04 11-01", "01-06 05-27 11-01", "01-06 06-15 11-01", "01-06 05-31 11-01", "01-06 06-20 11-01"]),
    ("DE-BE", ["03-08", "03-08", "03-08 06-17", "03-08", "03-08"]),
    ("DE-BB", ["04-05 05-24 10-31", "03-28 05-16 10-31", "04-16 06-04 10-31", "04-01 05-20 10-31", "04-21 06-09 10-31"]),
    ("DE-HB", ["10-31", "10-31", "10-31", "10-31", "10-31"]),
    ("DE-HH", ["10-31", "10-31", "10-31", "10-31", "10-31"]),
    ("DE-HE", ["06-04", "05-27", "06-15", "05-31", "06-20"]),
    ("DE-MV", ["03-08 10-31", "03-08 10-31", "03-08 10-31", "03-08 10-31", "03-08 10-31"]),
    ("DE-NI", ["10-31", "10-31", "10-31", "10-31", "10-31"]),
    ("DE-NW", ["06-04 11-01", "05-27 11-01", "06-15 11-01", "05-31 11-01", "06-20 11-01"]),
    ("DE-RP", ["06-04 11-01", "05-27 11-01", "06-15 11-01", "05-31 11-01", "06-20 11-01"]),
    ("DE-SL", ["06-04 08-15 11-01", "05-27 08-15 11-01", "06-15 08-15 11-01", "05-31 08-15 11-01", "06-20 08-15 11-01"]),
    ("DE-SN", ["10-31 11-18", "10-31 11-17", "10-31 11-22", "10-31 11-21", "10-31 11-20"]),
    ("DE-ST", ["01-06 10-31", "01-06 10-31", "01-06 10-31", "01-06 10-31", "01-06 10-31"]),
    ("DE-SH", ["10-31", "10-31", "10-31", "10-31", "10-31"]),
    ("DE-TH", ["09-20 10-31", "09-20 10-31", "09-20 10-31", "09-20 10-31", "09-20 10-31"]),
];

#[test]
fn each_land_has_its_published_holidays_and_no_others() {
    for (region, own) in OWN {
        for (year, (own, everywhere)) in (2026..).zip(own.iter().zip(EVERYWHERE)) {
            let days = own.split_whitespace().chain(everywhere.split_whitespace());
            let mut expected: Vec<Date> = days.map(|day| format!("{year}-{day}").parse().unwrap()).collect();
            let mut found = holidays::german(region, year).unwrap();
            expected.sort();
            found.sort();
            assert_eq!(found, expected, "{region} {year}");
        }
    }
}

/// Whether this is told as day and night from this day on.
fn always(expression: &str, first: &str) -> bool {
    let time_zone = TimeZone::get(BERLIN).unwrap();
    let place = Place {
        time_zone: &time_zone,
        region: Some("DE-BE"),
        holidays: &[],
    };
    is_always(expression, &place, first.parse().unwrap())
}

#[test]
fn day_and_night_is_known_in_every_way_to_write_it() {
    for expression in [
        "24/7",
        "24/7 open",
        "Mo-Su 00:00-24:00",
        "00:00-24:00",
        "Mo-Sa 00:00-24:00; Su 00:00-24:00",
        "Jan-Dec",
        "Mo-Su,PH 00:00-24:00",
        "24/7; PH 00:00-24:00",
        "Mo-Fr 00:00-24:00; Sa,Su 00:00-12:00,12:00-24:00",
    ] {
        for first in ["2026-12-01", "2026-12-24", "2026-03-29", "2026-10-25"] {
            assert!(always(expression, first), "{expression} from {first}");
        }
    }
    for expression in [
        "24/7; PH off",
        "24/7; Su off",
        "24/7; Dec 24 off",
        "24/7 closed",
        "24/7 unknown",
        "Mo-Fr 00:00-24:00",
        "00:00-23:59",
        "Mo-Fr 08:00-16:00 || 24/7 unknown",
        "closed",
        "",
        "always",
    ] {
        assert!(!always(expression, "2026-12-01"), "{expression}");
    }
}

#[test]
fn an_end_that_nobody_followed_is_not_told() {
    // Open for longer than ends are followed: day and night, until the end comes into sight.
    for (first, is_always) in [
        ("2026-12-25", true),
        ("2027-11-22", true),
        ("2027-11-24", false),
        ("2027-12-24", false),
    ] {
        assert_eq!(always("24/7; Dec 24 off", first), is_always, "{first}");
    }
    assert_eq!(
        shown(BERLIN, "DE-BE", "24/7; Dec 24 off", "2027-11-24", 1),
        ["24. 00:00+01:00 – 24. 00:00+01:00"]
    );
}

#[test]
fn a_town_has_holidays_of_its_own() {
    let own: Vec<LocalHoliday> = ["08-15", "2026-06-04", "02-29"]
        .map(|day| day.to_owned().try_into().unwrap())
        .into();
    let time_zone = TimeZone::get(BERLIN).unwrap();
    for (region, day, off) in [
        (Some("DE-BY"), "2026-08-15", true),
        (Some("DE-BY"), "2031-08-15", true),
        (Some("DE-BY"), "2026-08-14", false),
        (Some("DE-BY"), "2026-12-25", true),
        (Some("DE-SN"), "2026-06-04", true),
        (Some("DE-SN"), "2027-06-04", false),
        (Some("DE-SN"), "2028-02-29", true),
        (Some("DE-SN"), "2027-03-01", false),
        (Some("AT"), "2026-08-15", true),
        (Some("AT"), "2026-06-05", false),
        (Some("AT"), "2026-10-26", true),
        // Where the other holidays are not known, nothing is promised.
        (None, "2026-06-05", true),
    ] {
        let place = Place {
            time_zone: &time_zone,
            region,
            holidays: &own,
        };
        let found = spans("Mo-Su 08:00-16:00; PH off", &place, day.parse().unwrap(), 1);
        assert_eq!(found.is_empty(), off, "{day} in {region:?}");
    }
    for bad in [
        "",
        "15.08.",
        "8-15",
        "13-01",
        "02-30",
        "2026-02-29",
        "20260604",
        "2026-06-04T00:00",
        "Friedensfest",
    ] {
        let refused = LocalHoliday::try_from(bad.to_owned()).unwrap_err().to_string();
        assert!(refused.contains("`08-15`"), "{bad}: {refused}");
    }
    assert_eq!(
        own.iter().cloned().map(String::from).collect::<Vec<_>>(),
        ["08-15", "2026-06-04", "02-29"]
    );
}

#[test]
fn hours_are_read_as_people_type_them() {
    for (typed, meant) in [
        ("  Mo-Fr 08:00-16:00 ", "Mo-Fr 08:00-16:00"),
        ("Mo-Fr  08:00-16:00;\n PH off", WEEK),
        ("Mo–Fr 08:00–16:00; PH off", WEEK),
        ("Mo-Fr 08:00 – 16:00; PH off;", WEEK),
        ("mo-fr 8:00-16:00; PH off ; ", WEEK),
    ] {
        assert_eq!(fault(typed), None, "{typed}");
        let found = shown(BERLIN, "DE-BE", typed, "2026-04-02", 8);
        assert_eq!(found, shown(BERLIN, "DE-BE", meant, "2026-04-02", 8), "{typed}");
        assert!(!found.is_empty());
    }
}

#[test]
fn what_cannot_be_kept_is_refused_with_a_reason() {
    for (expression, reason) in [
        ("Mo-Fr 8 bis 16 Uhr", "opening_hours syntax"),
        ("", "opening_hours syntax"),
        (";", "opening_hours syntax"),
        ("Mo-Fr 08:00-16:00; SH off", "`SH`"),
        ("sunrise-sunset", "`sunrise`"),
        ("Mo-Fr dawn-dusk", "`dawn`"),
        ("Mo-Fr 08:00-16:00 open \"nach Vereinbarung\"", "remark"),
        ("Mo-Fr 08:00-16:00; Sa \"nach Vereinbarung\"", "remark"),
        (&"Mo 08:00-09:00; ".repeat(100), "characters"),
        // When it ends, nobody says.
        ("Mo-Fr 08:00+", "no end"),
        ("Mo-Fr 08:00-12:00+", "no end"),
        ("Mo-Fr 08:00-16:00; Sa 10:00+", "no end"),
        // Single moments, not spans.
        ("10:00-16:00/01:30", "`/`"),
        ("Mo-Fr 08:00-16:00/30", "`/`"),
        // Only the holidays that are such a day, which the comma does not say.
        ("PH Mo-Fr 08:00-10:00", "comma"),
        ("Mo-Su 08:00-16:00; PH Mo-Fr off", "comma"),
        ("Mo-Fr PH 08:00-10:00", "comma"),
        ("Mo-Su 08:00-16:00; PH -1 day Mo-Fr off", "comma"),
        // Where reading stopped, and what may have been meant.
        ("Mo-Fr 08:00-16:00; Dec 24,31 off", "`31 off`"),
        ("Mo-Fr 08:00-12:00 14:00-18:00", "`14:00-18:00`"),
        ("Mo-Fr 08:00-", "its end"),
        ("Di 08:00-12:00", "`Tu` for `Di`"),
        ("Mo,Mi,Do 08:00-12:00", "`We` for `Mi`"),
        ("Sa,So 08:00-12:00", "`Su` for `So`"),
        ("Mo-Do 08:00-12:00; Mai 1 off", "`Th` for `Do`"),
        ("Mo-Fr 08:00-16:00; Dez 24 off", "`Dec` for `Dez`"),
        ("Mo-Fr 08:00-16:00; Feiertag off", "`PH` for `Feiertag`"),
    ] {
        let fault = fault(expression).unwrap_or_default();
        assert!(fault.contains(reason), "{expression}: {fault}");
        assert!(!fault.contains("-->"), "{fault}");
        assert!(shown(BERLIN, "DE-BE", expression, "2026-06-08", 8).is_empty(), "{expression}");
    }
    for sound in [
        // In a remark on closed hours any word may stand.
        "Mo-Fr 08:00-16:00; Dec 24 off \"SH, dawn, PH Mo\"",
        "PH,Mo-Fr 08:00-12:00",
        "Su,PH off; Mo-Sa 08:00-12:00",
        "Mo-Fr 08:00-16:00; PH off; Tu,Th 14:00-18:00",
        "Mo-Fr 08:00-16:00; PH -1 day off; Sa 10:00-12:00",
        "Mo-Fr 08:00-16:00, PH off",
        "Mo-Fr 08:00-12:00 || PH 09:00-10:00",
        "easter -2 days PH 10:00-12:00",
    ] {
        assert_eq!(fault(sound), None, "{sound}");
    }
}

/// The first column of a table in the document for authors, from its heading on.
fn written(heading: &str) -> Vec<&'static str> {
    let (_, part) = include_str!("../../docs/opening-hours.md").split_once(heading).unwrap();
    let rows = part
        .split("\n|---")
        .nth(1)
        .unwrap()
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with('|'));
    rows.map(|row| row.split('`').nth(1).unwrap()).collect()
}

#[test]
fn the_document_for_authors_says_the_truth() {
    let (taken, refused) = (written("# Opening hours"), written("## What is refused"));
    assert!(taken.len() >= 15 && refused.len() >= 8, "{taken:?} {refused:?}");
    for expression in taken {
        assert_eq!(fault(expression), None, "{expression}");
    }
    for expression in refused {
        assert!(fault(expression).is_some(), "{expression}");
    }
    // Shrove Monday 2027, even weeks, two afternoons.
    assert!(shown(BERLIN, "DE-NW", "Mo-Fr 08:00-16:00; PH off; easter -48 days off", "2027-02-08", 1).is_empty());
    assert_eq!(
        shown(BERLIN, "DE-NW", "Mo-Fr 08:00-12:00; Th 14:00-18:00", "2027-02-11", 1),
        ["11. 14:00+01:00 – 11. 18:00+01:00"]
    );
    assert_eq!(
        shown(BERLIN, "DE-NW", "Mo-Fr 08:00-12:00, Th 14:00-18:00", "2027-02-11", 1).len(),
        2
    );
}
