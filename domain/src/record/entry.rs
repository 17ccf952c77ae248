//! An event in its place in the journal.

use jiff::Timestamp;

use super::event::Event;
use crate::words::Subject;

/// An event in its place in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Counts from 1, without gaps.
    pub seq: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who did it: the opaque id of an account or token, or `command-line`.
    pub actor: String,
    /// What it is about; stays when the payload is redacted, so that no number is given twice.
    pub subject: Subject,
    /// `None`: redacted.
    pub event: Option<Event>,
}

/// An entry that is to be appended: it has happened, and nothing of it is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// Counts from 1, without gaps.
    pub seq: u64,
    pub at: Timestamp,
    /// The opaque id of an account or token, or `command-line`.
    pub actor: String,
    pub event: Event,
}

impl From<NewEntry> for Entry {
    fn from(new: NewEntry) -> Self {
        Self {
            seq: new.seq,
            at: new.at,
            actor: new.actor,
            subject: new.event.subject(),
            event: Some(new.event),
        }
    }
}
