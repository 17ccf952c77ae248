//! `/healthz`, `/readyz` and `GET /api/v1/health`: for those who run the server.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::http::{answer::problem::Problem, ask::authentication::Known, site::Site};
use engine::health::Finding;

/// All that is wrong, with its details.
#[derive(Serialize)]
pub(crate) struct Report {
    /// What `/readyz` says: nothing is wrong.
    ready: bool,
    conditions: Vec<Finding>,
}

/// The process is alive.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// Replay and first projection are done (before that nothing listens on the port), and nothing is known to be wrong.
pub(crate) async fn ready(State(site): State<Arc<Site>>) -> Response {
    let findings = site.publisher.examine().await;
    let (status, body) = if findings.is_empty() {
        (StatusCode::OK, "ready\n".to_owned())
    } else {
        let lines = findings.iter().map(|finding| format!("{}: {}\n", finding.code, finding.sentence));
        (StatusCode::SERVICE_UNAVAILABLE, lines.collect())
    };
    (status, [(header::CACHE_CONTROL, "no-store")], body).into_response()
}

/// The same for staff, with the details.
pub(crate) async fn report(State(site): State<Arc<Site>>, _: Known) -> Result<Json<Report>, Problem> {
    let conditions = site.publisher.examine().await;
    Ok(Json(Report {
        ready: conditions.is_empty(),
        conditions,
    }))
}
