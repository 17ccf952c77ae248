//! Programs that tell of alerts, and how each says it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::spelled::words;

/// As what a source sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// The webhook of Prometheus' Alertmanager, version 4.
    Alertmanager,
    /// The webhook of Grafana's alerting, which says the same.
    Grafana,
    /// The webhook of Uptime Kuma, in JSON.
    UptimeKuma,
    /// Any JSON, read by a [`Mapping`].
    Json,
    /// A status page of somebody else, with documents in the shape of Statuspage's API, version 2: it is read once a minute.
    Statuspage,
}

words!(SourceKind {
    Alertmanager: "alertmanager",
    Grafana: "grafana",
    UptimeKuma: "uptime-kuma",
    Json: "json",
    Statuspage: "statuspage"
});

impl SourceKind {
    /// Whether one is read where it is, instead of telling by itself.
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Statuspage)
    }
}

/// Where that which is asked stands in what a source sends, as JSON Pointers (RFC 6901) such as `/check/name`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The list of alerts; left out, the whole message is one. The other pointers begin at an alert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alerts: Option<String>,
    /// By what an alert is known from one message to the next; left out, by its labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// Where it says whether it fires.
    pub state: String,
    /// What stands there while it fires; all else means that it is silent.
    pub firing: Vec<String>,
    /// Since when it does, in RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began_at: Option<String>,
    /// The labels by which rules find it: each with the pointer to its value.
    pub labels: BTreeMap<String, String>,
}
