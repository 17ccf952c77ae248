//! `/api/v1/tokens`: what programs hold; `…/{id}/revoke` ends one.

use std::sync::Arc;

use api::{NewToken, Tokens};

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::words::Code;

use crate::{
    accounts::{self, AccountError, Token},
    http::{
        answer::problem::Problem,
        api::people::may_give,
        ask::{authentication::Admin, json_body::JsonBody},
        site::Site,
    },
};

pub(crate) async fn list(State(site): State<Arc<Site>>, Admin(by): Admin) -> Result<Json<Tokens>, Problem> {
    let mut tokens = site.accounts.tokens().await?;
    tokens.retain(|token| by.actor.grants.may_manage(&token.grants));
    Ok(Json(Tokens {
        tokens: tokens.into_iter().map(told).collect(),
    }))
}

/// The answer alone tells the secret.
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    Admin(by): Admin,
    body: JsonBody,
) -> Result<(StatusCode, Json<api::Token>), Problem> {
    let NewToken { name, grants, expires_at } = body.read()?;
    may_give(&site, &by, &grants)?;
    let now = site.publisher.present().1;
    if expires_at.is_some_and(|instant| instant <= now) {
        return Err(Problem::field("/expires_at", Code::Past, "is past; the token would never work"));
    }
    let token = accounts::NewToken {
        name,
        grants,
        expires_at,
        owner: None,
    };
    let (id, secret) = site.accounts.make_known_token(token).await?;
    let made = site.accounts.token(&id).await?;
    tracing::info!(by = by.actor.id, token = made.id, "a token was made");
    let told = api::Token {
        secret: Some(secret.as_str().to_owned()),
        ..told(made)
    };
    Ok((StatusCode::CREATED, Json(told)))
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
        used_at: token.used_at,
        secret: None,
    }
}
