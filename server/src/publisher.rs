//! Turns commands into journal entries, and the state into what each portal shows: after each event, at each turn of time,
//! and when another process has appended.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use domain::{
    command::{Actor, Command, Context},
    decide::{Rejection, decide},
    event::{Entry, Event},
    id::PortalId,
    plausible::{self, Doubt},
    project::{next_change_of, project, valid_from},
    state::{State, apply},
};
use jiff::Timestamp;
use tokio::sync::{Mutex, watch};

use crate::{
    clock::Clock,
    health::{Condition, Finding, Health},
    journal::{Journal, JournalError, NewEntry, SqliteJournal},
    pace::Timekeeper,
    snapshot::{Shared, Snapshot},
};

/// How often the journal is asked whether another process has appended.
const FOLLOW_EVERY: Duration = Duration::from_millis(200);

/// How many entries are read at once.
const PAGE: u32 = 2_000;

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// The heart of the server. One per process; several processes may share a journal.
pub struct Publisher {
    journal: SqliteJournal,
    clock: Arc<dyn Clock>,
    health: Health,
    timekeeper: Timekeeper,
    /// Held by the one who writes: it decides, appends and follows.
    desk: Mutex<()>,
    known: RwLock<Known>,
    boards: RwLock<Arc<Boards>>,
    changed: tokio::sync::Notify,
}

/// What each portal shows, by its id.
type Boards = HashMap<String, Board>;

/// One portal's show window. Readers take the snapshot; listeners wait for the next.
#[derive(Clone)]
struct Board {
    snapshot: Arc<watch::Sender<Shared>>,
    position: u64,
    /// What it shows is not for an earlier time: clocks are set back.
    since: Timestamp,
    valid_until: Option<Timestamp>,
}

/// What is known after the entries so far. Its lock is held for taking a copy of the pointer and for applying entries, never while
/// anything is worked out of the state: who reads at length holds the state as it was, and the next entry is applied to a copy. As long as
/// nobody reads, there is one owner and nothing is copied.
#[derive(Clone, Default)]
struct Known {
    state: Arc<State>,
}

impl Known {
    fn take<'a>(&mut self, entries: impl IntoIterator<Item = &'a Entry>) {
        let state = Arc::make_mut(&mut self.state);
        for entry in entries {
            apply(state, entry);
        }
    }
}

