//! `POST /api/v1/setup`: the first administrator, against the one-time link that the first start printed.

use std::sync::Arc;

use api::SetUp;

use axum::{extract::State, http::StatusCode, response::Response};

use crate::http::{
    answer::problem::Problem,
    api::session,
    ask::{json_body::JsonBody, origin::OwnOrigin},
    site::Site,
};

pub(crate) async fn set_up(State(site): State<Arc<Site>>, _: OwnOrigin, body: JsonBody) -> Result<Response, Problem> {
    let setup: SetUp = body.read()?;
    let signed_in = site.accounts.set_up(&setup.token, &setup.name, setup.password).await?;
    Ok(session::signed_in(&site, signed_in, StatusCode::CREATED))
}
