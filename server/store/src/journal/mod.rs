//! The append-only record of everything that happened, and its chain of hashes.

pub mod chain;
pub mod lines;

use async_trait::async_trait;
use domain::{
    record::{Entry, Event, NewEntry, upkeep},
    words::Subject,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// An entry as it is stored, with its link in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Counts from 1, without gaps.
    pub seq: u64,
    pub at: Timestamp,
    /// The opaque id of an account or token, or `command-line`.
    pub actor: String,
    pub subject: Subject,
    /// The event as JSON, byte for byte as it was hashed; `None`: redacted.
    pub payload: Option<String>,
    pub payload_hash: String,
    /// The hash of the entry before.
    pub previous: String,
    pub hash: String,
}

/// A name that a client gives to a request, so that a repetition of it is carried out once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    pub key: String,
    /// The hash of all that was asked for: the same name with another request is a mistake.
    pub request: String,
}

/// For how long a request is known by its key.
pub const KEY_LASTS: SignedDuration = SignedDuration::from_hours(24);

/// A request that was carried out before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The hash of what was asked for.
    pub request: String,
    pub subject: Subject,
}

/// An entry as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub seq: u64,
    /// The entry, or why it cannot be read.
    pub record: Result<Record, String>,
}

/// The last entry that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub seq: u64,
    pub hash: String,
}

/// The database is not there any more: its file is no longer what was opened, or its server does not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Gone(pub(crate) String);

/// Why the journal could not do it.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Someone else appended since the head that the caller knew; nothing was written.
    #[error("the journal has moved on")]
    Conflict,
    /// Nothing was written.
    #[error("the journal's database failed: {0}")]
    Storage(#[from] sqlx::Error),
    /// Nothing was written.
    #[error(transparent)]
    Gone(#[from] Gone),
    /// Nothing was written.
    #[error("the database could be opened for reading only; make it writable and restart the server")]
    ReadOnly,
    /// It may have been written or not.
    #[error("it is not known whether the entry was written: {0}")]
    Unsettled(String),
    #[error("the journal has lost all its entries; restore a backup")]
    Emptied,
    #[error("journal entry {seq} cannot be read: {reason}")]
    Unreadable { seq: u64, reason: String },
    #[error(
        "entry {seq} was redacted, but its old text may still be in the write-ahead log because another process is reading; run `journal redact` again later"
    )]
    Lingering { seq: u64 },
    #[error("the journal is not empty; import into a fresh data folder")]
    NotEmpty,
}

impl JournalError {
    /// Whether another process keeps the writers' lock.
    pub fn is_busy(&self) -> bool {
        self.is(Failure::Busy)
    }

    /// Whether the file itself is at fault.
    pub fn is_damage(&self) -> bool {
        self.is(Failure::Damaged)
    }

    fn is(&self, failure: Failure) -> bool {
        matches!(self, Self::Storage(error) if Failure::of(error) == failure)
    }
}

/// Where the record is kept. Every implementation passes the same contract suite.
#[async_trait]
pub trait Journal: Send + Sync {
    /// The number and the hash of the last entry; `None`: there is none.
    ///
    /// # Errors
    /// When the storage fails.
    async fn tip(&self) -> Result<Option<(u64, String)>, JournalError>;

    /// Up to `limit` entries after this one, in order. One that cannot be read does not keep back the others.
    ///
    /// # Errors
    /// When the storage fails as a whole.
    async fn find(&self, after: u64, limit: u32) -> Result<Vec<Found>, JournalError>;

    /// Appends entries, which follow each other, behind the last one, durably, and all or none. A redaction also puts a tombstone in its
    /// target's place, and with a key it is noted that the actor's request was carried out, both in the same transaction.
    ///
    /// # Errors
    /// [`JournalError::Conflict`] when the first does not follow the last entry any more; others when the storage fails. Nothing is written
    /// then, unless [`JournalError::Unsettled`] says that this is not known.
    async fn append(&self, entries: &[NewEntry], key: Option<&RequestKey>) -> Result<Vec<Record>, JournalError>;

    /// Puts verified records into an empty journal, all or none.
    ///
    /// # Errors
    /// [`JournalError::NotEmpty`] when it is not empty; others when the storage fails.
    async fn fill(&self, records: Vec<Record>) -> Result<(), JournalError>;

    /// The request that this actor has sent under this key since an instant, if it was carried out.
    ///
    /// # Errors
    /// When the storage fails.
    async fn carried(&self, actor: &str, key: &str, since: Timestamp) -> Result<Option<Carried>, JournalError>;

    /// Returns when another process may have appended something, a second after it has at the latest.
    async fn news(&self);

    /// What changes whenever anything is written, by whomever: as long as it is the same, the journal is. `None`: nobody can say.
    async fn touched(&self) -> Option<String>;

    /// The entry that was written last, where that is known beside the journal, and it is not there any more as it was written.
    ///
    /// # Errors
    /// When the storage fails.
    async fn missing(&self) -> Result<Option<Mark>, JournalError>;

    /// Takes the journal as it is now: what it has lost was said.
    ///
    /// # Errors
    /// When the storage fails.
    async fn take_as_it_is(&self) -> Result<(), JournalError>;

    /// Writes something that means nothing, durably.
    ///
    /// # Errors
    /// When nothing can be written.
    async fn try_to_write(&self) -> Result<(), JournalError>;

    /// Whether the database is still the one that was opened. What is answered after a write is true only then.
    ///
    /// # Errors
    /// [`Gone`] when it is not.
    fn check(&self) -> Result<(), Gone>;

    /// Lets go of the database.
    async fn close(&self);

    /// The number of the last entry; 0: none.
    ///
    /// # Errors
    /// When the storage fails.
    async fn head(&self) -> Result<u64, JournalError> {
        Ok(self.tip().await?.map_or(0, |(seq, _)| seq))
    }

    /// The same entries as [`Journal::find`], if all of them can be read.
    ///
    /// # Errors
    /// When the storage fails, or one of them cannot be read.
    async fn read(&self, after: u64, limit: u32) -> Result<Vec<Record>, JournalError> {
        let found = self.find(after, limit).await?.into_iter();
        found
            .map(|Found { seq, record }| record.map_err(|reason| JournalError::Unreadable { seq, reason }))
            .collect()
    }

    /// The same entries without their links in the chain.
    ///
    /// # Errors
    /// When the storage fails or a payload cannot be read.
    async fn entries(&self, after: u64, limit: u32) -> Result<Vec<Entry>, JournalError> {
        self.read(after, limit).await?.iter().map(Record::entry).collect()
    }
}

/// The entry whose payload goes with this one.
pub(crate) const fn redaction(entry: &NewEntry) -> Option<u64> {
    match entry.event {
        Event::Upkeep(upkeep::Event::Redacted { seq, .. }) => Some(seq),
        _ => None,
    }
}

/// A number as databases count; beyond the greatest that they have there is no entry.
pub(crate) fn position(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

impl Record {
    /// Reads the event in it.
    ///
    /// # Errors
    /// When the payload is no event that this release knows.
    pub fn entry(&self) -> Result<Entry, JournalError> {
        Ok(Entry {
            seq: self.seq,
            at: self.at,
            actor: self.actor.clone(),
            subject: self.subject.clone(),
            event: self.event()?,
        })
    }

    /// Reads the payload; `None`: redacted.
    fn event(&self) -> Result<Option<Event>, JournalError> {
        let payload = self.payload.as_deref().map(serde_json::from_str).transpose();
        payload.map_err(|error| JournalError::Unreadable {
            seq: self.seq,
            reason: error.to_string(),
        })
    }
}
