//! `GET /openapi.json` and `GET /schema/state-v1.json`: what describes the HTTP interface, as the crate `api` has written it.

use std::sync::LazyLock;

use axum::{http::HeaderMap, response::Response};
use bytes::Bytes;

use crate::{
    assets,
    document::{Delivery, Document},
    http::answer::serving::public,
};

/// They change with a release.
const CACHE: &str = "public, max-age=3600";

static OPEN_API: LazyLock<Document> = LazyLock::new(|| document("contract/openapi.json", "application/json"));

static STATE_SCHEMA: LazyLock<Document> = LazyLock::new(|| document("contract/state-v1.json", "application/schema+json"));

fn document(path: &str, content_type: &'static str) -> Document {
    let file = assets::find(path).map(assets::Embedded::plain).unwrap_or_default();
    Document::new(
        Bytes::from_static(file),
        Delivery {
            content_type,
            cache: CACHE,
        },
    )
}

pub(crate) async fn open_api(headers: HeaderMap) -> Response {
    public(&headers, &OPEN_API)
}

pub(crate) async fn state_schema(headers: HeaderMap) -> Response {
    public(&headers, &STATE_SCHEMA)
}
