//! `/api/v1/channels`: whether the channels work, and where nobody is left to turn to.

use std::sync::Arc;

use api::{Channel, Channels, ProblemKind};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use domain::{
    access::{Actor, Role, Where},
    channel_state::{Command, Report},
    project::left_without,
    words::ChannelId,
};

use crate::http::{
    answer::{problem::Problem, revised::revised},
    api::names::names,
    ask::{authentication::Known, idempotency_key::IdempotencyKey, json_body::JsonBody, revision::if_match},
    site::Site,
};

/// Reads the id out of an address.
fn id(given: &str) -> Result<ChannelId, Problem> {
    ChannelId::parse(given).map_err(|_| no_channel(given))
}

fn no_channel(id: &str) -> Problem {
    let id: String = id.chars().take(80).collect();
    Problem::new(ProblemKind::NoChannel, format!("There is no channel `{id}`."))
}

/// The revision that the caller saw; `None`: they do not say, and what was said last by anybody is said no more.
async fn expected(site: &Site, headers: &HeaderMap, id: &ChannelId) -> Result<Option<u32>, Problem> {
    if !headers.contains_key(header::IF_MATCH) {
        return Ok(None);
    }
    let seen = if_match(headers)?;
    let revision = site.publisher.read(|state, _| state.outages().revision(id)).await?;
    Ok(Some(seen.expected(revision)))
}

/// Answers with a channel as it stands in memory, and its revision as the `ETag`.
async fn answer(site: &Site, actor: &Actor, id: &ChannelId) -> Result<Response, Problem> {
    let names = names(site).await;
    let (state, now) = site.publisher.present();
    let known = state.catalogue().channels.iter().find(|channel| channel.id == *id);
    let known = known.filter(|_| state.may_read_channel(&actor.grants, id));
    let channel = known.ok_or_else(|| no_channel(id.as_str()))?;
    let answer = Channel::new(channel, &names, &state, &actor.grants, now);
    Ok(revised(StatusCode::OK, answer.revision, &answer))
}

pub(crate) async fn list(State(site): State<Arc<Site>>, Known(identity): Known) -> Result<Json<Channels>, Problem> {
    let names = names(&site).await;
    let all = site.publisher.read(|state, now| {
        let grants = &identity.actor.grants;
        let readable = state.catalogue().channels.iter();
        let readable = readable.filter(|channel| state.may_read_channel(grants, &channel.id));
        let left = left_without(state, now).into_iter();
        let left = left.filter(|left| grants.may(Role::Viewer, Where::On(&left.portal)));
        Channels {
            channels: readable.map(|channel| Channel::new(channel, &names, state, grants, now)).collect(),
            left: left.map(Into::into).collect(),
            now,
        }
    });
    Ok(Json(all.await?))
}

pub(crate) async fn report(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(given): Path<String>,
    headers: HeaderMap,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Response, Problem> {
    let id = id(&given)?;
    let key = key.with(&body);
    let report: Box<Report> = body.read()?;
    let command = Command::Report {
        expected: expected(&site, &headers, &id).await?,
        id: id.clone(),
        report,
    };
    site.submit(identity.actor.clone(), command, key).await?;
    answer(&site, &identity.actor, &id).await
}

pub(crate) async fn clear(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(given): Path<String>,
    headers: HeaderMap,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    let id = id(&given)?;
    let command = Command::Clear {
        expected: expected(&site, &headers, &id).await?,
        id: id.clone(),
    };
    site.submit(identity.actor.clone(), command, key.alone()).await?;
    answer(&site, &identity.actor, &id).await
}
