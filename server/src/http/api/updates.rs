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
    api::{
        approvals::waits,
        notice::{answer, id},
    },
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
    let grounds = body.take_grounds()?;
    let change = body.read()?;
    let command = Command::from(notice::Command::Update { id: id.clone(), change });
    let done = site.submit(identity.actor.clone(), command.on(grounds), key).await?;
    if let Some(waits) = waits(&site, &identity.actor, &done).await {
        return waits;
    }
    answer(&site, &identity.actor, &id, StatusCode::CREATED).await
}
