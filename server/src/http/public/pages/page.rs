//! A rendered page, and how pages are carried.

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use jiff::Timestamp;

use crate::{
    document::{Delivery, Document},
    http::answer::serving::public,
};

/// As long-lived as the state; an answer may outlive this server's trouble by a day.
pub(crate) const CACHE: &str = "public, max-age=5, stale-if-error=86400";

pub(crate) const HTML: Delivery = Delivery {
    content_type: "text/html; charset=utf-8",
    cache: CACHE,
};

/// A rendered page.
pub(crate) struct Page {
    pub(crate) document: Document,
    /// When its words change by time; `None`: not before something happens.
    pub(crate) until: Option<Timestamp>,
    /// The earliest known end of a current notice, for answers that say when to come again.
    pub(crate) retry_at: Option<Timestamp>,
}

impl Page {
    /// A document for programs, which holds until this instant.
    pub(crate) fn for_programs(text: Vec<u8>, delivery: Delivery, until: Option<Timestamp>) -> Self {
        Self {
            document: Document::new(text, delivery),
            until,
            retry_at: None,
        }
    }
}

/// For one reader alone: nothing keeps it, and nobody finds it.
pub(crate) fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    headers.insert("x-robots-tag", header::HeaderValue::from_static("noindex"));
    response
}

/// A page that is made for each request, such as one that says that there is none.
pub(crate) fn unkept(status: StatusCode, document: &Document) -> Response {
    let mut response = public(&HeaderMap::new(), document);
    *response.status_mut() = status;
    response.headers_mut().remove(header::ETAG);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, header::HeaderValue::from_static("public, max-age=5"));
    response
}
