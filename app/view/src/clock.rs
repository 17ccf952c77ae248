//! The one formatter of times: RFC 3339 with the portal's offset in, words of the message files out. No time-zone database and
//! no `Intl`, so that the widget, the server and a print-out say the same.

use super::messages::{Messages, word};

/// By what instants are told: the words, the reader's day, and when the portal's clocks show the same time twice.
pub(super) struct Calendar<'a> {
    pub(super) words: &'a Messages,
    /// As [`Moment::day`] counts.
    pub(super) today: i64,
    /// From the first beginning of an hour that comes twice to its second end, in seconds since 1970-01-01T00:00:00Z.
    pub(super) repeated: Vec<(i64, i64)>,
}

const DAY: i64 = 86_400;

/// An instant and the portal's offset from UTC at that instant, both in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) seconds: i64,
    pub(super) offset: i64,
}

impl Moment {
    /// Reads `2026-03-03T09:10:00+01:00`. `None` when it is anything else. A field beyond its range carries over, so that
    /// `24:00` becomes 0:00 of the next day.
    pub(super) fn read(instant: &str) -> Option<Self> {
        let b = instant.as_bytes();
        let shaped = b.len() >= 20
            && b[..19]
                .iter()
                .enumerate()
                .all(|(i, c)| matches!(i, 4 | 7 | 10 | 13 | 16) || c.is_ascii_digit());
        if !shaped {
            return None;
        }
        let clock = days(number(&b[0..4]), number(&b[5..7]), number(&b[8..10])) * DAY
            + number(&b[11..13]) * 3600
            + number(&b[14..16]) * 60
            + number(&b[17..19]);
        // Fractions of a second may stand between the seconds and the offset.
        let zone = &b[19..];
        let offset = match zone
            .iter()
            .position(|c| matches!(c, b'+' | b'-' | b'Z' | b'z'))
            .map(|at| &zone[at..])
        {
            Some([b'Z' | b'z']) => 0,
            Some([sign, h1, h2, b':', m1, m2]) if [h1, h2, m1, m2].iter().all(|c| c.is_ascii_digit()) => {
                let size = number(&[*h1, *h2]) * 3600 + number(&[*m1, *m2]) * 60;
                if *sign == b'-' { -size } else { size }
            }
            _ => return None,
        };
        Some(Self {
            seconds: clock - offset,
            offset,
        })
    }

    /// The portal's calendar day, counted from 1970-01-01.
    pub(super) fn day(self) -> i64 {
        (self.seconds + self.offset).div_euclid(DAY)
    }

    /// The clock time in words, such as `9:10 Uhr`; of two instants with the same one, which of them.
    pub(super) fn clock(self, calendar: &Calendar<'_>) -> String {
        let minutes = (self.seconds + self.offset).rem_euclid(DAY) / 60;
        let time = fill(
            word(calendar.words, "time"),
            &[("hour", &decimal(minutes / 60, 1)), ("minute", &decimal(minutes % 60, 2))],
        );
        let is_within = |hour: &&(i64, i64)| hour.0 <= self.seconds && self.seconds < hour.1;
        match calendar.repeated.iter().find(is_within) {
            None => time,
            Some((from, to)) => {
                let pass = if self.seconds * 2 < from + to {
                    "time.first"
                } else {
                    "time.second"
                };
                fill(word(calendar.words, pass), &[("time", &time)])
            }
        }
    }

    /// Weekday, date and clock time, led by *today*, *tomorrow* or *yesterday* where it is that; the year is told when it is another one.
    pub(super) fn words(self, calendar: &Calendar<'_>) -> String {
        let pattern = match self.day() - calendar.today {
            0 => "moment.today",
            1 => "moment.tomorrow",
            -1 => "moment.yesterday",
            _ => "moment",
        };
        fill(
            word(calendar.words, pattern),
            &[("date", &self.date(calendar)), ("time", &self.clock(calendar))],
        )
    }

