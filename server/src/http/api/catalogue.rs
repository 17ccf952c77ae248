//! `/api/v1/catalogue`: portals, services, channels, procedures, templates, as far as the caller's grants reach; the whole, as a file, and entry
//! by entry.

use std::sync::Arc;

use api::{CatalogueChange, CatalogueChanges, CatalogueFile, Opening, OpeningQuery, ProblemKind};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    access::{Context, Grants, Role, Where},
    catalogue::{Catalogue, Command, Part, PartKind},
    rejection::{Rejection, need},
    time::hours::{self, Place},
    words::{Code, Fault},
};
use jiff::tz::TimeZone;

use crate::{
    catalogue_file::CatalogueFile as TomlFile,
    forms::missing_of_one,
    http::{
        answer::{problem::Problem, revised::revised},
        ask::{authentication::Known, idempotency_key::IdempotencyKey, json_body::JsonBody, parameters::Parameters, revision::if_match},
        site::Site,
    },
};

pub(crate) async fn show(State(site): State<Arc<Site>>, Known(identity): Known) -> Result<Json<Catalogue>, Problem> {
    let grants = identity.actor.grants;
    Ok(Json(site.publisher.read(|state, _| state.readable_catalogue(&grants)).await?))
}

/// The same as a file.
pub(crate) async fn toml(State(site): State<Arc<Site>>, Known(identity): Known) -> Result<Response, Problem> {
    let grants = identity.actor.grants;
    let catalogue = site.publisher.read(|state, _| state.readable_catalogue(&grants)).await?;
    let text = toml::to_string_pretty(&catalogue).map_err(|error| Problem::internal(&error))?;
    let headers = [
        (header::CONTENT_TYPE, "application/toml; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"catalogue.toml\""),
    ];
    Ok((headers, text).into_response())
}

