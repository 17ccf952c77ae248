//! From when to when, by the clock of a place; and what a night makes of it in which that clock is changed.

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};
use serde::{Deserialize, Serialize};

/// From when to when. It ends on the day on which it begins, or so many days later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Times {
    pub starts: Time,
    pub ends: Time,
    #[serde(default)]
    pub days_later: u8,
}

impl Times {
    /// How long it lasts on a day on which no clock is changed; zero or less where it ends before it begins.
    pub fn length(&self) -> SignedDuration {
        let day = SignedDuration::from_hours(24) * i32::from(self.days_later);
        self.starts.duration_until(self.ends) + day
    }

    /// When it begins and ends on a day, in a place. `None`: beyond the end of all calendars.
    ///
    /// Where the clock shows a time twice, it begins with the first and ends with the second; a time that the clock leaves out is the moment
    /// at which it does. So a window never vanishes, and in a night in which both its ends are left out it keeps its length.
    pub fn on(&self, day: Date, time_zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        let last = day.checked_add(i64::from(self.days_later).days()).ok()?;
        let starts_at = instant(day.to_datetime(self.starts), time_zone, Side::First)?;
        let ends_at = instant(last.to_datetime(self.ends), time_zone, Side::Last)?;
        if ends_at > starts_at {
            return Some((starts_at, ends_at));
        }
        Some((starts_at, starts_at.checked_add(self.length()).ok()?))
    }
}

/// Which one of two moments at which a clock shows the same.
#[derive(Clone, Copy)]
enum Side {
    First,
    Last,
}

fn instant(clock: DateTime, time_zone: &TimeZone, side: Side) -> Option<Timestamp> {
    let offset = match (time_zone.to_ambiguous_timestamp(clock).offset(), side) {
        (AmbiguousOffset::Unambiguous { offset }, _) => offset,
        (AmbiguousOffset::Fold { before, .. }, Side::First) => before,
        (AmbiguousOffset::Fold { after, .. }, Side::Last) => after,
        (AmbiguousOffset::Gap { before, .. }, _) => {
            // By the clock as it was before, the time lies after the change, or is it.
            let after = before.to_timestamp(clock).ok()?.checked_add(SignedDuration::from_nanos(1)).ok()?;
            return time_zone.preceding(after).next().map(|change| change.timestamp());
        }
    };
    offset.to_timestamp(clock).ok()
}
