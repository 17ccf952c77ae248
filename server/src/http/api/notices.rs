//! `POST /api/v1/notices`: new notices.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    notice::{self, Intent},
    record::Command,
    words::{Code, Fault},
};
use serde_json::Value;

use crate::http::{
    answer::problem::Problem,
    api::{approvals::waits, notice::answer},
    ask::{authentication::Known, idempotency_key::IdempotencyKey, json_body::JsonBody},
    site::Site,
};

pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    key: IdempotencyKey,
    mut body: JsonBody,
) -> Result<Response, Problem> {
    let key = key.with(&body);
    let intent = match body.take("publish") {
        None | Some(Value::Bool(false)) => Intent::Draft,
        Some(Value::Bool(true)) => Intent::Publish,
        Some(_) => {
            return Err(Problem::invalid(vec![Fault {
                pointer: "/publish".to_owned(),
                code: Code::Malformed,
                detail: "is neither true nor false".to_owned(),
            }]));
        }
    };
    let grounds = body.take_grounds()?;
    let content = Box::new(body.read()?);
    let command = Command::from(notice::Command::Create { content, intent }).on(grounds);
    let done = site.submit(identity.actor.clone(), command, key).await?;
    if let Some(waits) = waits(&site, &identity.actor, &done).await {
        return waits;
    }
    let id = done.subject.notice().ok_or_else(|| Problem::no_notice(""))?;
    answer(&site, &identity.actor, id, StatusCode::CREATED).await
}
