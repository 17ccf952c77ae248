//! `/api/v1/tokens`: what programs hold; `…/{id}/revoke` ends one.

use std::sync::Arc;

use api::Tokens;

use axum::{
    Json,
    extract::{Path, State},
};

use crate::{
    accounts::{AccountError, Token},
    http::{answer::problem::Problem, ask::authentication::Admin, site::Site},
};

pub(crate) async fn list(State(site): State<Arc<Site>>, Admin(by): Admin) -> Result<Json<Tokens>, Problem> {
    let mut tokens = site.accounts.tokens().await?;
    tokens.retain(|token| by.actor.grants.may_manage(&token.grants));
    Ok(Json(Tokens {
        tokens: tokens.into_iter().map(told).collect(),
    }))
}

pub(crate) async fn revoke(State(site): State<Arc<Site>>, Admin(by): Admin, Path(id): Path<String>) -> Result<Json<api::Token>, Problem> {
    let token = site.accounts.token(&id).await?;
    if !by.actor.grants.may_manage(&token.grants) {
        return Err(AccountError::NoToken(id).into());
    }
    let token = site.accounts.revoke(&token.id).await?;
    tracing::info!(by = by.actor.id, token = token.id, "a token was revoked");
    Ok(Json(told(token)))
}

fn told(token: Token) -> api::Token {
    api::Token {
        id: token.id,
        name: token.name,
        role: token.role,
        grants: token.grants,
        created_at: token.created_at,
        expires_at: token.expires_at,
        revoked_at: token.revoked_at,
        owner: token.owner,
    }
}
