//! What a rule asks for at an instant, by the alerts that fire and by what people have been told: to write a notice, to move it on, or nothing.
//!
//! A reading like all others: asked ten times it says the same ten times, until what it asks for is done.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use wire::{AtEnd, Kind, Stage};

use crate::{
    access::rule_of,
    catalogue::{Labels, Rule},
    notice::{Change, Command, Content, Intent, Notice, Transition},
    state::State,
    watch::{Alert, after},
};

/// How long a break an alert with these labels has to make before it is another one: as its rule says, or the most impatient of its rules.
pub fn calm(state: &State, labels: &Labels) -> SignedDuration {
    let rules = state.catalogue().rules.iter();
    let shortest = rules.filter(|rule| rule.concerns(labels)).map(Rule::calm).min();
    shortest.unwrap_or(CALM)
}

/// What counts where no rule says anything.
const CALM: SignedDuration = SignedDuration::from_mins(5);

/// What is to be done now, and when to ask again; `None`: time alone asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alarm {
    pub command: Option<Command>,
    pub next: Option<Timestamp>,
}

impl Alarm {
    const fn at(next: Timestamp) -> Self {
        Self {
            command: None,
            next: Some(next),
        }
    }

    const fn now(command: Command) -> Self {
        Self {
            command: Some(command),
            next: None,
        }
    }
}

/// What a rule asks for.
pub fn alarm<'a>(state: &State, rule: &Rule, alerts: impl IntoIterator<Item = &'a Alert>, now: Timestamp) -> Alarm {
    let own: Vec<&Alert> = alerts.into_iter().filter(|alert| rule.concerns(&alert.labels)).collect();
    let live: Vec<&Alert> = own.iter().copied().filter(|alert| alert.is_live(now, rule.calm())).collect();
    let last = state.watched.last(&rule.id).and_then(|id| state.notice(id));
    let open = last.filter(|notice| notice.ended_at(now).is_none());
    let Some(since) = streak(&own, rule.calm()).filter(|_| !live.is_empty()) else {
        let silent = own.iter().filter_map(|alert| alert.silent_since).max();
        return match (open, silent) {
            (Some(notice), Some(silent)) => over(rule, notice, after(silent, rule.calm())),
            _ => Alarm::default(),
        };
    };
    let is_firing = live.iter().any(|alert| alert.silent_since.is_none());
    if !is_firing {
        // It is over once all of them have been silent for long enough.
        let silent = live.iter().filter_map(|alert| alert.silent_since).max();
        return silent.map_or_else(Alarm::default, |silent| Alarm::at(after(silent, rule.calm())));
    }
    if let Some(notice) = open {
        return again(rule, notice, since, now);
    }
    let Some(template) = state.catalogue().templates.iter().find(|template| template.id == rule.template) else {
        return Alarm::default();
    };
    let told = Recent { now, since };
    if last.is_some_and(|notice| told.tells(notice)) || told.related(state, &template.notice, Kind::Outage).any(|one| told.tells(one)) {
        return Alarm::default();
    }
    let mut planned_until = None;
    for window in told.related(state, &template.notice, Kind::Maintenance) {
        match window.ended_at(now) {
            Some(ended) if ended > window.starts_at() => planned_until = planned_until.max(Some(ended)),
            Some(_) => {}
            // It is expected then that something does not work. Whoever ends it before its time writes an entry, after which this is asked again.
            None if window.starts_at() <= now => {
                return window
                    .content
                    .ends_at
                    .filter(|end| *end > now)
                    .map_or_else(Alarm::default, Alarm::at);
            }
            None => {}
        }
    }
    let due = after(planned_until.map_or(since, |until| since.max(until)), rule.grace());
    if now < due {
        return Alarm::at(due);
    }
    let began = live.iter().map(|alert| alert.began_at).min().max(planned_until);
    Alarm::now(Command::Create {
        content: Box::new(Content {
            starts_at: began.filter(|began| *began < now),
            ..template.notice.clone()
        }),
        intent: if rule.publish { Intent::Publish } else { Intent::Draft },
    })
}

