//! `/api/v1/session`: sign in, sign out, who am I.

use std::sync::Arc;

use api::{Credentials, SecondFactor, Session};

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::SignedDuration;

use crate::{
    accounts::{Attempt, BROWSER_IS_KNOWN, Identity, SESSION_LASTS, Secret, SignedIn},
    http::{
        answer::problem::Problem,
        ask::{
            authentication::{Caller, lacks_second_factor},
            client_address::ClientAddress,
            cookie::Cookie,
            json_body::JsonBody,
            origin::OwnOrigin,
        },
        site::Site,
    },
};

fn told(site: &Site, identity: Identity) -> Session {
    let second_factor = if identity.is_from_outside {
        SecondFactor::Elsewhere
    } else if identity.has_second_factor {
        SecondFactor::On
    } else if lacks_second_factor(site, &identity) {
        SecondFactor::Needed
    } else {
        SecondFactor::Off
    };
    Session {
        id: identity.actor.id.clone(),
        name: identity.name,
        role: identity.actor.grants.highest(),
        grants: identity.actor.grants,
        second_factor,
        public_url: site.public_url.clone(),
    }
}

pub(crate) async fn show(State(site): State<Arc<Site>>, Caller(identity): Caller) -> Json<Session> {
    Json(told(&site, identity))
}

pub(crate) async fn sign_in(
    State(site): State<Arc<Site>>,
    _: OwnOrigin,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, Problem> {
    let Credentials { name, password, code } = body.read()?;
    let browsers = Cookie::Browser.values(site.secure, &headers);
    let attempt = Attempt {
        name,
        password,
        code,
        address,
        browsers: browsers.into_iter().map(str::to_owned).collect(),
    };
    Ok(signed_in(&site, site.accounts.sign_in(attempt).await?, StatusCode::OK))
}

/// Answers with a session that has begun.
pub(crate) fn signed_in(site: &Site, signed_in: SignedIn, status: StatusCode) -> Response {
    let (session, browser, identity) = (signed_in.session, signed_in.browser, signed_in.identity);
    with_cookies(site, (status, Json(told(site, identity))).into_response(), &session, &browser)
}

/// An answer that brings the cookies of a session that has begun.
pub(crate) fn with_cookies(site: &Site, mut response: Response, session: &Secret, browser: &Secret) -> Response {
    put_cookie(&mut response, site, Cookie::Session, session.as_str(), SESSION_LASTS);
    put_cookie(&mut response, site, Cookie::Browser, browser.as_str(), BROWSER_IS_KNOWN);
    response
}

pub(crate) async fn sign_out(State(site): State<Arc<Site>>, _: OwnOrigin, headers: HeaderMap) -> Result<Response, Problem> {
    site.accounts.sign_out(&Cookie::Session.values(site.secure, &headers)).await?;
    Ok(signed_out(&site))
}

/// Answers to a browser that has no session any more.
pub(crate) fn signed_out(site: &Site) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    put_cookie(&mut response, site, Cookie::Session, "", SignedDuration::ZERO);
    response
}

/// Puts a cookie into an answer.
pub(crate) fn put_cookie(response: &mut Response, site: &Site, cookie: Cookie, value: &str, lasts: SignedDuration) {
    if let Some(cookie) = cookie.set(site.secure, value, lasts) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
