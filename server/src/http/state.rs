//! `GET /p/{portal}/state.json`: what a portal shows now.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};

use super::{
    Site,
    problem::Problem,
    serving::{portal_of, public},
};

pub(super) async fn state(State(site): State<Arc<Site>>, request: Request) -> Response {
    let portal = portal_of(&request);
    match site.publisher.snapshot(portal) {
        Some(snapshot) => public(request.headers(), &snapshot.json),
        None => Problem::no_portal(portal).into_response(),
    }
}
