//! `GET /umleitung.js` and `GET /p/{portal}/umleitung.js`: the loader, bare or carrying a portal's state.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap, response::Response};

use crate::http::{answer::serving::public, ask::portal::Portal, site::Site};

pub(crate) async fn bare(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    public(&headers, &site.bare_loader)
}

pub(crate) async fn of_portal(State(site): State<Arc<Site>>, Portal(snapshot): Portal, headers: HeaderMap) -> Response {
    let has_notices = !snapshot.state.notices.is_empty();
    public(&headers, snapshot.loader(|json| site.loader.with_state(json, has_notices)))
}
