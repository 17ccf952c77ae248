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
    serving::{Delivery, portal_of, public},
};

/// The bare loader changes with releases only.
const BARE: Delivery = Delivery {
    content_type: "text/javascript; charset=utf-8",
    cache: "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800",
};

/// With a state inside it is as short-lived as the state.
const OF_PORTAL: Delivery = Delivery {
    content_type: "text/javascript; charset=utf-8",
    cache: "public, max-age=5, stale-if-error=86400",
};

pub(super) async fn bare(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    public(&headers, &site.bare_loader, BARE)
}

pub(super) async fn of_portal(State(site): State<Arc<Site>>, request: Request) -> Response {
    let portal = portal_of(&request);
    match site.publisher.snapshot(portal) {
        Some(snapshot) => public(request.headers(), snapshot.loader(|json| site.loader.with_state(json)), OF_PORTAL),
        None => Problem::no_portal(portal).into_response(),
    }
}
