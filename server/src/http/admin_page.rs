//! `/admin/`, `/admin/office` and `/admin/registry`: the pages for ops staff.

use api::ProblemKind;
use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use crate::{
    assets,
    http::answer::{problem::Problem, serving::embedded},
};

/// Only our own files and the start-up script that the front-end build wrote into each page.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let pages =
        ["web/index.html", "web/office.html", "web/registry.html"].map(|name| assets::find(name).map_or(&[][..], |file| file.plain()));
    let scripts: String = pages
        .iter()
        .filter_map(|page| std::str::from_utf8(page).ok())
        .flat_map(inline_scripts)
        .map(|script| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes()))))
        .collect();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

/// The contents of the scripts in a page that have no address.
fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        (!attributes.contains(" src=")).then(|| rest.split("</script>").next()).flatten()
    })
}

pub(crate) async fn redirect() -> Redirect {
    Redirect::permanent("/admin/")
}

pub(crate) async fn page(headers: HeaderMap) -> Response {
    answer(&headers, "index.html")
}

pub(crate) async fn office(headers: HeaderMap) -> Response {
    answer(&headers, "office.html")
}

pub(crate) async fn registry(headers: HeaderMap) -> Response {
    answer(&headers, "registry.html")
}

pub(crate) async fn file(Path(file): Path<String>, headers: HeaderMap) -> Response {
    answer(&headers, &file)
}

fn answer(request: &HeaderMap, file: &str) -> Response {
    let Some(embedded_file) = assets::find(&format!("web/{file}")) else {
        return Problem::new(ProblemKind::NothingHere, "The admin page is at /admin/.").into_response();
    };
    // The page names files with a fingerprint; these may be kept.
    let cache = if file.contains('-') {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = embedded(request, embedded_file, cache);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}
