//! Whether notices have arrived where people read: the line that somebody waits for who has just published.

use std::time::Duration;

use api::{Arrivals, PortalArrival};
use domain::{
    notice::Notice,
    words::{NoticeId, ObstacleKind, PlaceKind, PortalId},
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

/// A place that does not show what it is to show.
#[derive(Clone, PartialEq)]
struct Missing {
    portal: PortalId,
    kind: PlaceKind,
    why: String,
    /// What is said of the network, in the words of the network.
    detail: String,
    at: String,
    looked_at: Timestamp,
}

/// What is missing on these portals: each place that does not show a notice, or has anything in its way.
fn missing(portals: &[PortalArrival], notice: Option<&NoticeId>) -> Vec<Missing> {
    let of_one = |portal: &PortalArrival| {
        let lacks = |place: &&api::Place| match notice {
            Some(id) => place.missing.contains(id),
            None => place.obstacle.is_some(),
        };
        let told = portal.places.iter().filter(lacks).map(|place| {
            let met = place.obstacle.as_ref();
            let is_technical = met.is_some_and(|met| met.kind == ObstacleKind::Unreachable);
            Missing {
                portal: portal.portal.clone(),
                kind: place.kind,
                why: met.map(|met| words::obstacle(met.kind, &met.detail)).unwrap_or_default(),
                detail: met.filter(|_| is_technical).map(|met| met.detail.clone()).unwrap_or_default(),
                at: met.map_or_else(|| place.address.clone(), |met| met.at.clone()),
                looked_at: place.looked_at,
            }
        });
        told.collect::<Vec<_>>()
    };
    portals.iter().flat_map(of_one).collect()
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
        let (Some(id), Some(all)) = (id.get(), all.get().filter(|all| all.looks)) else {
            return Vec::new();
        };
        let has = |portal: &PortalArrival| portal.notices.iter().any(|one| one.notice == id);
        all.portals.into_iter().filter(has).collect::<Vec<_>>()
    });
    // When each portal came to show it.
    let since = Memo::new(move |_| {
        let of_one = |portal: &PortalArrival| portal.notices.iter().find(|one| Some(&one.notice) == id.get().as_ref())?.since;
        portals.with(|portals| portals.iter().map(of_one).collect::<Vec<_>>())
    });
    let is_shown = Memo::new(move |_| portals.with(|portals| !portals.is_empty()));
    // Whoever has just published waits for it.
    let waiting = move || {
        let is_late = since.with_untracked(|since| since.iter().any(Option::is_none));
        if is_late && document().visibility_state() == web_sys::VisibilityState::Visible {
            ask(desk, all);
        }
    };
    if let Ok(waiting) = set_interval_with_handle(waiting, SOON) {
        on_cleanup(move || waiting.clear());
    }
    let line = Memo::new(move |_| {
        if portals.with(|portals| portals.iter().all(|portal| portal.places.is_empty())) {
            return words::say().arrival_waits.to_owned();
        }
        let since = since.get();
        let last = since.iter().flatten().max();
        let last = last.map(|last| desk.zone().second(*last, desk.now.get_untracked()));
        words::visible_on(since.iter().flatten().count(), since.len(), last.as_deref())
    });
    let late = Memo::new(move |_| portals.with(|portals| missing(portals, id.get().as_ref())));
    let class = move || match (late.with(Vec::is_empty), since.with(|since| since.iter().all(Option::is_some))) {
        (true, true) => "card success",
        (true, false) => "card",
        (false, _) => "card warning",
    };
    let section = move || {
        view! {
            <section class=class data-test="arrival" aria-labelledby="arrival-heading">
                <h2 id="arrival-heading">{words::say().arrival}</h2>
                <p role="status">{move || line.get()}</p>
                {list(desk, late)}
            </section>
        }
    };
    (move || is_shown.get().then(section)).into_any()
}

/// What has not arrived, on the start page; nothing while all has.
pub(crate) fn trouble(desk: Desk) -> AnyView {
    let all = followed(desk);
    let late = Memo::new(move |_| {
        let all = all.get().filter(|all| all.looks);
        all.map(|all| missing(&all.portals, None)).unwrap_or_default()
    });
    let is_late = Memo::new(move |_| late.with(|late| !late.is_empty()));
    let section = move || {
        view! {
            <section class="card warning" data-test="arrival-trouble" aria-labelledby="arrival-trouble-heading">
                <h2 id="arrival-trouble-heading">{words::say().arrival_late}</h2>
                {list(desk, late)}
            </section>
        }
    };
    (move || is_late.get().then(section)).into_any()
}

/// Each place with its portal and what is in the way there; when it was last looked, and that it is looked again.
fn list(desk: Desk, late: Memo<Vec<Missing>>) -> AnyView {
    // Somebody may be on one of the links: it stays while nothing but the time of the look has changed.
    let places = Memo::new(move |_| {
        let still = |one: Missing| Missing {
            looked_at: Timestamp::UNIX_EPOCH,
            ..one
        };
        late.get().into_iter().map(still).collect::<Vec<_>>()
    });
    let place = move |place: Missing| {
        let kind = match place.kind {
            PlaceKind::Page => words::say().place_page,
            PlaceKind::Mirror => words::say().place_mirror,
            PlaceKind::Documents => words::say().place_documents,
        };
        let detail = (!place.detail.is_empty()).then(|| view! { <span class="quiet" lang="en">" (" {place.detail} ")"</span> });
        view! {
            <li>
                <strong>{desk.portal_name(&place.portal)}</strong> " – " {kind} ": " {place.why} {detail} " "
                <a class="address" href=place.at.clone() target="_blank" rel="noreferrer">{place.at.clone()}</a>
            </li>
        }
    };
    let looked = move || {
        let last = late.with(|late| late.iter().map(|one| one.looked_at).max())?;
        Some(words::looked_at(&desk.zone().second(last, desk.now.get_untracked())))
    };
    let none = move || late.with(Vec::is_empty);
    view! {
        <ul class="places" hidden=none>{move || places.get().into_iter().map(place).collect_view()}</ul>
        <p class="quiet" hidden=none>{looked} " " {words::say().arrival_again}</p>
    }
    .into_any()
}
