//! A point in time of an entry, in the portal's clock time.

use domain::words::{Code, Fault};
use jiff::Timestamp;
use leptos::prelude::*;
use serde_json::Value;

use super::form::Form;
use crate::{
    draft::Moment,
    fields::{self, label},
    words,
};

/// Where points in time stand in an entry.
const ALL: [&str; 5] = [
    "/notice/entries_until",
    "/notice/starts_at",
    "/notice/ends_at",
    "/notice/next_update_at",
    "/notice/announce_from",
];

pub(super) fn field(form: Form, pointer: &'static str, name: &'static str, hint: &'static str) -> AnyView {
    let zone = form.desk.zone();
    let stands = form.draft.text(pointer).parse::<Timestamp>().ok();
    let moment = if pointer.ends_with("/ends_at") {
        Moment::end(stands, &zone)
    } else {
        Moment::new(stands, &zone)
    };
    Effect::new(move |before: Option<Option<Timestamp>>| {
        let at = moment.at();
        if before.is_some_and(|before| before != at) {
            untrack(|| form.typed(pointer, at.map_or(Value::Null, |at| at.to_string().into())));
        }
        at
    });
    fields::moment(form.faults, label(pointer, name, hint), moment, move || form.desk.now.get(), None)
}

/// Those in which something stands that is no point in time yet.
pub(super) fn unfinished() -> Vec<Fault> {
    let fault = |pointer: &str| Fault {
        pointer: pointer.to_owned(),
        code: Code::Malformed,
        detail: words::unfinished().to_owned(),
    };
    ALL.into_iter()
        .filter(|pointer| fields::is_unfinished(pointer))
        .map(fault)
        .collect()
}
