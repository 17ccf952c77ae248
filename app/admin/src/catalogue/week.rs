//! A week of opening hours as rows to click, and the notation in which the catalogue keeps them (`docs/opening-hours.md`): there and back.
//! What is not filled in yet is written as `?`, which no server takes for hours, so that it is kept like all else that is typed.

use super::pair::{Lack, OPEN_TO_FILL, Pair};

/// The days of a week as the notation has them, from Monday on.
const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The notation of day and night.
pub(super) const ALWAYS: &str = "24/7";

const PUBLIC_HOLIDAY: &str = "PH";

/// Days with the same hours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// From Monday on.
    pub(super) days: [bool; 7],
    pub(super) pairs: Vec<Pair>,
}

/// What holds on public holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnHolidays {
    Closed,
    AsEver,
    /// The hours of [`Week::own`].
    Own,
}

/// A week as it is clicked together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Week {
    pub(super) rows: Vec<Row>,
    pub(super) holidays: OnHolidays,
    /// The hours of holidays, where they have some of their own.
    pub(super) own: Vec<Pair>,
}

/// Hours that somebody means, which stand in a row of the week or in that of the holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Row(usize),
    Holidays,
}

/// Why a notation cannot be shown as rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beyond {
    /// It names months, dates or Easter.
    Dates,
    Weeks,
    /// The first or last such day of a month.
    NthWeekday,
    Remark,
    /// Something about holidays that no choice says.
    Holidays,
    /// Hours go past midnight, and those of the next day cut them.
    PastMidnight,
    Other,
}

impl Row {
    /// One to fill in.
    pub(super) fn blank() -> Self {
        Self {
            days: [false; 7],
            pairs: vec![Pair::default()],
        }
    }

    fn has(&self, day: usize) -> bool {
        self.days.get(day).copied().unwrap_or_default()
    }

    fn goes_past_midnight(&self) -> bool {
        self.pairs.iter().any(Pair::goes_past_midnight)
    }

    /// Whether it goes on into a day of another one.
    fn goes_into(&self, other: &[bool; 7]) -> bool {
        self.goes_past_midnight() && (0..7).any(|day| self.has(day) && other.get((day + 1) % 7) == Some(&true))
    }

    /// The days, in as few words as the notation has: `Mo-We,Fr`.
    fn days(&self) -> String {
        let mut runs: Vec<Vec<&str>> = Vec::new();
        for (day, name) in DAYS.into_iter().enumerate().filter(|(day, _)| self.has(*day)) {
            match runs.last_mut() {
                Some(run) if day > 0 && self.has(day - 1) => run.push(name),
                _ => runs.push(vec![name]),
            }
        }
        let run = |run: &Vec<&str>| match run[..] {
            [first, _, .., last] => format!("{first}-{last}"),
            _ => run.join(","),
        };
        let runs: Vec<String> = runs.iter().map(run).collect();
        if runs.is_empty() { OPEN_TO_FILL.to_owned() } else { runs.join(",") }
    }
}

fn times(pairs: &[Pair]) -> String {
    pairs.iter().map(Pair::notation).collect::<Vec<_>>().join(",")
}

/// How a rule stands to those before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    /// It replaces them for its days.
    Instead,
    /// It adds to them.
    Also,
}

/// The rules of a notation. After a comma with a blank a rule follows; where a time follows, it is one more time of the same rule.
fn rules(notation: &str) -> Vec<(Join, &str)> {
    let mut rules = Vec::new();
    for whole in notation.split(';') {
        let (mut rest, mut join) = (whole.trim(), Join::Instead);
        let mut searched = 0;
        while let Some(at) = rest.get(searched..).and_then(|tail| tail.find(", ")).map(|at| at + searched) {
            let (rule, next) = (&rest[..at], rest[at + 1..].trim_start());
            if next.starts_with(|c: char| c.is_ascii_digit()) {
                searched = at + 1;
                continue;
            }
            rules.push((join, rule.trim_end()));
            (rest, join, searched) = (next, Join::Also, 0);
        }
        rules.push((join, rest));
    }
    rules
}

/// What no row can say, by the words that stand in it.
fn beyond(notation: &str) -> Option<Beyond> {
    let has = |is: fn(&str) -> bool| notation.split([' ', ',', ';', '-']).any(is);
    if notation.contains('"') {
        Some(Beyond::Remark)
    } else if notation.contains('[') {
        Some(Beyond::NthWeekday)
    } else if has(|word| word == "week") {
        Some(Beyond::Weeks)
    } else if has(|word| MONTHS.contains(&word) || word == "easter" || (word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()))) {
        Some(Beyond::Dates)
    } else {
        None
    }
}

