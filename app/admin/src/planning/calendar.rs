//! Days, weeks and months, and how something lies on them: dates and clock times alone.

use jiff::{
    ToSpan,
    civil::{Date, DateTime, Time},
};

/// How what is planned is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    List,
    Week,
    Month,
}

impl View {
    pub(super) const ALL: [Self; 3] = [Self::List, Self::Week, Self::Month];

    /// The first and the last day that it shows, where it is about this one; `None`: it shows no days.
    pub(super) fn days(self, at: Date) -> Option<(Date, Date)> {
        match self {
            Self::List => None,
            Self::Week => Some((monday_of(at), monday_of(at).saturating_add(6.days()))),
            Self::Month => Some((at.first_of_month(), at.last_of_month())),
        }
    }

    /// The same day of the next week or month, or of so many others; of a month that does not have it, the last one.
    pub(super) fn turned(self, at: Date, by: i64) -> Date {
        match self {
            Self::List => at,
            Self::Week => at.saturating_add(by.weeks()),
            Self::Month => at.saturating_add(by.months()),
        }
    }
}

/// The day with which a week begins.
pub(super) fn monday_of(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}

/// The weeks of a month, each from Monday to Sunday; `None`: a day of the month before or after.
pub(super) fn weeks_of(month: Date) -> Vec<[Option<Date>; 7]> {
    let (first, last) = (month.first_of_month(), month.last_of_month());
    let mondays = monday_of(first).series(7.days()).take_while(|monday| *monday <= last);
    let week = |monday: Date| {
        [0, 1, 2, 3, 4, 5, 6].map(|place: i64| {
            let day = monday.saturating_add(place.days());
            (first..=last).contains(&day).then_some(day)
        })
    };
    mondays.map(week).collect()
}

/// To which day a key leads in the grid of a month; `None`: it is no such key. A week begins and ends within its month, since no other days
/// are there.
pub(super) fn led_to(at: Date, key: &str) -> Option<Date> {
    let to = match key {
        "ArrowLeft" => at.saturating_sub(1.day()),
        "ArrowRight" => at.saturating_add(1.day()),
        "ArrowUp" => at.saturating_sub(7.days()),
        "ArrowDown" => at.saturating_add(7.days()),
        "Home" => monday_of(at).max(at.first_of_month()),
        "End" => monday_of(at).saturating_add(6.days()).min(at.last_of_month()),
        "PageUp" => View::Month.turned(at, -1),
        "PageDown" => View::Month.turned(at, 1),
        _ => return None,
    };
    Some(to)
}

/// How much of a day something takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    /// It begins and ends on this day.
    Within,
    /// It begins, and goes on on the next one.
    Beginning,
    /// It goes on from the day before, and ends.
    End,
}

/// Which part of a day something takes that is from one time to another; `None`: it does not touch it. What ends at midnight does not touch the
/// day that begins then.
pub(super) fn part(from: DateTime, to: DateTime, day: Date) -> Option<Part> {
    let at_midnight = |clock: DateTime| clock.time() == Time::midnight();
    let is_full_end = at_midnight(to) && to > from;
    let last = if is_full_end {
        to.date().yesterday().unwrap_or(Date::MIN)
    } else {
        to.date()
    };
    if !(from.date()..=last).contains(&day) {
        return None;
    }
    let covers_begin = from.date() < day || at_midnight(from);
    let covers_end = day < last || is_full_end;
    Some(match (covers_begin, covers_end) {
        (true, true) => Part::Whole,
        _ if from.date() == day && day == last => Part::Within,
        (_, true) => Part::Beginning,
        (_, false) => Part::End,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_begins_on_monday_and_a_month_on_its_first() {
        let tuesday = date(2026, 12, 1);
        assert_eq!(View::Week.days(tuesday), Some((date(2026, 11, 30), date(2026, 12, 6))));
        assert_eq!(View::Month.days(tuesday), Some((tuesday, date(2026, 12, 31))));
        assert_eq!(View::List.days(tuesday), None);
        assert_eq!(View::Week.turned(tuesday, -1), date(2026, 11, 24));
        assert_eq!(View::Month.turned(date(2027, 1, 31), 1), date(2027, 2, 28));
    }

    #[test]
    fn the_weeks_of_a_month_hold_each_of_its_days_once() {
        for month in [date(2026, 2, 1), date(2026, 12, 1), date(2027, 2, 14), date(2028, 2, 29)] {
            let weeks = weeks_of(month);
            let days: Vec<Date> = weeks.iter().flatten().flatten().copied().collect();
            let all: Vec<Date> = month.first_of_month().series(1.day()).take(days.len()).collect();
            assert_eq!((days, weeks.len()), (all.clone(), weeks.len()), "{month}");
            assert_eq!(all.last(), Some(&month.last_of_month()));
            for (place, day) in weeks.iter().flat_map(|week| week.iter().enumerate()) {
                let is_there = day.is_none_or(|day| usize::try_from(day.weekday().to_monday_zero_offset()) == Ok(place));
                assert!(is_there, "{day:?} at {place}");
            }
        }
        // Four weeks that are full, and six with a day in the last.
        assert_eq!([weeks_of(date(2027, 2, 1)).len(), weeks_of(date(2026, 8, 1)).len()], [4, 6]);
    }

    #[test]
    fn keys_lead_by_day_week_and_month() {
        let at = date(2026, 12, 1);
        for (key, to) in [
            ("ArrowLeft", date(2026, 11, 30)),
            ("ArrowRight", date(2026, 12, 2)),
            ("ArrowUp", date(2026, 11, 24)),
            ("ArrowDown", date(2026, 12, 8)),
            ("Home", at),
            ("End", date(2026, 12, 6)),
            ("PageUp", date(2026, 11, 1)),
            ("PageDown", date(2027, 1, 1)),
        ] {
            assert_eq!(led_to(at, key), Some(to), "{key}");
        }
        assert_eq!(led_to(at, "Tab"), None);
        assert_eq!(led_to(date(2026, 12, 31), "End"), Some(date(2026, 12, 31)));
        assert_eq!(led_to(date(2026, 12, 31), "Home"), Some(date(2026, 12, 28)));
    }

    #[test]
    fn a_night_lies_on_both_its_days() {
        let clock = |day: i8, hour: i8| date(2026, 10, day).at(hour, 0, 0, 0);
        let parts = |from, to| [24, 25, 26, 27].map(|day| part(from, to, date(2026, 10, day)));
        let night = parts(clock(25, 22), clock(26, 2));
        assert_eq!(night, [None, Some(Part::Beginning), Some(Part::End), None]);
        let evening = parts(clock(25, 22), clock(26, 0));
        assert_eq!(evening, [None, Some(Part::Within), None, None]);
        let early = parts(clock(25, 0), clock(25, 2));
        assert_eq!(early, [None, Some(Part::Within), None, None]);
        let days = parts(clock(24, 12), clock(27, 0));
        assert_eq!(days, [Some(Part::Beginning), Some(Part::Whole), Some(Part::Whole), None]);
        let two = parts(clock(24, 0), clock(26, 0));
        assert_eq!(two, [Some(Part::Whole), Some(Part::Whole), None, None]);
        // The clock may be put back in between: what it shows at the end is no earlier day.
        let hour = parts(clock(25, 2), clock(25, 2));
        assert_eq!(hour, [None, Some(Part::Within), None, None]);
    }
}
