//! The append-only record of everything that happened, and its chain of hashes.

pub mod chain;
pub mod database;
pub mod lines;
pub(crate) mod marker;
pub mod sqlite;

use domain::{
    record::{Entry, Event, NewEntry},
    words::Subject,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use database::Gone;
pub use marker::Mark;
pub use sqlite::SqliteJournal;

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
        matches!(self, Self::Storage(error) if database::is_busy(error))
    }
}

impl JournalError {
    /// Whether the file itself is at fault: SQLite's SQLITE_CORRUPT and SQLITE_NOTADB.
    pub fn is_damage(&self) -> bool {
        let Self::Storage(sqlx::Error::Database(error)) = self else {
            return false;
        };
        // Extended codes have more bits above the lowest eight.
        let code = error.code().and_then(|code| code.parse::<u32>().ok());
        code.is_some_and(|code| matches!(code & 0xff, 11 | 26))
    }
}

/// Where the record is kept. Every implementation passes the same contract suite.
pub trait Journal: Send + Sync {
    /// The number of the last entry; 0: none.
    ///
    /// # Errors
    /// When the storage fails.
    fn head(&self) -> impl Future<Output = Result<u64, JournalError>> + Send;

    /// Up to `limit` entries after this one, in order.
    ///
    /// # Errors
    /// When the storage fails.
    fn read(&self, after: u64, limit: u32) -> impl Future<Output = Result<Vec<Record>, JournalError>> + Send;

    /// The same entries as [`Journal::read`]; one that cannot be read does not keep back the others.
    ///
    /// # Errors
    /// When the storage fails as a whole.
    fn find(&self, after: u64, limit: u32) -> impl Future<Output = Result<Vec<Found>, JournalError>> + Send;

    /// The number and the hash of the last entry; `None`: there is none.
    ///
    /// # Errors
    /// When the storage fails.
    fn tip(&self) -> impl Future<Output = Result<Option<(u64, String)>, JournalError>> + Send;

    /// The same entries as [`Journal::read`] without their links in the chain.
    ///
    /// # Errors
    /// When the storage fails or a payload cannot be read.
    fn entries(&self, after: u64, limit: u32) -> impl Future<Output = Result<Vec<Entry>, JournalError>> + Send {
        async move { self.read(after, limit).await?.iter().map(Record::entry).collect() }
    }

    /// Appends entries, which follow each other, behind the last one, durably, and all or none. A redaction also puts a tombstone in its
    /// target's place, and with a key it is noted that the actor's request was carried out, both in the same transaction.
    ///
    /// # Errors
    /// [`JournalError::Conflict`] when the first does not follow the last entry any more; others when the storage fails. Nothing is written
    /// then, unless [`JournalError::Unsettled`] says that this is not known.
    fn append(&self, entries: &[NewEntry], key: Option<&RequestKey>) -> impl Future<Output = Result<Vec<Record>, JournalError>> + Send;

    /// The request that this actor has sent under this key since an instant, if it was carried out.
    ///
    /// # Errors
    /// When the storage fails.
    fn carried(&self, actor: &str, key: &str, since: Timestamp) -> impl Future<Output = Result<Option<Carried>, JournalError>> + Send;
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