/// Which days a rule names, and whether it names the holidays.
fn read_days(named: &str) -> Result<([bool; 7], bool), Beyond> {
    let (mut days, mut holidays) = ([false; 7], false);
    let place = |name: &str| DAYS.iter().position(|day| *day == name).ok_or(Beyond::Other);
    for part in named.split(',') {
        if part == PUBLIC_HOLIDAY {
            holidays = true;
        } else if part != OPEN_TO_FILL {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (place(first)?, place(last)?);
            let length = (last + 7 - first) % 7;
            for (day, is_named) in days.iter_mut().enumerate() {
                *is_named |= (day + 7 - first) % 7 <= length;
            }
        }
    }
    Ok((days, holidays))
}

impl Week {
    /// One to fill in.
    pub(super) fn blank() -> Self {
        Self {
            rows: vec![Row::blank()],
            holidays: OnHolidays::Closed,
            own: vec![Pair::default()],
        }
    }

    /// The hours of a row; none where there is no such row.
    pub(super) fn pairs(&self, line: Line) -> &[Pair] {
        match line {
            Line::Row(row) => self.rows.get(row).map(|row| &row.pairs[..]).unwrap_or_default(),
            Line::Holidays => &self.own,
        }
    }

    /// The same to be changed.
    pub(super) fn pairs_mut(&mut self, line: Line) -> Option<&mut Vec<Pair>> {
        match line {
            Line::Row(row) => self.rows.get_mut(row).map(|row| &mut row.pairs),
            Line::Holidays => Some(&mut self.own),
        }
    }

    /// The notation of it.
    pub(super) fn notation(&self) -> String {
        // Hours that go past midnight hold on the next day beside those of another row only where that one is added.
        let is_added = self.rows.iter().any(Row::goes_past_midnight);
        let mut written = String::new();
        for (place, row) in self.rows.iter().enumerate() {
            let before = self.rows.get(..place).unwrap_or_default();
            let meets = before.iter().any(|other| (0..7).any(|day| other.has(day) && row.has(day)));
            if place > 0 {
                written.push_str(if is_added || meets { ", " } else { "; " });
            }
            written.push_str(&format!("{} {}", row.days(), times(&row.pairs)));
        }
        match self.holidays {
            OnHolidays::Closed => written.push_str("; PH off"),
            OnHolidays::AsEver => {}
            OnHolidays::Own => written.push_str(&format!("; PH {}", times(&self.own))),
        }
        written
    }

    /// The week that a notation means.
    ///
    /// # Errors
    /// Why no rows can say it.
    pub(super) fn read(notation: &str) -> Result<Self, Beyond> {
        let line = notation.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = line.replace(['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}'], "-");
        let line = line.trim_end_matches([';', ' ']);
        if let Some(beyond) = beyond(line) {
            return Err(beyond);
        }
        let mut week = Self {
            rows: Vec::new(),
            holidays: OnHolidays::AsEver,
            own: vec![Pair::default()],
        };
        for (join, rule) in rules(line) {
            // What stands behind the rule of the holidays holds on them, too.
            if week.holidays != OnHolidays::AsEver {
                return Err(Beyond::Holidays);
            }
            week.take(join, rule)?;
        }
        if week.rows.is_empty() {
            return Err(Beyond::Other);
        }
        Ok(week)
    }

    fn take(&mut self, join: Join, rule: &str) -> Result<(), Beyond> {
        let (named, times) = match rule.split_once(' ') {
            _ if rule == ALWAYS => ("Mo-Su", "00:00-24:00"),
            _ if rule.starts_with(|c: char| c.is_ascii_digit()) => ("Mo-Su", rule),
            Some(parts) => parts,
            None => return Err(Beyond::Other),
        };
        let (days, holidays) = read_days(named)?;
        let pairs = match times {
            "off" | "closed" => None,
            times => Some(
                times
                    .split(',')
                    .map(|pair| Pair::read(pair.trim()))
                    .collect::<Option<Vec<_>>>()
                    .ok_or(Beyond::Other)?,
            ),
        };
        if holidays {
            self.holidays = match &pairs {
                None => OnHolidays::Closed,
                Some(_) if join == Join::Also => return Err(Beyond::Holidays),
                Some(own) => {
                    self.own.clone_from(own);
                    OnHolidays::Own
                }
            };
            if days == [false; 7] {
                return Ok(());
            }
        }
        let row = Row {
            days,
            pairs: pairs.unwrap_or_default(),
        };
        if join == Join::Instead || row.pairs.is_empty() {
            self.clear(&row)?;
        }
        if !row.pairs.is_empty() {
            self.rows.push(row);
        }
        Ok(())
    }

    /// Makes room for a rule that replaces what was said of its days.
    fn clear(&mut self, rule: &Row) -> Result<(), Beyond> {
        self.rows.retain_mut(|row| {
            let had = row.days;
            for (own, taken) in row.days.iter_mut().zip(rule.days) {
                *own &= !taken;
            }
            // One whose days are still to be chosen loses none.
            row.days == had || row.days != [false; 7]
        });
        if self.rows.iter().any(|row| row.goes_into(&rule.days) || rule.goes_into(&row.days)) {
            return Err(Beyond::PastMidnight);
        }
        Ok(())
    }

