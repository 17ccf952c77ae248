//! `/api/v1/webhooks`: who is told of notices by a request; `…/{id}/end`, `…/{id}/replay` and `…/{id}/test`.

use api::ProblemKind;
use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Serialize;

use crate::{
    http::{
        answer::problem::Problem,
        ask::{authentication::Admin, json_body::JsonBody},
        site::Site,
    },
    reactors::{NewReceiver, Receiver, ReceiverError, Tried, may_manage},
};

#[derive(Serialize)]
pub(crate) struct Webhooks {
    webhooks: Vec<Receiver>,
}

pub(crate) async fn list(State(site): State<Arc<Site>>, Admin(by): Admin) -> Result<Json<Webhooks>, Problem> {
    let webhooks = site.receivers.all(&by.actor.grants).await?;
    Ok(Json(Webhooks { webhooks }))
}

/// The answer alone tells the secret with which messages are signed.
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    Admin(by): Admin,
    body: JsonBody,
) -> Result<(StatusCode, Json<Receiver>), Problem> {
    let new: NewReceiver = body.read()?;
    let wanted = site.receivers.wanted(&by.actor.grants, &new)?;
    if !may_manage(&by.actor.grants, &wanted) {
        return Err(Problem::new(
            ProblemKind::RoleElsewhere,
            "A webhook is made by an administrator of all portals of which it tells; name those that are yours in `portals`.",
        ));
    }
    let receiver = site.receivers.add(&by.actor, new).await?;
    tracing::info!(by = by.actor.id, webhook = receiver.webhook.id, "a webhook was made");
    Ok((StatusCode::CREATED, Json(receiver)))
}

pub(crate) async fn end(State(site): State<Arc<Site>>, Admin(by): Admin, Path(id): Path<String>) -> Result<Json<Receiver>, Problem> {
    let receiver = site.receivers.end(&by.actor.grants, &id).await?;
    tracing::info!(by = by.actor.id, webhook = id, "a webhook was ended");
    Ok(Json(receiver))
}

pub(crate) async fn replay(State(site): State<Arc<Site>>, Admin(by): Admin, Path(id): Path<String>) -> Result<Json<Receiver>, Problem> {
    Ok(Json(site.receivers.replay(&by.actor.grants, &id).await?))
}

pub(crate) async fn test(State(site): State<Arc<Site>>, Admin(by): Admin, Path(id): Path<String>) -> Result<Json<Tried>, Problem> {
    Ok(Json(site.receivers.test(&by.actor.grants, &id).await?))
}

impl From<ReceiverError> for Problem {
    fn from(error: ReceiverError) -> Self {
        let kind = match error {
            ReceiverError::Unknown(_) => ProblemKind::NoWebhook,
            ReceiverError::Ended(_) => ProblemKind::WebhookEnded,
            ReceiverError::Faults(faults) => return Self::invalid(faults),
            ReceiverError::Tables(failed) if failed.is_unsettled() => return Self::unsettled(&failed),
            ReceiverError::Tables(failed) => return Self::internal(&failed),
            ReceiverError::Chance(failed) => return Self::internal(&failed),
        };
        Self::new(kind, error.to_string())
    }
}
