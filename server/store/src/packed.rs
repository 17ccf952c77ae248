//! The looks of a day in little room: three bytes or four for each, where one is taken each minute.
//!
//! For each look two numbers, seven bits a byte, the last byte of a number without its highest bit (LEB128): the seconds since the look before it, at first
//! since the day began, twice, plus one where a clock was set back by as many; and three times the milliseconds, plus what came of it.

use domain::{watch::Sample, words::Outcome};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use crate::tables::TableError;

/// The looks of a day of UTC.
pub(crate) struct Packed {
    bytes: Vec<u8>,
    last: Timestamp,
}

/// The day of an instant, in UTC.
pub(crate) fn day(instant: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(instant).date()
}

impl Packed {
    /// One without a look.
    pub(crate) fn new(day: Date) -> Self {
        Self {
            bytes: Vec::new(),
            last: beginning(day),
        }
    }

    /// What is kept of a day.
    ///
    /// # Errors
    /// When it is not what was written.
    pub(crate) fn read(day: Date, bytes: Vec<u8>) -> Result<Self, TableError> {
        let last = samples(day, &bytes)?.last().map_or_else(|| beginning(day), |sample| sample.at);
        Ok(Self { bytes, last })
    }

    /// Adds a look.
    pub(crate) fn push(&mut self, sample: Sample) {
        let seconds = sample.at.duration_since(self.last).as_secs();
        let outcome = match sample.outcome {
            Outcome::Good => 0,
            Outcome::Slow => 1,
            Outcome::Bad => 2,
        };
        put(&mut self.bytes, seconds.unsigned_abs() * 2 + u64::from(seconds < 0));
        put(&mut self.bytes, u64::from(sample.milliseconds) * 3 + outcome);
        self.last = self.last.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(self.last);
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// The looks of a day, to the second, in their order.
///
/// # Errors
/// When they are not what was written.
pub(crate) fn samples(day: Date, bytes: &[u8]) -> Result<Vec<Sample>, TableError> {
    let mut rest = bytes;
    let mut at = beginning(day);
    let mut samples = Vec::with_capacity(bytes.len() / 3);
    while !rest.is_empty() {
        let (seconds, looked) = (take(&mut rest)?, take(&mut rest)?);
        let size = i64::try_from(seconds / 2).map_err(TableError::decode)?;
        let seconds = if seconds % 2 == 0 { size } else { -size };
        at = at.checked_add(SignedDuration::from_secs(seconds)).map_err(TableError::decode)?;
        samples.push(Sample {
            at,
            outcome: match looked % 3 {
                0 => Outcome::Good,
                1 => Outcome::Slow,
                _ => Outcome::Bad,
            },
            milliseconds: u32::try_from(looked / 3).map_err(TableError::decode)?,
        });
    }
    Ok(samples)
}

fn beginning(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).map_or(Timestamp::MIN, |midnight| midnight.timestamp())
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

fn take(rest: &mut &[u8]) -> Result<u64, TableError> {
    let mut number = 0_u64;
    for place in (0..63).step_by(7) {
        let Some((byte, behind)) = rest.split_first() else {
            return Err(TableError::decode("the looks of a day end in the middle of one"));
        };
        *rest = behind;
        number |= u64::from(byte & 0x7f) << place;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(TableError::decode("among the looks of a day is a number without an end"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Date = jiff::civil::date(2026, 3, 29);

    fn sample(seconds: i64, outcome: Outcome, milliseconds: u32) -> Sample {
        Sample {
            at: beginning(DAY) + SignedDuration::from_secs(seconds),
            outcome,
            milliseconds,
        }
    }

    #[test]
    fn what_was_packed_is_there_whole_and_takes_little_room() {
        let looks = [
            sample(0, Outcome::Good, 0),
            sample(61, Outcome::Slow, 4_999),
            sample(61, Outcome::Bad, 60_000),
            sample(86_399, Outcome::Good, u32::MAX),
        ];
        let mut packed = Packed::new(DAY);
        for look in looks {
            packed.push(look);
            packed = Packed::read(DAY, packed.into_bytes()).unwrap();
        }
        assert_eq!(samples(DAY, &packed.into_bytes()).unwrap(), looks);

        let mut whole = Packed::new(DAY);
        (0..1_440).for_each(|minute| whole.push(sample(minute * 60, Outcome::Good, 5_000)));
        assert_eq!(whole.into_bytes().len(), 1_440 * 3);
    }

    #[test]
    fn a_clock_that_is_set_back_loses_no_look() {
        let mut packed = Packed::new(DAY);
        for seconds in [100, 40, 160] {
            packed.push(sample(seconds, Outcome::Good, 1));
        }
        let at: Vec<_> = samples(DAY, &packed.into_bytes())
            .unwrap()
            .into_iter()
            .map(|look| look.at)
            .collect();
        assert_eq!(at, [100, 40, 160].map(|seconds| sample(seconds, Outcome::Good, 1).at));
    }

    #[test]
    fn what_nobody_has_written_is_said_to_be_so() {
        for bytes in [&[0x80][..], &[1], &[0xff; 12]] {
            assert!(samples(DAY, bytes).is_err(), "{bytes:?}");
        }
    }
}
