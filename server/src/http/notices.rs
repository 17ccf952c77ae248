//! `/api/v1/notices`: all notices, and new ones.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    command::{Command, Intent},
    fault::Fault,
    vocabulary::Stage,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Site,
    authentication::Known,
    idempotency_key::IdempotencyKey,
    json_body::JsonBody,
    notice::{Answer, answer, names},
    problem::Problem,
};

#[derive(Deserialize)]
pub(super) struct Selection {
    /// Only drafts and what is not over.
    #[serde(default)]
    open: bool,
}

/// All notices, newest first.
#[derive(Serialize)]
pub(super) struct Listing {
    notices: Vec<Answer>,
    now: Timestamp,
}

pub(super) async fn list(State(site): State<Arc<Site>>, _: Known, Query(selection): Query<Selection>) -> Result<Json<Listing>, Problem> {
    let names = names(&site).await;
    let listing = site.publisher.read(|state, now| {
        let wanted = |stage: Option<Stage>| !selection.open || stage.is_none_or(|stage| !stage.is_final());
        let notices = state
            .notices()
            .rev()
            .filter(|notice| wanted(notice.stage_at(now)))
            .map(|notice| Answer::new(notice, now, &names))
            .collect();
        Listing { notices, now }
    });
    Ok(Json(listing.await?))
}

pub(super) async fn create(
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
                detail: "is neither true nor false".to_owned(),
            }]));
        }
    };
    let content = Box::new(body.read()?);
    let done = site
        .publisher
        .submit_once(identity.actor, Command::CreateNotice { content, intent }, key)
        .await?;
    let id = done.subject.ok_or_else(|| Problem::no_notice(""))?;
    answer(&site, &id, StatusCode::CREATED).await
}
