//! `GET /assets/{fingerprint}/…`: the widget's files, on addresses that never change their content.

use api::ProblemKind;
use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::{
    assets,
    document::CROSS_ORIGIN_RESOURCE_POLICY,
    http::{
        answer::{
            problem::Problem,
            serving::{embedded, kept},
        },
        site::Site,
    },
};

pub(crate) async fn asset(
    State(site): State<Arc<Site>>,
    Path((fingerprint, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    const FOREVER: &str = "public, max-age=31536000, immutable";
    let current = assets::is_current(&fingerprint);
    // A loader from before an update gets the files that it was made with.
    if !current && let Some(kept) = kept(&headers, &site.releases, (&fingerprint, &path), FOREVER).await {
        return open(kept);
    }
    let Some(file) = of_this_release(&path) else {
        return Problem::new(ProblemKind::NothingHere, "The addresses of the widget's files stand in the loader.").into_response();
    };
    // Where these are gone it gets what there is, but must not keep it under that name.
    let cache = if current { FOREVER } else { "public, max-age=60" };
    open(embedded(&headers, file, cache))
}

/// A file of the widget; the words of a language that has none of its own are those of a wider one.
fn of_this_release(path: &str) -> Option<&'static assets::Embedded> {
    match path {
        "placement.js" | "widget.js" | "widget_bg.wasm" => assets::find(&format!("web/{path}")),
        path => assets::message_file(path.strip_prefix("messages/")?.strip_suffix(".json")?),
    }
}

fn open(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    response
}
