//! A notice as an incident, with everything that was told of it.

use api::statuspage::{AffectedComponent, Component, ComponentStatus, Incident, IncidentStatus, Indicator, Update, instant};
use domain::{
    notice::{Notice, opening},
    words::NoticeId,
};
use jiff::Timestamp;
use wire::{Change, Kind, PublicState, Severity, Stage};

use super::{
    plain::{chosen, plain},
    reading::{Reading, component_status},
};

/// The notice with this id, as the portal shows it in this document; `None`: it does not.
pub(crate) fn incident(reading: &Reading<'_>, id: &NoticeId, document: &PublicState) -> Option<Incident> {
    let shown = document.notices.iter().find(|notice| notice.id == id.as_str())?;
    Some(made(reading, reading.state.notice(id)?, shown))
}

fn made(reading: &Reading<'_>, notice: &Notice, shown: &wire::Notice) -> Incident {
    let is_planned = notice.content.kind == Kind::Maintenance;
    let told = told(reading, notice, shown);
    let last = told.iter().map(|told| told.at).max();
    let monitored = told.iter().rev().find(|told| told.stage == Stage::Monitoring);
    let planned = |at: Option<Timestamp>| at.filter(|_| is_planned).map(instant);
    Incident {
        id: shown.id.clone(),
        name: chosen(&shown.title, reading.language.as_str()).to_owned(),
        status: status(shown.stage),
        created_at: instant(since(notice)),
        updated_at: instant(last.map_or(notice.updated_at, |last| last.max(notice.updated_at))),
        monitoring_at: monitored.map(|told| instant(told.at)),
        resolved_at: notice.ended_at(reading.now).map(instant),
        impact: impact(shown),
        shortlink: format!("{}{}", reading.origin, shown.url),
        started_at: instant(notice.starts_at()),
        page_id: reading.portal.id.to_string(),
        incident_updates: updates(reading, shown, &told),
        components: components(reading, shown),
        reminder_intervals: None,
        scheduled_for: planned(Some(notice.starts_at())),
        scheduled_until: planned(notice.content.ends_at),
    }
}

/// Something that was told: by a person, or by time.
struct Told {
    at: Timestamp,
    /// The stage that it stands in since then.
    stage: Stage,
    body: String,
    /// Tells it from all others of the notice, whatever is told later.
    mark: String,
}

/// From when people knew of it.
fn since(notice: &Notice) -> Timestamp {
    notice.visible_from().unwrap_or(notice.created_at)
}

/// Everything, oldest first: what people noticed, what was added, and what time has brought without a word.
fn told(reading: &Reading<'_>, notice: &Notice, shown: &wire::Notice) -> Vec<Told> {
    let language = reading.language.as_str();
    let has = |stage: Stage| notice.updates.iter().any(|update| update.stage == Some(stage));
    let has_begun = notice.content.kind == Kind::Maintenance && notice.starts_at() <= since(notice);
    let first = if has_begun {
        Stage::InProgress
    } else {
        opening(notice.content.kind)
    };
    let mut found = vec![(since(notice), Some(first), plain(&shown.impact, language), "0".to_owned())];
    // The newest is told first there.
    for (place, (update, public)) in notice.updates.iter().zip(shown.updates.iter().rev()).enumerate() {
        let mut text = plain(&public.text, language);
        if text.is_empty()
            && let Some(change) = public.change
        {
            text = changed(reading, change);
        }
        found.push((update.at, update.stage, text, (place + 1).to_string()));
    }
    let runs = matches!(shown.stage, Stage::InProgress | Stage::Overrunning | Stage::Completed);
    if runs && !has_begun && !has(Stage::InProgress) && notice.starts_at() <= reading.now {
        found.push((notice.starts_at(), Some(Stage::InProgress), String::new(), "begun".to_owned()));
    }
    if let Some(ended) = notice.ended_at(reading.now).filter(|_| !has(shown.stage)) {
        found.push((ended, Some(shown.stage), String::new(), "over".to_owned()));
    }
    found.sort_by_key(|(at, ..)| *at);
    let mut told: Vec<Told> = Vec::with_capacity(found.len());
    for (at, stage, body, mark) in found {
        let before = told.last().map(|told| told.stage);
        let stage = stage.or(before).unwrap_or(first);
        // That it was published is told already.
        if body.is_empty() && before == Some(stage) {
            continue;
        }
        let body = if body.is_empty() {
            word(reading, &format!("stage.{}", stage.word()))
        } else {
            body
        };
        told.push(Told { at, stage, body, mark });
    }
    told
}