/// What follows once all has been silent for long enough, since `due`. What anybody has said of the notice after that stands.
fn over(rule: &Rule, notice: &Notice, due: Timestamp) -> Alarm {
    if notice.updated_at >= due {
        return Alarm::default();
    }
    let id = notice.id.clone();
    let move_on = |transition| {
        let (id, change) = (id.clone(), Change::default());
        Alarm::now(Command::Transit { id, transition, change })
    };
    match (rule.at_end, notice.stage) {
        (AtEnd::Complete, None) => move_on(Transition::Cancel),
        (AtEnd::Complete, Some(_)) => move_on(Transition::Resolve),
        (AtEnd::Confirm, Some(Stage::Investigating | Stage::Identified)) => stage(notice, Stage::Monitoring),
        (AtEnd::Confirm, _) => Alarm::default(),
    }
}

/// What follows when it fires while the notice is there: what is only being watched is looked into again.
fn again(rule: &Rule, notice: &Notice, since: Timestamp, now: Timestamp) -> Alarm {
    let due = after(since, rule.grace());
    if notice.stage != Some(Stage::Monitoring) || notice.updated_at >= since {
        return Alarm::default();
    }
    if now < due {
        Alarm::at(due)
    } else {
        stage(notice, Stage::Investigating)
    }
}

fn stage(notice: &Notice, stage: Stage) -> Alarm {
    Alarm::now(Command::Update {
        id: notice.id.clone(),
        change: Change {
            stage: Some(stage),
            ..Change::default()
        },
    })
}

/// Since when one of them or another has been firing, with breaks that were too short to count.
fn streak(alerts: &[&Alert], calm: SignedDuration) -> Option<Timestamp> {
    let end = |alert: &Alert| alert.silent_since.map_or(Timestamp::MAX, |silent| after(silent, calm));
    let mut spans: Vec<_> = alerts.iter().map(|alert| (alert.since, end(alert))).collect();
    spans.sort_unstable();
    let mut streak: Option<(Timestamp, Timestamp)> = None;
    for (from, to) in spans {
        streak = Some(match streak {
            Some((begin, end)) if from <= end => (begin, end.max(to)),
            _ => (from, to),
        });
    }
    streak.map(|(begin, _)| begin)
}

/// Whether a notice is about the same services, wherever one with this content would show.
pub(super) fn touches<'a>(state: &'a State, content: &Content) -> impl Fn(&Notice) -> bool + use<'a> {
    let portals = state.concerned_portals(content);
    let own: BTreeSet<_> = content.services.iter().cloned().collect();
    move |notice| {
        let is_touched = |portal| {
            let touched = state.touched_services(&notice.content, portal);
            notice.content.portals.contains(portal) || !touched.is_disjoint(&own)
        };
        !portals.is_empty() && portals.iter().all(is_touched)
    }
}

/// What people have been told while it has been firing.
#[derive(Clone, Copy)]
struct Recent {
    now: Timestamp,
    since: Timestamp,
}

impl Recent {
    /// Whether a notice tells of it: it is open, or people have ended it meanwhile. What another rule has ended says nothing of this trouble.
    fn tells(self, notice: &Notice) -> bool {
        let by_rule = notice.updated_by.as_ref().is_some_and(|by| rule_of(&by.id).is_some());
        notice
            .ended_at(self.now)
            .is_none_or(|ended| !by_rule && ended.max(notice.updated_at) >= self.since)
    }

    /// The notices of this kind about the same services, wherever a notice with this content would show.
    fn related<'a>(self, state: &'a State, content: &'a Content, kind: Kind) -> impl Iterator<Item = &'a Notice> {
        let touches = touches(state, content);
        let is_recent = move |notice: &Notice| {
            let ended = notice.ended_at(self.now).map(|ended| ended.max(notice.updated_at));
            ended.is_none_or(|ended| ended >= self.since)
        };
        let told = state
            .notices()
            .filter(move |notice| notice.content.kind == kind && notice.published_at.is_some());
        told.filter(move |notice| notice.origin.is_none() && is_recent(notice) && touches(notice))
    }
}
