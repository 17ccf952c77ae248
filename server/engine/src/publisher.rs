//! The heart of the server: what is known, kept in step with the journal.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use domain::{
    state::{State, apply},
    time::plausible::{self, Doubt},
};
use jiff::Timestamp;
use tokio::{
    sync::{Mutex, watch},
    time::Instant,
};

use crate::{
    audience::{Audience, Extent},
    follower::{Follower, PAGE},
    known::Known,
    writer::Writer,
};
use crate::{
    health::{Condition, Finding, Health},
    pace::Timekeeper,
};
use store::{
    clock::Clock,
    journal::{Journal, JournalError},
};

/// How often, while something is wrong, the server tries whether it is over.
const TRY_EVERY: Duration = Duration::from_secs(1);

/// How long after a trial the next one may begin: whoever asks for readiness again and again does not make the disk busy.
const BETWEEN_TRIALS: Duration = Duration::from_millis(25);

/// After so many entries in a row that are later than an instant, none of that instant follows.
const AHEAD: usize = 1_000;

/// The heart of the server. One per process; several processes may share a journal.
pub struct Publisher {
    pub(super) journal: Arc<dyn Journal>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) health: Health,
    pub(super) timekeeper: Timekeeper,
    pub(super) writer: Mutex<Writer>,
    pub(super) follower: Mutex<Follower>,
    pub(super) known: RwLock<Known>,
    /// The number of the last entry that is known.
    moved: watch::Sender<u64>,
    pub(super) audience: Arc<dyn Audience>,
    /// When the last trial whether the database can be written began and ended.
    pub(super) tried: Mutex<Option<(Instant, Instant)>>,
}

impl Publisher {
    /// Reads the whole journal, and has the audience show what is known.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn open(journal: Arc<dyn Journal>, clock: Arc<dyn Clock>, audience: Arc<dyn Audience>) -> Result<Self, JournalError> {
        let publisher = Self {
            journal,
            clock,
            health: Health::default(),
            timekeeper: Timekeeper::default(),
            writer: Mutex::default(),
            follower: Mutex::default(),
            known: RwLock::default(),
            moved: watch::Sender::default(),
            audience,
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
    pub fn journal(&self) -> &dyn Journal {
        &*self.journal
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

    /// The state as it was at an instant: what was recorded up to then, applied anew. What was redacted since is missing, as are entries that cannot
    /// be read. It takes as long as a start.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn past(&self, instant: Timestamp) -> Result<State, JournalError> {
        let (mut state, mut behind, mut later) = (State::default(), 0, Vec::new());
        loop {
            let page = self.journal.find(behind, PAGE).await?;
            let Some(last) = page.last().map(|found| found.seq) else {
                return Ok(state);
            };
            behind = last;
            for entry in page.into_iter().filter_map(|found| found.record.ok()?.entry().ok()) {
                // What was written by a clock that was ahead lies before entries of the right time, and was there then.
                if entry.at > instant {
                    later.push(entry);
                } else {
                    later.drain(..).for_each(|entry| apply(&mut state, &entry));
                    apply(&mut state, &entry);
                }
            }
            if later.len() > AHEAD {
                return Ok(state);
            }
        }
    }

    /// The number of the last entry that is known, and each one that it comes to be.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.moved.subscribe()
    }

    /// Keeps what is known in step with other processes, until it is dropped.
    pub async fn run(&self) {
        let journal = async {
            loop {
                self.journal.news().await;
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
        tokio::join!(journal, recovery, self.audit());
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
            let trial = self.journal.try_to_write().await;
            match &trial {
                Ok(()) => {
                    self.health.over(Condition::DatabaseUnwritable);
                    self.health.over(Condition::DatabaseBusy);
                }
                Err(error) => self.write_failed(error),
            }
            // All that wait share this as well: one after the other would wait too long for a database that does not answer.
            self.follow().await;
            if let Err(error @ JournalError::Gone(_)) = trial
                && !self.health.any_of(&[Condition::DatabaseGone])
            {
                // It is there, and takes nothing.
                self.health
                    .found(Condition::DatabaseUnwritable, self.clock.now(), error.to_string());
            }
            *tried = Some((began, Instant::now()));
        }
        drop(tried);
        self.health.findings()
    }

    pub(super) async fn follow(&self) {
        match self.catch_up().await {
            Ok(()) => {
                self.health.over(Condition::DatabaseGone);
                self.health.over(Condition::JournalUnread);
            }
            Err(JournalError::Gone(gone)) => self.health.found(Condition::DatabaseGone, self.clock.now(), gone.to_string()),
            Err(error) => self.health.found(Condition::JournalUnread, self.clock.now(), error.to_string()),
        }
        self.doubt();
        if self.audience.is_ahead_of(self.present().1) {
            self.audience.refresh(Extent::Touched, &|| self.present());
        }
    }

    pub(super) fn write_failed(&self, error: &JournalError) {
        let condition = match error {
            JournalError::Gone(_) => Condition::DatabaseGone,
            error if error.is_busy() => Condition::DatabaseBusy,
            _ if self.journal.check().is_err() => Condition::DatabaseGone,
            _ => Condition::DatabaseUnwritable,
        };
        self.health.found(condition, self.clock.now(), error.to_string());
    }

    pub(super) fn change_known(&self, change: impl FnOnce(&mut Known)) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        change(&mut known);
    }

    /// Shows what is known by now, and then tells those who follow: what they look at is shown already.
    pub(super) fn show(&self, extent: Extent) {
        self.audience.refresh(extent, &|| self.present());
        self.moved.send_replace(self.present().0.position());
    }
}
