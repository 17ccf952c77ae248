//! `GET /p/{portal}/state.json`: what a portal shows now.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::Method,
    response::{IntoResponse, Response},
};

use super::{
    Site,
    problem::Problem,
    serving::{portal_of, public},
};

/// The usual answer: a `GET` for a portal that there is. Whatever else goes through the router to [`state`].
pub(super) fn at_once(site: &Site, request: &Request) -> Option<Response> {
    let portal = request.uri().path().strip_prefix("/p/")?.strip_suffix("/state.json")?;
    if request.method() != Method::GET {
        return None;
    }
    let snapshot = site.publisher.snapshot(portal)?;
    Some(public(request.headers(), &snapshot.json))
}

pub(super) async fn state(State(site): State<Arc<Site>>, request: Request) -> Response {
    let portal = portal_of(&request);
    match site.publisher.snapshot(portal) {
        Some(snapshot) => public(request.headers(), &snapshot.json),
        None => Problem::no_portal(portal).into_response(),
    }
}
