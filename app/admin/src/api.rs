//! The management API as this page uses it.

use ::api::Problem;
use domain::{
    access::{Grants, Role},
    catalogue::Catalogue,
    notice::Notice,
};
use gloo_net::http::{Method, RequestBuilder, Response};
use jiff::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use view::Messages;
use wire::PublicState;

use crate::failure::Failure;

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Session {
    pub(crate) name: String,
    /// The highest role that they hold anywhere.
    pub(crate) role: Role,
    pub(crate) grants: Grants,
}

/// A page of notices, newest first, and the server's clock.
#[derive(Debug, Deserialize)]
pub(crate) struct Listing {
    pub(crate) notices: Vec<Notice>,
    pub(crate) now: Timestamp,
    /// Where the next page begins.
    #[serde(default)]
    next: Option<String>,
}

/// One thing that is wrong with the server.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Condition {
    pub(crate) code: String,
    pub(crate) since: Timestamp,
    /// What is wrong, in English.
    pub(crate) sentence: String,
    pub(crate) detail: String,
}

#[derive(Deserialize)]
struct Health {
    conditions: Vec<Condition>,
}

/// A header with its value.
type Header<'a> = (&'static str, &'a str);

async fn call(method: Method, path: &str, body: Option<&Value>, headers: &[Header<'_>]) -> Result<Response, Failure> {
    let mut builder = RequestBuilder::new(path)
        .method(method.clone())
        .header("Accept", "application/json");
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    let request = match body {
        Some(body) => builder.header("Content-Type", "application/json").body(body.to_string()),
        None if method == Method::GET => builder.cache(web_sys::RequestCache::NoCache).build(),
        None => builder.header("Content-Type", "application/json").build(),
    };
    let response = request
        .map_err(|_| Failure::NoAnswer)?
        .send()
        .await
        .map_err(|_| Failure::NoAnswer)?;
    match response.status() {
        200..300 => Ok(response),
        401 => Err(Failure::SignedOut),
        412 => Err(Failure::Stale),
        status => {
            let text = response.text().await.unwrap_or_default();
            let mut problem: Problem = serde_json::from_str(&text).unwrap_or_default();
            problem.status = status;
            Err(Failure::Refused(problem))
        }
    }
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Failure> {
    let text = response.text().await.map_err(|_| Failure::NoAnswer)?;
    serde_json::from_str(&text).map_err(|fault| {
        leptos::logging::error!("unreadable answer: {fault}");
        Failure::NoAnswer
    })
}

async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    read(call(Method::GET, path, None, &[]).await?).await
}

async fn post<T: DeserializeOwned>(path: &str, body: &Value, headers: &[Header<'_>]) -> Result<T, Failure> {
    read(call(Method::POST, path, Some(body), headers).await?).await
}

/// The header by which the server knows what it has done already, however often it is sent.
const ONCE: &str = "Idempotency-Key";

pub(crate) async fn session() -> Result<Session, Failure> {
    get("/api/v1/session").await
}

pub(crate) async fn sign_in(name: &str, password: &str) -> Result<Session, Failure> {
    post("/api/v1/session", &serde_json::json!({"name": name, "password": password}), &[]).await
}

pub(crate) async fn sign_out() -> Result<(), Failure> {
    call(Method::DELETE, "/api/v1/session", None, &[]).await.map(drop)
}

/// Makes the first account, with the token of the one-time link.
pub(crate) async fn set_up(token: &str, name: &str, password: &str) -> Result<(), Failure> {
    let body = serde_json::json!({"token": token, "name": name, "password": password});
    call(Method::POST, "/api/v1/setup", Some(&body), &[]).await.map(drop)
}

pub(crate) async fn catalogue() -> Result<Catalogue, Failure> {
    get("/api/v1/catalogue").await
}

/// Drafts and what is not over, all of it.
pub(crate) async fn open_notices() -> Result<Listing, Failure> {
    let mut all: Listing = get("/api/v1/notices?open=true&limit=500").await?;
    while let Some(after) = all.next.take() {
        let page: Listing = get(&format!("/api/v1/notices?open=true&limit=500&after={after}")).await?;
        all.notices.extend(page.notices);
        all.next = page.next;
    }
    Ok(all)
}

/// The newest notices that are over.
pub(crate) async fn past_notices() -> Result<Listing, Failure> {
    get("/api/v1/notices?stage=past").await
}

pub(crate) async fn notice(id: &str) -> Result<Notice, Failure> {
    get(&format!("/api/v1/notices/{id}")).await
}

/// Creates a notice; the same key makes it once, however often it is sent.
pub(crate) async fn create(content: &Value, key: &str) -> Result<Notice, Failure> {
    post("/api/v1/notices", content, &[(ONCE, key)]).await
}

/// Changes fields of a notice; fails as [`Failure::Stale`] when it is no longer at this revision.
pub(crate) async fn patch(id: &str, revision: u32, changes: &Value) -> Result<Notice, Failure> {
    let seen = format!("\"{revision}\"");
    read(
        call(
            Method::PATCH,
            &format!("/api/v1/notices/{id}"),
            Some(changes),
            &[("If-Match", &seen)],
        )
        .await?,
    )
    .await
}

/// Adds an update (`updates`) or makes a transition (`publish`, `extend`, …).
pub(crate) async fn act(id: &str, action: &str, body: &Value, key: &str) -> Result<Notice, Failure> {
    post(&format!("/api/v1/notices/{id}/{action}"), body, &[(ONCE, key)]).await
}

/// What a draft would look like. Nothing is stored.
pub(crate) async fn preview(content: &Value) -> Result<PublicState, Failure> {
    post("/api/v1/preview", content, &[]).await
}

/// The words with which portals tell notices in a language; those of a wider or another one where it has none.
pub(crate) async fn messages(language: &str) -> Result<Messages, Failure> {
    // No release has this name, so the server answers with those of its own.
    get(&format!("/assets/current/messages/{language}.json")).await
}

/// What is wrong with the server now.
pub(crate) async fn conditions() -> Result<Vec<Condition>, Failure> {
    get::<Health>("/api/v1/health").await.map(|health| health.conditions)
}

/// What a portal shows right now.
pub(crate) async fn portal_state(portal: &str) -> Result<PublicState, Failure> {
    get(&format!("/p/{portal}/state.json")).await
}
