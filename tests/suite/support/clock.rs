//! A clock that stands still until a test moves it.

use jiff::Timestamp;
use server::clock::{Clock, Wait};
use tokio::sync::watch;

/// A clock that is moved by hand.
#[derive(Clone, Debug)]
pub(crate) struct ManualClock(watch::Sender<Timestamp>);

impl ManualClock {
    /// A clock that shows this instant.
    pub(crate) fn at(instant: &str) -> Self {
        Self(watch::channel(instant.parse().unwrap()).0)
    }

    /// Moves it.
    pub(crate) fn set(&self, instant: &str) {
        self.0.send_replace(instant.parse().unwrap());
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.borrow()
    }

    fn wait_until(&self, instant: Timestamp) -> Wait {
        let mut shown = self.0.subscribe();
        Box::pin(async move {
            // The sender lives as long as the test; should it go, nobody waits any more.
            let _ = shown.wait_for(|now| *now >= instant).await;
        })
    }
}
