//! `POST /api/v1/notices/{id}/updates`: a text, and perhaps a new stage.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{notice, record::Command};

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
    mut body: JsonBody,
) -> Result<Response, Problem> {
    let id = id(&given)?;
    let key = key.with(&body);
    let reason = body.take_freeze_reason()?;
    let change = body.read()?;
    let command = Command::from(notice::Command::Update { id: id.clone(), change });
    site.submit(identity.actor.clone(), command.nevertheless(reason), key).await?;
    answer(&site, &identity.actor, &id, StatusCode::CREATED).await
}
