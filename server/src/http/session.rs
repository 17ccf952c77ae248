//! `/api/v1/session`: sign in, sign out, who am I.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::role::Role;
use serde::{Deserialize, Serialize};

use super::{
    Secure, Site,
    authentication::{COOKIE, Known, same_origin, session},
    json_body::JsonBody,
    problem::Problem,
};
use crate::accounts::{Identity, SESSION_LASTS};

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

pub(super) async fn sign_in(State(site): State<Arc<Site>>, headers: HeaderMap, body: JsonBody) -> Result<Response, Problem> {
    same_origin(&site, &headers)?;
    let credentials: Credentials = body.read()?;
    signed_in(&site, &credentials.name, credentials.password, StatusCode::OK).await
}

/// Signs in and answers with the cookie.
pub(super) async fn signed_in(site: &Site, name: &str, password: String, status: StatusCode) -> Result<Response, Problem> {
    let (identity, secret) = site.accounts.sign_in(name, password).await?;
    let mut response = (status, Json(Me::from(identity))).into_response();
    put_cookie(&mut response, site, secret.as_str(), SESSION_LASTS.as_secs());
    Ok(response)
}

pub(super) async fn sign_out(State(site): State<Arc<Site>>, headers: HeaderMap) -> Result<Response, Problem> {
    same_origin(&site, &headers)?;
    if let Some(secret) = session(&headers) {
        site.accounts.sign_out(secret).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    put_cookie(&mut response, &site, "", 0);
    Ok(response)
}

fn put_cookie(response: &mut Response, site: &Site, value: &str, seconds: i64) {
    let secure = if site.secure == Secure::Https { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
}
