//! Guessing passwords is slow, for each address and each account, and keeps nobody out: whoever exceeds a rate waits for a turn among all
//! who wait, and a browser in which an account has signed in before has a rate of its own.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::levels::{Key, Levels, Rate, prefix};
use store::clock::Clock;

/// One account, tried from one address.
const ACCOUNT_FROM_ADDRESS: Rate = Rate {
    at_once: 5,
    interval: Duration::from_secs(1),
};

/// One address, whatever it tries.
const ADDRESS: Rate = Rate {
    at_once: 20,
    interval: Duration::from_secs(1),
};

/// One account, tried from anywhere.
const ACCOUNT: Rate = Rate {
    at_once: 20,
    interval: Duration::from_millis(500),
};

/// One account in a browser in which it has signed in before.
const BROWSER: Rate = Rate {
    at_once: 5,
    interval: Duration::from_secs(2),
};

/// The codes of one account's device, given by somebody who knows the password: three of a million hold at a time, and whoever guesses day and
/// night finds one in three years. What they use up no browser loses in which the account has signed in before; a recovery code costs nothing.
const CODE: Rate = Rate {
    at_once: 10,
    interval: Duration::from_secs(300),
};

/// The four digits that somebody is said to have read out over the phone, of one person and by one listener: three of ten thousand hold at a
/// time, so that whoever guesses day and night finds one in about four months, and is in the log each time. Approving on the page costs nothing.
const SPOKEN: Rate = Rate {
    at_once: 3,
    interval: Duration::from_secs(3600),
};

/// What devices are to sign, for whoever wants to sign in from one address: it is kept until it is answered or has run out.
const CHALLENGE: Rate = Rate {
    at_once: 20,
    interval: Duration::from_secs(3),
};

/// So many attempts for an account from an address are not held up by those from elsewhere.
const FIRST_ATTEMPTS: Rate = Rate {
    at_once: 3,
    ..ACCOUNT_FROM_ADDRESS
};

/// The longest wait for a turn.
const PATIENCE: Duration = Duration::from_secs(25);

/// No look for a turn is further away than that.
const LONGEST_WHILE: Duration = Duration::from_secs(2);

/// How many attempts wait for a turn, from all strangers and from one source. Each holds a few kilobytes.
const WAITING: usize = 2_048;
const WAITING_FROM_ONE: usize = 256;

/// How many attempts of strangers may have their turn and not be judged yet.
const BEING_JUDGED: usize = 32;

/// After so many seconds another attempt is worth the while.
const COME_BACK: i64 = 5;

/// Where an attempt comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'a> {
    /// A browser in which this account has signed in before, by its fingerprint.
    KnownBrowser(&'a str),
    /// Anything else. All whose address is not known count as one.
    Address(Option<IpAddr>),
}

/// Too many attempts; another one is worth the while after so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) seconds: i64,
}

/// Rates of attempts, and the attempts that wait. Its size is fixed.
pub(super) struct Throttle {
    random: RandomState,
    levels: Mutex<Levels>,
    waiting: Mutex<HashMap<Key, usize>>,
    judged: Arc<Semaphore>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            random: RandomState::new(),
            levels: Mutex::default(),
            waiting: Mutex::default(),
            judged: Arc::new(Semaphore::new(BEING_JUDGED)),
        }
    }
}

/// What an attempt counts for. The keys are hashes with a secret, so that nobody can choose what falls together.
enum Counted {
    Known { browser: Key },
    Stranger { both: Key, address: Key, account: Key },
}

impl Counted {
    fn origin(&self) -> Key {
        match self {
            Self::Known { browser } => *browser,
            Self::Stranger { address, .. } => *address,
        }
    }
}

/// The permission to look at a password. It has cost an attempt, which a right one gets back.
pub(super) struct Turn<'a> {
    throttle: &'a Throttle,
    charges: Vec<(Key, Rate)>,
    since: Duration,
    _judged: Option<OwnedSemaphorePermit>,
}

impl Turn<'_> {
    /// Gives the attempt back.
    pub(super) fn was_right(self, now: Duration) {
        let mut levels = self.throttle.levels();
        for (key, rate) in &self.charges {
            levels.give_back(*key, *rate, self.since, now);
        }
    }
}

