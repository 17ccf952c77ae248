//! `GET /api/v1/catalogue`: portals, services, channels, procedures, templates.

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::catalogue::Catalogue;

use crate::http::{answer::problem::Problem, ask::authentication::Known, site::Site};

pub(crate) async fn show(State(site): State<Arc<Site>>, _: Known) -> Result<Json<Catalogue>, Problem> {
    Ok(Json(site.publisher.read(|state, _| state.catalogue().clone()).await?))
}
