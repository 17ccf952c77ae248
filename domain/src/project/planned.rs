//! When it was known that a service would not work: the windows of planned work that touch it.

use jiff::Timestamp;
use wire::Kind;

use crate::{
    notice::{Content, Notice},
    state::State,
    watch::Span,
    words::ServiceId,
};

/// The windows of planned work by which a service was touched, on whichever portal, up to their announced ends: what overran was not planned. One that
/// was ended earlier lasted for so long, and one that was called off before it began is none. In no order; they may overlap.
pub fn planned_windows(state: &State, service: &ServiceId, now: Timestamp) -> Vec<Span> {
    let planned = state
        .notices()
        .filter(|notice| notice.content.kind == Kind::Maintenance && notice.published_at.is_some());
    let on = state.portals_with(service);
    let touches = |notice: &&Notice| {
        let Content { services, portals, .. } = &notice.content;
        let concerns = |portal| portals.contains(portal) || state.touched_services(&notice.content, portal).contains(service);
        services.contains(service) || on.iter().any(concerns)
    };
    planned.filter(touches).filter_map(|notice| window(notice, now)).collect()
}

fn window(notice: &Notice, now: Timestamp) -> Option<Span> {
    // What was announced while it was running already was not planned up to then.
    let from = notice.starts_at().max(notice.published_at?);
    let to = [notice.content.ends_at, notice.ended_at(now)].into_iter().flatten().min()?;
    (from < to).then_some((from, to))
}
