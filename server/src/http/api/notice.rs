//! `/api/v1/notices/{id}`: one notice, read and edited.

use std::{collections::HashMap, sync::Arc};

use api::ProblemKind;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    access::Actor,
    notice::{self, Content, Notice},
    text::Language,
    words::NoticeId,
};
use serde_json::Value;

use crate::http::{
    answer::problem::Problem,
    ask::{
        authentication::Known,
        idempotency_key::IdempotencyKey,
        json_body::{self, JsonBody},
    },
    site::Site,
};

/// The texts by language.
const TEXTS: [&str; 6] = ["title", "impact", "guidance", "still_works", "applications", "deadline_note"];

/// Reads the id out of an address.
pub(crate) fn id(given: &str) -> Result<NoticeId, Problem> {
    NoticeId::parse(given).map_err(|_| Problem::no_notice(given))
}

/// A notice that the caller may read; any other there is not.
fn readable<'a>(state: &'a domain::state::State, id: &NoticeId, actor: &Actor) -> Option<&'a Notice> {
    state.notice(id).filter(|notice| state.may_read(&actor.grants, notice))
}

/// The names behind the ids. What was done is answered also while they cannot be read.
pub(crate) async fn names(site: &Site) -> HashMap<String, String> {
    site.accounts.names().await.unwrap_or_else(|error| {
        tracing::error!(%error, "the names of authors cannot be read");
        HashMap::new()
    })
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
    let etag = HeaderValue::try_from(format!("\"{}\"", answer.revision));
    let mut response = (status, Json(answer)).into_response();
    if let Ok(etag) = etag {
        response.headers_mut().insert(header::ETAG, etag);
    }
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
    body: JsonBody,
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
    site.submit(
        identity.actor.clone(),
        notice::Command::Edit {
            id: id.clone(),
            expected,
            content,
        },
        key,
    )
    .await?;
    answer(&site, &identity.actor, &id, StatusCode::OK).await
}

/// The revisions that an author takes the notice to have (RFC 9110, section 13.1.1).
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    /// Whichever it has now.
    Any,
    /// One of these; there is one at least.
    OneOf(u32, Vec<u32>),
}

impl Seen {
    /// The revision that is asked for, where the notice has this one.
    fn expected(&self, revision: u32) -> u32 {
        match self {
            Self::Any => revision,
            Self::OneOf(_, others) if others.contains(&revision) => revision,
            Self::OneOf(first, _) => *first,
        }
    }
}

fn if_match(headers: &HeaderMap) -> Result<Seen, Problem> {
    let mut seen = Vec::new();
    let mut other = None;
    for value in headers.get_all(header::IF_MATCH) {
        let value = String::from_utf8_lossy(value.as_bytes());
        if value.trim() == "*" {
            return Ok(Seen::Any);
        }
        // A list may have empty places (RFC 9110, section 5.6.1).
        for tag in value.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
            match revision_of(tag) {
                Some(revision) => seen.push(revision),
                None => other = Some(tag.chars().take(40).collect::<String>()),
            }
        }
    }
    match (seen.split_first(), other) {
        (Some((first, others)), _) => Ok(Seen::OneOf(*first, others.to_vec())),
        (None, Some(tag)) => Err(Problem::new(
            ProblemKind::NoRevision,
            format!("`If-Match` is `{tag}`; send the `ETag` of the notice that you edited, such as `\"3\"`."),
        )),
        (None, None) => Err(Problem::new(
            ProblemKind::WhichRevision,
            "Send `If-Match` with the `ETag` of the notice that you edited, such as `If-Match: \"3\"`, or `If-Match: *` for whichever it has.",
        )),
    }
}

/// The revision that a tag names. A proxy that compresses writes so behind it, within the quotation marks.
fn revision_of(tag: &str) -> Option<u32> {
    let tag = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
    let tag = ["-gzip", "-br", ";gzip", ";br"]
        .iter()
        .find_map(|coding| tag.strip_suffix(coding))
        .unwrap_or(tag);
    tag.parse().ok()
}

/// A patch for `DE` is one for `de`. Where it has both, both stay, and reading refuses them.
fn languages_in_usual_case(patch: &mut Value) {
    for name in TEXTS {
        let Some(Value::Object(text)) = patch.get_mut(name) else { continue };
        let tags: Vec<String> = text.keys().cloned().collect();
        for tag in tags {
            let Ok(usual) = Language::parse(&tag).map(String::from) else {
                continue;
            };
            if !text.contains_key(&usual)
                && let Some(variant) = text.remove(&tag)
            {
                text.insert(usual, variant);
            }
        }
    }
}

fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Some(fields) = target.as_object_mut() else { return };
    for (name, value) in patch {
        if value.is_null() {
            fields.remove(&name);
        } else {
            merge(fields.entry(name).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_revision_is_named_alone_in_a_list_or_left_open() {
        for (given, revision, expected) in [
            (vec!["\"3\""], 3, Some(3)),
            (vec!["W/\"3\""], 4, Some(3)),
            (vec!["\"2\", \"3\""], 3, Some(3)),
            (vec!["\"2\"", "\"3\""], 3, Some(3)),
            (vec!["\"1\", \"2\""], 3, Some(1)),
            (vec!["*"], 7, Some(7)),
            (vec![" * "], 7, Some(7)),
            (vec![], 3, None),
            (vec![""], 3, None),
            (vec!["\"x\""], 3, None),
            (vec!["\"x\", \"3\""], 3, Some(3)),
            (vec![",\"3\", ,"], 3, Some(3)),
            (vec!["W/\"3-gzip\""], 4, Some(3)),
            (vec!["\"*\""], 3, None),
            (vec!["\"-3\""], 3, None),
        ] {
            let mut headers = HeaderMap::new();
            for value in &given {
                headers.append(header::IF_MATCH, HeaderValue::from_static(value));
            }
            let seen = if_match(&headers).ok();
            assert_eq!(seen.map(|seen| seen.expected(revision)), expected, "{given:?}");
        }
    }

    #[test]
    fn a_merge_patch_replaces_adds_and_removes() {
        let mut target = json!({"title": {"de": "a", "en": "b"}, "ends_at": "x", "services": ["a"]});
        merge(
            &mut target,
            json!({"title": {"en": null, "tr": "c"}, "ends_at": null, "services": ["b"]}),
        );
        assert_eq!(target, json!({"title": {"de": "a", "tr": "c"}, "services": ["b"]}));
    }
}
