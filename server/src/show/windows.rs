//! What each portal shows: rendered when something happens and at each turn of time, which waits for nobody who writes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use domain::{project::told, state::State, words::PortalId};
use jiff::Timestamp;
use tokio::sync::{Notify, watch};

use super::snapshot::{Shared, Snapshot};
use engine::{Audience, Extent, Present, Publisher};
use store::clock::Clock;

/// Every portal's window, by its id.
#[derive(Default)]
pub struct Windows {
    shown: RwLock<Arc<HashMap<String, Window>>>,
    /// Held by whoever renders, who waits for nothing else meanwhile; the last edition that was given to any window.
    rendering: Mutex<u64>,
    changed: Notify,
}

/// What one portal shows. Readers take the snapshot; listeners wait for the next.
#[derive(Clone)]
struct Window {
    snapshot: Arc<watch::Sender<Shared>>,
    position: u64,
    /// Another number after anything that happens on the portal; time alone leaves it as it is.
    edition: u64,
    /// What it shows is not for an earlier time: clocks are set back.
    since: Timestamp,
    valid_until: Option<Timestamp>,
}

impl Windows {
    /// What a portal shows now; `None`: there is no such portal.
    pub fn snapshot(&self, portal: &str) -> Option<Shared> {
        Some(self.shown().get(portal)?.snapshot.borrow().clone())
    }

    /// What a portal shows, and until when by time alone, if that was made of this position of its and holds at this instant; `None`: it is about
    /// to be made.
    pub(crate) fn current(&self, portal: &PortalId, position: u64, now: Timestamp) -> Option<(Shared, Option<Timestamp>)> {
        let shown = self.shown();
        let window = shown.get(portal.as_str())?;
        let holds = window.position == position && window.since <= now && window.valid_until.is_none_or(|until| now < until);
        holds.then(|| (window.snapshot.borrow().clone(), window.valid_until))
    }

    /// What a portal shows from now on, change by change.
    pub(crate) fn listen(&self, portal: &str) -> Option<watch::Receiver<Shared>> {
        Some(self.shown().get(portal)?.snapshot.subscribe())
    }

    /// A number that changes when anything happens on a portal.
    pub(crate) fn edition(&self, portal: &str) -> Option<u64> {
        Some(self.shown().get(portal)?.edition)
    }

    /// Returns at the next instant at which time alone alters what is shown.
    async fn turn(&self, clock: &dyn Clock) {
        loop {
            let turn = self.shown().values().filter_map(|window| window.valid_until).min();
            let turn = async {
                match turn {
                    Some(instant) => clock.wait_until(instant).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = turn => return,
                () = self.changed.notified() => {}
            }
        }
    }

    /// Keeps what is shown in step with time, until it is dropped.
    pub(crate) async fn run(&self, publisher: &Publisher) {
        loop {
            self.turn(publisher.clock()).await;
            self.refresh(Extent::Touched, &|| publisher.present());
        }
    }

    fn shown(&self) -> Arc<HashMap<String, Window>> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Audience for Windows {
    /// Whether something is shown that is not for this time yet.
    fn is_ahead_of(&self, now: Timestamp) -> bool {
        self.shown().values().any(|window| now < window.since)
    }

    /// Renders the portals for which something has changed. `present` gives the state and the time; it is asked once nobody else renders.
    fn refresh(&self, extent: Extent, present: &Present<'_>) {
        let mut edition = self.rendering.lock().unwrap_or_else(PoisonError::into_inner);
        let (state, now) = present();
        let old = self.shown();
        let mut windows = HashMap::with_capacity(old.len());
        let mut due = Vec::new();
        for (id, position) in state.portal_positions() {
            let known = old.get(id.as_str());
            let same = known.filter(|window| extent == Extent::Touched && window.position == position);
            match same {
                Some(window) if window.since <= now && window.valid_until.is_none_or(|until| now < until) => {
                    windows.insert(id.to_string(), window.clone());
                }
                same => {
                    let edition = same.map_or_else(
                        || {
                            *edition += 1;
                            *edition
                        },
                        |window| window.edition,
                    );
                    due.push((id, position, edition, known.map(|window| &window.snapshot)));
                }
            }
        }
        windows.extend(side_by_side(&due, |(id, position, edition, sender)| {
            let window = render(&state, id, now, *sender)?;
            let window = Window {
                position: *position,
                edition: *edition,
                ..window
            };
            Some((id.to_string(), window))
        }));
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(windows);
        self.changed.notify_one();
    }
}

/// So many portals are rendered by one thread before another is worth its start.
const ALONE: usize = 8;

/// Renders on all processors: a base service may be in trouble on hundreds of portals, which do not wait for each other.
fn side_by_side<T: Sync, R: Send>(due: &[T], render: impl Fn(&T) -> Option<R> + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .min(due.len() / ALONE);
    if threads < 2 {
        return due.iter().filter_map(render).collect();
    }
    let render = &render;
    std::thread::scope(|scope| {
        let parts: Vec<_> = due
            .chunks(due.len().div_ceil(threads))
            .map(|part| scope.spawn(move || part.iter().filter_map(render).collect::<Vec<_>>()))
            .collect();
        let join = |part: std::thread::ScopedJoinHandle<'_, Vec<R>>| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        parts.into_iter().flat_map(join).collect()
    })
}

/// A window with what a portal shows; its position and edition are the caller's.
fn render(state: &State, id: &PortalId, now: Timestamp, sender: Option<&Arc<watch::Sender<Shared>>>) -> Option<Window> {
    let told = told(state, id, now)?;
    let snapshot: Shared = Arc::new(Snapshot::new(told.what));
    let sender = match sender {
        Some(sender) => {
            sender.send_replace(snapshot);
            sender.clone()
        }
        None => Arc::new(watch::channel(snapshot).0),
    };
    Some(Window {
        snapshot: sender,
        position: 0,
        edition: 0,
        since: told.from.min(now),
        valid_until: told.until,
    })
}
