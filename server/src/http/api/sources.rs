//! `/api/v1/sources`: which programs tell of alerts; `…/{id}/end`, `…/{id}/token`, and `…/{id}/alerts`, to which they tell them.

use std::sync::Arc;

use api::{Heard, NewSource, ProblemKind, Source, Sources};
use axum::{
    Json,
    body::Bytes,
    extract::{FromRequestParts, Path, State},
    http::{StatusCode, request::Parts},
};
use domain::access::{Role, Where};

use crate::{
    http::{
        answer::problem::Problem,
        ask::{
            authentication::{Admin, bearer},
            json_body::JsonBody,
        },
        site::Site,
    },
    sensors::IntakeError,
};

/// Rules are for all portals, and so is whoever they hear.
fn of_all(Admin(by): Admin) -> Result<domain::access::Actor, Problem> {
    if by.actor.grants.may(Role::Admin, Where::Everywhere) {
        return Ok(by.actor);
    }
    Err(Problem::new(
        ProblemKind::RoleElsewhere,
        "Sources of alerts are managed by administrators of all portals.",
    ))
}

pub(crate) async fn list(State(site): State<Arc<Site>>, by: Admin) -> Result<Json<Sources>, Problem> {
    of_all(by)?;
    let sources = site.intake.all().await?;
    Ok(Json(Sources { sources }))
}

/// The answer alone tells the token.
pub(crate) async fn create(State(site): State<Arc<Site>>, by: Admin, body: JsonBody) -> Result<(StatusCode, Json<Source>), Problem> {
    let by = of_all(by)?;
    let new: NewSource = body.read()?;
    let source = site.intake.add(&by, new).await?;
    tracing::info!(by = by.id, source = source.id.as_str(), "a source of alerts was made");
    Ok((StatusCode::CREATED, Json(source)))
}

/// The answer alone tells the token.
pub(crate) async fn renew(State(site): State<Arc<Site>>, by: Admin, Path(id): Path<String>) -> Result<Json<Source>, Problem> {
    let by = of_all(by)?;
    let source = site.intake.renew(&id).await?;
    tracing::info!(by = by.id, source = id, "a source of alerts has another token");
    Ok(Json(source))
}

pub(crate) async fn end(State(site): State<Arc<Site>>, by: Admin, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let by = of_all(by)?;
    site.intake.end(&id).await?;
    tracing::info!(by = by.id, source = id, "a source of alerts was ended");
    Ok(StatusCode::NO_CONTENT)
}

/// The program that tells, known by its token before anything of its message is read.
pub(crate) struct Teller(store::sources::Source);

impl FromRequestParts<Arc<Site>> for Teller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Problem> {
        let named = Path::<String>::from_request_parts(parts, site).await;
        let token = bearer(&parts.headers)?.ok_or_else(|| Problem::unauthorized("Send the token of the source."))?;
        let source = site.intake.by_token(token).await?;
        let is_named = |source: &store::sources::Source| named.is_ok_and(|Path(id)| id == source.id.as_str());
        let known = source.filter(is_named);
        known
            .map(Self)
            .ok_or_else(|| Problem::unauthorized("The token is none of this source."))
    }
}

/// Messages are read whatever type they say they are: what is refused here is lost to its sender.
pub(crate) async fn hear(State(site): State<Arc<Site>>, Teller(source): Teller, body: Bytes) -> Result<Json<Heard>, Problem> {
    Ok(Json(site.intake.take(&source, &body).await?))
}

impl From<IntakeError> for Problem {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Unknown(_) => Self::new(ProblemKind::NoSource, error.to_string()),
            IntakeError::Faults(faults) => Self::invalid(faults),
            IntakeError::Secret(error) => error.into(),
            IntakeError::Tables(error) => error.into(),
        }
    }
}
