//! Whether notices have arrived where people read: the line that somebody waits for who has just published.

use std::{collections::BTreeMap, time::Duration};

use api::{Arrivals, Place, PortalArrival};
use domain::{
    notice::Notice,
    words::{NoticeId, PlaceKind, PortalId},
};
use jiff::Timestamp;
use leptos::{prelude::*, task::spawn_local};

use crate::{calls, desk::Desk, failure::Failure, words};

/// How often it is asked while somebody waits for it.
const SOON: Duration = Duration::from_secs(2);

fn ask(desk: Desk, found: RwSignal<Option<Arrivals>>) {
    spawn_local(async move {
        match calls::arrivals().await {
            Ok(arrivals) => drop(found.try_set(Some(arrivals))),
            Err(Failure::SignedOut) => desk.failed(&Failure::SignedOut),
            Err(_) => {}
        }
    });
}

/// Asks now and with every tick.
fn followed(desk: Desk) -> RwSignal<Option<Arrivals>> {
    let found = RwSignal::new(None);
    Effect::new(move |_| {
        desk.tick.track();
        ask(desk, found);
    });
    found
}

/// What is missing on a portal: each place that does not show a notice, or shows what is over.
fn missing(portal: &PortalArrival, notice: Option<&NoticeId>) -> Vec<Place> {
    let lacks = |place: &&Place| match notice {
        Some(id) => place.missing.contains(id),
        None => place.obstacle.is_some(),
    };
    portal.places.iter().filter(lacks).cloned().collect()
}

/// Whether a notice was seen, on its page; nothing while no portal has it on show, or nobody looks.
pub(crate) fn proof(desk: Desk, notice: Memo<Option<Notice>>) -> AnyView {
    let all = followed(desk);
    let id = Memo::new(move |_| notice.with(|notice| notice.as_ref().map(|notice| notice.id.clone())));
    // What was found of the revision before says nothing of this one.
    let revision = Memo::new(move |_| notice.with(|notice| notice.as_ref().map(|notice| notice.revision)));
    Effect::new(move |_| {
        revision.track();
        ask(desk, all);
    });
    let portals = Memo::new(move |_| {
        let id = id.get()?;
        let all = all.get().filter(|all| all.looks)?;
        let has = |portal: &PortalArrival| portal.notices.iter().any(|one| one.notice == id);
        let portals: Vec<_> = all.portals.into_iter().filter(has).collect();
        (!portals.is_empty()).then_some((id, portals, all.now))
    });
    // Whoever has just published waits for it.
    let is_late = move || {
        let lacks = |portal: &PortalArrival, id: &NoticeId| portal.notices.iter().any(|one| one.notice == *id && one.since.is_none());
        portals.with_untracked(|found| {
            found
                .as_ref()
                .is_some_and(|(id, portals, _)| portals.iter().any(|portal| lacks(portal, id)))
        })
    };
    let waiting = move || {
        if is_late() && document().visibility_state() == web_sys::VisibilityState::Visible {
            ask(desk, all);
        }
    };
    if let Ok(waiting) = set_interval_with_handle(waiting, SOON) {
        on_cleanup(move || waiting.clear());
    }
    let told = move || {
        let (id, portals, now) = portals.get()?;
        let mut since: BTreeMap<PortalId, Timestamp> = BTreeMap::new();
        for portal in &portals {
            let seen = portal.notices.iter().find(|one| one.notice == id).and_then(|one| one.since);
            since.extend(seen.map(|seen| (portal.portal.clone(), seen)));
        }
        let last = since.values().max().map(|last| desk.zone().second(*last, now));
        let was_looked = portals.iter().any(|portal| !portal.places.is_empty());
        let line = if was_looked {
            words::visible_on(since.len(), portals.len(), last.as_deref())
        } else {
            words::say().arrival_waits.to_owned()
        };
        let late: Vec<_> = portals
            .iter()
            .map(|portal| (portal.portal.clone(), missing(portal, Some(&id))))
            .collect();
        let late: Vec<_> = late.into_iter().filter(|(_, places)| !places.is_empty()).collect();
        let class = match (late.is_empty(), was_looked) {
            (true, true) => "card success",
            (true, false) => "card",
            (false, _) => "card warning",
        };
        let again = (!late.is_empty()).then(|| view! { <p class="quiet">{words::say().arrival_again}</p> });
        Some(view! {
            <section class=class data-test="arrival" aria-labelledby="arrival-heading">
                <h2 id="arrival-heading">{words::say().arrival}</h2>
                <p role="status">{line}</p>
                {list(desk, late, now)}
                {again}
            </section>
        })
    };
    told.into_any()
}

/// What has not arrived, on the start page; nothing while all has.
pub(crate) fn trouble(desk: Desk) -> AnyView {
    let all = followed(desk);
    let late = Memo::new(move |_| {
        let all = all.get().filter(|all| all.looks)?;
        let late = all.portals.iter().map(|portal| (portal.portal.clone(), missing(portal, None)));
        let late: Vec<_> = late.filter(|(_, places)| !places.is_empty()).collect();
        (!late.is_empty()).then_some((late, all.now))
    });
    let told = move || {
        let (late, now) = late.get()?;
        Some(view! {
            <section class="card warning" data-test="arrival-trouble" aria-labelledby="arrival-trouble-heading">
                <h2 id="arrival-trouble-heading">{words::say().arrival_late}</h2>
                {list(desk, late, now)}
                <p class="quiet">{words::say().arrival_again}</p>
            </section>
        })
    };
    told.into_any()
}

/// Each portal with its places and what is in the way there.
fn list(desk: Desk, late: Vec<(PortalId, Vec<Place>)>, now: Timestamp) -> AnyView {
    let place = move |place: Place| {
        let kind = match place.kind {
            PlaceKind::Page => words::say().place_page,
            PlaceKind::Mirror => words::say().place_mirror,
            PlaceKind::Documents => words::say().place_documents,
        };
        let (why, at) = match &place.obstacle {
            Some(met) => (words::obstacle(met.kind, &met.detail), met.at.clone()),
            None => (String::new(), place.address.clone()),
        };
        let looked = words::looked_at(&desk.zone().second(place.looked_at, now));
        view! {
            <li>
                {kind} ": " {why} " "
                <a class="address" href=at.clone() target="_blank" rel="noreferrer">{at.clone()}</a>
                <span class="quiet">" " {looked}</span>
            </li>
        }
    };
    let portal = move |(portal, places): (PortalId, Vec<Place>)| {
        let name = desk.portal_name(&portal);
        view! { <li>{name}<ul>{places.into_iter().map(place).collect_view()}</ul></li> }
    };
    let none = late.is_empty();
    view! { <ul class="places" hidden=none>{late.into_iter().map(portal).collect_view()}</ul> }.into_any()
}