/// What has become other, where nobody has said anything about it: the first sentence of what the page says, which goes on with how it was.
fn changed(reading: &Reading<'_>, change: Change) -> String {
    let sentences = word(reading, &format!("change.{}", change.word()));
    sentences.split(['.', ':', '{']).next().unwrap_or_default().trim().to_owned()
}

fn word(reading: &Reading<'_>, key: &str) -> String {
    reading.words.get(key).cloned().unwrap_or_default()
}

/// Newest first.
fn updates(reading: &Reading<'_>, shown: &wire::Notice, told: &[Told]) -> Vec<Update> {
    let touches = |told: &Told| shown.kind != Kind::Maintenance || matches!(status(told.stage), IncidentStatus::InProgress);
    let mut updates = Vec::with_capacity(told.len());
    let mut is_touched = false;
    for told in told {
        let was_touched = std::mem::replace(&mut is_touched, touches(told) && !told.stage.is_final());
        let affected = shown.affected.iter().map(|affected| {
            let status = |is_touched| {
                if is_touched {
                    component_status(affected.status)
                } else {
                    ComponentStatus::Operational
                }
            };
            AffectedComponent {
                code: affected.id.clone(),
                name: chosen(&affected.name, reading.language.as_str()).to_owned(),
                old_status: status(was_touched),
                new_status: status(is_touched),
            }
        });
        let at = instant(told.at);
        updates.push(Update {
            id: format!("{}-{}", shown.id, told.mark),
            status: status(told.stage),
            body: told.body.clone(),
            incident_id: shown.id.clone(),
            created_at: at.clone(),
            updated_at: at.clone(),
            display_at: at,
            affected_components: Some(affected.collect()),
            deliver_notifications: true,
            custom_tweet: None,
            tweet_id: None,
        });
    }
    updates.reverse();
    updates
}

/// The services that it touches, as they do now.
fn components(reading: &Reading<'_>, shown: &wire::Notice) -> Vec<Component> {
    let named = |component: &&Component| shown.affected.iter().any(|affected| affected.id == component.id);
    reading.components().iter().filter(named).cloned().collect()
}

/// Its words know no information, no end by being called off or withdrawn, and no window that is overrun.
const fn status(stage: Stage) -> IncidentStatus {
    match stage {
        Stage::Investigating => IncidentStatus::Investigating,
        Stage::Identified => IncidentStatus::Identified,
        Stage::Monitoring | Stage::Published => IncidentStatus::Monitoring,
        Stage::Resolved | Stage::Withdrawn => IncidentStatus::Resolved,
        Stage::Scheduled => IncidentStatus::Scheduled,
        Stage::InProgress | Stage::Overrunning => IncidentStatus::InProgress,
        Stage::Completed | Stage::Cancelled => IncidentStatus::Completed,
    }
}

const fn impact(notice: &wire::Notice) -> Indicator {
    match (notice.kind, notice.severity) {
        (Kind::Maintenance, _) => Indicator::Maintenance,
        (_, Severity::Information) => Indicator::None,
        (_, Severity::Degraded) => Indicator::Minor,
        (_, Severity::PartialOutage) => Indicator::Major,
        (_, Severity::Outage) => Indicator::Critical,
    }
}
