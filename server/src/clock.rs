//! Where time comes from. Everything takes a `Clock`; only the command line chooses the machine's.

use std::{future::Future, pin::Pin};

use jiff::Timestamp;

/// A wait that ends.
pub type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A source of time.
pub trait Clock: Send + Sync + 'static {
    /// The present instant, whole milliseconds.
    fn now(&self) -> Timestamp;

    /// Returns once `now` has reached the instant.
    fn wait_until(&self, instant: Timestamp) -> Wait;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine is asked for the time")]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    fn wait_until(&self, instant: Timestamp) -> Wait {
        let clock = *self;
        Box::pin(async move {
            // In short pieces, because the machine's clock can be set while we wait.
            loop {
                let left = instant.as_millisecond() - clock.now().as_millisecond();
                let Ok(left) = u64::try_from(left) else { return };
                if left == 0 {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(left.min(1_000))).await;
            }
        })
    }
}
