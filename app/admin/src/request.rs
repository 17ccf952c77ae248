//! How this page asks the server, and what of an answer is a failure.

use api::{Call, Problem};
use gloo_net::http::{Method, RequestBuilder, Response};
use serde::de::DeserializeOwned;

use crate::failure::Failure;

/// A header with its value.
pub(crate) type Header<'a> = (&'static str, &'a str);

/// What is asked, with the gaps of its path filled in and whatever stands behind a question mark.
pub(crate) struct Asked<'a> {
    call: Call,
    gaps: &'a [&'a str],
    query: String,
}

impl From<Call> for Asked<'_> {
    fn from(call: Call) -> Self {
        Self::about(call, &[])
    }
}

impl<'a> Asked<'a> {
    pub(crate) const fn about(call: Call, gaps: &'a [&'a str]) -> Self {
        Self::with(call, gaps, String::new())
    }

    /// `query` begins with its question mark, if there is anything in it.
    pub(crate) const fn with(call: Call, gaps: &'a [&'a str], query: String) -> Self {
        Self { call, gaps, query }
    }

    pub(crate) fn narrowed(call: Call, query: &str) -> Self {
        Self::with(call, &[], format!("?{query}"))
    }
}

/// What is sent.
pub(crate) enum Body {
    Json(String),
    Pdf(web_sys::File),
}

pub(crate) async fn send(asked: Asked<'_>, body: Option<Body>, headers: &[Header<'_>]) -> Result<Response, Failure> {
    let path = asked.call.path().with(asked.gaps) + &asked.query;
    let method = match asked.call.method() {
        api::Method::Get => Method::GET,
        api::Method::Post => Method::POST,
        api::Method::Put => Method::PUT,
        api::Method::Patch => Method::PATCH,
        api::Method::Delete => Method::DELETE,
    };
    let mut builder = RequestBuilder::new(&path).method(method.clone());
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    let request = match body {
        Some(Body::Json(body)) => builder.header("Content-Type", "application/json").body(body),
        Some(Body::Pdf(file)) => builder.header("Content-Type", "application/pdf").body(file),
        // What everybody reads may be some seconds old; the rest is kept nowhere, and may have come beside this program: see `FIRST_ASKED`.
        None if asked.call == Call::State => builder.cache(web_sys::RequestCache::NoCache).build(),
        None if method == Method::GET => builder.build(),
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

pub(crate) async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Failure> {
    let text = text(response).await?;
    serde_json::from_str(&text).map_err(|fault| {
        leptos::logging::error!("unreadable answer: {fault}");
        Failure::NoAnswer
    })
}

/// An answer as it came.
pub(crate) async fn text(response: Response) -> Result<String, Failure> {
    response.text().await.map_err(|_| Failure::NoAnswer)
}

pub(crate) async fn get<T: DeserializeOwned>(asked: impl Into<Asked<'_>>) -> Result<T, Failure> {
    read(send(asked.into(), None, &[]).await?).await
}