impl Publisher {
    /// Reads the whole journal and renders what each portal shows now.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn open(journal: SqliteJournal, clock: Arc<dyn Clock>) -> Result<Self, JournalError> {
        let publisher = Self {
            journal,
            clock,
            health: Health::default(),
            timekeeper: Timekeeper::default(),
            desk: Mutex::default(),
            known: RwLock::default(),
            boards: RwLock::default(),
            changed: tokio::sync::Notify::new(),
        };
        publisher.catch_up().await?;
        publisher.doubt();
        Ok(publisher)
    }

    /// The journal.
    pub const fn journal(&self) -> &SqliteJournal {
        &self.journal
    }

    /// The clock that counts.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// What is wrong with this server.
    pub const fn health(&self) -> &Health {
        &self.health
    }

    /// What is wrong with this server, after asking the journal once more.
    pub async fn examine(&self) -> Vec<Finding> {
        match self.journal.head().await {
            Ok(_) => self.health.over(Condition::JournalUnread),
            Err(error) => self.health.found(Condition::JournalUnread, self.clock.now(), error.to_string()),
        }
        self.doubt();
        self.health.findings()
    }

    /// Why the machine's clock cannot be right, as far as is known; `None`: it can.
    pub fn doubt(&self) -> Option<Doubt> {
        self.timekeeper.doubt(&*self.clock, &self.known().state, &self.health)
    }

    /// What a portal shows now; `None`: there is no such portal.
    pub fn snapshot(&self, portal: &str) -> Option<Shared> {
        Some(self.boards().get(portal)?.snapshot.borrow().clone())
    }

    /// What a portal shows from now on, change by change.
    pub fn listen(&self, portal: &str) -> Option<watch::Receiver<Shared>> {
        Some(self.boards().get(portal)?.snapshot.subscribe())
    }

    /// The number of the entry that touched a portal last: what was worked out before it may be old. `None`: there is no such portal.
    pub fn position(&self, portal: &str) -> Option<u64> {
        Some(self.boards().get(portal)?.position)
    }

    /// The state and the present, the latest entries of other processes included.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn read<T>(&self, read: impl FnOnce(&State, Timestamp) -> T) -> Result<T, JournalError> {
        {
            let _desk = self.desk.lock().await;
            self.catch_up().await?;
        }
        let (state, now) = self.present();
        Ok(read(&state, now))
    }

    /// The state that is in memory, and the present; for what must be answered while the database does not. The state stays as it is for
    /// as long as it is held, and publishing goes on meanwhile.
    pub fn present(&self) -> (Arc<State>, Timestamp) {
        let known = self.known();
        let now = self.now(&known);
        (known.state, now)
    }

    /// Carries out a command: decides, appends, applies, publishes. Returns the events; none: it was so already.
    ///
    /// # Errors
    /// [`SubmitError::Rejected`] when the rules forbid it, [`SubmitError::Journal`] when the storage fails. Nothing has happened then.
    pub async fn submit(&self, actor: Actor, command: Command) -> Result<Vec<Event>, SubmitError> {
        let _desk = self.desk.lock().await;
        loop {
            self.catch_up().await?;
            let doubt = self.doubt();
            let (events, position, now) = {
                let (state, now) = self.present();
                let confirms = matches!(command, Command::ConfirmClock { .. });
                // From a confirmation on time is what the clock says, whatever stands in the journal.
                let now = if confirms { self.clock.now() } else { now };
                let context = Context { now, actor: actor.clone() };
                let decided = decide(&state, command.clone(), &context);
                match doubt {
                    Some(doubt) if !confirms && decided.as_ref().map_or(true, |events| !events.is_empty()) => {
                        return Err(Rejection::from(doubt).into());
                    }
                    _ => (decided?, state.position(), now),
                }
            };
            match self.append(position, &actor, now, &events).await {
                // Another process was faster: what it did may change the decision.
                Err(JournalError::Conflict) => {}
                Err(error) => return Err(error.into()),
                Ok(()) => return Ok(events),
            }
        }
    }

    /// Keeps what is shown in step with time and with other processes, until it is dropped.
    pub async fn run(&self) {
        let mut follow = tokio::time::interval(FOLLOW_EVERY);
        follow.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let turn = self.boards().values().filter_map(|board| board.valid_until).min();
            let turn = async {
                match turn {
                    Some(instant) => self.clock.wait_until(instant).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = turn => {
                    let _desk = self.desk.lock().await;
                    self.refresh();
                }
                () = self.changed.notified() => {}
                _ = follow.tick() => self.follow().await,
            }
        }
    }

    async fn follow(&self) {
        let _desk = self.desk.lock().await;
        if let Err(error) = self.catch_up().await {
            self.health.found(Condition::JournalUnread, self.clock.now(), error.to_string());
        }
        self.doubt();
        let (_, now) = self.present();
        if self.boards().values().any(|board| now < board.since) {
            self.refresh();
        }
    }

    fn now(&self, known: &Known) -> Timestamp {
        plausible::present(self.clock.now(), known.state.last_at())
    }

    fn known(&self) -> Known {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn boards(&self) -> Arc<Boards> {
        self.boards.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A single event is one transaction; a command makes one event at most, so "all or nothing" holds.
    async fn append(&self, mut position: u64, actor: &Actor, now: Timestamp, events: &[Event]) -> Result<(), JournalError> {
        for event in events {
            let new = NewEntry {
                at: now,
                actor: actor.id.clone(),
                event: event.clone(),
            };
            self.journal.append(position, new).await?;
            // Read back from the journal like everybody else's: one way in.
            self.catch_up().await?;
            position = self.known().state.position();
        }
        Ok(())
    }

    /// Applies what stands in the journal and is not known yet, and shows it; whoever calls has the desk. What is read is put together
    /// first and taken over without a pause, so that a caller who goes away in between leaves nothing half done.
    async fn catch_up(&self) -> Result<(), JournalError> {
        let head = self.journal.head().await?;
        let position = self.known().state.position();
        if head == position {
            return Ok(());
        }
        let news = if position == 0 {
            Vec::new()
        } else {
            self.read_between(position, head).await?
        };
        // What was redacted is still in memory: begin anew, now that a tombstone stands in its place.
        let redacted = news.iter().any(|entry| matches!(entry.event, Some(Event::EntryRedacted { .. })));
        if position == 0 || redacted {
            let anew = self.read_from_the_beginning(head).await?;
            *self.known.write().unwrap_or_else(PoisonError::into_inner) = anew;
        } else {
            self.known.write().unwrap_or_else(PoisonError::into_inner).take(&news);
        }
        self.refresh();
        self.changed.notify_one();
        Ok(())
    }

    async fn read_between(&self, after: u64, head: u64) -> Result<Vec<Entry>, JournalError> {
        let mut news: Vec<Entry> = Vec::new();
        loop {
            let after = news.last().map_or(after, |entry| entry.seq);
            let page = self.journal.entries(after, PAGE).await?;
            let end = page.is_empty();
            news.extend(page);
            if end || news.last().is_some_and(|entry| entry.seq >= head) {
                return Ok(news);
            }
        }
    }

    /// Up to `head` and no further: an entry that is redacted meanwhile may have been read with its text, and its redaction has to
    /// count as news.
    async fn read_from_the_beginning(&self, head: u64) -> Result<Known, JournalError> {
        let mut known = Known::default();
        while known.state.position() < head {
            let page = self.journal.entries(known.state.position(), PAGE).await?;
            if page.is_empty() {
                break;
            }
            known.take(page.iter().filter(|entry| entry.seq <= head));
        }
        Ok(known)
    }

    /// Renders the portals for which something has changed, by an event or by time; whoever calls has the desk.
    fn refresh(&self) {
        let (state, now) = self.present();
        let old = self.boards();
        let mut boards = Boards::with_capacity(old.len());
        for (id, position) in state.portal_positions() {
            let board = match old.get(id.as_str()) {
                Some(board) if board.position == position && board.since <= now && board.valid_until.is_none_or(|until| now < until) => {
                    board.clone()
                }
                board => match render(&state, id, position, now, board) {
                    Some(board) => board,
                    None => continue,
                },
            };
            boards.insert(id.to_string(), board);
        }
        *self.boards.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(boards);
    }
}

fn render(state: &State, id: &PortalId, position: u64, now: Timestamp, old: Option<&Board>) -> Option<Board> {
    let snapshot: Shared = Arc::new(Snapshot::new(project(state, id, now)?));
    let sender = match old {
        Some(board) => {
            board.snapshot.send_replace(snapshot);
            board.snapshot.clone()
        }
        None => Arc::new(watch::channel(snapshot).0),
    };
    Some(Board {
        snapshot: sender,
        position,
        since: valid_from(state, id, now)?.min(now),
        valid_until: next_change_of(state, id, now),
    })
}
