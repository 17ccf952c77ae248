//! `/healthz` and `/readyz`: for those who run the server.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};

use super::Site;
use crate::journal::Journal;

/// The process is alive.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// Replay and first projection are done (before that nothing listens on the port) and the journal answers.
pub(super) async fn ready(State(site): State<Arc<Site>>) -> (StatusCode, &'static str) {
    match site.publisher.journal().head().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the journal does not answer; published notices are still served\n",
            )
        }
    }
}
