//! What is in the way of planned work: other work on the same service, on one that it needs or that needs it, and freezes; and when nothing is.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use wire::{Kind, Stage};

use crate::{
    freeze::Level,
    schedule::{Span, first_free},
    state::State,
    words::{FreezeId, NoticeId, PortalId, SeriesId, ServiceId},
};

/// Something that is in the way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// When it is.
    pub span: Span,
    pub cause: Cause,
}

/// What is in the way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    Freeze {
        id: FreezeId,
        level: Level,
    },
    /// Work that is told of, or going on.
    Notice {
        id: NoticeId,
        relation: Relation,
    },
    /// Work that is planned, of a series.
    Occurrence {
        series: SeriesId,
        original: jiff::civil::Date,
        relation: Relation,
    },
}

/// How the services of two works are related.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// One service is in both.
    Same,
    /// The other work is on something that this one's services need.
    Needed,
    /// The other work is on something that needs one of this one's services.
    Needing,
}

/// Whether work may begin then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Go,
    /// Something is in the way, and there is a time in which nothing is.
    Wait,
    /// Something is in the way for as long as it was looked.
    No,
}

/// What somebody is told who asks whether they may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    pub verdict: Verdict,
    /// All that is in the way in the time that was asked about, hints included, in the order in which it begins.
    pub conflicts: Vec<Conflict>,
    /// The next time of this length, from the one that was asked about on, in which nothing is in the way. With `Go`: that time itself.
    pub next_free: Option<Span>,
}

/// How far ahead a free time is looked for.
const HORIZON: SignedDuration = SignedDuration::from_hours(24 * 90);

/// People plan on the quarter of an hour.
const STEP: SignedDuration = SignedDuration::from_mins(15);

/// Whether work on these services may be done then; `None`: one of them is not in the catalogue. Work is not in its own way: that of the
/// notice `own`.
pub fn check(state: &State, services: &BTreeSet<ServiceId>, own: Option<&NoticeId>, span: Span, now: Timestamp) -> Option<Permission> {
    if services.iter().any(|id| state.service(id).is_none()) {
        return None;
    }
    let work = Work::on(state, services, own, now);
    let conflicts = work.conflicts(state, span);
    if !conflicts.iter().any(Conflict::is_in_the_way) {
        return Some(Permission {
            verdict: Verdict::Go,
            conflicts,
            next_free: Some(span),
        });
    }
    // What is past is free for nobody.
    let since = span.from.max(now);
    let by = since.saturating_add(HORIZON).unwrap_or(Timestamp::MAX);
    let ahead = work.conflicts(state, Span { from: since, to: by });
    let taken: Vec<Span> = ahead.iter().filter(|one| one.is_in_the_way()).map(|one| one.span).collect();
    let next_free = first_free(since, by, span.to.duration_since(span.from), STEP, &taken);
    let verdict = if next_free.is_some() { Verdict::Wait } else { Verdict::No };
    Some(Permission {
        verdict,
        conflicts,
        next_free,
    })
}

impl Conflict {
    /// Whether it is more than a hint.
    pub const fn is_in_the_way(&self) -> bool {
        !matches!(self.cause, Cause::Freeze { level: Level::Hint, .. })
    }
}

/// What some work touches.
struct Work<'a> {
    services: &'a BTreeSet<ServiceId>,
    /// Those that feel it, themselves included.
    touched: BTreeSet<ServiceId>,
    portals: BTreeSet<PortalId>,
    own: Option<&'a NoticeId>,
    now: Timestamp,
}

impl<'a> Work<'a> {
    fn on(state: &State, services: &'a BTreeSet<ServiceId>, own: Option<&'a NoticeId>, now: Timestamp) -> Self {
        let touched: BTreeSet<ServiceId> = services
            .iter()
            .flat_map(|id| state.dependents().of_service(id))
            .map(|(id, _)| id.clone())
            .collect();
        let portals = touched.iter().flat_map(|id| state.portals_with(id)).cloned().collect();
        Self {
            services,
            touched,
            portals,
            own,
            now,
        }
    }

    /// How work on other services is related; `None`: not at all.
    fn relation(&self, state: &State, others: &[ServiceId]) -> Option<Relation> {
        let feels = |root: &ServiceId| self.services.iter().any(|one| state.dependents().reach(root, one).is_some());
        if others.iter().any(|other| self.services.contains(other)) {
            Some(Relation::Same)
        } else if others.iter().any(feels) {
            Some(Relation::Needed)
        } else {
            others.iter().any(|other| self.touched.contains(other)).then_some(Relation::Needing)
        }
    }

    fn conflicts(&self, state: &State, span: Span) -> Vec<Conflict> {
        let mut found = Vec::new();
        for (freeze, span) in state.freezes.over(&self.touched, &self.portals, span) {
            let cause = Cause::Freeze {
                id: freeze.id.clone(),
                level: freeze.terms.level,
            };
            found.push(Conflict { span, cause });
        }
        for notice in state.notices().filter(|notice| Some(&notice.id) != self.own) {
            // What is over or was called off is in nobody's way.
            let is_planned = notice.content.kind == Kind::Maintenance && notice.stage_at(self.now).is_some_and(|stage| !stage.is_final());
            let (Some(from), Some(to), true) = (notice.content.starts_at, notice.content.ends_at, is_planned) else {
                continue;
            };
            // What runs over its end is in the way right now; for how long, nobody knows.
            let is_over_its_end = notice.stage_at(self.now) == Some(Stage::Overrunning);
            let to = if is_over_its_end {
                to.max(self.now.saturating_add(STEP).unwrap_or(to))
            } else {
                to
            };
            let of_notice = Span { from, to };
            if of_notice.overlaps(&span)
                && let Some(relation) = self.relation(state, &notice.content.services)
            {
                let cause = Cause::Notice {
                    id: notice.id.clone(),
                    relation,
                };
                found.push(Conflict { span: of_notice, cause });
            }
        }
        for series in state.series().filter(|series| series.ended_at.is_none()) {
            let Some(relation) = self.relation(state, &series.plan.notice.services) else {
                continue;
            };
            // What was announced has its notice.
            let planned = series.plan.recurrence.open_at(span.from, span.to).into_iter();
            for one in planned.filter(|one| !series.announced.contains_key(&one.original)) {
                let of_series = Span {
                    from: one.starts_at,
                    to: one.ends_at,
                };
                if of_series.overlaps(&span) {
                    let cause = Cause::Occurrence {
                        series: series.id.clone(),
                        original: one.original,
                        relation,
                    };
                    found.push(Conflict { span: of_series, cause });
                }
            }
        }
        found.sort();
        found
    }
}
