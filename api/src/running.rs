//! What those ask and say who run the server.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// All that is wrong, with its details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Health {
    /// What `/readyz` says: nothing is wrong with the server itself.
    pub ready: bool,
    pub conditions: Vec<Condition>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Condition {
    /// What it is, for programs.
    pub code: Cow<'static, str>,
    /// When it was found.
    pub since: Timestamp,
    /// What is wrong, in English.
    pub sentence: Cow<'static, str>,
    /// More about it, in English, for those who run the server.
    pub detail: String,
}

/// The server's clock is right, although the journal contradicts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ClockConfirmation {
    /// Kept in the journal forever.
    pub reason: String,
}

/// The time that counts from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClockConfirmed {
    pub now: Timestamp,
}
