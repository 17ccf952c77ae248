//! `GET /p/{portal}/state.json`: what a portal shows now.

use axum::{
    extract::Request,
    http::{HeaderMap, Method},
    response::Response,
};

use super::{Site, portal::Portal, serving::public};

/// The usual answer: a `GET` for a portal that there is. Whatever else goes through the router to [`state`].
pub(super) fn at_once(site: &Site, request: &Request) -> Option<Response> {
    let portal = request.uri().path().strip_prefix("/p/")?.strip_suffix("/state.json")?;
    if request.method() != Method::GET {
        return None;
    }
    let snapshot = site.publisher.snapshot(portal)?;
    Some(public(request.headers(), &snapshot.json))
}

pub(super) async fn state(Portal(snapshot): Portal, headers: HeaderMap) -> Response {
    public(&headers, &snapshot.json)
}
