//! Why a call brought nothing.

use api::Problem;

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
