//! The caller: a person with a session cookie, or a program with a token.

use api::ProblemKind;
use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header, request::Parts},
};
use domain::access::{Role, TOKEN, Where};

use crate::{
    accounts::Identity,
    http::{
        answer::problem::Problem,
        ask::{cookie::Cookie, origin::OwnOrigin},
        site::Site,
    },
};

/// An authenticated caller. What they may read and change is decided in the domain, by what they hold.
pub(crate) struct Known(pub(crate) Identity);

impl FromRequestParts<Arc<Site>> for Known {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Problem> {
        let Caller(identity) = Caller::from_request_parts(parts, site).await?;
        if lacks_second_factor(site, &identity) {
            let detail =
                "Your role needs a second factor; add one to your account, on the admin page or by `POST /api/v1/me/second-factor`.";
            return Err(Problem::new(ProblemKind::SecondFactorNeeded, detail));
        }
        Ok(Self(identity))
    }
}

/// Whether somebody has to add a second factor before they do anything but that.
pub(crate) fn lacks_second_factor(site: &Site, identity: &Identity) -> bool {
    let is_person = !identity.actor.id.starts_with(TOKEN);
    let asks = || site.publisher.present().0.catalogue().asks_second_factor(&identity.actor.grants);
    // What is asked beside a password is the provider's matter where one vouches.
    is_person && !identity.has_second_factor && !identity.is_from_outside && asks()
}

/// Somebody who is authenticated, and may lack the second factor that their role needs: they can see who they are, and add it.
pub(crate) struct Caller(pub(crate) Identity);

impl FromRequestParts<Arc<Site>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Problem> {
        let headers = &parts.headers;
        if let Some(token) = bearer(headers)? {
            let identity = site.accounts.by_token(token).await?;
            let unknown = || Problem::unauthorized("The token is unknown, has expired or was revoked.");
            return with_a_role(identity.ok_or_else(unknown)?);
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
        with_a_role(identity)
    }
}

/// Whoever holds no role any more may do nothing, not even read.
fn with_a_role(identity: Identity) -> Result<Caller, Problem> {
    if identity.actor.grants.may(Role::Viewer, Where::Somewhere) {
        return Ok(Caller(identity));
    }
    let detail = "You hold no role on any portal; those with the role `admin` give one.";
    Err(Problem::new(ProblemKind::NoRole, detail))
}

/// Someone who manages people and tokens, on some portal at least: which of them, [`domain::access::Grants::may_manage`] tells.
pub(crate) struct Admin(pub(crate) Identity);

impl FromRequestParts<Arc<Site>> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Problem> {
        let Known(identity) = Known::from_request_parts(parts, site).await?;
        if !identity.actor.grants.may(Role::Admin, Where::Somewhere) {
            return Err(Problem::admins_only());
        }
        Ok(Self(identity))
    }
}

/// The token in `Authorization`; `None`: there is no such header. The scheme is known in any case (RFC 9110, section 11.1).
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        let detail = "`Authorization` is there twice; send it once, as `Authorization: Bearer TOKEN`.";
        return Err(Problem::new(ProblemKind::TwoCallers, detail));
    }
    let mut words = value.to_str().unwrap_or_default().split_ascii_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(scheme), Some(token), None) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token)),
        (Some(scheme), ..) if scheme.eq_ignore_ascii_case("bearer") => {
            Err(Problem::unauthorized("Behind `Bearer` in `Authorization` has to stand one token."))
        }
        _ => Err(Problem::unauthorized(
            "`Authorization` has to be `Bearer` and a token, such as `Authorization: Bearer TOKEN`.",
        )),
    }
}
