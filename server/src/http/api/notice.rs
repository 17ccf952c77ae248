//! `/api/v1/notices/{id}`: one notice, read and edited.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use domain::{
    access::Actor,
    notice::{self, Content, Notice},
    record::Command,
    words::NoticeId,
};

use crate::http::{
    answer::{problem::Problem, revised::revised},
    api::{approvals::waits, names::names},
    ask::{
        authentication::Known,
        idempotency_key::IdempotencyKey,
        json_body::{self, JsonBody},
        merge_patch::{languages_in_usual_case, merge},
        revision::if_match,
    },
    site::Site,
};

/// Reads the id out of an address.
pub(crate) fn id(given: &str) -> Result<NoticeId, Problem> {
    NoticeId::parse(given).map_err(|_| Problem::no_notice(given))
}

/// A notice that the caller may read; any other there is not.
fn readable<'a>(state: &'a domain::state::State, id: &NoticeId, actor: &Actor) -> Option<&'a Notice> {
    state.notice(id).filter(|notice| state.may_read(&actor.grants, notice))
}

/// Answers with a notice as it stands in memory, and its revision as the `ETag`. After a commit nothing is read that could fail: what was
/// done is answered as done.
pub(crate) async fn answer(site: &Site, actor: &Actor, id: &NoticeId, status: StatusCode) -> Result<Response, Problem> {
    let names = names(site).await;
    let (state, now) = site.publisher.present();
    // Whoever repeats a request may hold less than when it was done.
    let answer = readable(&state, id, actor)
        .map(|notice| api::Notice::new(notice, now, &names))
        .ok_or_else(|| Problem::no_notice(id.as_str()))?;
    let mut response = revised(status, answer.revision, &answer);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

pub(crate) async fn show(State(site): State<Arc<Site>>, Known(identity): Known, Path(given): Path<String>) -> Result<Response, Problem> {
    let id = id(&given)?;
    // So that what another process has written is there.
    site.publisher.read(|_, _| ()).await?;
    answer(&site, &identity.actor, &id, StatusCode::OK).await
}

/// A JSON merge patch (RFC 7396) of what the author wrote: fields that are left out stay, `null` empties.
pub(crate) async fn edit(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(given): Path<String>,
    headers: HeaderMap,
    key: IdempotencyKey,
    mut body: JsonBody,
) -> Result<Response, Problem> {
    let id = id(&given)?;
    let seen = if_match(&headers)?;
    let notice = site
        .publisher
        .read(|state, _| readable(state, &id, &identity.actor).map(|notice| (notice.content.clone(), notice.revision)))
        .await?;
    let (content, revision) = notice.ok_or_else(|| Problem::no_notice(id.as_str()))?;
    let expected = seen.expected(revision);
    let key = key.with(&body);
    let grounds = body.take_grounds()?;
    let mut patch = body.into_value();
    if !patch.is_object() {
        return Err(json_body::read::<Content>(patch)
            .err()
            .unwrap_or_else(|| Problem::no_notice(id.as_str())));
    }
    languages_in_usual_case(&mut patch);
    let mut merged = serde_json::to_value(&content).unwrap_or_default();
    merge(&mut merged, patch);
    let content = Box::new(json_body::read(merged)?);
    let command = Command::from(notice::Command::Edit {
        id: id.clone(),
        expected,
        content,
    });
    let done = site.submit(identity.actor.clone(), command.on(grounds), key).await?;
    if let Some(waits) = waits(&site, &identity.actor, &done).await {
        return waits;
    }
    answer(&site, &identity.actor, &id, StatusCode::OK).await
}
