//! Which programs of others are told of notices by a web request, and how it goes.

use domain::words::{Shape, Signing, Wanted};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wire::Kind;

/// A receiver that is to be told from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Where to, such as `https://receiver.example/umleitung`.
    pub address: String,
    /// Only of what shows on these portals; left out: on any.
    #[serde(default)]
    pub portals: Option<Vec<String>>,
    /// Only of what touches these services, by name or through a dependency; left out: any.
    #[serde(default)]
    pub services: Option<Vec<String>>,
    /// Only of these kinds of notices; left out: of all.
    #[serde(default)]
    pub kinds: Option<Vec<Kind>>,
    #[serde(default)]
    pub shape: Shape,
    #[serde(default)]
    pub signing: Signing,
}

/// Those that the caller manages, the oldest first, those included that have ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Webhooks {
    pub webhooks: Vec<Webhook>,
}

/// A receiver, and what waits for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Webhook {
    pub id: String,
    /// Where messages are sent. It may hold a secret.
    pub address: String,
    #[serde(flatten)]
    pub wanted: Wanted,
    pub shape: Shape,
    pub signing: Signing,
    pub created_at: Timestamp,
    /// The opaque id of whoever made it, or `command-line`.
    pub created_by: String,
    /// Since when nothing is sent to it any more; `null`: it works.
    pub ended_at: Option<Timestamp>,
    pub ended_because: Option<String>,
    /// When a message last arrived.
    pub delivered_at: Option<Timestamp>,
    /// Since when none has arrived; `null`: the last one did.
    pub failing_since: Option<Timestamp>,
    /// Why the last one did not arrive.
    pub failure: Option<String>,
    /// How many messages wait.
    pub open: u64,
    /// How many were given up.
    pub given_up: u64,
    /// When the first of those that wait is sent next.
    pub next_attempt_at: Option<Timestamp>,
    /// What a receiver checks signatures with, where that is no secret; with a new one also a secret, told only once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_key: Option<String>,
}

/// What came of a message that was sent to try a receiver out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tried {
    pub delivered: bool,
    pub failure: Option<String>,
}
