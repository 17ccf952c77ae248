//! Who asks: a person with a session cookie, or a program with a token.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{Method, header, request::Parts},
};

use super::{Site, cookie::Cookie, origin::OwnOrigin, problem::Problem};
use crate::accounts::Identity;

/// Someone who is known. What they may do is decided in the domain; whoever is known may read.
pub(super) struct Known(pub(super) Identity);

impl FromRequestParts<Arc<Site>> for Known {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Problem> {
        let headers = &parts.headers;
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let token = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer ")).map(str::trim);
            let token = token.ok_or_else(|| Problem::unauthorized("`Authorization` has to be `Bearer` and a token."))?;
            let identity = site.accounts.by_token(token).await?;
            return identity
                .map(Self)
                .ok_or_else(|| Problem::unauthorized("The token is unknown or has expired."));
        }
        let sessions = Cookie::Session.values(site.secure, headers);
        if sessions.is_empty() {
            return Err(Problem::unauthorized("Sign in on the admin page, or send a token."));
        }
        let identity = site
            .accounts
            .by_sessions(&sessions)
            .await?
            .ok_or_else(|| Problem::unauthorized("The session has ended."))?;
        if parts.method != Method::GET && parts.method != Method::HEAD {
            OwnOrigin::of(parts, site)?;
        }
        Ok(Self(identity))
    }
}
