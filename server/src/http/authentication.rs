//! Who asks: a person with a session cookie, or a program with a token.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
};

use super::{Site, problem::Problem};
use crate::accounts::Identity;

/// The cookie that holds a session.
pub(super) const SESSION: &str = "umleitung_session";

/// The cookie by which a browser is known in which somebody has signed in before. It opens nothing; it only gives its owner a turn of
/// their own while somebody else tries passwords.
pub(super) const BROWSER: &str = "umleitung_browser";

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
        let session = cookie(headers, SESSION).ok_or_else(|| Problem::unauthorized("Sign in on the admin page, or send a token."))?;
        let identity = site
            .accounts
            .by_session(session)
            .await?
            .ok_or_else(|| Problem::unauthorized("The session has ended."))?;
        if parts.method != Method::GET && parts.method != Method::HEAD {
            same_origin(site, headers)?;
        }
        Ok(Self(identity))
    }
}

/// The value of a cookie, if it is there.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

/// A browser says where a request comes from; another site must not act in a person's name.
pub(super) fn same_origin(site: &Site, headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let foreign = |detail: &str| Err(Problem::new(StatusCode::FORBIDDEN, "The request comes from another site", detail));
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return foreign("`Sec-Fetch-Site` is not `same-origin`.");
    }
    let origin = text(header::ORIGIN.as_str());
    let host = origin.and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    // Behind a proxy the host may be another than the one that people see.
    if origin.is_some() && host != text(header::HOST.as_str()) && origin != Some(site.public_url.as_str()) {
        return foreign("`Origin` is not this server.");
    }
    Ok(())
}
