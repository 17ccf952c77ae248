//! `/admin/`, `/admin/office` and `/admin/registry`: the pages for ops staff.

use std::sync::{Arc, LazyLock};

use api::{Call, FIRST_ASKED, ProblemKind};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use crate::{
    assets,
    http::{
        answer::{problem::Problem, serving::embedded},
        ask::cookie::Cookie,
        site::Site,
    },
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
         frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

/// What the frame of a preview may load: the tag as any portal has it, from here, and shown by this admin page alone.
const PREVIEW: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
);

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

pub(crate) async fn page(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    foretold(&site, &headers, "index.html").await
}

pub(crate) async fn office(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    foretold(&site, &headers, "office.html").await
}

pub(crate) async fn registry(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    foretold(&site, &headers, "registry.html").await
}

/// What the program of a page will ask first of all.
static ASKED: LazyLock<Vec<HeaderValue>> = LazyLock::new(|| {
    let link = |(call, query): (Call, &str)| {
        let mark = if query.is_empty() { "" } else { "?" };
        HeaderValue::try_from(format!("<{}{mark}{query}>; {FETCHED}", call.path().0))
    };
    FIRST_ASKED.into_iter().flat_map(link).collect()
});

const FETCHED: &str = "rel=preload; as=fetch; crossorigin=anonymous";

/// A page, and in its head what it will need: the program, and for whoever comes with a session that holds the answers to what that asks first. The browser
/// brings them beside each other, the program first: over a line of 1.6 Mbit/s it alone takes more than two seconds, and each question that is
/// asked only then another fifth of one.
async fn foretold(site: &Site, request: &HeaderMap, file: &str) -> Response {
    let mut response = answer(request, file);
    let page = assets::find(&format!("web/{file}")).map_or(&[][..], |page| page.plain());
    let program = std::str::from_utf8(page)
        .ok()
        .and_then(program)
        .map(|wasm| format!("<{wasm}>; {FETCHED}; type=\"application/wasm\""));
    let headers = response.headers_mut();
    headers.extend(
        program
            .and_then(|link| HeaderValue::try_from(link).ok())
            .map(|link| (header::LINK, link)),
    );
    let sessions = Cookie::Session.values(site.secure, request);
    // What a session that is over brought would be refusals, which a browser hands over as answers after the next sign-in.
    let is_known = !sessions.is_empty() && site.accounts.by_sessions(&sessions).await.is_ok_and(|known| known.is_some());
    if is_known {
        for link in ASKED.iter() {
            headers.append(header::LINK, link.clone());
        }
    }
    response
}

/// Where a page has its program from.
fn program(page: &str) -> Option<&str> {
    page.split('"').find(|part| part.ends_with(".wasm"))
}

/// The page in the frame of a preview.
pub(crate) async fn preview(headers: HeaderMap) -> Response {
    framed(&headers, "index.html")
}

pub(crate) async fn preview_file(Path(file): Path<String>, headers: HeaderMap) -> Response {
    framed(&headers, &file)
}

fn framed(request: &HeaderMap, file: &str) -> Response {
    let mut response = serve(request, &format!("preview/{file}"));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, PREVIEW);
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response
}

pub(crate) async fn file(Path(file): Path<String>, headers: HeaderMap) -> Response {
    answer(&headers, &file)
}

fn answer(request: &HeaderMap, file: &str) -> Response {
    serve(request, &format!("web/{file}"))
}

fn serve(request: &HeaderMap, file: &str) -> Response {
    let Some(embedded_file) = assets::find(file) else {
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
