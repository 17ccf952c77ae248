//! `GET /p/{portal}/state.json`: what a portal shows now.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};

use super::{
    Site,
    problem::Problem,
    serving::{Delivery, portal_of, public},
};

/// Short, because pages that are open ask anew anyway; an answer may outlive this server's trouble by a day.
const DELIVERY: Delivery = Delivery {
    content_type: "application/json",
    cache: "public, max-age=5, stale-if-error=86400",
};

pub(super) async fn state(State(site): State<Arc<Site>>, request: Request) -> Response {
    let portal = portal_of(&request);
    match site.publisher.snapshot(portal) {
        Some(snapshot) => public(request.headers(), &snapshot.json, DELIVERY),
        None => Problem::no_portal(portal).into_response(),
    }
}
