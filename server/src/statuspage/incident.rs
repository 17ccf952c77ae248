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

/// How the tools are called from which the incidents of such a page were imported.
const SOURCE: &str = "statuspage ";

/// The notice with this id, as the portal shows it in this document; `None`: it does not.
pub(crate) fn incident(reading: &Reading<'_>, id: &NoticeId, document: &PublicState) -> Option<Incident> {
    let shown = document.notices.iter().find(|notice| notice.id == id.as_str())?;
    Some(made(reading, reading.state.notice(id)?, shown))
}

fn made(reading: &Reading<'_>, notice: &Notice, shown: &wire::Notice) -> Incident {
    let is_planned = notice.content.kind == Kind::Maintenance;
    let told = told(reading, notice, shown);
    let last = told.iter().map(|told| told.at).max();
    // Since when without another stage between.
    let watched = |told: &&Told| told.stage == Stage::Monitoring;
    let monitored = told.iter().rev().skip_while(|told| !watched(told)).take_while(watched).last();
    let planned = |at: Option<Timestamp>| at.filter(|_| is_planned).map(instant);
    let id = called(notice);
    Incident {
        id: id.clone(),
        name: chosen(&shown.title, reading.language.as_str()).to_owned(),
        status: status(shown.kind, shown.stage),
        created_at: instant(since(notice)),
        updated_at: instant(last.map_or(notice.updated_at, |last| last.max(notice.updated_at))),
        monitoring_at: monitored.map(|told| instant(told.at)),
        resolved_at: notice.ended_at(reading.now).map(instant),
        impact: impact(shown),
        shortlink: format!("{}{}", reading.origin, shown.url),
        started_at: instant(notice.starts_at()),
        page_id: reading.portal.id.to_string(),
        incident_updates: updates(reading, &id, shown, &told),
        components: components(reading, shown),
        reminder_intervals: None,
        scheduled_for: planned(Some(notice.starts_at())),
        scheduled_until: planned(notice.content.ends_at),
    }
}

/// What it is called: what was imported from such a page keeps the name that readers know.
fn called(notice: &Notice) -> String {
    let origin = notice.origin.as_ref().filter(|origin| origin.source.starts_with(SOURCE));
    origin.map_or_else(|| notice.id.to_string(), |origin| origin.id.clone())
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

/// Something to tell, before it is known in which stage.
struct News {
    at: Timestamp,
    stage: Option<Stage>,
    body: String,
}

/// Everything, oldest first: what people noticed, what was added, and what time has brought without a word.
fn told(reading: &Reading<'_>, notice: &Notice, shown: &wire::Notice) -> Vec<Told> {
    let since = since(notice);
    let has_begun = notice.content.kind == Kind::Maintenance && notice.starts_at() <= since;
    let first = if has_begun {
        Stage::InProgress
    } else {
        opening(notice.content.kind)
    };
    let mut told = Vec::new();
    // What was told elsewhere is told whole already.
    if notice.origin.is_none() {
        let body = plain(&shown.impact, reading.language.as_str());
        told.push(Told {
            at: since,
            stage: first,
            body: if body.is_empty() { in_stage(reading, first) } else { body },
            mark: "0".to_owned(),
        });
    }
    for News { at, stage, body } in news(reading, notice, shown, has_begun) {
        let before = told.last().map_or(first, |told| told.stage);
        let stage = stage.unwrap_or(before);
        // That it was published is told already.
        if body.is_empty() && before == stage {
            continue;
        }
        let body = if body.is_empty() { in_stage(reading, stage) } else { body };
        // By its instant, which stays whatever else is redacted.
        let instant = at.as_millisecond();
        let twins = told
            .iter()
            .filter(|told| told.mark != "0" && told.at.as_millisecond() == instant)
            .count();
        let mark = if twins == 0 {
            instant.to_string()
        } else {
            format!("{instant}-{twins}")
        };
        told.push(Told { at, stage, body, mark });
    }
    told
}

/// What was added since people know of it, and what time has brought without a word; oldest first.
fn news(reading: &Reading<'_>, notice: &Notice, shown: &wire::Notice, has_begun: bool) -> Vec<News> {
    let language = reading.language.as_str();
    // The newest is told first there.
    let texts = notice.updates.iter().zip(shown.updates.iter().rev());
    let mut found: Vec<News> = texts
        .map(|(update, public)| {
            let said = plain(&public.text, language);
            let change = public.change.filter(|_| said.is_empty());
            News {
                at: update.at,
                stage: update.stage,
                body: change.map_or(said, |change| changed(reading, change)),
            }
        })
        .collect();
    found.extend(by_time(reading, notice, shown, has_begun, &found));
    found.retain(|update| update.at >= since(notice));
    found.sort_by_key(|update| update.at);
    found
}

/// What time has brought beside what was added. Of what was imported nothing: all that was told is there.
fn by_time(reading: &Reading<'_>, notice: &Notice, shown: &wire::Notice, has_begun: bool, added: &[News]) -> Vec<News> {
    if notice.origin.is_some() {
        return Vec::new();
    }
    let by_time = |at: Timestamp, stage: Stage| News {
        at,
        stage: Some(stage),
        body: String::new(),
    };
    let (starts_at, over) = (notice.starts_at(), notice.ended_at(reading.now));
    let began = notice.content.kind == Kind::Maintenance && starts_at <= over.unwrap_or(reading.now);
    let is_told = |update: &News| update.stage == Some(Stage::InProgress) && update.at <= starts_at;
    let mut found = Vec::new();
    if began && !has_begun && !added.iter().any(is_told) {
        found.push(by_time(starts_at, Stage::InProgress));
    }
    let last = notice.updates.iter().rev().find_map(|update| update.stage);
    if let Some(over) = over.filter(|_| last != Some(shown.stage)) {
        found.push(by_time(over, shown.stage));
    }
    found
}

/// What has become other, where nobody has said anything about it: the first sentence of what the page says, which goes on with how it was.
fn changed(reading: &Reading<'_>, change: Change) -> String {
    let sentences = word(reading, &format!("change.{}", change.word()));
    sentences.split(['.', ':', '{']).next().unwrap_or_default().trim().to_owned()
}

fn in_stage(reading: &Reading<'_>, stage: Stage) -> String {
    word(reading, &format!("stage.{}", stage.word()))
}

fn word(reading: &Reading<'_>, key: &str) -> String {
    reading.words.get(key).cloned().unwrap_or_default()
}

/// Newest first.
fn updates(reading: &Reading<'_>, id: &str, shown: &wire::Notice, told: &[Told]) -> Vec<Update> {
    let touches = |told: &Told| shown.kind != Kind::Maintenance || matches!(told.stage, Stage::InProgress | Stage::Overrunning);
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
            id: format!("{id}-{}", told.mark),
            status: status(shown.kind, told.stage),
            body: told.body.clone(),
            incident_id: id.to_owned(),
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
const fn status(kind: Kind, stage: Stage) -> IncidentStatus {
    match stage {
        Stage::Withdrawn if matches!(kind, Kind::Maintenance) => IncidentStatus::Completed,
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
