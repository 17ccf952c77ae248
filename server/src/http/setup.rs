//! `POST /api/v1/setup`: the first administrator, against the one-time link that the first start printed.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;

use super::{Site, authentication::same_origin, json_body::JsonBody, problem::Problem, session};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setup {
    token: String,
    name: String,
    password: String,
}

pub(super) async fn set_up(State(site): State<Arc<Site>>, headers: HeaderMap, body: JsonBody) -> Result<Response, Problem> {
    same_origin(&site, &headers)?;
    let setup: Setup = body.read()?;
    let signed_in = site.accounts.set_up(&setup.token, &setup.name, setup.password).await?;
    Ok(session::signed_in(&site, signed_in, StatusCode::CREATED))
}