impl Throttle {
    /// Waits for a turn. An attempt that is given up meanwhile has cost nothing.
    ///
    /// # Errors
    /// When the turn did not come in time, or too many wait.
    pub(super) async fn turn(&self, account: &str, source: Source<'_>, clock: &dyn Clock) -> Result<Turn<'_>, Refused> {
        let counted = self.counted(account, source);
        // What comes anew does not pass those that wait.
        if !self.waiting().contains_key(&counted.origin())
            && let Some(turn) = self.turn_now(&counted, clock.steady())
        {
            return Ok(turn);
        }
        let refused = Refused { seconds: COME_BACK };
        let _place = self.wait_in_place(&counted).ok_or(refused)?;
        let end = clock.steady() + PATIENCE;
        while clock.steady() < end {
            // Should the machine's clock be set back meanwhile, nobody waits until it has caught up.
            let _ = tokio::time::timeout(LONGEST_WHILE, clock.wait_until(clock.now() + a_while())).await;
            if let Some(turn) = self.turn_now(&counted, clock.steady()) {
                return Ok(turn);
            }
        }
        Err(refused)
    }

    /// A turn to show the code of a device, or none: whoever gives codes so fast is not worth waiting for.
    ///
    /// # Errors
    /// When too many were wrong.
    pub(super) fn turn_for_code(&self, account: &str, source: Source<'_>, now: Duration) -> Result<Turn<'_>, Refused> {
        let browser = match source {
            Source::KnownBrowser(browser) => browser,
            Source::Address(_) => "",
        };
        self.turn_at_once(vec![(Key(self.random.hash_one(("code", browser, account))), CODE)], now)
    }

    /// A turn to pass on the digits that this account is said to have read out to this listener, or none.
    ///
    /// # Errors
    /// When too many were wrong.
    pub(super) fn turn_for_spoken(&self, account: &str, listener: &str, now: Duration) -> Result<Turn<'_>, Refused> {
        let key = |of: (&str, &str)| Key(self.random.hash_one(of));
        self.turn_at_once(
            vec![(key(("spoken by", account)), SPOKEN), (key(("heard by", listener)), SPOKEN)],
            now,
        )
    }

    fn turn_at_once(&self, charges: Vec<(Key, Rate)>, now: Duration) -> Result<Turn<'_>, Refused> {
        let mut levels = self.levels();
        if let Some((_, rate)) = charges.iter().find(|(key, rate)| !levels.have_room(*key, *rate, now)) {
            let seconds = i64::try_from(rate.interval.as_secs()).unwrap_or(i64::MAX);
            return Err(Refused { seconds });
        }
        for (key, rate) in &charges {
            levels.charge(*key, *rate, now);
        }
        Ok(Turn {
            throttle: self,
            charges,
            since: now,
            _judged: None,
        })
    }

    /// Counts something that a device is to sign.
    ///
    /// # Errors
    /// When too many were asked for from there.
    pub(super) fn challenge(&self, address: Option<IpAddr>, now: Duration) -> Result<(), Refused> {
        let key = Key(self.random.hash_one(("challenge", address.map(prefix))));
        self.turn_at_once(vec![(key, CHALLENGE)], now).map(drop)
    }

    fn counted(&self, account: &str, source: Source<'_>) -> Counted {
        let key = |of: (&str, Option<IpAddr>, &str)| Key(self.random.hash_one(of));
        match source {
            Source::KnownBrowser(browser) => Counted::Known {
                browser: key((browser, None, account)),
            },
            Source::Address(address) => {
                let address = address.map(prefix);
                Counted::Stranger {
                    both: key(("both", address, account)),
                    address: key(("address", address, "")),
                    account: key(("account", None, account)),
                }
            }
        }
    }

