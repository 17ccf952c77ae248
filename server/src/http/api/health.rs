//! `/healthz`, `/readyz` and `GET /api/v1/health`: for those who run the server.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    http::{answer::problem::Problem, ask::authentication::Known, site::Site},
    reactors::Receiver,
};
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

/// The same for staff, with the details; and what goes wrong outside, which makes the server no less ready.
pub(crate) async fn report(State(site): State<Arc<Site>>, Known(by): Known) -> Result<Json<Report>, Problem> {
    let mut conditions = site.publisher.examine().await;
    let ready = conditions.is_empty();
    if ready {
        let receivers = site.receivers.all(&by.actor.grants).await?;
        conditions.extend(receivers.iter().filter_map(failing));
    }
    Ok(Json(Report { ready, conditions }))
}

/// A receiver that takes no messages.
fn failing(receiver: &Receiver) -> Option<Finding> {
    let webhook = &receiver.webhook;
    let since = webhook.failing_since.filter(|_| webhook.ended_at.is_none())?;
    Some(Finding {
        code: "webhook_failing",
        since,
        sentence: "A program of others does not take what it is told.",
        detail: format!("{}: {}", webhook.id, webhook.failure.as_deref().unwrap_or_default()),
    })
}
