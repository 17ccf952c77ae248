//! What became of a task that was to submit a command.

use domain::{record::Event, rejection::Rejection};
use engine::{SubmitError, reactor::Outcome};

/// A command that the rules do not take is tried again, with what is wrong said field by field. `is_settled`: what it was for is there already, or
/// somebody has thought better of it.
pub(super) fn outcome(done: Result<Vec<Event>, SubmitError>, is_settled: fn(&Rejection) -> bool) -> Outcome {
    match done {
        Ok(_) => Outcome::Done,
        Err(SubmitError::Rejected(rejection)) if is_settled(&rejection) => Outcome::Done,
        Err(SubmitError::Rejected(Rejection::Invalid(faults))) => {
            let faults = faults.into_vec().into_iter();
            let told = faults.map(|fault| format!("`{}` {}", fault.pointer, fault.detail));
            Outcome::Again(None, told.collect::<Vec<_>>().join("; "))
        }
        Err(error) => Outcome::Again(None, error.to_string()),
    }
}
