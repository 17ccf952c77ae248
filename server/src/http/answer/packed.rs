//! What staff and programs read, packed for the line: a catalogue is forty kilobytes, and a phone at night may need a fifth of a second for them.

use axum::{
    body::{Body, HttpBody, to_bytes},
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

use crate::{
    document::pack,
    http::answer::serving::{accepts_brotli, mark_packed},
};

/// Below so many bytes an answer travels in one piece anyway.
const WORTH_IT: u64 = 1_400;
/// Above so many it is packed by nobody: that would keep others waiting.
const TOO_MUCH: u64 = 500_000;

/// Packs JSON that lies in memory, where the reader takes it so. Nothing that somebody else could slip in stands beside a secret in these
/// answers: cookies do not come along with what other sites ask.
pub(crate) async fn packed(request: Request, next: Next) -> Response {
    let takes = accepts_brotli(request.headers());
    let mut response = next.run(request).await;
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().ends_with(b"json"));
    let size = response.body().size_hint().exact();
    if !is_json || response.status() != StatusCode::OK || !size.is_some_and(|size| (WORTH_IT..TOO_MUCH).contains(&size)) {
        return response;
    }
    response
        .headers_mut()
        .append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if !takes {
        return response;
    }
    let (head, body) = response.into_parts();
    // It lies in memory, so reading it does not fail.
    let plain = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut response = Response::from_parts(head, Body::from(pack(&plain)));
    response.headers_mut().remove(header::CONTENT_LENGTH);
    mark_packed(&mut response);
    response
}