    /// Weekday and date.
    pub(super) fn date(self, calendar: &Calendar<'_>) -> String {
        let words = calendar.words;
        let (year, month, day) = civil(self.day());
        let pattern = if year == civil(calendar.today).0 { "date" } else { "date.year" };
        fill(
            word(words, pattern),
            &[
                ("weekday", self.weekday(words)),
                ("day", &decimal(day, 1)),
                ("month", nth(word(words, "months"), month - 1)),
                ("year", &decimal(year, 4)),
            ],
        )
    }

    /// As short as can be without doubt, for opening hours: `16:00 Uhr` today, `Montag, 8:00 Uhr` within a week, else with the date.
    pub(super) fn short(self, calendar: &Calendar<'_>) -> String {
        let words = calendar.words;
        let pattern = match self.day() - calendar.today {
            0 => "short.today",
            1 => "short.tomorrow",
            2..=6 => "short",
            _ => return self.words(calendar),
        };
        let time = self.clock(calendar);
        fill(word(words, pattern), &[("weekday", self.weekday(words)), ("time", &time)])
    }

    fn weekday(self, words: &Messages) -> &str {
        // 1970-01-01 was a Thursday; the message files begin with Monday.
        nth(word(words, "weekdays"), (self.day() + 3).rem_euclid(7))
    }
}

/// Seconds since 1970-01-01T00:00:00Z of an RFC 3339 instant; `None` when it is not one.
pub fn seconds(instant: &str) -> Option<i64> {
    Moment::read(instant).map(|moment| moment.seconds)
}

/// Puts values in the places of `{name}`.
pub(super) fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn nth(list: &str, index: i64) -> &str {
    list.split('|').nth(index as usize).unwrap_or_default()
}

fn number(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |sum, c| sum * 10 + i64::from(c - b'0'))
}

