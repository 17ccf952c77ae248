//! `/api/v1/me`: what people do about their own account.

use std::sync::Arc;

use api::{DeviceCode, NewPassword, OwnSecondFactor, PresentPassword, ProblemKind, RecoveryCodes};
use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{HeaderMap, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use domain::{access::TOKEN, words::Code};

use crate::{
    accounts::{AccountError, Attempt, Identity},
    http::{
        answer::problem::Problem,
        api::session,
        ask::{authentication::Caller, client_address::ClientAddress, cookie::Cookie, json_body::JsonBody},
        site::Site,
    },
};

/// A person, and where they come from; a program has neither a password nor sessions.
pub(crate) struct Oneself {
    identity: Identity,
    address: ClientAddress,
    headers: HeaderMap,
}

impl FromRequestParts<Arc<Site>> for Oneself {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Problem> {
        let Caller(identity) = Caller::from_request_parts(parts, site).await?;
        if identity.actor.id.starts_with(TOKEN) {
            let detail = "A program has neither a password nor sessions.";
            return Err(Problem::new(ProblemKind::PeopleOnly, detail));
        }
        let Ok(address) = ClientAddress::from_request_parts(parts, site).await;
        let headers = parts.headers.clone();
        Ok(Self {
            identity,
            address,
            headers,
        })
    }
}

impl Oneself {
    /// The id of their account.
    pub(super) fn id(&self) -> &str {
        &self.identity.actor.id
    }

    pub(super) fn into_identity(self) -> Identity {
        self.identity
    }

    /// They show that they know the password.
    pub(super) fn attempt(self, site: &Site, password: String) -> Attempt {
        let browsers = Cookie::Browser.values(site.secure, &self.headers);
        Attempt {
            name: self.identity.name,
            password,
            code: None,
            address: self.address.0,
            browsers: browsers.into_iter().map(str::to_owned).collect(),
        }
    }
}

/// They are signed in; it is the field that is wrong.
pub(super) fn of_password(error: AccountError) -> Problem {
    match error {
        AccountError::WrongCredentials => Problem::field("/current", Code::WrongPassword, "is not your password"),
        error => error.into(),
    }
}

pub(crate) async fn change_password(State(site): State<Arc<Site>>, oneself: Oneself, body: JsonBody) -> Result<Response, Problem> {
    let NewPassword { current, password } = body.read()?;
    let attempt = oneself.attempt(&site, current);
    let signed_in = site.accounts.change_password(attempt, password).await.map_err(of_password)?;
    tracing::info!(person = signed_in.identity.actor.id, "a password was changed");
    Ok(session::signed_in(&site, signed_in, StatusCode::OK))
}

pub(crate) async fn sign_out_everywhere(State(site): State<Arc<Site>>, oneself: Oneself) -> Result<Response, Problem> {
    site.accounts.sign_out_everywhere(&oneself.identity.actor.id).await?;
    Ok(session::signed_out(&site))
}

pub(crate) async fn second_factor(State(site): State<Arc<Site>>, oneself: Oneself) -> Result<Json<OwnSecondFactor>, Problem> {
    let found = site.accounts.second_factor(oneself.id()).await?;
    Ok(Json(OwnSecondFactor {
        since: found.and_then(|factor| factor.confirmed_at),
        recovery_codes: site.accounts.recovery_codes(oneself.id()).await?,
    }))
}

pub(crate) async fn begin_second_factor(
    State(site): State<Arc<Site>>,
    oneself: Oneself,
    body: JsonBody,
) -> Result<Json<api::Device>, Problem> {
    let PresentPassword { current } = body.read()?;
    let attempt = oneself.attempt(&site, current);
    let device = site.accounts.begin_second_factor(attempt).await.map_err(of_password)?;
    Ok(Json(api::Device {
        secret: device.secret,
        address: device.address,
    }))
}

pub(crate) async fn confirm_second_factor(State(site): State<Arc<Site>>, oneself: Oneself, body: JsonBody) -> Result<Response, Problem> {
    let DeviceCode { code } = body.read()?;
    let confirmed = site.accounts.confirm_second_factor(oneself.identity, &code).await;
    let (signed_in, recovery_codes) = confirmed.map_err(|error| match error {
        AccountError::WrongCode => Problem::field("/code", Code::WrongCode, "is not what the device shows now"),
        error => error.into(),
    })?;
    tracing::info!(person = signed_in.identity.actor.id, "a second factor was added");
    let response = Json(RecoveryCodes { recovery_codes }).into_response();
    Ok(session::with_cookies(&site, response, &signed_in.session, &signed_in.browser))
}

pub(crate) async fn remove_second_factor(State(site): State<Arc<Site>>, oneself: Oneself, body: JsonBody) -> Result<StatusCode, Problem> {
    let PresentPassword { current } = body.read()?;
    let person = oneself.identity.actor.id.clone();
    let attempt = oneself.attempt(&site, current);
    site.accounts.remove_second_factor(attempt).await.map_err(of_password)?;
    tracing::info!(person, "a second factor was removed");
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn new_recovery_codes(
    State(site): State<Arc<Site>>,
    oneself: Oneself,
    body: JsonBody,
) -> Result<Json<RecoveryCodes>, Problem> {
    let PresentPassword { current } = body.read()?;
    let attempt = oneself.attempt(&site, current);
    let recovery_codes = site.accounts.new_recovery_codes(attempt).await.map_err(of_password)?;
    Ok(Json(RecoveryCodes { recovery_codes }))
}
