//! What the server reads of itself: the same answers as anybody gets, as files for a mirror.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use bytes::Bytes;
use tower::Service;

use super::router::Everything;
use crate::{
    document::Document,
    show::{Windows, snapshot::Snapshot},
};
use engine::Publisher;

impl Everything {
    /// What is shown on each portal.
    pub(crate) fn windows(&self) -> &Windows {
        &self.site.windows
    }

    /// What is known.
    pub(crate) fn publisher(&self) -> &Publisher {
        &self.site.publisher
    }

    /// What anybody gets who reads this path, plain and whole.
    pub(crate) async fn read(&self, path: &str) -> File {
        let request = Request::get(path).header(header::HOST, "localhost").body(Body::empty());
        let Ok(request) = request else { return File::missing() };
        let Ok(response) = self.router.clone().call(request).await;
        let (head, body) = response.into_parts();
        let text = |name| {
            head.headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        // Bodies come from memory, and none of those that are read here is endless.
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        File {
            status: head.status.as_u16(),
            content_type: text(header::CONTENT_TYPE),
            cache_control: text(header::CACHE_CONTROL),
            body,
        }
    }

    /// The document of a portal and the loader that carries it, both as they were at one moment.
    pub(crate) fn beginnings(&self, shown: &Snapshot) -> [(&'static str, File); 2] {
        let has_notices = !shown.state.notices.is_empty();
        let loader = shown.loader(|json| self.site.loader.with_state(json, has_notices));
        [("state.json", File::of(&shown.json)), ("umleitung.js", File::of(loader))]
    }
}

/// An answer as a file.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// 200: there is one.
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) cache_control: String,
    pub(crate) body: Bytes,
}

impl File {
    fn missing() -> Self {
        Self {
            status: StatusCode::NOT_FOUND.as_u16(),
            content_type: String::new(),
            cache_control: String::new(),
            body: Bytes::new(),
        }
    }

    /// A document of this server's own, for nobody to keep.
    pub(crate) fn of_json(body: Vec<u8>) -> Self {
        Self {
            status: StatusCode::OK.as_u16(),
            content_type: "application/json".to_owned(),
            cache_control: "no-cache".to_owned(),
            body: body.into(),
        }
    }

    fn of(document: &Document) -> Self {
        let text = |name| {
            let value = document.plain_headers.get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        Self {
            status: StatusCode::OK.as_u16(),
            content_type: text(header::CONTENT_TYPE),
            cache_control: text(header::CACHE_CONTROL),
            body: document.plain.clone(),
        }
    }
}
