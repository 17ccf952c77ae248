//! When somebody used their account or a token last. It is noted once an hour, and never in the way of what they do.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

/// How often it is noted.
const OFTEN_ENOUGH: SignedDuration = SignedDuration::from_hours(1);

/// What this process has noted, and when.
#[derive(Debug, Default)]
pub(super) struct LastUse(Mutex<HashMap<String, Timestamp>>);

impl LastUse {
    /// Whether it is time to note it; it is then taken for noted.
    pub(super) fn is_due(&self, id: &str, now: Timestamp) -> bool {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was put back notes again.
        let is_recent = |last: &Timestamp| (SignedDuration::ZERO..OFTEN_ENOUGH).contains(&now.duration_since(*last));
        if noted.get(id).is_some_and(is_recent) {
            return false;
        }
        noted.insert(id.to_owned(), now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_noted_once_an_hour_for_each() {
        let last = LastUse::default();
        let at = |minute: i64| Timestamp::from_second(1_800_000_000 + minute * 60).unwrap();
        let due =
            [("a", 0), ("a", 59), ("b", 59), ("a", 60), ("a", 119), ("a", 30), ("a", 31)].map(|(id, minute)| last.is_due(id, at(minute)));
        assert_eq!(due, [true, false, true, true, false, true, false]);
    }
}
