//! The record, as people read it.

use domain::words::Subject;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which entries of the journal, and from where on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct JournalQuery {
    #[serde(default)]
    pub order: Order,
    /// The oldest first: the entry behind which the page begins.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub after: u64,
    /// The newest first: the entry before which the page begins; none: the page begins with the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// Only what was recorded at this instant or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Only what was recorded before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Only what is about this: the id of a notice, a series, a freeze, an approval; `C-` and the id of a channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// Only what this person or program did: their opaque id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

const fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// In which order entries are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Order {
    #[default]
    OldestFirst,
    NewestFirst,
}

/// What is taken out of the record, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Redaction {
    /// One line; it is kept forever, so nothing of what is taken out belongs into it.
    pub reason: String,
}

/// Which moment of a portal is to be seen again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SeenQuery {
    pub at: Timestamp,
    /// In which language of the portal; by default its first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// A page of the journal; of it what the caller's grants reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Journal {
    pub entries: Vec<Entry>,
    /// What to ask for next: as `after`, or as `before` where the newest come first; `null`: this was the last page. A page may have few entries or
    /// none where much was looked through for them.
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
