//! A clock that stands still until a test moves it.

use std::time::Duration;

use jiff::Timestamp;
use store::clock::{Clock, Wait};
use tokio::sync::watch;

/// A clock that is moved by hand.
#[derive(Clone, Debug)]
pub(crate) struct ManualClock(watch::Sender<Hands>);

/// What it shows, and how long it has been running.
#[derive(Clone, Copy, Debug)]
struct Hands {
    now: Timestamp,
    steady: Duration,
}

impl ManualClock {
    /// A clock that shows this instant.
    pub(crate) fn at(instant: &str) -> Self {
        let hands = Hands {
            now: instant.parse().unwrap(),
            steady: Duration::from_secs(3_600),
        };
        Self(watch::channel(hands).0)
    }

    /// Lets time pass until this instant. Back in time it can only be set: then none passes.
    pub(crate) fn set(&self, instant: &str) {
        let instant: Timestamp = instant.parse().unwrap();
        self.0.send_modify(|hands| {
            let passed = Duration::try_from(instant.duration_since(hands.now)).unwrap_or_default();
            *hands = Hands {
                now: instant,
                steady: hands.steady + passed,
            };
        });
    }

    /// Sets it, as somebody sets the clock of a machine: no time passes.
    pub(crate) fn turn(&self, instant: &str) {
        self.0.send_modify(|hands| hands.now = instant.parse().unwrap());
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.0.borrow().now
    }

    fn steady(&self) -> Duration {
        self.0.borrow().steady
    }

    fn wait_until(&self, instant: Timestamp) -> Wait {
        let mut shown = self.0.subscribe();
        Box::pin(async move {
            // The sender lives as long as the test; should it go, nobody waits any more.
            let _ = shown.wait_for(|hands| hands.now >= instant).await;
        })
    }
}

#[test]
fn time_passes_forward_and_a_clock_that_is_turned_lets_none_pass() {
    let clock = ManualClock::at("2026-03-03T08:00:00Z");
    let begin = clock.steady();
    clock.set("2026-03-03T09:00:00Z");
    assert_eq!(clock.steady() - begin, Duration::from_secs(3_600));
    for other in ["2026-03-03T07:00:00Z", "2029-03-03T07:00:00Z"] {
        clock.turn(other);
        assert_eq!(
            (clock.now().to_string().as_str(), clock.steady() - begin),
            (other, Duration::from_secs(3_600))
        );
    }
}
