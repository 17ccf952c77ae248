//! `GET /api/v1/journal?after=SEQ`: the record, oldest first, in pages.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::http::{
    answer::problem::Problem,
    ask::{authentication::Known, parameters::Parameters},
    site::Site,
};
use store::journal::Record;

/// How many entries a page has.
const PAGE: u32 = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Selection {
    #[serde(default)]
    after: u64,
}

#[derive(Serialize)]
pub(crate) struct Page {
    entries: Vec<Line>,
    /// What to ask for next as `after`; `null`: this was the last page.
    next: Option<u64>,
}

/// An entry as people read it.
#[derive(Serialize)]
struct Line {
    #[serde(flatten)]
    record: Record,
    /// The payload, parsed; `null`: redacted.
    event: Option<Value>,
    /// The name behind `actor`, while there is one.
    actor_name: Option<String>,
}

pub(crate) async fn entries(
    State(site): State<Arc<Site>>,
    _: Known,
    Parameters(selection): Parameters<Selection>,
) -> Result<Json<Page>, Problem> {
    let records = site.publisher.journal().read(selection.after, PAGE).await?;
    let names = site.accounts.names().await?;
    let next = records.last().map(|record| record.seq).filter(|_| records.len() == PAGE as usize);
    let line = |record: Record| Line {
        event: record.payload.as_deref().and_then(|payload| serde_json::from_str(payload).ok()),
        actor_name: names.get(&record.actor).cloned(),
        record,
    };
    Ok(Json(Page {
        entries: records.into_iter().map(line).collect(),
        next,
    }))
}
