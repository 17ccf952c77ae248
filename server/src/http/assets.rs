//! `GET /assets/{fingerprint}/…`: the widget's files, on addresses that never change their content.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{problem::Problem, serving::embedded};
use crate::assets;

pub(super) async fn asset(Path((fingerprint, path)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let place = match path.as_str() {
        "widget.js" | "widget_bg.wasm" => format!("web/{path}"),
        path => path.to_owned(),
    };
    let known = place.starts_with("web/widget") || place.starts_with("messages/");
    let Some(file) = assets::find(&place).filter(|_| known) else {
        return Problem::new(
            StatusCode::NOT_FOUND,
            "There is no such file",
            "The addresses of the widget's files stand in the loader.",
        )
        .into_response();
    };
    // A loader from before an update asks by an old fingerprint: it gets what there is, but must not keep it under that name.
    let cache = if assets::is_current(&fingerprint) {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=60"
    };
    open(embedded(&headers, file, cache))
}

fn open(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
