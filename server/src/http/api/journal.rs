//! `GET /api/v1/journal?after=SEQ`: the record, oldest first, in pages; of it what the caller's grants reach.

use std::sync::Arc;

use api::{Entry, Journal, JournalQuery};

use axum::{Json, extract::State};
use domain::access::Actor;

use crate::http::{
    answer::problem::Problem,
    ask::{authentication::Known, parameters::Parameters},
    site::Site,
};
use store::journal::Record;

/// How many entries a page has.
const PAGE: u32 = 200;

pub(crate) async fn entries(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Parameters(query): Parameters<JournalQuery>,
) -> Result<Json<Journal>, Problem> {
    let (mut records, mut next) = (Vec::new(), Some(query.after));
    // A page with nothing for the caller is none.
    while let Some(after) = next.filter(|_| records.is_empty()) {
        let read = site.publisher.journal().read(after, PAGE).await?;
        next = read.last().map(|record| record.seq).filter(|_| read.len() == PAGE as usize);
        // Whether it may be read is known once it is applied.
        let kept = site.publisher.read(|state, _| only_readable(state, &identity.actor, read));
        records = kept.await?;
    }
    let names = site.accounts.names().await?;
    let entry = |record: Record| Entry {
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
    };
    Ok(Json(Journal {
        entries: records.into_iter().map(entry).collect(),
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
