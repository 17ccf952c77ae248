//! `GET /api/v1/catalogue`: portals, services, channels, procedures, templates, as far as the caller's grants reach.

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::catalogue::Catalogue;

use crate::http::{answer::problem::Problem, ask::authentication::Known, site::Site};

pub(crate) async fn show(State(site): State<Arc<Site>>, Known(identity): Known) -> Result<Json<Catalogue>, Problem> {
    let grants = identity.actor.grants;
    Ok(Json(site.publisher.read(|state, _| state.readable_catalogue(&grants)).await?))
}
