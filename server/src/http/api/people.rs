//! `/api/v1/people`: who has an account; `…/{id}/disable` and `…/{id}/enable`: whether they may use it.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;

use crate::{
    accounts::Person,
    http::{answer::problem::Problem, ask::authentication::Admin, site::Site},
};

#[derive(Serialize)]
pub(crate) struct People {
    people: Vec<Person>,
}

pub(crate) async fn list(State(site): State<Arc<Site>>, Admin(_): Admin) -> Result<Json<People>, Problem> {
    let people = site.accounts.people().await?;
    Ok(Json(People { people }))
}

pub(crate) async fn disable(State(site): State<Arc<Site>>, Admin(by): Admin, Path(id): Path<String>) -> Result<Json<Person>, Problem> {
    let person = site.accounts.disable(&id).await?;
    tracing::info!(by = by.actor.id, person = person.id, "an account was disabled");
    Ok(Json(person))
}

pub(crate) async fn enable(State(site): State<Arc<Site>>, Admin(by): Admin, Path(id): Path<String>) -> Result<Json<Person>, Problem> {
    let person = site.accounts.enable(&id).await?;
    tracing::info!(by = by.actor.id, person = person.id, "an account was enabled");
    Ok(Json(person))
}
