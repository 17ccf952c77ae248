//! `GET /umleitung.js` and `GET /p/{portal}/umleitung.js`: the loader, bare or carrying a portal's state.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};

use super::{
    Site,
    problem::Problem,
    serving::{portal_of, public},
};

pub(super) async fn bare(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    public(&headers, &site.bare_loader)
}

pub(super) async fn of_portal(State(site): State<Arc<Site>>, request: Request) -> Response {
    let portal = portal_of(&request);
    match site.publisher.snapshot(portal) {
        Some(snapshot) => public(request.headers(), snapshot.loader(|json| site.loader.with_state(json))),
        None => Problem::no_portal(portal).into_response(),
    }
}
