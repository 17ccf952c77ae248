//! `/api/v1/journal`: the record, in pages or as a file; of it what the caller's grants reach. `…/{seq}/redact`: content is taken out of it.

mod file;
mod search;

use std::{collections::HashMap, sync::Arc};

use api::{Entry, Journal, JournalQuery, Redaction};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::record::upkeep;

use self::search::Search;
use crate::http::{
    answer::problem::Problem,
    api::names::all_names,
    ask::{authentication::Known, json_body::JsonBody, parameters::Parameters},
    site::Site,
};
use store::journal::Record;

pub(crate) use file::{csv, lines};

pub(crate) async fn entries(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Parameters(query): Parameters<JournalQuery>,
) -> Result<Json<Journal>, Problem> {
    let names = all_names(&site).await?;
    let mut search = Search::new(site, identity.actor.grants, query).await?;
    let records = search.page().await?;
    Ok(Json(Journal {
        entries: records.into_iter().map(|record| told(record, &names)).collect(),
        next: search.next(),
    }))
}

pub(crate) async fn redact(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(seq): Path<String>,
    body: JsonBody,
) -> Result<StatusCode, Problem> {
    let Redaction { reason } = body.read()?;
    // What is no number names no entry.
    let seq = seq.parse().unwrap_or_default();
    site.publisher
        .submit(identity.actor, upkeep::Command::Redact { seq, reason })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An entry as it is told.
fn told(record: Record, names: &HashMap<String, String>) -> Entry {
    Entry {
        event: record.payload.as_deref().and_then(|payload| serde_json::from_str(payload).ok()),
        actor_name: names.get(&record.actor).cloned(),
        seq: record.seq,
        at: record.at,
        actor: record.actor,
        subject: record.subject,
        payload: record.payload,
        payload_hash: record.payload_hash,
        previous: record.previous,
        hash: record.hash,
    }
}
