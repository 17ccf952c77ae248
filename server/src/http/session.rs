//! `/api/v1/session`: sign in, sign out, who am I.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::role::Role;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{
    Secure, Site,
    authentication::{BROWSER, Known, SESSION, cookie, same_origin},
    client_address::ClientAddress,
    json_body::JsonBody,
    problem::Problem,
};
use crate::accounts::{Attempt, BROWSER_IS_KNOWN, Identity, SESSION_LASTS, SignedIn};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credentials {
    name: String,
    password: String,
}

/// Who is signed in.
#[derive(Serialize)]
pub(super) struct Me {
    name: String,
    role: Role,
}

impl From<Identity> for Me {
    fn from(identity: Identity) -> Self {
        Self {
            name: identity.name,
            role: identity.actor.role,
        }
    }
}

pub(super) async fn show(Known(identity): Known) -> Json<Me> {
    Json(identity.into())
}

pub(super) async fn sign_in(
    State(site): State<Arc<Site>>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, Problem> {
    same_origin(&site, &headers)?;
    let Credentials { name, password } = body.read()?;
    let attempt = Attempt {
        name,
        password,
        address,
        browser: cookie(&headers, BROWSER).map(str::to_owned),
    };
    Ok(signed_in(&site, site.accounts.sign_in(attempt).await?, StatusCode::OK))
}

/// Answers with the cookies of a session that has begun.
pub(super) fn signed_in(site: &Site, signed_in: SignedIn, status: StatusCode) -> Response {
    let mut response = (status, Json(Me::from(signed_in.identity))).into_response();
    put_cookie(&mut response, site, SESSION, signed_in.session.as_str(), SESSION_LASTS);
    put_cookie(&mut response, site, BROWSER, signed_in.browser.as_str(), BROWSER_IS_KNOWN);
    response
}

pub(super) async fn sign_out(State(site): State<Arc<Site>>, headers: HeaderMap) -> Result<Response, Problem> {
    same_origin(&site, &headers)?;
    if let Some(secret) = cookie(&headers, SESSION) {
        site.accounts.sign_out(secret).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    put_cookie(&mut response, &site, SESSION, "", SignedDuration::ZERO);
    Ok(response)
}

fn put_cookie(response: &mut Response, site: &Site, name: &str, value: &str, lasts: SignedDuration) {
    let secure = if site.secure == Secure::Https { "; Secure" } else { "" };
    let seconds = lasts.as_secs();
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
