//! Public holidays of the German Länder, for opening hours that name them (`PH`).
//!
//! Source: the holiday laws of the Länder as in force in 2026. Days that hold only in some municipalities of a Land (Assumption
//! Day in Bavaria, Corpus Christi in Saxony and Thuringia, the Augsburg peace festival) do not count unless the catalogue names them.

use jiff::{
    ToSpan,
    civil::{Date, Weekday, date},
};

/// The holidays of a Land (`DE-BY`) in a year; with `DE` alone those that hold everywhere. `None`: no such Land.
pub fn german(region: &str, year: i16) -> Option<Vec<Date>> {
    let land = match region.strip_prefix("DE") {
        Some("") => "",
        Some(land) => land.strip_prefix('-')?,
        None => return None,
    };
    const LAENDER: [&str; 16] = [
        "BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH",
    ];
    if !land.is_empty() && !LAENDER.contains(&land) {
        return None;
    }
    let easter = easter_sunday(year);
    let from_easter = |days: i64| easter.saturating_add(days.days());
    let mut days = vec![
        date(year, 1, 1),
        from_easter(-2),
        from_easter(1),
        date(year, 5, 1),
        from_easter(39),
        from_easter(50),
        date(year, 10, 3),
        date(year, 12, 25),
        date(year, 12, 26),
    ];
    let mut add = |laender: &[&str], day: Date| {
        if laender.contains(&land) {
            days.push(day);
        }
    };
    add(&["BW", "BY", "ST"], date(year, 1, 6));
    if year >= 2023 {
        add(&["MV"], date(year, 3, 8));
    }
    if year >= 2019 {
        add(&["BE"], date(year, 3, 8));
        add(&["TH"], date(year, 9, 20));
    }
    if year == 2025 {
        add(&["BE"], date(year, 5, 8));
    }
    if year == 2028 {
        add(&["BE"], date(year, 6, 17));
    }
    add(&["BB"], easter);
    add(&["BB"], from_easter(49));
    add(&["BW", "BY", "HE", "NW", "RP", "SL"], from_easter(60));
    add(&["SL"], date(year, 8, 15));
    if year >= 2018 {
        add(&["HB", "HH", "NI", "SH"], date(year, 10, 31));
    }
    add(&["BB", "MV", "SN", "ST", "TH"], date(year, 10, 31));
    add(&["BW", "BY", "NW", "RP", "SL"], date(year, 11, 1));
    add(&["SN"], repentance_day(year));
    Some(days)
}

/// The Wednesday before 23 November.
fn repentance_day(year: i16) -> Date {
    let mut day = date(year, 11, 22);
    while day.weekday() != Weekday::Wednesday {
        day = day.saturating_sub(1.day());
    }
    day
}

/// Gregorian Easter after Gauss, with the two exceptions of Lichtenberg's form folded in.
fn easter_sunday(year: i16) -> Date {
    let y = i64::from(year);
    let century = y / 100;
    let moon = 15 + (3 * century + 3) / 4 - (8 * century + 13) / 25;
    let sun = 2 - (3 * century + 3) / 4;
    let golden = y % 19;
    let seed = (19 * golden + moon) % 30;
    let correction = (seed + golden / 11) / 29;
    let boundary = 21 + seed - correction;
    let first_sunday = 7 - (y + y / 4 + sun).rem_euclid(7);
    let distance = 7 - (boundary - first_sunday).rem_euclid(7);
    date(year, 3, 1).saturating_add((boundary + distance - 1).days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_falls_on_the_published_days() {
        for (year, month, day) in [
            (2018, 4, 1),
            (2019, 4, 21),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2038, 4, 25),
            (2076, 4, 19),
            (2049, 4, 18),
        ] {
            assert_eq!(easter_sunday(year), date(year, month, day));
        }
    }

    #[test]
    fn holidays_differ_by_land() {
        let has = |region: &str, day: Date| german(region, day.year()).unwrap().contains(&day);
        assert!(has("DE-BY", date(2026, 1, 6)));
        assert!(!has("DE-BE", date(2026, 1, 6)));
        assert!(has("DE-BE", date(2026, 3, 8)));
        assert!(has("DE-SN", date(2026, 11, 18)));
        assert!(has("DE-NW", date(2026, 6, 4)));
        assert!(!has("DE", date(2026, 10, 31)));
        assert!(has("DE", date(2026, 10, 3)));
        assert_eq!(german("DE-XX", 2026), None);
    }
}