    fn turn_now(&self, counted: &Counted, now: Duration) -> Option<Turn<'_>> {
        let mut levels = self.levels();
        let (charges, judged) = match counted {
            Counted::Known { browser } => (vec![(*browser, BROWSER)], None),
            Counted::Stranger { both, address, account } => {
                let mut charges = vec![(*both, ACCOUNT_FROM_ADDRESS), (*address, ADDRESS)];
                if !levels.have_room(*both, FIRST_ATTEMPTS, now) {
                    charges.push((*account, ACCOUNT));
                }
                (charges, Some(self.judged.clone().try_acquire_owned().ok()?))
            }
        };
        if !charges.iter().all(|(key, rate)| levels.have_room(*key, *rate, now)) {
            return None;
        }
        for (key, rate) in &charges {
            levels.charge(*key, *rate, now);
        }
        Some(Turn {
            throttle: self,
            charges,
            since: now,
            _judged: judged,
        })
    }

    fn wait_in_place(&self, counted: &Counted) -> Option<Place<'_>> {
        let origin = counted.origin();
        let mut waiting = self.waiting();
        let is_full = match counted {
            Counted::Known { .. } => false,
            Counted::Stranger { .. } => waiting.values().sum::<usize>() >= WAITING,
        };
        let there = waiting.get(&origin).copied().unwrap_or_default();
        if is_full || there >= WAITING_FROM_ONE {
            return None;
        }
        waiting.insert(origin, there + 1);
        Some(Place { throttle: self, origin })
    }

    fn levels(&self) -> MutexGuard<'_, Levels> {
        self.levels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<Key, usize>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place among those that wait; it is free again when dropped.
struct Place<'a> {
    throttle: &'a Throttle,
    origin: Key,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut waiting = self.throttle.waiting();
        if let Some(left) = waiting.get_mut(&self.origin) {
            *left -= 1;
            if *left == 0 {
                waiting.remove(&self.origin);
            }
        }
    }
}

