//! Turns commands into journal entries, and the state into what each portal shows: after each event, at each turn of time,
//! and when another process has appended.
//!
//! Three locks, so that nobody waits for more than they need: the `desk` is held by whoever writes, also while another process keeps the
//! writers' lock; the `follower` by whoever reads the journal into memory; the boards' own by whoever renders. Time needs the last alone.

mod audit;
mod boards;
mod follower;

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use domain::{
    record::{Command, Entry, Event, upkeep},
    rejection::Rejection,
    state::{State, apply},
    step::plan,
    time::plausible::{self, Doubt},
    words::{Actor, Context, Subject},
};
use jiff::Timestamp;
use tokio::{
    sync::{Mutex, watch},
    time::Instant,
};

use self::{
    boards::{Boards, Extent},
    follower::Follower,
};
use crate::{
    clock::Clock,
    health::{Condition, Finding, Health},
    journal::{Journal, JournalError, KEY_LASTS, RequestKey, SqliteJournal},
    pace::Timekeeper,
    snapshot::Shared,
};

/// How often the journal is asked whether another process has appended.
const FOLLOW_EVERY: Duration = Duration::from_millis(200);

/// How often, while something is wrong, the server tries whether it is over.
const TRY_EVERY: Duration = Duration::from_secs(1);

/// How long after a trial the next one may begin: whoever asks for readiness again and again does not make the disk busy.
const BETWEEN_TRIALS: Duration = Duration::from_millis(25);

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error("another request was sent under this key before")]
    KeyReused,
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// What became of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// What happened now; none: it was so already, or the request was carried out before.
    pub events: Vec<Event>,
    /// What it is about.
    pub subject: Subject,
}

/// The heart of the server. One per process; several processes may share a journal.
pub struct Publisher {
    journal: SqliteJournal,
    clock: Arc<dyn Clock>,
    health: Health,
    timekeeper: Timekeeper,
    desk: Mutex<()>,
    follower: Mutex<Follower>,
    known: RwLock<Known>,
    boards: Boards,
    /// When the last trial whether the database can be written began and ended.
    tried: Mutex<Option<(Instant, Instant)>>,
}

/// What is known after the entries so far. Its lock is held for taking a copy of the pointer and for applying entries, never while
/// anything is worked out of the state: who reads at length holds the state as it was, and the next entry is applied to a copy. As long as
/// nobody reads, there is one owner and nothing is copied.
#[derive(Clone, Default)]
struct Known {
    state: Arc<State>,
}

impl Known {
    fn take(&mut self, entry: &Entry) {
        apply(Arc::make_mut(&mut self.state), entry);
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
            follower: Mutex::default(),
            known: RwLock::default(),
            boards: Boards::default(),
            tried: Mutex::default(),
        };
        publisher.catch_up().await?;
        if let Some(mark) = publisher.journal.missing().await? {
            let tip = publisher.journal.head().await?;
            publisher.went_back(mark.seq, tip);
        }
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

    /// Why the machine's clock cannot be right, as far as is known; `None`: it can.
    pub fn doubt(&self) -> Option<Doubt> {
        self.timekeeper.doubt(&*self.clock, &self.present().0, &self.health)
    }

    /// What a portal shows now; `None`: there is no such portal.
    pub fn snapshot(&self, portal: &str) -> Option<Shared> {
        self.boards.snapshot(portal)
    }

    /// What a portal shows from now on, change by change.
    pub fn listen(&self, portal: &str) -> Option<watch::Receiver<Shared>> {
        self.boards.listen(portal)
    }

    /// Counts what happened on a portal, while the server runs: what was worked out at another count may be old. `None`: there is no
    /// such portal.
    pub fn edition(&self, portal: &str) -> Option<u64> {
        self.boards.edition(portal)
    }

