//! `/healthz`, `/readyz` and `GET /api/v1/health`: for those who run the server.

use std::sync::Arc;

use api::{Condition, Health};

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    http::{answer::problem::Problem, ask::authentication::Known, site::Site},
    reactors::Receiver,
};
use engine::health::Finding;

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
pub(crate) async fn report(State(site): State<Arc<Site>>, Known(by): Known) -> Result<Json<Health>, Problem> {
    let findings = site.publisher.examine().await;
    let mut conditions: Vec<Condition> = findings.into_iter().map(told).collect();
    let ready = conditions.is_empty();
    if ready {
        let receivers = site.receivers.all(&by.actor.grants).await?;
        conditions.extend(receivers.iter().filter_map(failing));
    }
    Ok(Json(Health { ready, conditions }))
}

fn told(finding: Finding) -> Condition {
    Condition {
        code: finding.code.into(),
        since: finding.since,
        sentence: finding.sentence.into(),
        detail: finding.detail,
    }
}

/// A receiver that takes no messages.
fn failing(receiver: &Receiver) -> Option<Condition> {
    let webhook = &receiver.webhook;
    let since = webhook.failing_since.filter(|_| webhook.ended_at.is_none())?;
    Some(Condition {
        code: "webhook_failing".into(),
        since,
        sentence: "A program of others does not take what it is told.".into(),
        detail: format!("{}: {}", webhook.id, webhook.failure.as_deref().unwrap_or_default()),
    })
}
