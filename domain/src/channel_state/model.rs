//! The outage of a channel: from when, until when, and what staff know of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::notice::Author;

/// What somebody says of a channel that is out of order, or is going to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ChannelReport"))]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Since when, or from when on; left out: since it was said first, which is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// The first instant at which it works again, after `from` and not past; left out: nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// What staff are to know, in one line. People outside never read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// When a channel is out of order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The first instant at which it does not work.
    pub from: Timestamp,
    /// The first instant at which it works again; left out: nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// What staff are to know, in one line. People outside never read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Terms {
    /// Whether it is out of order at an instant.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.from <= now && self.is_not_over(now)
    }

    /// Whether it is out of order at an instant, or after it.
    pub fn is_not_over(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// The outage of a channel, with who said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outage {
    pub terms: Terms,
    pub reported_at: Timestamp,
    pub reported_by: Author,
}
