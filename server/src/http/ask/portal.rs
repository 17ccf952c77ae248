//! The portal in an address, read in one way by all that is below `/p/{portal}/`.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    http::{answer::problem::Problem, site::Site},
    show::snapshot::Shared,
};

/// A portal that there is, as it shows itself now.
pub(crate) struct Portal(pub(crate) Shared);

impl FromRequestParts<Arc<Site>> for Portal {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Problem> {
        let portal = named(parts.uri.path());
        site.windows.snapshot(portal).map(Self).ok_or_else(|| Problem::no_portal(portal))
    }
}

/// The name in the portal's place. An id needs no decoding, so the path is read as it stands.
pub(crate) fn named(path: &str) -> &str {
    let below = path.strip_prefix("/p/").unwrap_or_default();
    below.split('/').next().unwrap_or_default()
}
