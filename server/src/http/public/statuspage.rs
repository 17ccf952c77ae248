//! `/api/v2/…` and `/p/{portal}/api/v2/…`: what a portal shows, as clients of Statuspage read it (version 2 of its API). At the root it is the portal
//! that the request's `Host` means, or the only one that there is.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
};
use domain::project::next_change_of;

use super::pages::{Page, Scene, Visit};
use crate::{
    document::Delivery,
    http::{
        answer::problem::{Problem, nothing_here},
        ask::{host::meant, portal::named},
        site::Site,
    },
    statuspage::{Reading, Which, document},
};

const JSON: Delivery = Delivery {
    content_type: "application/json; charset=utf-8",
    cache: "public, max-age=5, stale-if-error=86400",
};

/// The documents, by what stands behind `/api/v2/`.
pub(crate) const DOCUMENTS: [(&str, Which); 8] = [
    ("summary.json", Which::Summary),
    ("status.json", Which::Status),
    ("components.json", Which::Components),
    ("incidents.json", Which::Incidents),
    ("incidents/unresolved.json", Which::Unresolved),
    ("scheduled-maintenances.json", Which::Maintenances),
    ("scheduled-maintenances/upcoming.json", Which::Upcoming),
    ("scheduled-maintenances/active.json", Which::Active),
];

/// One of the portal that the host means.
pub(crate) async fn by_host(State(site): State<Arc<Site>>, uri: Uri, headers: HeaderMap) -> Response {
    match meant(site.publisher.present().0.catalogue(), &headers) {
        Some(portal) => answer(site, portal.as_str(), &uri, headers).await,
        None => Problem::no_portal_of_host().into_response(),
    }
}

/// One of the portal that is named.
pub(crate) async fn of_portal(State(site): State<Arc<Site>>, uri: Uri, headers: HeaderMap) -> Response {
    answer(site, named(uri.path()), &uri, headers).await
}

async fn answer(site: Arc<Site>, portal: &str, uri: &Uri, headers: HeaderMap) -> Response {
    let Some(visit) = Visit::to(site, portal, uri, headers) else {
        return Problem::no_portal(portal).into_response();
    };
    let asked = uri.path().split_once("/api/v2/").map_or("", |(_, document)| document);
    let Some((name, which)) = DOCUMENTS.into_iter().find(|(name, _)| *name == asked) else {
        return nothing_here().await.into_response();
    };
    let path = format!("api/v2/{name}");
    let make = move |scene: &Scene| {
        let reading = Reading::new(&scene.state, &scene.portal.id, &scene.reader.lang, &scene.public_url, scene.now)?;
        let until = next_change_of(&scene.state, &scene.portal.id, scene.now);
        Some(Page::for_programs(document(&reading, which), JSON, until))
    };
    visit.answer_program(&path, make).await
}
