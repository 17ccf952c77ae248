//! The append-only record of everything that happened, and its chain of hashes.

pub mod chain;
pub mod lines;
pub mod sqlite;

use domain::{
    event::{Entry, Event},
    id::NoticeId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
    pub subject: Option<NoticeId>,
    /// The event as JSON, byte for byte as it was hashed; `None`: redacted.
    pub payload: Option<String>,
    pub payload_hash: String,
    /// The hash of the entry before.
    pub previous: String,
    pub hash: String,
}

/// What is to be appended.
#[derive(Clone, Debug)]
pub struct NewEntry {
    pub at: Timestamp,
    pub actor: String,
    pub event: Event,
}

/// Why the journal could not do it.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Someone else appended since the head that the caller knew; nothing was written.
    #[error("the journal has moved on")]
    Conflict,
    #[error("the journal's database failed: {0}")]
    Storage(#[from] sqlx::Error),
    #[error("journal entry {seq} cannot be read: {reason}")]
    Unreadable { seq: u64, reason: String },
    #[error(
        "entry {seq} was redacted, but its old text may still be in the write-ahead log because another process is reading; run `journal redact` again later"
    )]
    Lingering { seq: u64 },
    #[error("the journal is not empty; import into a fresh data folder")]
    NotEmpty,
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

    /// The same entries as [`Journal::read`] without their links in the chain, for replay.
    ///
    /// # Errors
    /// When the storage fails or a payload cannot be read.
    fn entries(&self, after: u64, limit: u32) -> impl Future<Output = Result<Vec<Entry>, JournalError>> + Send;

    /// Appends one entry behind `head`, durably. An `EntryRedacted` also puts a tombstone in its target's place, in the same transaction.
    ///
    /// # Errors
    /// [`JournalError::Conflict`] when `head` is not the last entry any more; others when the storage fails. Nothing is written then.
    fn append(&self, head: u64, entry: NewEntry) -> impl Future<Output = Result<Record, JournalError>> + Send;
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
            event: event(self.seq, self.payload.as_deref())?,
        })
    }
}

/// Reads a payload; `None`: redacted.
fn event(seq: u64, payload: Option<&str>) -> Result<Option<Event>, JournalError> {
    payload
        .map(serde_json::from_str)
        .transpose()
        .map_err(|error| JournalError::Unreadable {
            seq,
            reason: error.to_string(),
        })
}