/// A number of at least `width` digits; `format!` would bring its whole machinery into the widget.
pub(super) fn decimal(mut value: i64, width: usize) -> String {
    let mut digits = Vec::new();
    while value > 0 || digits.len() < width {
        digits.push(b'0' + (value % 10) as u8);
        value /= 10;
    }
    digits.iter().rev().map(|digit| char::from(*digit)).collect()
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, counting in eras of 400 years that begin on 1 March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a count of days; the inverse of [`days`].
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted - era * 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn german() -> Messages {
        serde_json::from_str(include_str!("../messages/de.json")).unwrap()
    }

    fn english() -> Messages {
        serde_json::from_str(include_str!("../messages/en.json")).unwrap()
    }

    fn on<'a>(now: &str, words: &'a Messages) -> Calendar<'a> {
        Calendar {
            words,
            today: Moment::read(now).unwrap().day(),
            repeated: Vec::new(),
        }
    }

    fn told(instant: &str, now: &str, words: &Messages) -> String {
        Moment::read(instant).unwrap().words(&on(now, words))
    }

    #[test]
    fn an_instant_is_told_with_weekday_date_and_clock_time() {
        let now = "2026-03-05T12:00:00+01:00";
        for (instant, german_words, english_words) in [
            (
                "2026-03-05T09:05:00+01:00",
                "heute, Donnerstag, 5. März, 9:05 Uhr",
                "9:05 today, Thursday 5 March",
            ),
            (
                "2026-03-06T22:00:00+01:00",
                "morgen, Freitag, 6. März, 22:00 Uhr",
                "22:00 tomorrow, Friday 6 March",
            ),
            (
                "2026-03-04T00:00:00+01:00",
                "gestern, Mittwoch, 4. März, 0:00 Uhr",
                "0:00 yesterday, Wednesday 4 March",
            ),
            (
                "2026-03-12T08:00:00+01:00",
                "Donnerstag, 12. März, 8:00 Uhr",
                "8:00 on Thursday 12 March",
            ),
            (
                "2018-12-07T08:10:00+01:00",
                "Freitag, 7. Dezember 2018, 8:10 Uhr",
                "8:10 on Friday 7 December 2018",
            ),
            (
                "2028-02-29T23:59:59+01:00",
                "Dienstag, 29. Februar 2028, 23:59 Uhr",
                "23:59 on Tuesday 29 February 2028",
            ),
        ] {
            assert_eq!(told(instant, now, &german()), german_words);
            assert_eq!(told(instant, now, &english()), english_words);
        }
    }

    #[test]
    fn twenty_four_hundred_is_never_told() {
        assert_eq!(
            told("2026-03-05T24:00:00+01:00", "2026-03-05T12:00:00+01:00", &german()),
            "morgen, Freitag, 6. März, 0:00 Uhr"
        );
        assert_eq!(
            told("2026-12-31T24:00:00+01:00", "2026-12-31T12:00:00+01:00", &german()),
            "morgen, Freitag, 1. Januar 2027, 0:00 Uhr"
        );
    }

    #[test]
    fn clock_times_are_the_portals_on_days_of_23_and_25_hours() {
        // One hour apart although the clocks say two.
        let (from, to) = (
            Moment::read("2026-03-29T01:30:00+01:00").unwrap(),
            Moment::read("2026-03-29T03:30:00+02:00").unwrap(),
        );
        assert_eq!(to.seconds - from.seconds, 3600);
        let words = german();
        let night = on("2026-03-29T00:00:00+01:00", &words);
        assert_eq!((from.clock(&night), to.clock(&night)), ("1:30 Uhr".into(), "3:30 Uhr".into()));
        // Two hours apart although the clocks say one.
        let (from, to) = (
            Moment::read("2026-10-25T01:30:00+02:00").unwrap(),
            Moment::read("2026-10-25T02:30:00+01:00").unwrap(),
        );
        assert_eq!(to.seconds - from.seconds, 7200);
        assert_eq!(to.day() - from.day(), 0);
    }

    #[test]
    fn two_instants_with_the_same_clock_time_are_told_apart() {
        let (from, to) = ("2027-10-31T02:45:00+02:00", "2027-10-31T02:15:00+01:00");
        let hour = (
            seconds("2027-10-31T02:00:00+02:00").unwrap(),
            seconds("2027-10-31T03:00:00+01:00").unwrap(),
        );
        for (words, expected) in [
            (german(), ["2:45 Uhr (Sommerzeit)", "2:15 Uhr (Winterzeit)", "1:59 Uhr", "3:00 Uhr"]),
            (english(), ["2:45 (summer time)", "2:15 (winter time)", "1:59", "3:00"]),
        ] {
            let night = Calendar {
                repeated: vec![hour],
                ..on("2027-10-30T12:00:00+02:00", &words)
            };
            let times = [from, to, "2027-10-31T01:59:59+02:00", "2027-10-31T03:00:00+01:00"];
            assert_eq!(times.map(|time| Moment::read(time).unwrap().clock(&night)), expected);
            let whole = Moment::read(from).unwrap().words(&night);
            assert!(
                whole.contains(expected[0]) && Moment::read(to).unwrap().short(&night).contains(expected[1]),
                "{whole}"
            );
        }
    }

    #[test]
    fn opening_hours_are_told_shortly() {
        let words = german();
        let today = on("2026-03-05T12:00:00+01:00", &words);
        for (instant, told) in [
            ("2026-03-05T16:00:00+01:00", "16:00 Uhr"),
            ("2026-03-06T08:00:00+01:00", "morgen, 8:00 Uhr"),
            ("2026-03-09T08:00:00+01:00", "Montag, 8:00 Uhr"),
            ("2026-03-12T08:00:00+01:00", "Donnerstag, 12. März, 8:00 Uhr"),
        ] {
            assert_eq!(Moment::read(instant).unwrap().short(&today), told);
        }
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for bad in [
            "",
            "gestern",
            "2026-03-05",
            "2026-03-05T12:00:00",
            "2026-03-05T12:00:00+0100",
            "2026-03-05T12:0x:00Z",
            "2026-03-05T12:00:00+aa:bb",
        ] {
            assert_eq!(Moment::read(bad), None, "{bad} was taken");
        }
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2026-03-05T12:00:00.250-05:30"), Some(1_772_731_800));
    }

    #[test]
    fn every_day_of_four_centuries_comes_back() {
        for day in -200_000..200_000 {
            let (year, month, date) = civil(day);
            assert_eq!(days(year, month, date), day);
            assert!((1..=12).contains(&month) && (1..=31).contains(&date));
        }
    }
}
