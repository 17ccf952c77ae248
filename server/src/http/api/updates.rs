//! `POST /api/v1/notices/{id}/updates`: a text, and perhaps a new stage.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::notice;

use crate::http::{
    answer::problem::Problem,
    api::notice::{answer, id},
    ask::{authentication::Known, idempotency_key::IdempotencyKey, json_body::JsonBody},
    site::Site,
};

pub(crate) async fn add(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(given): Path<String>,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Response, Problem> {
    let id = id(&given)?;
    let key = key.with(&body);
    let change = body.read()?;
    site.submit(identity.actor.clone(), notice::Command::Update { id: id.clone(), change }, key)
        .await?;
    answer(&site, &identity.actor, &id, StatusCode::CREATED).await
}
