//! `/api/v1/me`: what people do about their own account.

use std::sync::Arc;

use api::{NewPassword, ProblemKind};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{access::TOKEN, words::Code};

use crate::{
    accounts::{AccountError, Attempt, Identity},
    http::{
        answer::problem::Problem,
        api::session,
        ask::{authentication::Known, client_address::ClientAddress, cookie::Cookie, json_body::JsonBody},
        site::Site,
    },
};

/// A person; a program has neither a password nor sessions.
fn person(identity: Identity) -> Result<Identity, Problem> {
    if identity.actor.id.starts_with(TOKEN) {
        return Err(Problem::new(
            ProblemKind::PeopleOnly,
            "A program has neither a password nor sessions.",
        ));
    }
    Ok(identity)
}

pub(crate) async fn change_password(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, Problem> {
    let identity = person(identity)?;
    let NewPassword { current, password } = body.read()?;
    let browsers = Cookie::Browser.values(site.secure, &headers);
    let attempt = Attempt {
        name: identity.name,
        password: current,
        address,
        browsers: browsers.into_iter().map(str::to_owned).collect(),
    };
    match site.accounts.change_password(attempt, password).await {
        Ok(signed_in) => {
            tracing::info!(person = signed_in.identity.actor.id, "a password was changed");
            Ok(session::signed_in(&site, signed_in, StatusCode::OK))
        }
        // They are signed in; it is the field that is wrong.
        Err(AccountError::WrongCredentials) => Err(Problem::field("/current", Code::WrongPassword, "is not your password")),
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn sign_out_everywhere(State(site): State<Arc<Site>>, Known(identity): Known) -> Result<Response, Problem> {
    let identity = person(identity)?;
    site.accounts.sign_out_everywhere(&identity.actor.id).await?;
    Ok(session::signed_out(&site))
}
