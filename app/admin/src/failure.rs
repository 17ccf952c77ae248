//! Why a call brought nothing.

use api::Problem;
use domain::words::ApprovalId;

/// Why a call brought nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The session is over, or there was none.
    SignedOut,
    /// Someone else changed the notice in the meantime.
    Stale,
    /// It waits for a second person, under this name.
    Waits(ApprovalId),
    /// The server refused, and said why.
    Refused(Problem),
    /// No answer, or none that could be read.
    NoAnswer,
}
