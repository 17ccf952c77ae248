//! Where time comes from. Everything takes a `Clock`; only the command line chooses the machine's.

use std::{future::Future, pin::Pin, time::Duration};

use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};

/// A wait that ends.
pub type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A source of time.
pub trait Clock: Send + Sync + 'static {
    /// The present instant, whole milliseconds.
    fn now(&self) -> Timestamp;

    /// How long it is since some moment before this process began. It runs on while the machine sleeps and stays as it is when the
    /// machine's clock is set: waiting times and intervals are measured by it.
    fn steady(&self) -> Duration;

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

    fn steady(&self) -> Duration {
        // Asked of the kernel itself, so that a library preloaded for moving the clock does not move this one.
        let since_boot = clock_gettime(ClockId::Boottime);
        Duration::try_from(since_boot).unwrap_or_default()
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
                tokio::time::sleep(Duration::from_millis(left.min(1_000))).await;
            }
        })
    }
}