    /// What is still to be filled in: the pointer of the row or the field below that of the hours, and what it lacks.
    pub(super) fn lacks(&self) -> Vec<(String, Lack)> {
        let of_pairs = |at: String, pairs: &[Pair]| {
            let one = |(place, pair): (usize, &Pair)| {
                let (lack, is_end) = pair.lack()?;
                let field = if is_end { "until" } else { "from" };
                Some((format!("{at}/{place}/{field}"), lack))
            };
            pairs.iter().enumerate().filter_map(one).collect::<Vec<_>>()
        };
        let mut lacks = Vec::new();
        for (place, row) in self.rows.iter().enumerate() {
            if row.days == [false; 7] {
                lacks.push((format!("/{place}"), Lack::Days));
            }
            lacks.extend(of_pairs(format!("/{place}"), &row.pairs));
        }
        if self.holidays == OnHolidays::Own {
            lacks.extend(of_pairs("/holidays".to_owned(), &self.own));
        }
        lacks
    }
}

#[cfg(test)]
mod tests {
    use std::slice;

    use domain::time::hours::{self, Place};
    use jiff::{civil::date, tz::TimeZone};

    use super::*;

    fn pair(from: &str, until: &str) -> Pair {
        Pair {
            from: from.to_owned(),
            until: until.to_owned(),
        }
    }

    fn row(days: &[usize], pairs: &[(&str, &str)]) -> Row {
        let mut row = Row {
            pairs: pairs.iter().map(|(from, until)| pair(from, until)).collect(),
            ..Row::default()
        };
        for day in days {
            row.days[*day] = true;
        }
        row
    }

    fn week(rows: &[Row], holidays: OnHolidays) -> Week {
        Week {
            rows: rows.to_vec(),
            holidays,
            own: vec![Pair::default()],
        }
    }

    const WORKING: &[usize] = &[0, 1, 2, 3, 4];

    #[test]
    fn rows_become_a_notation_that_the_server_reads_and_come_back_as_they_were() {
        let lunch = row(WORKING, &[("08:00", "12:00"), ("13:00", "16:00")]);
        let mut own = week(slice::from_ref(&lunch), OnHolidays::Own);
        own.own = vec![pair("10:00", "12:00")];
        for (week, notation) in [
            (
                week(slice::from_ref(&lunch), OnHolidays::Closed),
                "Mo-Fr 08:00-12:00,13:00-16:00; PH off",
            ),
            (week(&[lunch], OnHolidays::AsEver), "Mo-Fr 08:00-12:00,13:00-16:00"),
            (own, "Mo-Fr 08:00-12:00,13:00-16:00; PH 10:00-12:00"),
            (
                week(
                    &[row(&[0, 1, 2, 4], &[("08:00", "12:00")]), row(&[3], &[("08:00", "18:00")])],
                    OnHolidays::Closed,
                ),
                "Mo-We,Fr 08:00-12:00; Th 08:00-18:00; PH off",
            ),
            (
                week(&[row(&[0, 1, 4, 5], &[("09:00", "12:00")])], OnHolidays::Closed),
                "Mo,Tu,Fr,Sa 09:00-12:00; PH off",
            ),
            (
                week(
                    &[row(WORKING, &[("08:00", "12:00")]), row(&[3], &[("14:00", "18:00")])],
                    OnHolidays::Closed,
                ),
                "Mo-Fr 08:00-12:00, Th 14:00-18:00; PH off",
            ),
            (week(&[row(&[6], &[("20:00", "00:00")])], OnHolidays::AsEver), "Su 20:00-24:00"),
            (
                week(&[row(&[0, 1, 2, 3, 4, 5, 6], &[("00:00", "00:00")])], OnHolidays::Closed),
                "Mo-Su 00:00-24:00; PH off",
            ),
            (
                week(
                    &[row(&[4], &[("22:00", "06:00")]), row(&[5], &[("10:00", "12:00")])],
                    OnHolidays::AsEver,
                ),
                "Fr 22:00-06:00, Sa 10:00-12:00",
            ),
        ] {
            assert_eq!(week.notation(), notation);
            assert_eq!(Week::read(notation), Ok(week.clone()), "{notation}");
            assert_eq!(hours::fault(notation), None, "{notation}");
            assert_eq!(week.lacks(), Vec::new(), "{notation}");
        }
    }

