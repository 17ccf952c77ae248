//! The record, as people read it.

use domain::words::Subject;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Where in the journal to begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct JournalQuery {
    /// The entry behind which the page begins.
    #[serde(default)]
    pub after: u64,
}

/// A page of the journal, the oldest entry first; of it what the caller's grants reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Journal {
    pub entries: Vec<Entry>,
    /// What to ask for next as `after`; `null`: this was the last page.
    pub next: Option<u64>,
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entry {
    /// Counts from 1, without gaps.
    pub seq: u64,
    pub at: Timestamp,
    /// The opaque id of an account or token, or `command-line`.
    pub actor: String,
    /// The name behind `actor`, while there is one.
    pub actor_name: Option<String>,
    pub subject: Subject,
    /// The event as JSON, byte for byte as it was hashed; `null`: redacted.
    pub payload: Option<String>,
    pub payload_hash: String,
    /// The hash of the entry before.
    pub previous: String,
    /// The hash of this entry, which the next one names.
    pub hash: String,
    /// The payload, parsed; `null`: redacted.
    pub event: Option<Value>,
}
