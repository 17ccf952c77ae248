//! What is wrong with a freeze as somebody wrote it.

use super::model::{Terms, When};
use crate::{
    catalogue::{
        Catalogue,
        names::{Known, check_names},
    },
    schedule::check_recurrence,
    text::{Shape, rules::check_text},
    words::{Code, Faults},
};

/// More single times than this are a rule.
const SPANS: usize = 200;

/// Reports all faults of the terms of a freeze.
pub(crate) fn check_terms(terms: &Terms, catalogue: &Catalogue, faults: &mut Faults) {
    let known = Known::of(catalogue);
    check_text(&terms.name, "/name", Shape::Line, faults);
    let services = terms.services.iter().map(|id| id.as_str());
    check_names(services, &known.services, "service", "/services", faults);
    let portals = terms.portals.iter().map(|id| id.as_str());
    check_names(portals, &known.portals, "portal", "/portals", faults);
    match &terms.when {
        When::Recurring(recurrence) => check_recurrence(recurrence, "/when/recurring", faults),
        When::Spans(spans) => {
            if spans.is_empty() {
                faults.add("/when/spans", Code::Empty, "has no time; give at least one");
            }
            if spans.len() > SPANS {
                faults.add("/when/spans", Code::TooLong, format!("has more than {SPANS} times; give a rule"));
            }
            for (i, span) in spans.iter().enumerate() {
                crate::notice::check::check_instant(Some(span.from), &format!("/when/spans/{i}/from"), faults);
                crate::notice::check::check_instant(Some(span.to), &format!("/when/spans/{i}/to"), faults);
                if span.to <= span.from {
                    faults.add(format!("/when/spans/{i}/to"), Code::NotAfterStart, "is not after `from`");
                }
            }
        }
    }
}
