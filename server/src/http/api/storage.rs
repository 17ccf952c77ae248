//! Whatever is changed over HTTP is answered as done only while the database is the one that was opened.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::http::{answer::problem::Problem, site::Site};

pub(crate) async fn stands(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let journal = site.publisher.journal();
    if let Err(gone) = journal.check() {
        return Problem::from(&gone).into_response();
    }
    let response = next.run(request).await;
    match journal.check() {
        Err(gone) if response.status().is_success() => Problem::unsettled(&gone).into_response(),
        _ => response,
    }
}
