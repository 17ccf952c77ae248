//! `/api/v1/webhooks`: who is told of notices by a request; `…/{id}/end`, `…/{id}/replay` and `…/{id}/test`.

use std::sync::Arc;

use api::{NewWebhook, ProblemKind, Tried, Webhook, Webhooks};

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};

use crate::{
    http::{
        answer::problem::Problem,
        ask::{authentication::Admin, json_body::JsonBody},
        site::Site,
    },
    reactors::{ReceiverError, may_manage},
};

pub(crate) async fn list(State(site): State<Arc<Site>>, Admin(by): Admin) -> Result<Json<Webhooks>, Problem> {
    let webhooks = site.receivers.all(&by.actor.grants).await?;
    Ok(Json(Webhooks {
        webhooks: webhooks.into_iter().map(Webhook::from).collect(),
    }))
}

/// The answer alone tells the secret with which messages are signed.
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    Admin(by): Admin,
    body: JsonBody,
) -> Result<(StatusCode, Json<Webhook>), Problem> {
    let new: NewWebhook = body.read()?;
    let wanted = site.receivers.wanted(&by.actor.grants, &new)?;
    if !may_manage(&by.actor.grants, &wanted) {
        return Err(Problem::new(
            ProblemKind::RoleElsewhere,
            "A webhook is made by an administrator of all portals of which it tells; name those that are yours in `portals`.",
        ));
    }
    let receiver = site.receivers.add(&by.actor, new).await?;
    tracing::info!(by = by.actor.id, webhook = receiver.webhook.id, "a webhook was made");
    Ok((StatusCode::CREATED, Json(receiver.into())))
}

pub(crate) async fn end(State(site): State<Arc<Site>>, Admin(by): Admin, Path(id): Path<String>) -> Result<Json<Webhook>, Problem> {
    let receiver = site.receivers.end(&by.actor.grants, &id).await?;
    tracing::info!(by = by.actor.id, webhook = id, "a webhook was ended");
    Ok(Json(receiver.into()))
}

pub(crate) async fn replay(State(site): State<Arc<Site>>, Admin(by): Admin, Path(id): Path<String>) -> Result<Json<Webhook>, Problem> {
    Ok(Json(site.receivers.replay(&by.actor.grants, &id).await?.into()))
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