    /// The state and the present, the latest entries of other processes included.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn read<T>(&self, read: impl FnOnce(&State, Timestamp) -> T) -> Result<T, JournalError> {
        self.catch_up().await?;
        let (state, now) = self.present();
        Ok(read(&state, now))
    }

    /// The state that is in memory, and the present; for what must be answered while the database does not. The state stays as it is for
    /// as long as it is held, and publishing goes on meanwhile.
    pub fn present(&self) -> (Arc<State>, Timestamp) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        let now = plausible::present(self.clock.now(), known.state.last_at());
        (known.state, now)
    }

    /// Carries out a command: decides, appends, applies, publishes. Returns the events; none: it was so already.
    ///
    /// # Errors
    /// [`SubmitError::Rejected`] when the rules forbid it, [`SubmitError::Journal`] when the storage fails. Nothing has happened then,
    /// unless it is [`JournalError::Unsettled`] (not known) or [`JournalError::Lingering`] (done but for one thing).
    pub async fn submit(&self, actor: Actor, command: impl Into<Command>) -> Result<Vec<Event>, SubmitError> {
        Ok(self.submit_once(actor, command, None).await?.events)
    }

    /// The same, for a request that may come again: under the same key it is carried out once, by whichever process.
    ///
    /// # Errors
    /// As [`Publisher::submit`], and [`SubmitError::KeyReused`].
    pub async fn submit_once(&self, actor: Actor, command: impl Into<Command>, key: Option<RequestKey>) -> Result<Done, SubmitError> {
        let command = command.into();
        let _desk = self.desk.lock().await;
        loop {
            self.catch_up().await?;
            let (state, now) = self.present();
            if let Some(key) = &key {
                let since = now.saturating_sub(KEY_LASTS).unwrap_or(Timestamp::MIN);
                match self.journal.carried(&actor.id, &key.key, since).await? {
                    Some(carried) if carried.request != key.request => return Err(SubmitError::KeyReused),
                    Some(carried) => {
                        return Ok(Done {
                            events: Vec::new(),
                            subject: carried.subject,
                        });
                    }
                    None => {}
                }
            }
            let confirms = matches!(command, Command::Upkeep(upkeep::Command::ConfirmClock { .. }));
            // From a confirmation on time is what the clock says, whatever stands in the journal.
            let now = if confirms { self.clock.now() } else { now };
            let context = Context { now, actor: actor.clone() };
            let planned = plan(&state, command.clone(), &context);
            if let Some(doubt) = self.doubt()
                && !confirms
                && planned.as_ref().map_or(true, |entries| !entries.is_empty())
            {
                return Err(Rejection::from(doubt).into());
            }
            let entries = planned?;
            // Otherwise the entries would be applied to a copy.
            drop(state);
            match self.journal.append(&entries, key.as_ref()).await {
                // Another process was faster: what it did may change the decision.
                Err(JournalError::Conflict) => {}
                // Done but for one thing.
                Err(error @ JournalError::Lingering { .. }) => {
                    self.follow().await;
                    return Err(error.into());
                }
                Err(error) => {
                    self.write_failed(&error);
                    return Err(error.into());
                }
                Ok(records) => {
                    self.take_in(records).await;
                    let events: Vec<Event> = entries.into_iter().map(|entry| entry.event).collect();
                    let subject = events.first().map(Event::subject).unwrap_or_default();
                    return Ok(Done { events, subject });
                }
            }
        }
    }

    /// Keeps what is shown in step with time and with other processes, until it is dropped.
    pub async fn run(&self) {
        let time = async {
            loop {
                self.boards.turn(&*self.clock).await;
                self.boards.refresh(Extent::Touched, || self.present());
            }
        };
        let journal = async {
            let mut follow = tokio::time::interval(FOLLOW_EVERY);
            follow.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                follow.tick().await;
                self.follow().await;
            }
        };
        let recovery = async {
            let mut again = tokio::time::interval(TRY_EVERY);
            again.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                again.tick().await;
                if self.health.any_of(&[Condition::DatabaseUnwritable, Condition::DatabaseBusy]) {
                    self.examine().await;
                }
            }
        };
        futures::join!(time, journal, recovery, self.audit());
    }

    /// What is wrong with this server, after trying once more whether its journal can be read and written.
    pub async fn examine(&self) -> Vec<Finding> {
        let asked = Instant::now();
        let mut tried = self.tried.lock().await;
        // Those who came while a trial was under way share the next one.
        if tried.is_none_or(|(began, _)| began < asked) {
            if let Some((_, ended)) = *tried {
                tokio::time::sleep_until(ended + BETWEEN_TRIALS).await;
            }
            let began = Instant::now();
            match self.journal.try_to_write().await {
                Ok(()) => {
                    self.health.over(Condition::DatabaseUnwritable);
                    self.health.over(Condition::DatabaseBusy);
                }
                Err(error) => self.write_failed(&error),
            }
            *tried = Some((began, Instant::now()));
        }
        drop(tried);
        self.follow().await;
        self.health.findings()
    }

    async fn follow(&self) {
        match self.catch_up().await {
            Ok(()) => {
                self.health.over(Condition::DatabaseGone);
                self.health.over(Condition::JournalUnread);
            }
            Err(JournalError::Gone(gone)) => self.health.found(Condition::DatabaseGone, self.clock.now(), gone.to_string()),
            Err(error) => self.health.found(Condition::JournalUnread, self.clock.now(), error.to_string()),
        }
        self.doubt();
        if self.boards.are_ahead_of(self.present().1) {
            self.boards.refresh(Extent::Touched, || self.present());
        }
    }

    fn write_failed(&self, error: &JournalError) {
        let condition = match error {
            JournalError::Gone(_) => Condition::DatabaseGone,
            error if error.is_busy() => Condition::DatabaseBusy,
            _ if self.journal.check().is_err() => Condition::DatabaseGone,
            _ => Condition::DatabaseUnwritable,
        };
        self.health.found(condition, self.clock.now(), error.to_string());
    }

    fn change_known(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.known.write().unwrap_or_else(PoisonError::into_inner));
    }
}
