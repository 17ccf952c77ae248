//! Where a second person has to say yes: for what people come to see of the kinds that a portal has named, and for work in a freeze that asks
//! for it. What is broken waits for nobody; neither does what ends, gives time back, or goes on already.

use std::collections::BTreeSet;

use wire::{Kind, Stage};

use super::aftermath::Aftermath;
use crate::{
    access::{Context, SCHEDULE},
    approval,
    notice::{Content, Notice},
    record::{Event, Second},
    rejection::Rejection,
    schedule::{self, Exception, Plan},
    state::State,
    text::{Shape, rules::check_text},
    words::{ApprovalId, Code, Faults, NoticeId, PortalId},
};

/// Whether a portal asks for a second person here. Rules announce what people have agreed to already.
pub(super) fn is_asked(state: &State, after: &Aftermath<'_>, context: &Context) -> bool {
    if context.actor.id == SCHEDULE {
        return false;
    }
    let asks = |kind: Kind, portals: &BTreeSet<PortalId>| {
        let portals = portals.iter().filter_map(|id| state.portal(id));
        kind != Kind::Outage && portals.into_iter().any(|portal| portal.four_eyes.contains(&kind))
    };
    let mut planned = after
        .events
        .iter()
        .filter_map(|event| plan(state, event))
        .map(|plan| state.concerned_portals(&plan.notice));
    if planned.any(|portals| asks(Kind::Maintenance, &portals)) {
        return true;
    }
    let announced: BTreeSet<_> = after.events.iter().filter_map(announced).collect();
    let notices = after.notices().filter(|notice| !announced.contains(&notice.id));
    notices
        .filter(|notice| says_something_new(state.notice(&notice.id), notice, context))
        .any(|notice| asks(notice.content.kind, &notice.portals(&state.catalogue)))
}

/// What is planned anew by what happens to a series; nothing where an occurrence falls out, or it ends.
fn plan<'a>(state: &'a State, event: &'a Event) -> Option<&'a Plan> {
    match event {
        Event::Schedule(schedule::Event::Created { plan, .. } | schedule::Event::Edited { plan, .. }) => Some(plan),
        Event::Schedule(schedule::Event::Decided { id, exception, .. }) if *exception != Some(Exception::Skipped) => {
            state.schedule.get(id).map(|series| &series.plan)
        }
        _ => None,
    }
}

/// The notice by which an occurrence of a series is announced: its plan was agreed to.
fn announced(event: &Event) -> Option<&NoticeId> {
    match event {
        Event::Schedule(schedule::Event::Announced { notice, .. }) => Some(notice),
        _ => None,
    }
}

/// Whether people come to see something that they did not see before, other than how a work that is under way goes on.
fn says_something_new(before: Option<&Notice>, after: &Notice, context: &Context) -> bool {
    if after.published_at.is_none() {
        return false;
    }
    let Some(before) = before.filter(|before| before.published_at.is_some()) else {
        return true;
    };
    let is_over = |notice: &Notice| notice.stage_at(context.now).is_none_or(Stage::is_final);
    let touches_more = !touches_no_more(&before.content, &after.content);
    if is_over(after) {
        // It ends, or is told of where it was not.
        return touches_more;
    }
    if is_over(before) {
        return true;
    }
    let goes_on = matches!(before.stage_at(context.now), Some(Stage::InProgress | Stage::Overrunning));
    let is_put_off = after.content.starts_at.is_some_and(|at| at > context.now);
    if goes_on && !is_put_off {
        return touches_more;
    }
    as_agreed(&before.content) != as_agreed(&after.content)
}

/// What people are told, but for when they hear more: a text that is added may let that lapse. How work could be undone is for staff alone.
fn as_agreed(content: &Content) -> Content {
    Content {
        next_update_at: None,
        rollback_minutes: None,
        ..content.clone()
    }
}

/// Whether a work touches nothing that it did not touch before.
pub(super) fn touches_no_more(before: &Content, after: &Content) -> bool {
    after.services.iter().all(|service| before.services.contains(service))
        && after.portals.iter().all(|portal| before.portals.contains(portal))
}

/// What is to be kept instead of, or beside, what would happen.
pub(super) enum Verdict {
    /// It waits; nothing of it happens.
    Waits,
    /// It happens, and this is kept beside it.
    Bypassed(approval::Event),
}

/// What becomes of it without a second person's yes.
///
/// # Errors
/// When the caller has not said what is to be done, or said it in a way that tells nobody anything.
pub(super) fn without_one(state: &State, after: &Aftermath<'_>, second: &Second) -> Result<Verdict, Rejection> {
    match second {
        Second::Unasked => {
            let detail = "is missing; this takes the yes of a second person: set it to true, and it waits for one. What cannot wait is done at \
                once with `break_glass`, which says why";
            Err(Faults::one("/ask_approval", Code::NeedsSecondPerson, detail).into())
        }
        Second::Asked => Ok(Verdict::Waits),
        Second::Bypassed(emergency) => bypassed(state, after, state.approvals.next_id(), emergency).map(Verdict::Bypassed),
    }
}

/// What is kept beside what is done without a second person.
///
/// # Errors
/// When it is not said in a line why.
pub(super) fn bypassed(state: &State, after: &Aftermath<'_>, id: ApprovalId, emergency: &str) -> Result<approval::Event, Rejection> {
    let mut faults = Faults::default();
    check_text(emergency, "/break_glass", Shape::Line, &mut faults);
    faults.into_result()?;
    Ok(approval::Event::Bypassed {
        id,
        portals: after.portals(state),
        done: after.subjects(),
        emergency: emergency.to_owned(),
    })
}
