//! `/api/v1/tokens`: what programs hold; `…/{id}/revoke` ends one.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;

use super::{Site, authentication::Admin, problem::Problem};
use crate::accounts::Token;

#[derive(Serialize)]
pub(super) struct Tokens {
    tokens: Vec<Token>,
}

pub(super) async fn list(State(site): State<Arc<Site>>, Admin(_): Admin) -> Result<Json<Tokens>, Problem> {
    let tokens = site.accounts.tokens().await?;
    Ok(Json(Tokens { tokens }))
}

pub(super) async fn revoke(State(site): State<Arc<Site>>, Admin(by): Admin, Path(id): Path<String>) -> Result<Json<Token>, Problem> {
    let token = site.accounts.revoke(&id).await?;
    tracing::info!(by = by.actor.id, token = token.id, "a token was revoked");
    Ok(Json(token))
}
