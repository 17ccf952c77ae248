//! Whether the machine's clock can be right. An entry keeps its time forever, so nothing is written by a clock that is plainly wrong, and
//! what a wrong clock has written does not stop time.

use jiff::{SignedDuration, Timestamp};

/// 1 January 2026: before it no server of this program ran. A clock that shows less is not set, and an entry that is dated earlier is a
/// story (as in the demo) or comes from elsewhere, and says nothing about clocks.
const BEGINNING: Timestamp = Timestamp::constant(1_767_225_600, 0);

/// By how much the clocks of machines that write one journal may differ, and a clock may be corrected.
pub const SLACK: SignedDuration = SignedDuration::from_mins(10);

/// The longest time in which a journal that is in use stays without an entry.
const LONGEST_SILENCE: SignedDuration = SignedDuration::from_hours(24 * 366);

/// How the machine's clock went while this process looked at it, against one that nobody sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It was not looked at for long enough.
    Unknown,
    /// It has gone on since a time at which it was plausible.
    Steady,
    /// It was set by so much.
    Jumped(SignedDuration),
}

/// Why a clock cannot be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    #[error("the machine's clock is not set: it shows a time before 2026")]
    NotSet,
    #[error("the machine's clock is behind the last entry of the journal, which is dated {0}")]
    Behind(Timestamp),
    #[error("the machine's clock is more than a year ahead of the last entry of the journal, which is dated {0}")]
    Ahead(Timestamp),
    #[error("the machine's clock was set {way} by {minutes} minutes while the server was running", way = if .0.is_negative() { "back" } else { "forward" }, minutes = .0.as_mins().abs())]
    Jumped(SignedDuration),
}

/// What is wrong with a clock, seen from the last entry; `None`: it can be right.
pub fn doubt(clock: Timestamp, pace: Pace, last: Option<Timestamp>) -> Option<Doubt> {
    if clock < BEGINNING {
        return Some(Doubt::NotSet);
    }
    if let Some(last) = last.filter(|last| last.duration_since(clock) > SLACK) {
        return Some(Doubt::Behind(last));
    }
    match pace {
        Pace::Steady => None,
        Pace::Jumped(by) => Some(Doubt::Jumped(by)),
        Pace::Unknown => last.filter(|last| clock.duration_since(*last) > LONGEST_SILENCE).map(Doubt::Ahead),
    }
}

/// The present: the machine's clock, but not before the last entry where the two differ as clocks of several machines do. An entry that
/// lies further ahead was written by a wrong clock, and time goes on without it. A clock that is not set knows less than the journal.
pub fn present(clock: Timestamp, last: Option<Timestamp>) -> Timestamp {
    match last {
        Some(last) if clock < BEGINNING || (last > clock && last.duration_since(clock) <= SLACK) => last,
        _ => clock,
    }
}

/// Whether an entry that is dated so says something about clocks.
pub(crate) fn is_evidence(at: Timestamp) -> bool {
    at >= BEGINNING
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_is_doubted_from_either_side() {
        let last = at("2026-05-04T08:00:00Z");
        let hours = SignedDuration::from_hours;
        for (clock, pace, expected) in [
            ("2026-05-04T08:00:00Z", Pace::Unknown, None),
            ("2026-05-04T07:50:00Z", Pace::Unknown, None),
            ("2026-05-04T07:49:59Z", Pace::Unknown, Some(Doubt::Behind(last))),
            ("2026-05-03T08:00:00Z", Pace::Steady, Some(Doubt::Behind(last))),
            ("2027-05-05T08:00:00Z", Pace::Unknown, None),
            ("2027-05-05T08:00:01Z", Pace::Unknown, Some(Doubt::Ahead(last))),
            ("2029-05-04T08:00:00Z", Pace::Unknown, Some(Doubt::Ahead(last))),
            ("2029-05-04T08:00:00Z", Pace::Steady, None),
            ("2026-05-04T10:00:00Z", Pace::Jumped(hours(2)), Some(Doubt::Jumped(hours(2)))),
            ("1970-01-01T00:00:07Z", Pace::Steady, Some(Doubt::NotSet)),
            ("2025-12-31T23:59:59Z", Pace::Unknown, Some(Doubt::NotSet)),
        ] {
            assert_eq!(doubt(at(clock), pace, Some(last)), expected, "{clock} {pace:?}");
        }
        assert_eq!(
            doubt(at("2040-01-01T00:00:00Z"), Pace::Unknown, None),
            None,
            "an empty journal knows no time"
        );
        assert_eq!(doubt(at("1970-01-01T00:00:00Z"), Pace::Unknown, None), Some(Doubt::NotSet));
    }

    #[test]
    fn time_goes_on_whatever_a_wrong_clock_has_written() {
        let clock = at("2026-05-04T08:00:00Z");
        for (last, expected) in [
            (None, clock),
            (Some(at("2026-05-04T07:00:00Z")), clock),
            (Some(at("2026-05-04T08:09:00Z")), at("2026-05-04T08:09:00Z")),
            (Some(at("2026-05-04T08:11:00Z")), clock),
            (Some(at("2029-05-04T08:00:00Z")), clock),
        ] {
            assert_eq!(present(clock, last), expected, "{last:?}");
        }
        assert_eq!(present(at("1970-01-01T00:00:00Z"), Some(clock)), clock);
    }
}
