//! In which times it is expected that something does not work, so that whoever watches it need not tell of it.
//!
//! What keeps an alert from becoming a notice here ([`super::alarm`]) is what may keep it from being told at all.

use jiff::{SignedDuration, Timestamp};
use wire::{AtEnd, Kind, Severity};

use super::alarm::touches;
use crate::{
    catalogue::Rule,
    notice::{Content, Notice},
    state::State,
};

/// Nobody knows when work that may overrun is done: by half hours it is expected to go on, each time anew.
const OVERRUN: SignedDuration = SignedDuration::from_mins(30);

/// Work that overruns for longer was forgotten, or is an outage by now: whoever watches is to tell of it again.
const LONGEST_OVERRUN: SignedDuration = SignedDuration::from_hours(12);

/// So long before its beginning it is known of work: it may still be moved, and what is set for months ahead is forgotten where it is set.
const AHEAD: SignedDuration = SignedDuration::from_hours(48);

/// Planned work by which what a rule is about is touched.
#[derive(Clone, Debug, PartialEq)]
pub struct Silence<'a> {
    pub rule: &'a Rule,
    pub work: &'a Notice,
    pub from: Timestamp,
    pub to: Timestamp,
}

/// The times that there are at an instant: of work that runs or comes soon, for each rule that it touches. And when time alone changes them.
pub fn silences(state: &State, now: Timestamp) -> (Vec<Silence<'_>>, Option<Timestamp>) {
    let is_open = |work: &&Notice| {
        let Content { kind, severity, .. } = work.content;
        // What people do not feel explains no alert.
        let is_work = kind == Kind::Maintenance && severity > Severity::Information && work.origin.is_none();
        is_work && work.published_at.is_some() && work.ended_at(now).is_none()
    };
    let works: Vec<(&Notice, Phase)> = state.notices().filter(is_open).map(|work| (work, phase(work, now))).collect();
    let mut found = Vec::new();
    for rule in &state.catalogue().rules {
        let template = state.catalogue().templates.iter().find(|template| template.id == rule.template);
        let Some(template) = template.filter(|_| !works.is_empty()) else {
            continue;
        };
        let touches = touches(state, &template.notice);
        found.extend(works.iter().filter(|(work, _)| touches(work)).filter_map(|(work, phase)| {
            Some(Silence {
                rule,
                work,
                from: work.starts_at(),
                to: phase.to?,
            })
        }));
    }
    (found, works.iter().filter_map(|(_, phase)| phase.next).min())
}

/// Until when work is expected to go on; `None`: it is not time yet, or not any more. And when that changes.
#[derive(Clone, Copy)]
struct Phase {
    to: Option<Timestamp>,
    next: Option<Timestamp>,
}

fn phase(work: &Notice, now: Timestamp) -> Phase {
    let after = |instant: Timestamp, span: SignedDuration| instant.saturating_add(span).unwrap_or(Timestamp::MAX);
    let soon = work.starts_at().saturating_sub(AHEAD).unwrap_or(Timestamp::MIN);
    let Some(end) = work.content.ends_at.filter(|_| soon <= now) else {
        let next = Some(soon).filter(|soon| *soon > now);
        return Phase { to: None, next };
    };
    let over = after(end, LONGEST_OVERRUN);
    if work.content.at_end == AtEnd::Complete {
        let (to, next) = (Some(end), Some(end).filter(|end| *end > now));
        return Phase { to, next };
    }
    if over <= now {
        return Phase { to: None, next: None };
    }
    // It changes half an hour before it would end, so that no alert slips through while it is changed.
    let to = half_hour_after(if end > now { end } else { after(now, OVERRUN) });
    let next = if end > now { end } else { to.saturating_sub(OVERRUN).unwrap_or(to) };
    Phase {
        to: Some(to.min(over)),
        next: Some(next.min(over)),
    }
}

/// The first half hour of the clock behind an instant.
fn half_hour_after(instant: Timestamp) -> Timestamp {
    let slot = OVERRUN.as_secs();
    let end = (instant.as_second().div_euclid(slot) + 1).saturating_mul(slot);
    Timestamp::from_second(end).unwrap_or(Timestamp::MAX)
}
