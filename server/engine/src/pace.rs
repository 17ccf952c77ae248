//! How the machine's clock goes against one that nobody sets.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::{
    state::State,
    time::plausible::{Doubt, Pace, SLACK, doubt},
};
use jiff::{SignedDuration, Timestamp};

use crate::health::{Condition, Health};
use store::clock::Clock;

/// After a jump only what the journal says counts again when the clock has gone on so long without another: by then a slip was corrected,
/// or the machine had slept, or its clock is right at last.
const SETTLED: Duration = Duration::from_secs(15 * 60);

/// Looks at the clocks, and says what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Timekeeper(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    pace: Pacemaker,
    /// The entry by which somebody confirmed the clock last.
    confirmed: u64,
}

impl Timekeeper {
    /// Why the machine's clock cannot be right, if it cannot; `health` is told.
    pub(crate) fn doubt(&self, clock: &dyn Clock, state: &State, health: &Health) -> Option<Doubt> {
        let (wall, steady, last) = (clock.now(), clock.steady(), state.last_at());
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.confirmed < state.clock_confirmed() {
            seen.confirmed = state.clock_confirmed();
            // Unless this very entry contradicts it: it was written by another clock.
            if doubt(wall, Pace::Unknown, last).is_none() {
                seen.pace.trust(wall, steady);
            }
        }
        let pace = seen.pace.look(wall, steady, || doubt(wall, Pace::Unknown, last).is_none());
        let found = doubt(wall, pace, last);
        match found {
            Some(doubt) => health.found(Condition::ClockImplausible, wall, doubt.to_string()),
            None => health.over(Condition::ClockImplausible),
        }
        found
    }
}

/// What was seen so far.
#[derive(Debug, Default)]
struct Pacemaker {
    /// The difference between the two clocks while the machine's was plausible.
    trusted: Option<SignedDuration>,
    /// Another difference, and since when it has been so.
    doubted: Option<(SignedDuration, Duration)>,
}

impl Pacemaker {
    /// Looks at both clocks. `plausible`: whether the machine's can be right as far as the journal knows.
    fn look(&mut self, wall: Timestamp, steady: Duration, plausible: impl FnOnce() -> bool) -> Pace {
        let difference = difference(wall, steady);
        let Some(trusted) = self.trusted else {
            if plausible() {
                self.trusted = Some(difference);
                return Pace::Steady;
            }
            return Pace::Unknown;
        };
        let jump = difference - trusted;
        if jump.abs() <= SLACK {
            self.doubted = None;
            return Pace::Steady;
        }
        match self.doubted {
            Some((doubted, since)) if (difference - doubted).abs() <= SLACK => {
                if steady.saturating_sub(since) >= SETTLED {
                    *self = Self::default();
                    return self.look(wall, steady, plausible);
                }
            }
            _ => self.doubted = Some((difference, steady)),
        }
        Pace::Jumped(jump)
    }

    /// Somebody has said that the machine's clock is right.
    fn trust(&mut self, wall: Timestamp, steady: Duration) {
        *self = Self {
            trusted: Some(difference(wall, steady)),
            doubted: None,
        };
    }
}

fn difference(wall: Timestamp, steady: Duration) -> SignedDuration {
    let steady = SignedDuration::try_from(steady).unwrap_or(SignedDuration::ZERO);
    wall.duration_since(Timestamp::UNIX_EPOCH) - steady
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks at a clock that is so many minutes off, after so many minutes.
    fn look(pacemaker: &mut Pacemaker, minute: i64, off: i64, plausible: bool) -> Pace {
        let begin: Timestamp = "2026-05-04T08:00:00Z".parse().unwrap();
        let wall = begin + SignedDuration::from_mins(minute + off);
        pacemaker.look(wall, Duration::from_secs(60 * minute.unsigned_abs()), || plausible)
    }

    #[test]
    fn a_jump_is_seen_until_it_is_taken_back_settled_or_trusted() {
        let jumped = |minutes| Pace::Jumped(SignedDuration::from_mins(minutes));
        let mut pacemaker = Pacemaker::default();
        for (minute, off, plausible, expected) in [
            (0, 500, false, Pace::Unknown),
            (1, 0, true, Pace::Steady),
            (100, 0, false, Pace::Steady),
            (101, 9, false, Pace::Steady),
            (102, 120, true, jumped(120)),
            (103, 0, true, Pace::Steady),
            (104, -120, true, jumped(-120)),
            (110, 120, true, jumped(120)),
            (124, 121, true, jumped(121)),
            (125, 121, true, Pace::Steady),
            (126, 121 + 60 * 24 * 1_100, false, jumped(60 * 24 * 1_100)),
            (150, 121 + 60 * 24 * 1_100, false, Pace::Unknown),
            (151, 121, true, Pace::Steady),
        ] {
            assert_eq!(look(&mut pacemaker, minute, off, plausible), expected, "at minute {minute}");
        }
        assert_eq!(look(&mut pacemaker, 152, 300, true), jumped(179));
        pacemaker.trust("2026-05-04T15:32:00Z".parse().unwrap(), Duration::from_secs(60 * 152));
        assert_eq!(look(&mut pacemaker, 153, 300, false), Pace::Steady);
    }
}
