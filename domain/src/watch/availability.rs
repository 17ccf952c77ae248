//! How well something worked in a span of time, by what was measured.

use jiff::Timestamp;

use crate::words::{Outcome, Share};

/// What came of one look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When it began.
    pub at: Timestamp,
    pub outcome: Outcome,
    /// How long the answer took, or how long it was waited for.
    pub milliseconds: u32,
}

/// A span of time: from its first instant up to, and without, its last one.
pub type Span = (Timestamp, Timestamp);

/// How well something worked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Availability {
    /// How many looks came out so, outside of planned work.
    pub good: u64,
    pub slow: u64,
    pub bad: u64,
    /// How many fell into planned work, whatever came of them: they count for nothing.
    pub planned: u64,
    /// How long half of the answers took at the most; `None`: there was none. Looks that failed are no answers.
    pub median_milliseconds: Option<u32>,
    /// How long 95 of 100 answers took at the most.
    pub p95_milliseconds: Option<u32>,
}

impl Availability {
    /// How well it worked in `span`, by all that was measured and outside of the planned windows.
    pub fn of(samples: impl IntoIterator<Item = Sample>, span: Span, planned: &[Span]) -> Self {
        let planned = merged(planned);
        let mut availability = Self::default();
        let mut took = Vec::new();
        for sample in samples.into_iter().filter(|sample| is_within(sample.at, span)) {
            let behind = planned.partition_point(|(begin, _)| *begin <= sample.at);
            if behind
                .checked_sub(1)
                .and_then(|last| planned.get(last))
                .is_some_and(|last| is_within(sample.at, *last))
            {
                availability.planned += 1;
                continue;
            }
            match sample.outcome {
                Outcome::Good => availability.good += 1,
                Outcome::Slow => availability.slow += 1,
                Outcome::Bad => availability.bad += 1,
            }
            if sample.outcome != Outcome::Bad {
                took.push(sample.milliseconds);
            }
        }
        availability.median_milliseconds = quantile(&mut took, 50);
        availability.p95_milliseconds = quantile(&mut took, 95);
        availability
    }

    /// The share of looks that were answered; `None`: nothing counts.
    pub fn share(&self) -> Option<Share> {
        let answered = self.good + self.slow;
        Share::of(answered, answered + self.bad)
    }
}

pub(crate) fn is_within(instant: Timestamp, (from, to): Span) -> bool {
    from <= instant && instant < to
}

/// The spans in their order, those that touch as one.
pub(crate) fn merged(spans: &[Span]) -> Vec<Span> {
    let mut sorted: Vec<Span> = spans.iter().copied().filter(|(from, to)| from < to).collect();
    sorted.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(sorted.len());
    for (from, to) in sorted {
        match merged.last_mut() {
            Some((_, end)) if from <= *end => *end = to.max(*end),
            _ => merged.push((from, to)),
        }
    }
    merged
}

/// The smallest of the values that so many of a hundred do not exceed (nearest rank).
fn quantile(values: &mut [u32], hundredths: usize) -> Option<u32> {
    let rank = (values.len() * hundredths).div_ceil(100).checked_sub(1)?;
    let (_, found, _) = values.select_nth_unstable(rank);
    Some(*found)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn at(minutes: i64) -> Timestamp {
        "2026-03-01T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn planned_windows_do_not_count_and_spans_end_before_their_end() {
        // Ten minutes, one look each; each third one fails, each fourth is slow.
        let samples = (0_u32..10).map(|minute| Sample {
            at: at(minute.into()),
            outcome: match (minute % 3, minute % 4) {
                (0, _) => Outcome::Bad,
                (_, 0) => Outcome::Slow,
                _ => Outcome::Good,
            },
            milliseconds: 10 * minute,
        });
        // 0 bad, 1 good, 2 good, 3 bad, 4 slow, 5 good, 6 bad, 7 good, 8 slow, 9 bad.
        let whole = Availability::of(samples.clone(), (at(0), at(10)), &[]);
        let expected = Availability {
            good: 4,
            slow: 2,
            bad: 4,
            planned: 0,
            median_milliseconds: Some(40),
            p95_milliseconds: Some(80),
        };
        assert_eq!((whole, whole.share()), (expected, Some(Share::hundredths(6_000))));
        // Two windows that overlap, and an empty one: 3 to 6 are planned.
        let windows = [(at(4), at(7)), (at(8), at(8)), (at(3), at(5))];
        let rest = Availability::of(samples.clone(), (at(1), at(9)), &windows);
        let expected = Availability {
            good: 3,
            slow: 1,
            bad: 0,
            planned: 4,
            median_milliseconds: Some(20),
            p95_milliseconds: Some(80),
        };
        assert_eq!((rest, rest.share()), (expected, Some(Share::hundredths(10_000))));
        let nothing = Availability::of(samples, (at(3), at(6)), &windows);
        assert_eq!((nothing.planned, nothing.share(), nothing.median_milliseconds), (3, None, None));
    }
}
