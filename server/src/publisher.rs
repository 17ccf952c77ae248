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
    project::{next_change_of, project},
    state::{State, apply},
};
use jiff::Timestamp;
use tokio::sync::{Mutex, watch};

use crate::{
    clock::Clock,
    journal::{Journal, JournalError, NewEntry, SqliteJournal},
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
    desk: Mutex<Desk>,
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
    valid_until: Option<Timestamp>,
}

/// What only one may touch at a time.
#[derive(Default)]
struct Desk {
    state: State,
    last_at: Timestamp,
}

impl Desk {
    fn take(&mut self, entry: &Entry) {
        self.last_at = self.last_at.max(entry.at);
        apply(&mut self.state, entry);
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
            desk: Mutex::default(),
            boards: RwLock::default(),
            changed: tokio::sync::Notify::new(),
        };
        publisher.catch_up(&mut *publisher.desk.lock().await).await?;
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

    /// What a portal shows now; `None`: there is no such portal.
    pub fn snapshot(&self, portal: &str) -> Option<Shared> {
        Some(self.boards().get(portal)?.snapshot.borrow().clone())
    }

    /// What a portal shows from now on, change by change.
    pub fn listen(&self, portal: &str) -> Option<watch::Receiver<Shared>> {
        Some(self.boards().get(portal)?.snapshot.subscribe())
    }

    /// Reads from the state as it is, the latest entries of other processes included.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn read<T>(&self, read: impl FnOnce(&State, Timestamp) -> T) -> Result<T, JournalError> {
        let mut desk = self.desk.lock().await;
        self.catch_up(&mut desk).await?;
        Ok(read(&desk.state, self.now(&desk)))
    }

    /// Reads from the state that is in memory; for pages that must answer while the database does not.
    pub async fn read_memory<T>(&self, read: impl FnOnce(&State, Timestamp) -> T) -> T {
        let desk = self.desk.lock().await;
        read(&desk.state, self.now(&desk))
    }

    /// Carries out a command: decides, appends, applies, publishes. Returns the events; none: it was so already.
    ///
    /// # Errors
    /// [`SubmitError::Rejected`] when the rules forbid it, [`SubmitError::Journal`] when the storage fails. Nothing has happened then.
    pub async fn submit(&self, actor: Actor, command: Command) -> Result<Vec<Event>, SubmitError> {
        let mut desk = self.desk.lock().await;
        loop {
            self.catch_up(&mut desk).await?;
            let now = self.now(&desk);
            let events = decide(&desk.state, command.clone(), &Context { now, actor: actor.clone() })?;
            match self.append(&mut desk, &actor, now, &events).await {
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
                () = turn => self.refresh(&*self.desk.lock().await),
                () = self.changed.notified() => {}
                _ = follow.tick() => self.follow().await,
            }
        }
    }

    async fn follow(&self) {
        let mut desk = self.desk.lock().await;
        if let Err(error) = self.catch_up(&mut desk).await {
            tracing::error!(%error, "the journal cannot be followed; what is shown may be old");
        }
    }

    /// The present, but never before the last entry: clocks of several machines may differ a little.
    fn now(&self, desk: &Desk) -> Timestamp {
        self.clock.now().max(desk.last_at)
    }

    fn boards(&self) -> Arc<Boards> {
        self.boards.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A single event is one transaction; a command makes one event at most, so "all or nothing" holds.
    async fn append(&self, desk: &mut Desk, actor: &Actor, now: Timestamp, events: &[Event]) -> Result<(), JournalError> {
        for event in events {
            let new = NewEntry {
                at: now,
                actor: actor.id.clone(),
                event: event.clone(),
            };
            self.journal.append(desk.state.position(), new).await?;
            // Read back from the journal like everybody else's: one way in.
            self.catch_up(desk).await?;
        }
        Ok(())
    }

    /// Applies what stands in the journal and is not known yet, and shows it. What is read is put together first and taken over
    /// without a pause, so that a caller who goes away in between leaves nothing half done.
    async fn catch_up(&self, desk: &mut Desk) -> Result<(), JournalError> {
        let head = self.journal.head().await?;
        let known = desk.state.position();
        if head == known {
            return Ok(());
        }
        let news = if known == 0 {
            Vec::new()
        } else {
            self.read_between(known, head).await?
        };
        // What was redacted is still in memory: begin anew, now that a tombstone stands in its place.
        let redacted = news.iter().any(|entry| matches!(entry.event, Some(Event::EntryRedacted { .. })));
        if known == 0 || redacted {
            *desk = self.read_from_the_beginning(head).await?;
        } else {
            news.iter().for_each(|entry| desk.take(entry));
        }
        self.refresh(desk);
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
    async fn read_from_the_beginning(&self, head: u64) -> Result<Desk, JournalError> {
        let mut desk = Desk::default();
        while desk.state.position() < head {
            let page = self.journal.entries(desk.state.position(), PAGE).await?;
            if page.is_empty() {
                break;
            }
            page.iter().filter(|entry| entry.seq <= head).for_each(|entry| desk.take(entry));
        }
        Ok(desk)
    }

    /// Renders the portals for which something has changed, by an event or by time.
    fn refresh(&self, desk: &Desk) {
        let now = self.now(desk);
        let old = self.boards();
        let mut boards = Boards::with_capacity(old.len());
        for (id, position) in desk.state.portal_positions() {
            let board = match old.get(id.as_str()) {
                Some(board) if board.position == position && board.valid_until.is_none_or(|until| now < until) => board.clone(),
                board => match self.render(desk, id, position, now, board) {
                    Some(board) => board,
                    None => continue,
                },
            };
            boards.insert(id.to_string(), board);
        }
        *self.boards.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(boards);
    }

    fn render(&self, desk: &Desk, id: &PortalId, position: u64, now: Timestamp, old: Option<&Board>) -> Option<Board> {
        let snapshot: Shared = Arc::new(Snapshot::new(project(&desk.state, id, now)?));
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
            valid_until: next_change_of(&desk.state, id, now),
        })
    }
}
