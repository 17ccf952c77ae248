//! The next time in which nothing is in the way.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A span of time: its beginning belongs to it, its end does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Span {
    /// Whether the two have a moment in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

/// The earliest span of this length that begins at `from` or later, is over by `by`, and overlaps none of these; it begins at a multiple of
/// `step` since 1970, as people plan: on the quarter of an hour, for example. `None`: there is none.
pub fn first_free(from: Timestamp, by: Timestamp, length: SignedDuration, step: SignedDuration, taken: &[Span]) -> Option<Span> {
    let mut taken: Vec<Span> = taken.iter().copied().filter(|span| span.from < span.to).collect();
    taken.sort_unstable();
    let mut begin = rounded_up(from, step)?;
    for span in taken {
        let wanted = Span {
            from: begin,
            to: begin.checked_add(length).ok()?,
        };
        // They are in the order of their beginnings: none of the later ones is in the way of what ends before this one begins.
        if span.from >= wanted.to {
            break;
        }
        if span.to > begin {
            begin = rounded_up(span.to, step)?;
        }
    }
    let found = Span {
        from: begin,
        to: begin.checked_add(length).ok()?,
    };
    (found.to <= by).then_some(found)
}

fn rounded_up(instant: Timestamp, step: SignedDuration) -> Option<Timestamp> {
    let (instant, step) = (instant.as_nanosecond(), step.as_nanos().max(1));
    let over = instant.rem_euclid(step);
    let up = if over == 0 { instant } else { instant - over + step };
    Timestamp::from_nanosecond(up).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_767_225_600 + minute * 60).unwrap()
    }

    proptest! {
        #[test]
        fn it_is_free_and_none_before_it_is(
            from in 0..600i64,
            by in 600..2000i64,
            length in 1..240i64,
            step in prop::sample::select(vec![1i64, 5, 15, 60]),
            taken in prop::collection::vec((0..2000i64, 0..300i64), 0..12),
        ) {
            let spans: Vec<Span> = taken.iter().map(|(from, long)| Span { from: at(*from), to: at(from + long) }).collect();
            let minutes = SignedDuration::from_mins;
            let found = first_free(at(from), at(by), minutes(length), minutes(step), &spans);
            // Minute by minute.
            let is_taken = |minute: i64| taken.iter().any(|(from, long)| (*from..from + long).contains(&minute));
            let expected = (from..=by - length).find(|begin| begin % step == 0 && !(*begin..begin + length).any(is_taken));
            prop_assert_eq!(found, expected.map(|begin| Span { from: at(begin), to: at(begin + length) }));
            for span in &spans {
                prop_assert!(found.is_none_or(|found| span.from == span.to || !found.overlaps(span)));
            }
        }
    }
}
