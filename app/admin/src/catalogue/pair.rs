//! From when until when somebody is there, as it is typed, and as the notation has it.

/// Stands in a notation where something is still to be filled in; no server takes it for hours.
pub(super) const OPEN_TO_FILL: &str = "?";

/// A day in minutes.
const DAY: u16 = 24 * 60;

/// From when until when, as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) from: String,
    pub(super) until: String,
}

/// What keeps a row from being hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lack {
    Days,
    Time,
    /// What is typed is no time.
    Unreadable,
    /// It ends when it begins.
    Nothing,
}

/// The time of day that somebody means, in minutes from midnight: `9`, `9:00`, `09.00`, `0900` or `9 Uhr`. Midnight at the end is 1440.
pub(super) fn minutes(typed: &str) -> Option<u16> {
    let typed = typed.trim().to_lowercase();
    let typed = typed.strip_suffix("uhr").unwrap_or(&typed).trim_end().replace('.', ":");
    let (hour, minute) = match typed.split_once(':') {
        Some(parts) => parts,
        None if typed.len() > 2 => typed.split_at_checked(typed.len() - 2)?,
        None => (typed.as_str(), "00"),
    };
    let number = |text: &str, lengths: &[usize]| {
        let is_number = lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<u16>().ok()).flatten()
    };
    let (hour, minute) = (number(hour, &[1, 2])?, number(minute, &[2])?);
    let whole = hour * 60 + minute;
    (minute < 60 && whole <= DAY).then_some(whole)
}

/// A time of day as it is shown; midnight is `00:00` at either end.
pub(super) fn shown(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

impl Pair {
    /// When it begins; midnight is where the day begins.
    fn begin(&self) -> Option<u16> {
        minutes(&self.from).map(|from| from % DAY)
    }

    /// When it ends; midnight is where the day ends.
    fn end(&self) -> Option<u16> {
        minutes(&self.until).map(|until| if until == 0 { DAY } else { until })
    }

    pub(super) fn ends_at_midnight(&self) -> bool {
        self.end() == Some(DAY)
    }

    /// Whether it ends on the next day, after midnight.
    pub(super) fn goes_past_midnight(&self) -> bool {
        self.begin().zip(self.end()).is_some_and(|(from, until)| until < from)
    }

    /// What is wrong with it, and whether that is its end.
    pub(super) fn lack(&self) -> Option<(Lack, bool)> {
        let of = |text: &str, time: Option<u16>| match time {
            Some(_) => None,
            None if text.trim().is_empty() => Some(Lack::Time),
            None => Some(Lack::Unreadable),
        };
        let (begin, end) = (self.begin(), self.end());
        let from = of(&self.from, begin).map(|lack| (lack, false));
        let until = of(&self.until, end).map(|lack| (lack, true));
        from.or(until).or_else(|| (begin == end).then_some((Lack::Nothing, true)))
    }

    pub(super) fn notation(&self) -> String {
        let written = |time: Option<u16>, text: &str| match time {
            Some(time) => format!("{:02}:{:02}", time / 60, time % 60),
            None => {
                // Left out, a sign could make a time of what is none.
                let kept = text
                    .trim()
                    .chars()
                    .map(|c| if c.is_alphanumeric() || matches!(c, ':' | '.') { c } else { 'x' });
                format!("{OPEN_TO_FILL}{}", kept.collect::<String>())
            }
        };
        format!("{}-{}", written(self.begin(), &self.from), written(self.end(), &self.until))
    }

    /// The one that a notation means; `None`: it is none.
    pub(super) fn read(notation: &str) -> Option<Self> {
        let time = |text: &str| match text.strip_prefix(OPEN_TO_FILL) {
            Some(typed) => Some(typed.to_owned()),
            None => minutes(text).filter(|_| text.contains(':')).map(shown),
        };
        let (from, until) = notation.split_once('-')?;
        Some(Self {
            from: time(from.trim())?,
            until: time(until.trim())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_time_is_none_when_it_is_read_again() {
        for typed in ["9-12", "8,30", "9;00", "8–12", "neun", "9:", ""] {
            let pair = Pair {
                from: typed.to_owned(),
                until: "12:00".to_owned(),
            };
            let lack = pair.lack();
            assert!(lack.is_some(), "{typed}");
            let again = Pair::read(&pair.notation()).unwrap();
            assert_eq!(again.lack(), lack, "{typed}");
        }
    }

    #[test]
    fn a_time_is_read_as_it_is_typed() {
        for (typed, meant) in [
            ("9", 540),
            ("09", 540),
            ("9:00", 540),
            ("09:05", 545),
            (" 9.30 ", 570),
            ("930", 570),
            ("0930", 570),
            ("9 Uhr", 540),
            ("9:15 uhr", 555),
            ("0:00", 0),
            ("24:00", 1440),
        ] {
            assert_eq!(minutes(typed), Some(meant), "{typed}");
        }
        for typed in [
            "", "9:", ":30", "9:5", "24:01", "25", "9:60", "neun", "12345", "9-10", "+9", "9h", "ü1",
        ] {
            assert_eq!(minutes(typed), None, "{typed}");
        }
        assert_eq!(
            (shown(540), shown(0), shown(1440)),
            ("09:00".into(), "00:00".into(), "00:00".into())
        );
    }
}
