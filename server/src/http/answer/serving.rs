//! How a document is answered: encoding, fingerprint, "not modified".

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use bytes::Bytes;

use crate::{
    document::Document,
    releases::{self, Releases},
};

/// Answers with a document that anyone may read from any origin.
pub(crate) fn public(request: &HeaderMap, document: &Document) -> Response {
    if accepts_brotli(request) && !is_known(request, document) {
        return whole(&document.brotli_headers, document.brotli());
    }
    as_it_is(request, document)
}

/// Answers with one that is packed in itself, and would grow by more of it.
pub(crate) fn as_it_is(request: &HeaderMap, document: &Document) -> Response {
    if is_known(request, document) {
        let mut response = whole(&document.plain_headers, &Bytes::new());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(header::CONTENT_TYPE);
        return response;
    }
    whole(&document.plain_headers, &document.plain)
}

fn is_known(request: &HeaderMap, document: &Document) -> bool {
    let mut known = request.get_all(header::IF_NONE_MATCH).iter();
    known.any(|known| etag_matches(known.as_bytes(), document.etag.as_bytes()))
}

fn whole(headers: &HeaderMap, body: &Bytes) -> Response {
    let mut response = Response::new(Body::from(body.clone()));
    *response.headers_mut() = headers.clone();
    response
}

/// Answers with a file out of the binary.
pub(crate) fn embedded(request: &HeaderMap, file: &'static crate::assets::Embedded, cache: &'static str) -> Response {
    let packed = accepts_brotli(request);
    let bytes = if packed { file.brotli } else { file.plain() };
    let mut response = plain(file.path, Bytes::from_static(bytes), cache);
    if packed {
        mark_packed(&mut response);
    }
    response
}

/// Answers with a file of an earlier release, in the form in which it was kept.
pub(crate) async fn kept(
    request: &HeaderMap,
    releases: &Releases,
    (fingerprint, path): (&str, &str),
    cache: &'static str,
) -> Option<Response> {
    if accepts_brotli(request)
        && let Some(bytes) = releases.find(fingerprint, &releases::packed(path)).await
    {
        let mut response = plain(path, bytes.into(), cache);
        mark_packed(&mut response);
        return Some(response);
    }
    Some(plain(path, releases.find(fingerprint, path).await?.into(), cache))
}

fn plain(name: &str, bytes: Bytes, cache: &'static str) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Says that the body is packed.
pub(super) fn mark_packed(response: &mut Response) {
    response
        .headers_mut()
        .insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
}

/// Whether whoever asks takes a body that is packed.
pub(super) fn accepts_brotli(request: &HeaderMap) -> bool {
    let accepted = request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = parameters.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0);
        name.trim().eq_ignore_ascii_case("br") && !refused
    })
}

/// Weak comparison (RFC 9110, section 8.8.3.2), which also forgives what servers between here and the reader add to a tag when they
/// compress: else each poll through them would get the whole document.
fn etag_matches(known: &[u8], current: &[u8]) -> bool {
    let current = opaque(current);
    known
        .split(|byte| *byte == b',')
        .map(<[u8]>::trim_ascii)
        .any(|tag| tag == b"*" || opaque(tag) == current)
}

/// What is appended to a tag, each after one of the marks: by Apache (`-gzip`, `-br`, `-zstd`), by Jetty (`--gzip`), by ASP.NET
/// (`;gzip`), by others in the same ways.
const CODINGS: [&[u8]; 6] = [b"gzip", b"br", b"zstd", b"deflate", b"gz", b"brotli"];

/// The text of a tag without the sign of weakness, its quotes and the names of codings.
fn opaque(tag: &[u8]) -> &[u8] {
    let tag = tag.strip_prefix(b"W/").or(tag.strip_prefix(b"w/")).unwrap_or(tag);
    let mut text = unquoted(tag);
    // More than one of them may stand on the way, and some write the name behind the quotes.
    while let Some(rest) = CODINGS.iter().find_map(|coding| without_coding(text, coding)) {
        text = unquoted(rest);
    }
    text
}

fn unquoted(text: &[u8]) -> &[u8] {
    let text = text.strip_prefix(b"\"").unwrap_or(text);
    text.strip_suffix(b"\"").unwrap_or(text)
}

fn without_coding<'a>(text: &'a [u8], coding: &[u8]) -> Option<&'a [u8]> {
    let (rest, end) = text.split_at_checked(text.len().checked_sub(coding.len())?)?;
    let rest = end.eq_ignore_ascii_case(coding).then_some(rest)?;
    rest.strip_suffix(b"--")
        .or(rest.strip_suffix(b"-"))
        .or(rest.strip_suffix(b";"))
        .or(rest.strip_suffix(b":"))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_sent_only_to_those_who_take_it() {
        for (accept, expected) in [
            ("gzip, deflate, br, zstd", true),
            ("br;q=0", false),
            ("gzip", false),
            ("BR;q=0.5", true),
            ("brotli", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accept))]);
            assert_eq!(accepts_brotli(&headers), expected, "{accept}");
        }
    }

    #[test]
    fn etags_are_compared_weakly() {
        assert!(etag_matches(b"\"a\", W/\"b\"", b"W/\"b\""));
        assert!(etag_matches(b"*", b"W/\"b\""));
        assert!(!etag_matches(b"\"a\"", b"W/\"b\""));
    }

    #[test]
    fn what_a_server_between_adds_when_it_compresses_is_forgiven() {
        let current = b"W/\"0123abcd\"";
        for known in [
            "W/\"0123abcd-gzip\"",
            "\"0123abcd-gzip\"",
            "\"0123abcd--gzip\"",
            "W/\"0123abcd--gzip\"",
            "W/\"0123abcd-br\"",
            "W/\"0123abcd-zstd\"",
            "W/\"0123abcd-deflate\"",
            "W/\"0123abcd;gzip\"",
            "W/\"0123abcd:br\"",
            "W/\"0123abcd\"-gzip",
            "W/\"0123abcd-GZIP\"",
            "W/\"0123abcd-br-gzip\"",
            "\"other\", W/\"0123abcd-gzip\"",
        ] {
            assert!(etag_matches(known.as_bytes(), current), "{known}");
        }
        for known in [
            "W/\"0123abcd-gzi\"",
            "W/\"0123abcdgzip\"",
            "W/\"0123abc-gzip\"",
            "\"-gzip\"",
            "\"\"",
            "",
        ] {
            assert!(!etag_matches(known.as_bytes(), current), "{known}");
        }
    }
}
