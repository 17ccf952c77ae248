//! How much was tried lately, for any number of keys in a fixed room: a count-min sketch of leaky buckets. It may overestimate, with small
//! probability; it never forgets, however many other keys are charged.

use std::{
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

/// A hash with a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key(pub(crate) u64);

/// A rate: some attempts at once, and then one in each interval.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    pub(crate) at_once: u32,
    pub(crate) interval: Duration,
}

/// Each key has a cell in each row; half a megabyte in all. Some thousand keys can be charged at the same time without being taken for
/// one another, and no more passwords than that are hashed while a charge lasts.
const ROWS: usize = 4;
const BITS: u32 = 14;
const WIDTH: usize = 1 << BITS;

/// When each bucket will have drained, in milliseconds of the clock that nobody sets.
pub(crate) struct Levels(Vec<u64>);

impl Default for Levels {
    fn default() -> Self {
        Self(vec![0; ROWS * WIDTH])
    }
}

impl Levels {
    /// Whether another attempt is within the rate.
    pub(crate) fn have_room(&self, key: Key, rate: Rate, now: Duration) -> bool {
        let drained = cells(key).into_iter().map(|cell| self.0[cell]).min().unwrap_or_default();
        drained.saturating_sub(milliseconds(now)) <= milliseconds(rate.interval * (rate.at_once - 1))
    }

    /// Counts an attempt.
    pub(crate) fn charge(&mut self, key: Key, rate: Rate, now: Duration) {
        for cell in cells(key) {
            self.0[cell] = self.0[cell].max(milliseconds(now)) + milliseconds(rate.interval);
        }
    }

    /// Takes an attempt back that was counted at an earlier instant, as far as it has not drained away; more would forget others.
    pub(crate) fn give_back(&mut self, key: Key, rate: Rate, since: Duration, now: Duration) {
        let left = rate.interval.saturating_sub(now.saturating_sub(since));
        for cell in cells(key) {
            self.0[cell] = self.0[cell].saturating_sub(milliseconds(left));
        }
    }
}

/// What one customer of a network is given: an address of IPv4, a /56 of IPv6 (RIPE-690).
pub(crate) fn prefix(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 72))),
        address => address,
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn cells(Key(key): Key) -> [usize; ROWS] {
    std::array::from_fn(|row| {
        let bits = (key >> (BITS * u32::try_from(row).unwrap_or_default())) % (WIDTH as u64);
        row * WIDTH + usize::try_from(bits).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};

    use super::*;

    const RATE: Rate = Rate {
        at_once: 3,
        interval: Duration::from_secs(2),
    };

    fn at(milliseconds: u64) -> Duration {
        Duration::from_secs(3_600) + Duration::from_millis(milliseconds)
    }

    #[test]
    fn a_rate_is_some_at_once_and_then_one_in_each_interval() {
        let mut levels = Levels::default();
        let key = Key(0x0123_4567_89ab_cdef);
        for _ in 0..3 {
            assert!(levels.have_room(key, RATE, at(0)));
            levels.charge(key, RATE, at(0));
        }
        assert!(!levels.have_room(key, RATE, at(1_999)));
        assert!(levels.have_room(key, RATE, at(2_000)));
        levels.charge(key, RATE, at(2_000));
        assert!(!levels.have_room(key, RATE, at(3_999)));
        assert!(levels.have_room(key, RATE, at(100_000)));
    }

    #[test]
    fn what_is_given_back_is_one_attempt_and_never_that_of_another() {
        let mut levels = Levels::default();
        let key = Key(7);
        for _ in 0..3 {
            levels.charge(key, RATE, at(0));
        }
        levels.give_back(key, RATE, at(0), at(0));
        assert!(levels.have_room(key, RATE, at(0)));
        levels.charge(key, RATE, at(0));
        // Three seconds later the first has drained anyway.
        levels.give_back(key, RATE, at(0), at(3_000));
        assert!(levels.have_room(key, RATE, at(3_000)));
        levels.charge(key, RATE, at(3_000));
        assert!(!levels.have_room(key, RATE, at(3_000)));
    }

    #[test]
    fn nothing_is_forgotten_and_hardly_anything_confused() {
        let mut levels = Levels::default();
        let random = RandomState::new();
        let victim = Key(random.hash_one("ada"));
        for _ in 0..3 {
            levels.charge(victim, RATE, at(0));
        }
        // A hundred a second, more than can be hashed, for as long as they last.
        for number in 0..600_u32 {
            levels.charge(Key(random.hash_one(number)), RATE, at(u64::from(number) * 10));
        }
        assert!(!levels.have_room(victim, RATE, at(1_000)));
        let confused = (1_000_000..1_001_000_u32).filter(|number| !levels.have_room(Key(random.hash_one(number)), RATE, at(6_000)));
        assert!(confused.count() < 10);
        assert!(levels.have_room(victim, RATE, at(60_000)));
    }
}
