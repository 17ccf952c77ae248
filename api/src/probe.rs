//! What the server itself looks at, and how well it worked.

use domain::{
    text::Localized,
    words::{Outcome, ProbeId, ServiceId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Looks;

/// What is looked at from time to time. How and how often, the catalogue says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Probes {
    pub probes: Vec<Probed>,
}

/// A probe, and what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Probed {
    pub id: ProbeId,
    pub name: Localized,
    /// The service that people cannot use when it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
    /// What each server found when it looked last; none: nobody has looked yet.
    pub found: Vec<ProbeFinding>,
}

/// What one server found when it looked last.
// The fields of `ProbeLook` stand here once more: taken in by `flatten` they cost the page that reads them two kilobytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProbeFinding {
    /// Which of the servers that share a database.
    pub node: String,
    pub looked_at: Timestamp,
    /// Since when each look has come out so.
    pub since: Timestamp,
    pub outcome: Outcome,
    /// How long the answer took, or how long it was waited for, in milliseconds.
    pub milliseconds: u32,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// When the certificate ends that was shown last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_until: Option<Timestamp>,
}

/// What came of a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProbeLook {
    pub outcome: Outcome,
    /// How long the answer took, or how long it was waited for, in milliseconds.
    pub milliseconds: u32,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// When the certificate ends that was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_until: Option<Timestamp>,
}

/// Which month is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MonthQuery {
    /// The month, such as `2026-03`.
    #[cfg_attr(feature = "schema", schemars(pattern(r"^\d{4}-\d{2}$")))]
    pub month: String,
    /// By whose time zone the month begins and ends; left out, by UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portal: Option<String>,
}

/// How well something worked in a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Availability {
    pub probe: ProbeId,
    /// The first instant of the month.
    pub from: Timestamp,
    /// The first instant behind it.
    pub to: Timestamp,
    #[serde(flatten)]
    pub looks: Looks,
}
