//! When it was known that a service would not work: the windows of planned work that touch it.

use jiff::Timestamp;
use wire::{Kind, Stage};

use crate::{
    notice::{Alteration, Content, Notice},
    state::State,
    watch::Span,
    words::{PortalId, ServiceId},
};

/// The windows of planned work by which a service was touched, on whichever portal, up to their announced ends: what overran was not planned. One that
/// was ended earlier lasted for so long, and one that was called off before it began is none. In no order; they may overlap.
pub fn planned_windows(state: &State, service: &ServiceId, now: Timestamp) -> Vec<Span> {
    of_service(state, state.notices(), service, state.portals_with(service), now)
}

/// Those of the works among these notices, as people on these portals were told of them. What was published by mistake is none.
pub(super) fn of_service<'a>(
    state: &State,
    notices: impl Iterator<Item = &'a Notice>,
    service: &ServiceId,
    on: &[PortalId],
    now: Timestamp,
) -> Vec<Span> {
    let is_work = |notice: &&Notice| {
        let stage = notice.stage_at(now);
        notice.content.kind == Kind::Maintenance && stage.is_some_and(|stage| stage != Stage::Withdrawn)
    };
    let planned = notices.filter(is_work).filter(|notice| notice.published_at.is_some());
    let touches = |notice: &&Notice| {
        let Content { services, portals, .. } = &notice.content;
        let concerns =
            |portal| services.is_empty() && portals.contains(portal) || state.touched_services(&notice.content, portal).contains(service);
        services.contains(service) || on.iter().any(concerns)
    };
    planned.filter(touches).flat_map(|notice| windows(notice, now)).collect()
}

/// Those of one notice: from its beginning to its end, without what was planned only afterwards.
fn windows(notice: &Notice, now: Timestamp) -> Vec<Span> {
    let end = [notice.content.ends_at, notice.ended_at(now)].into_iter().flatten().min();
    let (Some(published), Some(end)) = (notice.published_at, end) else {
        return Vec::new();
    };
    // What was announced while it was running already was not planned up to then.
    let mut begin = notice.starts_at().max(published);
    let mut unplanned: Vec<Span> = Vec::new();
    let mut ended = None;
    for update in &notice.updates {
        match update.change {
            Some(Alteration::Moved { from, to }) => {
                begin = begin.max(from.min(update.at));
                unplanned.extend(to.map(|to| (to, update.at)));
            }
            Some(Alteration::EndMoved { to }) => unplanned.extend(to.map(|to| (to, update.at))),
            _ => {}
        }
        // It was over, and was taken up again.
        if let Some(stage) = update.stage {
            unplanned.extend(ended.map(|ended| (ended, update.at)));
            ended = stage.is_final().then_some(update.at);
        }
    }
    unplanned.retain(|(from, to)| from < to);
    unplanned.sort_unstable();
    let mut windows = Vec::new();
    for (from, to) in unplanned {
        windows.push((begin, from.min(end)));
        begin = begin.max(to);
    }
    windows.push((begin, end));
    windows.retain(|(from, to)| from < to);
    windows
}
