//! The one place of the repository outside the server's clock that looks at the time: chores measure and wait.
#![expect(clippy::disallowed_methods, reason = "measuring how long a chore takes is what this module is for")]

use std::time::{Duration, Instant};

/// Elapsed real time since it was started.
#[derive(Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Lets time pass, for measurements of something idle.
pub(crate) fn pause(duration: Duration) {
    std::thread::sleep(duration);
}

/// Asks again every few milliseconds until there is an answer; `None` when `limit` has passed.
pub(crate) fn until<T>(limit: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let watch = Stopwatch::start();
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if watch.elapsed() > limit {
            return None;
        }
        pause(Duration::from_millis(5));
    }
}

/// `4.2 s` or `3 min 07 s`.
pub(crate) fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}
