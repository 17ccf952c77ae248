//! What each portal shows: rendered when something happens and at each turn of time, which waits for nobody who writes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use domain::{project::told, state::State, words::PortalId};
use jiff::Timestamp;
use tokio::sync::{Notify, watch};

use crate::{
    clock::Clock,
    snapshot::{Shared, Snapshot},
};

/// Every portal's board, by its id.
#[derive(Default)]
pub(super) struct Boards {
    shown: RwLock<Arc<HashMap<String, Board>>>,
    /// Held by whoever renders, who waits for nothing else meanwhile; the last edition that was given to any board.
    rendering: Mutex<u64>,
    changed: Notify,
}

/// One portal's show window. Readers take the snapshot; listeners wait for the next.
#[derive(Clone)]
struct Board {
    snapshot: Arc<watch::Sender<Shared>>,
    position: u64,
    /// Another number after anything that happens on the portal; time alone leaves it as it is.
    edition: u64,
    /// What it shows is not for an earlier time: clocks are set back.
    since: Timestamp,
    valid_until: Option<Timestamp>,
}

/// What is to be rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// The portals that an entry or time has touched.
    Touched,
    /// Every portal: the journal was read anew, and the numbers of its entries say nothing about what was rendered before.
    All,
}

impl Boards {
    /// What a portal shows now; `None`: there is no such portal.
    pub(super) fn snapshot(&self, portal: &str) -> Option<Shared> {
        Some(self.shown().get(portal)?.snapshot.borrow().clone())
    }

    /// What a portal shows from now on, change by change.
    pub(super) fn listen(&self, portal: &str) -> Option<watch::Receiver<Shared>> {
        Some(self.shown().get(portal)?.snapshot.subscribe())
    }

    /// A number that changes when anything happens on a portal.
    pub(super) fn edition(&self, portal: &str) -> Option<u64> {
        Some(self.shown().get(portal)?.edition)
    }

    /// Whether something is shown that is not for this time yet.
    pub(super) fn are_ahead_of(&self, now: Timestamp) -> bool {
        self.shown().values().any(|board| now < board.since)
    }

    /// Renders the portals for which something has changed. `present` gives the state and the time; it is asked once nobody else renders.
    pub(super) fn refresh(&self, extent: Extent, present: impl FnOnce() -> (Arc<State>, Timestamp)) {
        let mut edition = self.rendering.lock().unwrap_or_else(PoisonError::into_inner);
        let (state, now) = present();
        let old = self.shown();
        let mut boards = HashMap::with_capacity(old.len());
        let mut due = Vec::new();
        for (id, position) in state.portal_positions() {
            let known = old.get(id.as_str());
            let same = known.filter(|board| extent == Extent::Touched && board.position == position);
            match same {
                Some(board) if board.since <= now && board.valid_until.is_none_or(|until| now < until) => {
                    boards.insert(id.to_string(), board.clone());
                }
                same => {
                    let edition = same.map_or_else(
                        || {
                            *edition += 1;
                            *edition
                        },
                        |board| board.edition,
                    );
                    due.push((id, position, edition, known.map(|board| &board.snapshot)));
                }
            }
        }
        boards.extend(side_by_side(&due, |(id, position, edition, sender)| {
            let board = render(&state, id, now, *sender)?;
            let board = Board {
                position: *position,
                edition: *edition,
                ..board
            };
            Some((id.to_string(), board))
        }));
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(boards);
        self.changed.notify_one();
    }

    /// Returns at the next instant at which time alone alters what is shown.
    pub(super) async fn turn(&self, clock: &dyn Clock) {
        loop {
            let turn = self.shown().values().filter_map(|board| board.valid_until).min();
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

    fn shown(&self) -> Arc<HashMap<String, Board>> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// So many portals are rendered by one thread before another is worth its start.
const ALONE: usize = 8;

/// Renders on all processors: a base service may be in trouble on hundreds of portals, which do not wait for each other.
fn side_by_side<T: Sync, R: Send>(due: &[T], render: impl Fn(&T) -> Option<R> + Sync) -> Vec<R> {
    let hands = std::thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .min(due.len() / ALONE);
    if hands < 2 {
        return due.iter().filter_map(render).collect();
    }
    let render = &render;
    std::thread::scope(|scope| {
        let parts: Vec<_> = due
            .chunks(due.len().div_ceil(hands))
            .map(|part| scope.spawn(move || part.iter().filter_map(render).collect::<Vec<_>>()))
            .collect();
        let join = |part: std::thread::ScopedJoinHandle<'_, Vec<R>>| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        parts.into_iter().flat_map(join).collect()
    })
}

/// A board with what a portal shows; its position and edition are the caller's.
fn render(state: &State, id: &PortalId, now: Timestamp, sender: Option<&Arc<watch::Sender<Shared>>>) -> Option<Board> {
    let told = told(state, id, now)?;
    let snapshot: Shared = Arc::new(Snapshot::new(told.what));
    let sender = match sender {
        Some(sender) => {
            sender.send_replace(snapshot);
            sender.clone()
        }
        None => Arc::new(watch::channel(snapshot).0),
    };
    Some(Board {
        snapshot: sender,
        position: 0,
        edition: 0,
        since: told.from.min(now),
        valid_until: told.until,
    })
}
