//! `GET /schema/state-v1.json`: the shape of `PublicState`, generated from the same types.

use std::sync::LazyLock;

use axum::{http::HeaderMap, response::Response};
use wire::PublicState;

use crate::{
    document::{Delivery, Document},
    http::answer::serving::public,
};

static SCHEMA: LazyLock<Document> = LazyLock::new(|| {
    let delivery = Delivery {
        content_type: "application/schema+json",
        cache: "public, max-age=3600",
    };
    let schema = schemars::schema_for!(PublicState);
    Document::new(serde_json::to_string_pretty(&schema).unwrap_or_default(), delivery)
});

pub(crate) async fn schema(headers: HeaderMap) -> Response {
    public(&headers, &SCHEMA)
}
