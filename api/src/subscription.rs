//! Who is told of notices by mail, as far as staff see it.

use domain::words::{PortalId, Wanted};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Whose subscriptions are looked for: somebody wants to know what is stored of them, or that it be forgotten. It is sent and not part of an address,
/// which proxies note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SubscriptionSearch {
    pub address: String,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FoundSubscriptions {
    /// Of the portals that the caller manages.
    pub found: Vec<Subscription>,
}

/// How many people are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Subscriptions {
    /// Whether this server sends mails.
    pub sends: bool,
    /// Of the portals that the caller manages.
    pub portals: Vec<PortalSubscriptions>,
}

/// How many people are told of what a portal tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PortalSubscriptions {
    pub portal: PortalId,
    pub confirmed: u64,
    /// Not confirmed yet: forgotten after seven days.
    pub unconfirmed: u64,
    /// Of the confirmed, those to whom the last mail did not arrive.
    pub failing: u64,
}

/// What is stored of somebody who is told by mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Subscription {
    pub id: String,
    pub portal: PortalId,
    pub address: String,
    /// A language tag.
    pub language: String,
    /// Of what they are told.
    pub wanted: Wanted,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// The words under which it was.
    pub agreed_to: String,
    /// When it was confirmed; `null`: not yet.
    pub confirmed_at: Option<Timestamp>,
    /// Since when no mail has arrived; `null`: the last one did.
    pub failing_since: Option<Timestamp>,
    /// Why not.
    pub failure: Option<String>,
}
