//! Planned work in frozen time. It takes a reason, which is kept with the freeze, or a second person; what has begun may finish. Whatever
//! leads there is held against it: a notice that is written, published, moved, prolonged or begun early, and what a series makes of its own.

use std::collections::BTreeSet;

use jiff::Timestamp;
use wire::{Kind, Stage};

use super::{aftermath::Aftermath, second::touches_no_more};
use crate::{
    access::Context,
    freeze::{self, Freeze, Level, Override},
    notice::Notice,
    rejection::Rejection,
    schedule::Span,
    state::State,
    text::{Shape, rules::check_text},
    words::{Code, Faults, FreezeId, NoticeId},
};

/// What is to be kept beside some events: which freezes they pass, and why.
pub(super) struct Passed {
    pub(super) overrides: Vec<freeze::Event>,
    /// Whether one of them asks for a second person.
    pub(super) asks_for_second: bool,
}

/// What it takes to let this happen.
///
/// # Errors
/// A fault for each freeze for which no reason is given.
pub(super) fn pass(state: &State, after: &Aftermath<'_>, reason: Option<&str>, context: &Context) -> Result<Passed, Rejection> {
    let mut passage = Passage::default();
    for notice in after.notices() {
        for (freeze, hull) in new_to(state, notice, context.now) {
            let is_readable = state.may_read_freeze(&context.actor.grants, freeze);
            passage.note(freeze, is_readable, hull, &notice.id, reason);
        }
    }
    passage.faults.into_result()?;
    Ok(Passed {
        overrides: passage.overrides,
        asks_for_second: passage.asks_for_second,
    })
}

/// When the work of a notice is, as long as it is planned or going on. What was said to be done counts as well where it `has_been`: it may be
/// taken up again.
fn work(notice: &Notice, has_been: bool, now: Timestamp) -> Option<Span> {
    let counts = |stage: Stage| !stage.is_final() || (has_been && stage == Stage::Completed);
    let (from, to) = (notice.content.starts_at?, notice.content.ends_at?);
    (notice.content.kind == Kind::Maintenance && notice.stage_at(now).is_some_and(counts)).then_some(Span { from, to })
}

/// The freezes that a notice comes to lie in, as it is going to be, each from the first of its times to the last in which the work is. Those
/// that were laid over it later on count once it is moved.
fn new_to<'a>(state: &'a State, after: &Notice, now: Timestamp) -> Vec<(&'a Freeze, Span)> {
    let Some(span) = work(after, false, now) else { return Vec::new() };
    let before = state.notice(&after.id).and_then(|before| Some((before, work(before, true, now)?)));
    let Some((before, was)) = before else {
        return hulls(state.frozen(&after.content, span));
    };
    let has_begun = was.from <= now;
    let is_put_off = has_begun && span.from > now;
    let is_within = was.from <= span.from && span.to <= was.to;
    if !is_put_off && touches_no_more(&before.content, &after.content) && (has_begun || is_within) {
        return Vec::new();
    }
    let known: BTreeSet<(&FreezeId, Span)> = state
        .frozen(&before.content, was)
        .into_iter()
        .map(|(freeze, span)| (&freeze.id, span))
        .collect();
    let mut found = state.frozen(&after.content, span);
    found.retain(|(freeze, span)| {
        let is_settled = || {
            let covers = |one: &Override| one.notice == after.id && one.span.from <= span.from && span.to <= one.span.to;
            freeze.terms.level == Level::Reason && freeze.overrides.iter().any(covers)
        };
        let may_go_on = (has_begun && !is_put_off) || is_settled();
        !(may_go_on && known.contains(&(&freeze.id, *span)))
    });
    hulls(found)
}

/// Each freeze once, from the first of its times to the last.
fn hulls(found: Vec<(&Freeze, Span)>) -> Vec<(&Freeze, Span)> {
    let mut hulls: Vec<(&Freeze, Span)> = Vec::new();
    for (freeze, span) in found {
        match hulls.iter_mut().find(|(other, _)| other.id == freeze.id) {
            Some((_, hull)) => {
                hull.from = hull.from.min(span.from);
                hull.to = hull.to.max(span.to);
            }
            None => hulls.push((freeze, span)),
        }
    }
    hulls
}

#[derive(Default)]
struct Passage {
    overrides: Vec<freeze::Event>,
    asks_for_second: bool,
    faults: Faults,
    /// Many notices of one series may lie in one freeze; it is told once.
    told: BTreeSet<FreezeId>,
}

impl Passage {
    fn note(&mut self, freeze: &Freeze, is_readable: bool, span: Span, notice: &NoticeId, reason: Option<&str>) {
        let is_new = self.told.insert(freeze.id.clone());
        let Span { from, to } = span;
        let name = if is_readable {
            format!(" `{}`", freeze.terms.name)
        } else {
            String::new()
        };
        let which = format!("{}{name}, from {from} to {to}", freeze.id);
        match (freeze.terms.level, reason) {
            (Level::Hint, _) => {}
            (Level::Reason | Level::SecondPerson, Some(reason)) => {
                self.asks_for_second |= freeze.terms.level == Level::SecondPerson;
                if is_new {
                    check_text(reason, "/freeze_reason", Shape::Line, &mut self.faults);
                }
                self.overrides.push(freeze::Event::Overridden {
                    id: freeze.id.clone(),
                    notice: notice.clone(),
                    span,
                    reason: reason.to_owned(),
                });
            }
            (Level::Reason | Level::SecondPerson, None) if is_new => {
                let detail = format!("is missing; the work would lie in the freeze {which}: say why it has to be then, or move it");
                self.faults.add("/freeze_reason", Code::Frozen, detail);
            }
            (Level::Reason | Level::SecondPerson, None) => {}
        }
    }
}