/// From half a second to one and a half. Each of those that wait looks for a turn after a while of its own, so that all have the same chance,
/// and none has a better one for knocking more often.
fn a_while() -> Duration {
    Duration::from_millis(500 + RandomState::new().hash_one(0) % 1_000)
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, pin::pin};

    use futures::{FutureExt, poll};
    use jiff::Timestamp;
    use tokio::sync::watch;

    use super::*;
    use store::clock::Wait;

    /// Moved by hand.
    struct Still(watch::Sender<Duration>);

    impl Still {
        fn new() -> Self {
            Self(watch::channel(Duration::from_secs(3_600)).0)
        }

        fn pass(&self, seconds: u64) {
            self.0.send_modify(|passed| *passed += Duration::from_secs(seconds));
        }
    }

    impl Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH + self.steady()
        }

        fn steady(&self) -> Duration {
            *self.0.borrow()
        }

        fn wait_until(&self, instant: Timestamp) -> Wait {
            let mut shown = self.0.subscribe();
            Box::pin(async move {
                let _ = shown.wait_for(|passed| Timestamp::UNIX_EPOCH + *passed >= instant).await;
            })
        }
    }

    fn address(number: u32) -> Source<'static> {
        Source::Address(Some(IpAddr::V4(Ipv4Addr::from_bits(number))))
    }

    /// Whether an attempt has its turn at once.
    fn is_taken(throttle: &Throttle, account: &str, source: Source<'_>, clock: &Still) -> bool {
        matches!(throttle.turn(account, source, clock).now_or_never(), Some(Ok(_)))
    }

    #[tokio::test]
    async fn attempts_elsewhere_and_for_others_make_nothing_forgotten() {
        let (throttle, clock) = (Throttle::default(), Still::new());
        for _ in 0..5 {
            assert!(is_taken(&throttle, "ada", address(1), &clock));
        }
        assert!(!is_taken(&throttle, "ada", address(1), &clock));
        for number in 0..10_000 {
            is_taken(&throttle, &format!("person-{number}"), address(1_000 + number % 500), &clock);
        }
        assert!(!is_taken(&throttle, "ada", address(1), &clock));
        assert!(is_taken(&throttle, "ada", address(2), &clock));
        assert!(is_taken(&throttle, "ada", Source::KnownBrowser("hers"), &clock));
    }

    #[tokio::test]
    async fn an_account_that_is_tried_from_everywhere_still_takes_the_first_attempts_of_an_address() {
        let (throttle, clock) = (Throttle::default(), Still::new());
        let taken = (0..100).map(|number| {
            let all = (0..5).filter(|_| is_taken(&throttle, "ada", address(number), &clock));
            all.count()
        });
        let taken: usize = taken.sum();
        assert_eq!(taken, 100 * 3 + 20, "beyond the first ones, all together have one rate");
        assert!(is_taken(&throttle, "ada", address(100), &clock));
    }

    #[tokio::test]
    async fn a_right_password_costs_nothing() {
        let (throttle, clock) = (Throttle::default(), Still::new());
        for source in [address(1), Source::KnownBrowser("hers"), Source::Address(None)] {
            for _ in 0..100 {
                throttle.turn("ada", source, &clock).await.unwrap().was_right(clock.steady());
            }
        }
    }

    #[test]
    fn codes_are_guessed_slowly_and_not_at_the_cost_of_a_known_browser() {
        let throttle = Throttle::default();
        let turn = |source, second: u64| throttle.turn_for_code("ada", source, Duration::from_secs(3_600 + second));
        // A right one costs nothing.
        for _ in 0..20 {
            turn(address(1), 0).unwrap().was_right(Duration::from_secs(3_600));
        }
        for number in 0..10 {
            assert!(turn(address(number), 0).is_ok());
        }
        assert!(turn(address(11), 0).is_err() && turn(address(1), 299).is_err());
        assert!(turn(Source::KnownBrowser("hers"), 0).is_ok());
        assert!(throttle.turn_for_code("bea", address(1), Duration::from_secs(3_600)).is_ok());
        assert!(turn(address(11), 301).is_ok());
        assert!(turn(address(11), 301).is_err());
    }

    #[tokio::test]
    async fn neighbours_share_their_rate_and_no_more_than_neighbours() {
        let (throttle, clock) = (Throttle::default(), Still::new());
        let at = |address: &str| Source::Address(Some(address.parse().unwrap()));
        for number in 0..20 {
            assert!(is_taken(
                &throttle,
                &number.to_string(),
                at(&format!("2001:db8:1:20{number:02}::1")),
                &clock
            ));
        }
        assert!(!is_taken(&throttle, "ada", at("2001:db8:1:20ff:1::9"), &clock));
        assert!(is_taken(&throttle, "ada", at("2001:db8:1:2100::1"), &clock));
        for number in 0..20 {
            assert!(is_taken(&throttle, &number.to_string(), at("::ffff:192.0.2.1"), &clock));
        }
        assert!(!is_taken(&throttle, "ada", at("192.0.2.1"), &clock));
        assert!(is_taken(&throttle, "ada", at("192.0.2.2"), &clock));
    }

    #[tokio::test]
    async fn those_that_wait_have_a_bounded_number_of_places_and_leave_them() {
        let (throttle, clock) = (Throttle::default(), Still::new());
        for _ in 0..5 {
            assert!(is_taken(&throttle, "ada", address(1), &clock));
        }
        let mut waiting = Vec::new();
        for _ in 0..WAITING_FROM_ONE {
            let mut turn = Box::pin(throttle.turn("ada", address(1), &clock));
            assert!(poll!(&mut turn).is_pending());
            waiting.push(turn);
        }
        let one_more = throttle.turn("ada", address(1), &clock).now_or_never();
        assert!(matches!(one_more, Some(Err(Refused { .. }))));
        drop(waiting);
        assert!(throttle.waiting().is_empty());
        let mut turn = pin!(throttle.turn("ada", address(1), &clock));
        assert!(poll!(&mut turn).is_pending());
        clock.pass(2);
        assert!(turn.await.is_ok());
    }

    #[tokio::test]
    async fn patience_ends() {
        let (throttle, clock) = (Throttle::default(), Still::new());
        let judged: Vec<_> = (0..BEING_JUDGED)
            .map(|number| {
                throttle
                    .turn("ada", address(u32::try_from(number).unwrap()), &clock)
                    .now_or_never()
                    .unwrap()
                    .ok()
            })
            .collect();
        let mut turn = pin!(throttle.turn("ada", address(1_000), &clock));
        assert!(poll!(&mut turn).is_pending());
        clock.pass(26);
        assert!(turn.await.is_err());
        drop(judged);
        assert!(is_taken(&throttle, "ada", address(1_000), &clock));
    }
}
