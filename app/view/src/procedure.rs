//! A fallback procedure: the way without the service, step by step.

use leptos::prelude::AnyView;
use wire::{Procedure, Step};

use super::{
    element::{drawing, fold, icon, li, link, nothing, ol, p, say, span, summary},
    reader::Sight,
    wording::{part, prose, text},
};

/// One procedure, folded under its name. `owner` is the id of the notice, so that ids stay unique on a page.
pub(super) fn procedure(sight: &Sight<'_>, owner: &str, procedure: &Procedure) -> AnyView {
    let steps = procedure.steps.iter().map(|step| self::step(sight, step));
    fold(
        "procedure",
        ["u-", owner, "-", &procedure.id].concat(),
        vec![
            summary("", None, vec![text(sight, &procedure.name)]),
            ol("steps", None, steps.collect()),
            part(sight, "procedure.deadline", &procedure.deadline),
        ],
    )
}

/// What is to be done, with the form that it takes.
pub(super) fn step(sight: &Sight<'_>, step: &Step) -> AnyView {
    let form = step.form.as_ref().map_or_else(nothing, |form| {
        let label = if step.form_name.is_empty() {
            say(sight.word("form"))
        } else {
            text(sight, &step.form_name)
        };
        // What the server hands out itself is for paper.
        let (address, kind) = if form.starts_with('/') {
            (sight.address(form), say(" (PDF)"))
        } else {
            (form.clone(), nothing())
        };
        p(
            "form",
            None,
            vec![link(
                "action",
                &address,
                vec![icon(drawing::SHEET), span("", None, vec![label, kind])],
            )],
        )
    });
    li("", None, vec![prose(sight, "", &step.text), form])
}
