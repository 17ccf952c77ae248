//! `/api/v1/journal.csv` and `/api/v1/journal.jsonl`: all that is asked for in one file, sent while it is read.

use std::{collections::HashMap, sync::Arc};

use api::{Entry, JournalQuery};
use axum::{
    body::{Body, Bytes},
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use futures::stream;
use store::journal::JournalError;
use tokio::sync::Semaphore;

use super::{search::Search, told};
use crate::http::{
    answer::{csv::csv_row, problem::Problem},
    api::names::all_names,
    ask::{authentication::Known, parameters::Parameters},
    site::Site,
};

/// The names of the columns, behind the mark by which spreadsheets know UTF-8. What happened in full is in JSON Lines.
const HEAD: &str = "\u{feff}seq,at,actor,actor_name,subject,what\r\n";

/// What a file is made of.
struct Kind {
    head: &'static str,
    /// An entry as the file has it.
    write: fn(&Entry) -> String,
    media: &'static str,
    name: &'static str,
}

const CSV: Kind = Kind {
    head: HEAD,
    write: row,
    media: "text/csv; charset=utf-8",
    name: "journal.csv",
};

const LINES: Kind = Kind {
    head: "",
    write: line,
    media: "application/jsonl; charset=utf-8",
    name: "journal.jsonl",
};

pub(crate) async fn csv(site: State<Arc<Site>>, caller: Known, query: Parameters<JournalQuery>) -> Result<Response, Problem> {
    file(&CSV, site, caller, query).await
}

pub(crate) async fn lines(site: State<Arc<Site>>, caller: Known, query: Parameters<JournalQuery>) -> Result<Response, Problem> {
    file(&LINES, site, caller, query).await
}

async fn file(
    kind: &'static Kind,
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Parameters(query): Parameters<JournalQuery>,
) -> Result<Response, Problem> {
    let names = all_names(&site).await?;
    let turns = site.turns.exporting.clone();
    let search = Search::new(site, identity.actor.grants, query).await?;
    Ok(sent(kind, search, names, turns))
}

/// Sends page after page. Should the storage fail on the way, the answer breaks off, so that nobody takes a part for the whole.
fn sent(kind: &'static Kind, search: Search, names: HashMap<String, String>, turns: Arc<Semaphore>) -> Response {
    let pages = stream::unfold(Some((search, kind.head)), move |rest| {
        let (names, turns) = (names.clone(), turns.clone());
        async move {
            let (mut search, head) = rest?;
            // A few at once read; whoever takes their time keeps nobody waiting.
            let turn = turns.acquire().await;
            let page = match search.page().await {
                Ok(page) => page,
                Err(error) => return Some((Err::<Bytes, JournalError>(error), None)),
            };
            drop(turn);
            let mut text = head.to_owned();
            for record in page {
                text.push_str(&(kind.write)(&told(record, &names)));
            }
            let rest = search.next().is_some().then_some((search, ""));
            Some((Ok(Bytes::from(text)), rest))
        }
    });
    let kept = format!("attachment; filename=\"{}\"", kind.name);
    (
        [(header::CONTENT_TYPE, kind.media.to_owned()), (header::CONTENT_DISPOSITION, kept)],
        Body::from_stream(pages),
    )
        .into_response()
}

fn line(entry: &Entry) -> String {
    let mut line = serde_json::to_string(entry).unwrap_or_else(|error| unreachable!("an entry is plain data: {error}"));
    line.push('\n');
    line
}

/// One line as RFC 4180 has it.
fn row(entry: &Entry) -> String {
    let what = entry.event.as_ref().and_then(|event| event.as_object()?.keys().next().cloned());
    let cells = [
        entry.seq.to_string(),
        entry.at.to_string(),
        entry.actor.clone(),
        entry.actor_name.clone().unwrap_or_default(),
        entry.subject.name().unwrap_or_default().into_owned(),
        what.unwrap_or_else(|| "redacted".to_owned()),
    ];
    csv_row(&cells)
}