    #[test]
    fn every_choice_of_days_comes_back() {
        for chosen in 1_u8..128 {
            let days: Vec<usize> = (0..7).filter(|day| chosen & (1 << day) != 0).collect();
            let week = week(&[row(&days, &[("08:00", "16:30")])], OnHolidays::Closed);
            let notation = week.notation();
            assert_eq!(Week::read(&notation), Ok(week), "{notation}");
            assert_eq!(hours::fault(&notation), None, "{notation}");
        }
    }

    #[test]
    fn what_is_not_filled_in_is_kept_and_no_server_takes_it() {
        let blank = Week::blank();
        let typed = week(
            &[row(&[0], &[("8", "abends"), ("2500", "May")]), row(&[], &[("", "12:00")])],
            OnHolidays::Closed,
        );
        let same = week(&[row(&[0], &[("08:00", "8")])], OnHolidays::Closed);
        for (week, lacks) in [
            (blank, &[("/0", Lack::Days), ("/0/0/from", Lack::Time)][..]),
            (
                typed,
                &[
                    ("/0/0/until", Lack::Unreadable),
                    ("/0/1/from", Lack::Unreadable),
                    ("/1", Lack::Days),
                    ("/1/0/from", Lack::Time),
                ],
            ),
        ] {
            let notation = week.notation();
            let told: Vec<(String, Lack)> = lacks.iter().map(|(at, lack)| ((*at).to_owned(), *lack)).collect();
            assert_eq!(week.lacks(), told);
            let read = Week::read(&notation).unwrap();
            assert_eq!((read.lacks(), read.notation()), (told, notation.clone()), "{notation}");
            assert!(hours::fault(&notation).is_some(), "{notation}");
        }
        assert_eq!(same.lacks(), [("/0/0/until".to_owned(), Lack::Nothing)]);
    }

    #[test]
    fn what_others_wrote_is_shown_as_rows_that_mean_the_same() {
        let place = Place {
            time_zone: &TimeZone::get("Europe/Berlin").unwrap(),
            region: Some("DE-BE"),
            holidays: &[],
        };
        for written in [
            "Mo-Th 08:00-16:00; Fr 08:00-13:00; PH off",
            "Mo-Fr 08:00-12:00; Th 14:00-18:00",
            "Mo-Sa 08:00-12:00; We off; PH off",
            "Mo-Fr 8:00-12:00, 13:00-16:00;PH closed;",
            "Mo–Fr  08:00–16:00",
            "08:00-18:00; Su,PH off",
            "Sa-Mo 10:00-12:00",
            "24/7; PH off",
            "Mo-Fr 08:00-12:00; Sa,PH 10:00-11:00",
            "Mo-Fr 08:00-12:00, PH off",
            "Fr-Sa 22:00-06:00",
        ] {
            let rows = Week::read(written).unwrap();
            let ours = rows.notation();
            let spans = |notation: &str| hours::spans(notation, &place, date(2026, 4, 1), 60);
            assert!(!spans(written).is_empty(), "{written}");
            assert_eq!(spans(written), spans(&ours), "{written}: {ours}");
            assert_eq!(Week::read(&ours), Ok(rows), "{written}: {ours}");
        }
    }

    #[test]
    fn what_no_row_can_say_is_told_and_why() {
        for (written, why) in [
            ("Apr-Oct Sa 10:00-14:00; Nov-Mar Sa 10:00-12:00", Beyond::Dates),
            ("Mo-Fr 08:00-16:00; PH off; Dec 24-Jan 1 off", Beyond::Dates),
            ("Mo-Fr 08:00-16:00; 2027 Feb 8-12 off", Beyond::Dates),
            ("Mo-Fr 08:00-16:00; easter -48 days off", Beyond::Dates),
            ("week 2-52/2 Th 14:00-18:00", Beyond::Weeks),
            ("We[1] 14:00-18:00", Beyond::NthWeekday),
            ("Mo-Fr 08:00-16:00; 2027 Feb 8-12 off \"Umzug\"", Beyond::Remark),
            ("PH off; Mo-Fr 08:00-16:00", Beyond::Holidays),
            ("PH,Mo-Fr 08:00-10:00; Sa 08:00-12:00", Beyond::Holidays),
            ("Mo-Fr 08:00-16:00, PH 10:00-12:00", Beyond::Holidays),
            ("Fr 22:00-06:00; Sa 10:00-12:00", Beyond::PastMidnight),
            ("Sa 10:00-12:00; Fr 22:00-06:00", Beyond::PastMidnight),
            ("Mo-Fr 08:00-16:00+", Beyond::Other),
            ("Fr 22:00-26:00", Beyond::Other),
            ("Mo-Fr sunrise-16:00", Beyond::Other),
            ("Di 08:00-12:00", Beyond::Other),
            ("PH off", Beyond::Other),
            ("werktags", Beyond::Other),
            ("Mo-Fr", Beyond::Other),
            ("", Beyond::Other),
        ] {
            assert_eq!(Week::read(written), Err(why), "{written}");
        }
    }
}
