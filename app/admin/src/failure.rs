//! Why a call brought nothing.

use domain::words::Fault;
use serde::Deserialize;

/// A problem document (RFC 9457).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    pub(crate) title: String,
    pub(crate) detail: String,
    pub(crate) errors: Vec<Fault>,
}

/// Why a call brought nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The session is over, or there was none.
    SignedOut,
    /// Someone else changed the notice in the meantime.
    Stale,
    /// The server refused, and said why.
    Refused(Problem),
    /// No answer, or none that could be read.
    NoAnswer,
}
