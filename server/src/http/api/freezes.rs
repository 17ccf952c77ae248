//! `/api/v1/freezes`: times in which work is not planned; `GET /api/v1/check`: whether it may be done at one.

use std::sync::Arc;

use api::{Check, CheckQuery, Freeze, Freezes, ProblemKind, Reason};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{
    access::Actor,
    freeze::{self, Command, Terms},
    project::conflicts::check,
    schedule::Span,
    words::FreezeId,
};
use jiff::SignedDuration;

use crate::http::{
    answer::{problem::Problem, revised::revised},
    api::names::names,
    ask::{
        authentication::Known,
        idempotency_key::IdempotencyKey,
        json_body::{self, JsonBody},
        merge_patch::merge,
        parameters::Parameters,
        revision::if_match,
    },
    site::Site,
};

/// The longest work that is asked about.
const LONGEST: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Reads the id out of an address.
fn id(given: &str) -> Result<FreezeId, Problem> {
    FreezeId::parse(given).map_err(|_| no_freeze(given))
}

fn no_freeze(id: &str) -> Problem {
    let id: String = id.chars().take(80).collect();
    Problem::new(
        ProblemKind::NoFreeze,
        format!("There is no freeze `{id}`; an id looks like F-0003."),
    )
}

/// A freeze that the caller may read; any other there is not.
fn readable<'a>(state: &'a domain::state::State, id: &FreezeId, actor: &Actor) -> Result<&'a freeze::Freeze, Problem> {
    let found = state.freeze(id).filter(|freeze| state.may_read_freeze(&actor.grants, freeze));
    found.ok_or_else(|| no_freeze(id.as_str()))
}

/// Answers with a freeze as it stands in memory, and its revision as the `ETag`.
async fn answer(site: &Site, actor: &Actor, id: &FreezeId, status: StatusCode) -> Result<Response, Problem> {
    let names = names(site).await;
    let (state, _) = site.publisher.present();
    let answer = Freeze::new(readable(&state, id, actor)?, &names, &state, &actor.grants);
    Ok(revised(status, answer.revision, &answer))
}

pub(crate) async fn list(State(site): State<Arc<Site>>, Known(identity): Known) -> Result<Json<Freezes>, Problem> {
    let names = names(&site).await;
    let all = site.publisher.read(|state, now| {
        let grants = &identity.actor.grants;
        let readable = state.freezes().filter(|freeze| state.may_read_freeze(grants, freeze));
        let freezes = readable.map(|freeze| Freeze::new(freeze, &names, state, grants)).collect();
        Freezes { freezes, now }
    });
    Ok(Json(all.await?))
}

pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Response, Problem> {
    let key = key.with(&body);
    let terms: Box<Terms> = body.read()?;
    let done = site.submit(identity.actor.clone(), Command::Create { terms }, key).await?;
    let id = done.subject.freeze().ok_or_else(|| no_freeze(""))?;
    answer(&site, &identity.actor, id, StatusCode::CREATED).await
}

pub(crate) async fn show(State(site): State<Arc<Site>>, Known(identity): Known, Path(given): Path<String>) -> Result<Response, Problem> {
    let id = id(&given)?;
    // So that what another process has written is there.
    site.publisher.read(|_, _| ()).await?;
    answer(&site, &identity.actor, &id, StatusCode::OK).await
}

/// A JSON merge patch of its terms.
pub(crate) async fn edit(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(given): Path<String>,
    headers: HeaderMap,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Response, Problem> {
    let id = id(&given)?;
    let key = key.with(&body);
    let seen = if_match(&headers)?;
    let found = site
        .publisher
        .read(|state, _| readable(state, &id, &identity.actor).map(|freeze| (freeze.terms.clone(), freeze.revision)));
    let (terms, revision) = found.await??;
    let patch = body.into_value();
    let mut merged = serde_json::to_value(&terms).unwrap_or_default();
    // Of this there are two forms, which have nothing in common: another one takes the place of what there was.
    if patch.get("when").is_some()
        && let Some(fields) = merged.as_object_mut()
    {
        fields.remove("when");
    }
    merge(&mut merged, patch);
    let command = Command::Edit {
        id: id.clone(),
        expected: seen.expected(revision),
        terms: json_body::read(merged)?,
    };
    site.submit(identity.actor.clone(), command, key).await?;
    answer(&site, &identity.actor, &id, StatusCode::OK).await
}

pub(crate) async fn end(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(given): Path<String>,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    let id = id(&given)?;
    site.submit(identity.actor.clone(), Command::End { id: id.clone() }, key.alone())
        .await?;
    answer(&site, &identity.actor, &id, StatusCode::OK).await
}

/// Whether work may be done then, for people and for pipelines.
pub(crate) async fn may(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Parameters(query): Parameters<CheckQuery>,
) -> Result<Json<Check>, Problem> {
    let CheckQuery { service, from, to, notice } = query;
    let wrong = |detail: String| Problem::new(ProblemKind::BadParameters, detail);
    if to <= from || to.duration_since(from) > LONGEST {
        return Err(wrong("`to` is not within 14 days after `from`.".to_owned()));
    }
    let read = site.publisher.read(|state, now| {
        let grants = &identity.actor.grants;
        let told = check(state, &service, notice.as_ref(), Span { from, to }, now);
        let told = told.ok_or_else(|| wrong("`service` names one that the catalogue does not have.".to_owned()))?;
        if let Some(foreign) = service.iter().find(|service| !state.may_read_service(grants, service)) {
            let detail = format!("You have no role on a portal that has `{foreign}`, or something that needs it.");
            return Err(Problem::new(ProblemKind::RoleElsewhere, detail));
        }
        let reasons = told.conflicts.iter().map(|conflict| Reason::new(conflict, state, grants));
        Ok(Check {
            verdict: told.verdict.into(),
            reasons: reasons.collect(),
            next_free: told.next_free,
        })
    });
    read.await?.map(Json)
}
