//! Programs that tell of alerts.

use domain::{
    catalogue::Labels,
    words::{Mapping, RuleId, SourceId, SourceKind},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A program that is to tell of alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSource {
    /// It stands in the address to which the program sends, and is the label `source` of all that it tells.
    pub id: SourceId,
    pub kind: SourceKind,
    /// Where what is asked stands in what it sends; for `json`, and for nothing else.
    #[serde(default)]
    pub mapping: Option<Mapping>,
    /// Where a status page is that is to be read, such as `https://status.bundid.example`; for `statuspage`. Or where an Alertmanager is that is to be
    /// silent during planned work, such as `https://alerts.example`; for `alertmanager`, which needs none. For nothing else.
    #[serde(default)]
    pub address: Option<String>,
}

/// A program that tells of alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Source {
    pub id: SourceId,
    pub kind: SourceKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Mapping>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    pub created_at: Timestamp,
    /// The opaque id of whoever made it.
    pub created_by: String,
    /// When it was last heard of.
    pub heard_at: Option<Timestamp>,
    /// Since when it cannot be reached, where it has an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// What it has told that is not over for long, the latest first; a hundred at most.
    pub alerts: Vec<Alert>,
    /// With a new one, and with a new token: what it sends as `Authorization: Bearer …`, told only once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// An alert that was told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Alert {
    pub labels: Labels,
    /// Since when it has been firing.
    pub since: Timestamp,
    /// Since when it is silent; `null`: it fires.
    pub silent_since: Option<Timestamp>,
    /// The rules of the catalogue that are about it; none: it stays without consequence.
    pub rules: Vec<RuleId>,
}

/// All programs that tell of alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sources {
    pub sources: Vec<Source>,
}

/// What was made of a message of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Heard {
    /// How many alerts fire by it.
    pub firing: usize,
    /// How many are silent by it.
    pub silent: usize,
    /// The rules of the catalogue that are about them.
    pub rules: Vec<RuleId>,
}
