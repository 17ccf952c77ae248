//! What is wrong with an outage as somebody wrote it.

use jiff::Timestamp;

use super::model::Terms;
use crate::{
    notice::check::check_instant,
    text::{Shape, rules::check_text},
    words::{Code, Faults},
};

/// Reports all faults of an outage that is told at an instant.
pub(crate) fn check_terms(terms: &Terms, now: Timestamp, faults: &mut Faults) {
    check_instant(Some(terms.from), "/from", faults);
    check_instant(terms.until, "/until", faults);
    if let Some(until) = terms.until {
        if until <= terms.from {
            faults.add("/until", Code::NotAfterStart, "is not after `from`");
        } else if until <= now {
            faults.add("/until", Code::Past, "is past; it works again then, and there is nothing to say");
        }
    }
    if let Some(note) = &terms.note {
        check_text(note, "/note", Shape::Line, faults);
    }
}
