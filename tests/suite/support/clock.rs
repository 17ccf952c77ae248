//! A clock that stands still until a test moves it.

use std::time::Duration;

use jiff::Timestamp;
use store::clock::{Clock, Wait};
use tokio::sync::watch;

/// A clock that is moved by hand.
#[derive(Clone, Debug)]
pub(crate) struct ManualClock(watch::Sender<Reading>);

/// What it shows, and how long it has been running.
#[derive(Clone, Copy, Debug)]
struct Reading {
    now: Timestamp,
    steady: Duration,
}

impl ManualClock {
    /// A clock that shows this instant.
    pub(crate) fn at(instant: &str) -> Self {
        let reading = Reading {
            now: instant.parse().unwrap(),
            steady: Duration::from_secs(3_600),
        };
        Self(watch::channel(reading).0)
    }

    /// Lets time pass until this instant. Back in time it can only be set: then none passes.
    pub(crate) fn set(&self, instant: &str) {
        let instant: Timestamp = instant.parse().unwrap();
        self.0.send_modify(|reading| {
            let passed = Duration::try_from(instant.duration_since(reading.now)).unwrap_or_default();
            *reading = Reading {
                now: instant,
                steady: reading.steady + passed,
            };
        });
    }

    /// Sets it, as somebody sets the clock of a machine: no time passes.
    pub(crate) fn turn(&self, instant: &str) {
        self.0.send_modify(|reading| reading.now = instant.parse().unwrap());
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
            let _ = shown.wait_for(|reading| reading.now >= instant).await;
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
