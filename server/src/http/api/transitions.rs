//! `POST /api/v1/notices/{id}/publish` and its siblings: changes of stage.

use api::ProblemKind;
use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    notice::{self, Transition},
    record::Command,
};

use crate::http::{
    answer::problem::Problem,
    api::{
        approvals::waits,
        notice::{answer, id},
    },
    ask::{authentication::Known, idempotency_key::IdempotencyKey, json_body::JsonBody},
    site::Site,
};

pub(crate) async fn make(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path((given, word)): Path<(String, String)>,
    key: IdempotencyKey,
    mut body: JsonBody,
) -> Result<Response, Problem> {
    let id = id(&given)?;
    let transition = Transition::ALL
        .into_iter()
        .find(|transition| transition.word() == word)
        .ok_or_else(|| {
            let words: Vec<&str> = Transition::ALL.iter().map(|transition| transition.word()).collect();
            Problem::new(ProblemKind::NoTransition, format!("There are: {}.", words.join(", ")))
        })?;
    let key = key.with(&body);
    let grounds = body.take_grounds()?;
    let change = body.read()?;
    let command = Command::from(notice::Command::Transit {
        id: id.clone(),
        transition,
        change,
    });
    let done = site.submit(identity.actor.clone(), command.on(grounds), key).await?;
    if let Some(waits) = waits(&site, &identity.actor, &done).await {
        return waits;
    }
    answer(&site, &identity.actor, &id, StatusCode::OK).await
}
