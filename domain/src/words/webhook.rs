//! What whoever is told of notices, a program by a web request or a person by mail, wants to be told, and how.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use wire::Kind;

use super::{
    id::{PortalId, ServiceId},
    spelled::words,
};

/// What a receiver is told of; `None`: all that there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Wanted {
    #[serde(default)]
    pub portals: Option<BTreeSet<PortalId>>,
    /// Notices that touch one of these services, by name or through a dependency.
    #[serde(default)]
    pub services: Option<BTreeSet<ServiceId>>,
    #[serde(default)]
    pub kinds: Option<Vec<Kind>>,
}

impl Wanted {
    /// Whether it covers what has happened on a portal to a notice of this kind that touches, or touched before, these services.
    pub fn covers(&self, portal: &PortalId, kind: Option<Kind>, services: &BTreeSet<ServiceId>) -> bool {
        self.portals.as_ref().is_none_or(|portals| portals.contains(portal))
            && self.services.as_ref().is_none_or(|wanted| !wanted.is_disjoint(services))
            && self
                .kinds
                .as_ref()
                .is_none_or(|kinds| kind.is_some_and(|kind| kinds.contains(&kind)))
    }
}

/// How a message is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// As Standard Webhooks has it, with the notice as `state.json` tells it.
    #[default]
    Umleitung,
    /// As receivers of Statuspage's webhooks know it.
    Statuspage,
    /// A message in a channel of Slack, by an incoming webhook.
    Slack,
    /// A message in a channel of Microsoft Teams, by a workflow that takes adaptive cards.
    Teams,
    /// A message in a channel of Mattermost, or of a chat that understands its incoming webhooks.
    Mattermost,
    /// A message in a room of Matrix, by a generic webhook of its bridge (hookshot).
    Matrix,
}

/// How a message is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Signing {
    /// HMAC with SHA-256: both sides know the secret.
    #[default]
    Hmac,
    /// The receiver knows the public key only.
    Ed25519,
}

words!(Shape {
    Umleitung: "umleitung",
    Statuspage: "statuspage",
    Slack: "slack",
    Teams: "teams",
    Mattermost: "mattermost",
    Matrix: "matrix"
});
words!(Signing {
    Hmac: "hmac",
    Ed25519: "ed25519"
});