/// Takes a file, whole or not at all.
pub(crate) async fn apply(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    headers: HeaderMap,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Response, Problem> {
    let key = key.with(&body);
    let file: CatalogueFile = body.read()?;
    site.publisher.read(|_, _| ()).await?;
    let (state, now) = site.publisher.present();
    let context = Context {
        now,
        actor: identity.actor.clone(),
    };
    need(Role::Admin, Where::Everywhere, &context)?;
    let actual = state.catalogue_revision();
    if headers.contains_key(header::IF_MATCH) {
        let expected = if_match(&headers)?.expected(actual);
        if expected != actual {
            return Err(Rejection::Stale { expected, actual }.into());
        }
    }
    let forms = site.forms.digests().await?;
    let judged = TomlFile::read(&file.toml).judged(&state, &context, &forms);
    let catalogue = judged.map_err(|lines| Problem::invalid(lines.into_iter().map(in_file).collect()))?;
    let changes = CatalogueChange::between(state.catalogue(), &catalogue);
    if !file.check_only {
        site.submit(identity.actor.clone(), Command::Apply { catalogue }, key).await?;
    }
    let (state, _) = site.publisher.present();
    let answer = CatalogueChanges {
        revision: state.catalogue_revision(),
        changes,
        is_applied: !file.check_only,
    };
    Ok(revised(StatusCode::OK, answer.revision, &answer))
}

/// A fault of a file, which tells by itself where in the file it is.
fn in_file(line: String) -> Fault {
    Fault {
        pointer: "/toml".to_owned(),
        code: Code::Unlisted,
        detail: line.trim().to_owned(),
    }
}

/// Which entry an address names.
struct Named {
    kind: PartKind,
    id: String,
}

impl Named {
    fn read(kind: &str, id: String) -> Result<Self, Problem> {
        match kind.parse() {
            Ok(kind) => Ok(Self { kind, id }),
            Err(()) => Err(no_part(kind, &id)),
        }
    }

    /// The entry with its revision, where the caller may read it.
    fn found(&self, site: &Site, grants: &Grants) -> Result<(Part, u32), Problem> {
        let (state, _) = site.publisher.present();
        let found = state.readable_catalogue(grants).part(self.kind, &self.id);
        let found = found.zip(state.part_revision(self.kind, &self.id));
        found.ok_or_else(|| no_part(self.kind.word(), &self.id))
    }
}

fn no_part(kind: &str, id: &str) -> Problem {
    let short = |text: &str| text.chars().take(80).collect::<String>();
    let detail = format!("There is no {} `{}` in the catalogue.", short(kind), short(id));
    Problem::new(ProblemKind::NoPart, detail)
}

pub(crate) async fn part(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path((kind, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let named = Named::read(&kind, id)?;
    site.publisher.read(|_, _| ()).await?;
    let (part, revision) = named.found(&site, &identity.actor.grants)?;
    Ok(revised(StatusCode::OK, revision, &part))
}

/// Changes an entry, or adds it where no revision is named.
pub(crate) async fn put(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path((kind, id)): Path<(String, String)>,
    headers: HeaderMap,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Response, Problem> {
    let named = Named::read(&kind, id)?;
    let key = key.with(&body);
    let part = match named.kind {
        PartKind::Portal => Part::Portal(body.read()?),
        PartKind::Service => Part::Service(body.read()?),
        PartKind::Channel => Part::Channel(body.read()?),
        PartKind::Procedure => Part::Procedure(body.read()?),
        PartKind::Template => Part::Template(body.read()?),
        PartKind::Rule => Part::Rule(body.read()?),
        PartKind::Probe => Part::Probe(body.read()?),
    };
    if let Part::Procedure(procedure) = &part {
        let missing = missing_of_one(procedure, &site.forms.digests().await?);
        if !missing.is_empty() {
            return Err(Problem::invalid(missing));
        }
    }
    let is_known = headers.contains_key(header::IF_MATCH);
    let seen = if is_known {
        Some(seen(&site, &headers, &named).await?)
    } else {
        None
    };
    let command = Command::Change {
        kind: named.kind,
        id: named.id.clone(),
        seen,
        part: Some(part),
    };
    site.submit(identity.actor.clone(), command, key).await?;
    let (part, revision) = named.found(&site, &identity.actor.grants)?;
    let status = if is_known { StatusCode::OK } else { StatusCode::CREATED };
    Ok(revised(status, revision, &part))
}

pub(crate) async fn remove(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path((kind, id)): Path<(String, String)>,
    headers: HeaderMap,
    key: IdempotencyKey,
) -> Result<StatusCode, Problem> {
    let named = Named::read(&kind, id)?;
    let command = Command::Change {
        kind: named.kind,
        id: named.id.clone(),
        seen: Some(seen(&site, &headers, &named).await?),
        part: None,
    };
    site.submit(identity.actor.clone(), command, key.alone()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The revision that the caller saw. Of what there is not, whichever they name.
async fn seen(site: &Site, headers: &HeaderMap, named: &Named) -> Result<u32, Problem> {
    let revision = site.publisher.read(|state, _| state.part_revision(named.kind, &named.id)).await?;
    Ok(if_match(headers)?.expected(revision.unwrap_or_default()))
}

/// What opening hours come to in the coming two weeks.
pub(crate) async fn opening(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Parameters(query): Parameters<OpeningQuery>,
) -> Result<Json<Opening>, Problem> {
    let (state, now) = site.publisher.present();
    let readable = identity.actor.grants.may(Role::Viewer, Where::On(&query.portal));
    let portal = state.portal(&query.portal).filter(|_| readable);
    let portal = portal.ok_or_else(|| Problem::no_portal(query.portal.as_str()))?;
    if let Some(fault) = hours::fault(&query.hours) {
        return Err(Problem::field("/hours", Code::Malformed, &fault));
    }
    let time_zone = TimeZone::get(&portal.time_zone).unwrap_or(TimeZone::UTC);
    let place = Place {
        time_zone: &time_zone,
        region: portal.region.as_deref(),
        holidays: &portal.holidays,
    };
    Ok(Json(Opening::of(&query.hours, &place, now)))
}
