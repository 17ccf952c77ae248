//! `GET /api/v1/journal?after=SEQ`: the record, oldest first, in pages; of it what the caller's grants reach.

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::access::Actor;
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
    Known(identity): Known,
    Parameters(selection): Parameters<Selection>,
) -> Result<Json<Page>, Problem> {
    let (mut records, mut next) = (Vec::new(), Some(selection.after));
    // A page with nothing for the caller is none.
    while let Some(after) = next.filter(|_| records.is_empty()) {
        let read = site.publisher.journal().read(after, PAGE).await?;
        next = read.last().map(|record| record.seq).filter(|_| read.len() == PAGE as usize);
        // Whether it may be read is known once it is applied.
        let kept = site.publisher.read(|state, _| only_readable(state, &identity.actor, read));
        records = kept.await?;
    }
    let names = site.accounts.names().await?;
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

fn only_readable(state: &domain::state::State, actor: &Actor, mut records: Vec<Record>) -> Vec<Record> {
    records.retain(|record| {
        let event = || serde_json::from_str(record.payload.as_deref()?).ok();
        state.may_read_entry(&actor.grants, &record.subject, event)
    });
    records
}
