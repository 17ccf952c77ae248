//! In which times it is expected that something does not work, so that whoever watches it need not tell of it.
//!
//! What keeps an alert from becoming a notice here ([`super::alarm`]) is what may keep it from being told at all.

use jiff::{SignedDuration, Timestamp};
use wire::Kind;

use super::alarm::touches;
use crate::{catalogue::Rule, notice::Notice, state::State};

/// Nobody knows when work that overruns is done: for so long it is expected to go on, each time anew.
const OVERRUN: SignedDuration = SignedDuration::from_mins(30);

/// Planned work by which what a rule is about is touched.
#[derive(Clone, Debug, PartialEq)]
pub struct Silence<'a> {
    pub rule: &'a Rule,
    pub work: &'a Notice,
    pub from: Timestamp,
    pub to: Timestamp,
}

/// The times that there are at an instant: of work that runs or comes, for each rule that it touches. And when time alone changes them.
pub fn silences(state: &State, now: Timestamp) -> (Vec<Silence<'_>>, Option<Timestamp>) {
    let is_open = |work: &&Notice| {
        let is_work = work.content.kind == Kind::Maintenance && work.origin.is_none();
        is_work && work.published_at.is_some() && work.ended_at(now).is_none()
    };
    let open: Vec<&Notice> = state.notices().filter(is_open).collect();
    let mut found = Vec::new();
    for rule in &state.catalogue().rules {
        let template = state.catalogue().templates.iter().find(|template| template.id == rule.template);
        let Some(template) = template.filter(|_| !open.is_empty()) else {
            continue;
        };
        let touches = touches(state, &template.notice);
        let works = open.iter().copied().filter(|work| touches(work));
        found.extend(works.map(|work| Silence {
            rule,
            work,
            from: work.starts_at(),
            to: end(work, now),
        }));
    }
    let next = found.iter().map(|silence| match silence.work.content.ends_at {
        Some(end) if end > now => end,
        _ => silence.to.saturating_sub(OVERRUN).unwrap_or(Timestamp::MAX),
    });
    let next = next.min();
    (found, next)
}

/// The announced end; of work that overruns the end of the half hour after this one, so that it changes seldom and never ends before it is looked again.
fn end(work: &Notice, now: Timestamp) -> Timestamp {
    if let Some(end) = work.content.ends_at.filter(|end| *end > now) {
        return end;
    }
    let slot = OVERRUN.as_secs();
    let end = (now.as_second().div_euclid(slot) + 2).saturating_mul(slot);
    Timestamp::from_second(end).unwrap_or(Timestamp::MAX)
}
