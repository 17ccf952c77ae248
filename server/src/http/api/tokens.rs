//! `/api/v1/tokens`: what programs hold; `…/{id}/revoke` ends one.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;

use crate::{
    accounts::Token,
    http::{answer::problem::Problem, ask::authentication::Admin, site::Site},
};

#[derive(Serialize)]
pub(crate) struct Tokens {
    tokens: Vec<Token>,
}

pub(crate) async fn list(State(site): State<Arc<Site>>, Admin(_): Admin) -> Result<Json<Tokens>, Problem> {
    let tokens = site.accounts.tokens().await?;
    Ok(Json(Tokens { tokens }))
}

pub(crate) async fn revoke(State(site): State<Arc<Site>>, Admin(by): Admin, Path(id): Path<String>) -> Result<Json<Token>, Problem> {
    let token = site.accounts.revoke(&id).await?;
    tracing::info!(by = by.actor.id, token = token.id, "a token was revoked");
    Ok(Json(token))
}
