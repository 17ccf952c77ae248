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

use super::{search::Search, told};
use crate::http::{
    answer::problem::Problem,
    ask::{authentication::Known, parameters::Parameters},
    site::Site,
};

/// The names of the columns, behind the mark by which spreadsheets know UTF-8. What happened in full is in JSON Lines.
const HEAD: &str = "\u{feff}seq,at,actor,actor_name,subject,what\r\n";

pub(crate) async fn csv(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Parameters(query): Parameters<JournalQuery>,
) -> Result<Response, Problem> {
    let names = site.accounts.names().await?;
    let search = Search::new(site, identity.actor.grants, query).await?;
    Ok(sent(search, names, HEAD, row, "text/csv; charset=utf-8", "journal.csv"))
}

pub(crate) async fn lines(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Parameters(query): Parameters<JournalQuery>,
) -> Result<Response, Problem> {
    let names = site.accounts.names().await?;
    let search = Search::new(site, identity.actor.grants, query).await?;
    Ok(sent(search, names, "", line, "application/jsonl; charset=utf-8", "journal.jsonl"))
}

/// Sends page after page. Should the storage fail on the way, the answer breaks off, so that nobody takes a part for the whole.
fn sent(
    search: Search,
    names: HashMap<String, String>,
    head: &'static str,
    write: fn(&Entry) -> String,
    media: &'static str,
    name: &'static str,
) -> Response {
    let pages = stream::unfold(Some((search, head)), move |rest| {
        let names = names.clone();
        async move {
            let (mut search, head) = rest?;
            let page = match search.page().await {
                Ok(page) => page,
                Err(error) => return Some((Err::<Bytes, JournalError>(error), None)),
            };
            let mut text = head.to_owned();
            for record in page {
                text.push_str(&write(&told(record, &names)));
            }
            let rest = search.next().is_some().then_some((search, ""));
            Some((Ok(Bytes::from(text)), rest))
        }
    });
    let kept = format!("attachment; filename=\"{name}\"");
    (
        [(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, kept)],
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
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    cells.join(",") + "\r\n"
}

/// A cell. What a spreadsheet would take for a formula is none, whatever it takes for the end of a cell: people choose their own names.
fn quoted(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len() + 2);
    let mut begins = true;
    for letter in cell.chars() {
        if begins && matches!(letter, '=' | '+' | '-' | '@') {
            text.push('\'');
        }
        begins = matches!(letter, ',' | ';' | '\t' | '\r' | '\n' | '"') || (begins && letter == ' ');
        text.push(letter);
    }
    if text.contains(['"', ',', ';', '\t', '\r', '\n', '\'']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_back_and_are_no_formulas() {
        for (cell, expected) in [
            ("", ""),
            ("Otto", "Otto"),
            ("a, b", "\"a, b\""),
            ("x;=cmd", "\"x;'=cmd\""),
            ("x\"; +1", "\"x\"\"; '+1\""),
            ("2026-0042", "2026-0042"),
            ("a-b", "a-b"),
            ("say \"a\"", "\"say \"\"a\"\"\""),
            ("=1+1", "\"'=1+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("a\nb", "\"a\nb\""),
        ] {
            assert_eq!(quoted(cell), expected);
        }
    }
}
