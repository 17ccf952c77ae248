//! Taking over what other tools have told: what may be taken, and what is there already.

use std::collections::{BTreeMap, BTreeSet};

use wire::{Kind, Stage};

use super::{
    check::{Purpose, check_content, check_instant},
    event::Event,
    imported::{Imported, Origin},
    notices::Notices,
};
use crate::{
    access::{Context, Role, Where},
    catalogue::InForce,
    rejection::{Rejection, need},
    text::{
        Shape,
        rules::{check_prose, check_text},
    },
    words::{Code, Faults, NoticeId},
};

/// What is new among these, each with the id of the year in which people read it first. What is there already stays as it is.
pub(crate) fn decide(notices: &Notices, catalogue: &InForce, imported: Vec<Imported>, context: &Context) -> Result<Vec<Event>, Rejection> {
    need(Role::Admin, Where::Somewhere, context)?;
    let mut known: BTreeSet<&Origin> = notices.iter().filter_map(|notice| notice.origin.as_ref()).collect();
    let mut numbers = BTreeMap::new();
    let mut events = Vec::new();
    for (i, notice) in imported.iter().enumerate() {
        let mut faults = Faults::default();
        check(notice, catalogue, &format!("/{i}"), context, &mut faults);
        faults.into_result()?;
        need(Role::Admin, Where::OnEach(&catalogue.portals_of(&notice.content)), context)?;
        if !known.insert(&notice.origin) {
            continue;
        }
        let first = notices.next_id(notice.published_at);
        let number = numbers.entry(first.year()).or_insert_with(|| first.number());
        events.push(Event::Imported {
            id: NoticeId::new(first.year(), *number),
            notice: Box::new(notice.clone()),
        });
        *number += 1;
    }
    Ok(events)
}

fn check(notice: &Imported, catalogue: &InForce, at: &str, context: &Context, faults: &mut Faults) {
    check_content(
        &notice.content,
        catalogue.catalogue(),
        Purpose::Record,
        &format!("{at}/content"),
        faults,
    );
    for (name, text) in [("source", &notice.origin.source), ("id", &notice.origin.id)] {
        check_text(text, &format!("{at}/origin/{name}"), Shape::Line, faults);
    }
    let ends = match notice.content.kind {
        Kind::Outage => [Stage::Resolved, Stage::Withdrawn].as_slice(),
        Kind::Maintenance => &[Stage::Completed, Stage::Cancelled, Stage::Withdrawn],
        Kind::Information => &[Stage::Withdrawn],
    };
    if !ends.contains(&notice.stage) {
        faults.add(
            format!("{at}/stage"),
            Code::StageNotReachable,
            "is no end of such a notice; only what is over is imported",
        );
    }
    for (name, instant) in [
        ("published_at", notice.published_at),
        ("updated_at", notice.updated_at),
        ("ended_at", notice.ended_at),
    ] {
        let at = format!("{at}/{name}");
        check_instant(Some(instant), &at, faults);
        if instant > context.now {
            faults.add(at, Code::Future, "lies in the future; only what is over is imported");
        }
    }
    let mut last = None;
    for (j, told) in notice.updates.iter().enumerate() {
        let at = format!("{at}/updates/{j}");
        check_instant(Some(told.at), &format!("{at}/at"), faults);
        check_prose(&told.text, &format!("{at}/text"), faults);
        if last.is_some_and(|last| told.at < last) {
            faults.add(
                format!("{at}/at"),
                Code::Malformed,
                "is before the one before; the oldest stands first",
            );
        }
        last = Some(told.at);
    }
}
