//! An answer about something that has revisions.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// A document with its revision as the `ETag`, by which whoever changes it says what they saw.
pub(crate) fn revised(status: StatusCode, revision: u32, document: &impl Serialize) -> Response {
    let mut response = (status, Json(document)).into_response();
    if let Ok(etag) = HeaderValue::try_from(format!("\"{revision}\"")) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}
