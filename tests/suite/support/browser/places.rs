//! How many tests may have browsers at the same time: no more than there are processors, or pages would be late because of each other.

use std::{
    cell::RefCell,
    sync::{Arc, LazyLock, Weak},
};

use tokio::sync::{Semaphore, SemaphorePermit};

static PLACES: LazyLock<Semaphore> = LazyLock::new(|| {
    let told = std::env::var("UMLEITUNG_BROWSERS").ok().and_then(|told| told.parse().ok());
    let processors = || std::thread::available_parallelism().map_or(2, usize::from);
    Semaphore::new(told.unwrap_or_else(processors).max(1))
});

thread_local! {
    static OF_THIS_TEST: RefCell<Weak<SemaphorePermit<'static>>> = const { RefCell::new(Weak::new()) };
}

/// The right of a test to have browsers. A test with several has one: two tests that wait for the second browser of each would wait
/// for ever. Each test has a thread of its own.
pub(super) struct Place {
    _permit: Arc<SemaphorePermit<'static>>,
}

impl Place {
    pub(super) async fn take() -> Self {
        let held = OF_THIS_TEST.with_borrow(Weak::upgrade);
        let permit = match held {
            Some(permit) => permit,
            None => Arc::new(PLACES.acquire().await.unwrap()),
        };
        OF_THIS_TEST.set(Arc::downgrade(&permit));
        Self { _permit: permit }
    }
}
