//! `GET /p/{portal}/state.json`: what a portal shows now.

use axum::{
    http::{HeaderMap, Method, Request},
    response::Response,
};

use crate::http::{answer::serving::public, ask::portal::Portal, site::Site};

/// The usual answer: a `GET` for a portal that there is. Whatever else goes through the router to [`state`].
pub(crate) fn at_once<B>(site: &Site, request: &Request<B>) -> Option<Response> {
    let portal = request.uri().path().strip_prefix("/p/")?.strip_suffix("/state.json")?;
    if request.method() != Method::GET {
        return None;
    }
    let snapshot = site.windows.snapshot(portal)?;
    Some(public(request.headers(), &snapshot.json))
}

pub(crate) async fn state(Portal(snapshot): Portal, headers: HeaderMap) -> Response {
    public(&headers, &snapshot.json)
}
