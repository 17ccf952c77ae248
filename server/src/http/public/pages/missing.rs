//! Whatever else is asked of a portal.

use axum::{http::Uri, response::Response};

use super::{
    nowhere,
    visit::{Missing, Visit},
};

/// Leads to what was meant, or says that there is no such page.
pub(crate) async fn missing(visit: Visit, uri: Uri) -> Response {
    nowhere::as_meant(&visit.site, &uri).unwrap_or_else(|| visit.missing(Missing::Page))
}
