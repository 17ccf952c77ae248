//! What people read without JavaScript: pages made of the view that the widget mounts. Each is rendered by its first reader, outside of
//! the publisher's locks, and kept while it is true; [`Visit`] is the way that all of them take.

mod fallback;
mod fragment;
mod frame;
mod hint;
mod history;
mod language;
mod nowhere;
mod permanent;
mod sample;
mod shelf;
mod status;

use std::sync::Arc;

use axum::{
    extract::{self, FromRequestParts},
    http::{HeaderMap, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use domain::{catalogue::Portal, project::next_words_of, state::State, text::Language, words::PortalId};
use jiff::Timestamp;
use view::{Messages, Reader, for_any_day};
use wire::PublicState;

pub(crate) use self::shelf::Shelf;
pub(super) use self::{
    fallback::{fallback, unavailable},
    fragment::fragment,
    hint::hint,
    history::history,
    nowhere::{front, nowhere},
    permanent::permanent,
    sample::sample,
    status::status,
};
use super::{Site, portal::named, problem::Problem, serving::public};
use crate::{
    assets,
    snapshot::{Delivery, Document},
};

/// As long-lived as the state; an answer may outlive this server's trouble by a day.
const CACHE: &str = "public, max-age=5, stale-if-error=86400";

const HTML: Delivery = Delivery {
    content_type: "text/html; charset=utf-8",
    cache: CACHE,
};

/// A rendered page.
pub(crate) struct Page {
    document: Document,
    /// When its words change by time; `None`: not before something happens.
    until: Option<Timestamp>,
    /// The earliest known end of a current notice, for answers that say when to come again.
    retry_at: Option<Timestamp>,
}

/// A request for a page of a portal that there is.
pub(super) struct Visit {
    site: Arc<Site>,
    portal: PortalId,
    /// The language in which it is answered, one of the portal's.
    language: String,
    query: Query,
    headers: HeaderMap,
    /// The way from the page to the portal's address: links are relative, also on a page that there is not.
    up: String,
}

/// What stands behind the question mark, name by name.
type Query = Vec<(String, String)>;

impl FromRequestParts<Arc<Site>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Response> {
        let portal = named(parts.uri.path());
        let shown = PortalId::parse(portal).ok().zip(site.publisher.snapshot(portal));
        let Some((portal, snapshot)) = shown else {
            return Err(nowhere::instead(site, parts, Problem::no_portal(portal)));
        };
        let query = query(&parts.uri);
        Ok(Self {
            site: site.clone(),
            portal,
            language: language::choose(&snapshot.state.languages, asked(&query, "lang"), &parts.headers),
            up: frame::way_up(parts.uri.path().split('/').skip(4).count()),
            headers: std::mem::take(&mut parts.headers),
            query,
        })
    }
}

/// The query of an address; one that nobody can read is none.
fn query(uri: &Uri) -> Query {
    extract::Query::try_from_uri(uri).map_or_else(|_| Query::new(), |extract::Query(query)| query)
}

/// What is asked for by a name. No such value ever gets into a page.
fn asked<'a>(query: &'a Query, name: &str) -> Option<&'a str> {
    query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

impl Visit {
    /// The page at this path: kept, or made now; `None`: there is none.
    async fn page(&self, path: &str, make: impl FnOnce(&Scene) -> Option<Page> + Send + 'static) -> Option<Arc<Page>> {
        let key = shelf::Key {
            path: path.to_owned(),
            language: self.language.clone(),
        };
        // The edition first: a page may be newer than it says, never older.
        let edition = || self.site.publisher.edition(self.portal.as_str());
        let now = || self.site.publisher.present().1;
        if let Some(page) = self.site.pages.find(&self.portal, &key, edition()?, now()) {
            return Some(page);
        }
        let hand = self.site.pages.hands.clone().acquire_owned().await.ok()?;
        let edition = edition()?;
        // Someone who came before may have made it meanwhile.
        if let Some(page) = self.site.pages.find(&self.portal, &key, edition, now()) {
            return Some(page);
        }
        let scene = Scene::new(&self.site, &self.portal, &self.language)?;
        let since = scene.now;
        let (site, portal) = (self.site.clone(), self.portal.clone());
        // What is begun is finished and kept, also when its reader has gone.
        let made = tokio::task::spawn_blocking(move || {
            let page = make(&scene).map(Arc::new);
            if let Some(page) = &page {
                site.pages.put(&portal, key, (edition, since), page.clone());
            }
            drop(hand);
            page
        });
        made.await.ok().flatten()
    }

    /// Answers with the page at this path, or with one that says that there is none.
    async fn answer(&self, path: &str, missing: Missing, make: impl FnOnce(&Scene) -> Option<Page> + Send + 'static) -> Response {
        match self.page(path, make).await {
            Some(page) => public(&self.headers, &page.document),
            None => self.missing(missing),
        }
    }

    /// Not kept: there are endlessly many pages that there are not.
    fn missing(&self, what: Missing) -> Response {
        let Some(scene) = Scene::new(&self.site, &self.portal, &self.language) else {
            return Problem::no_portal(self.portal.as_str()).into_response();
        };
        let key = match what {
            Missing::Page => "missing",
            Missing::Notice => "missing.notice",
        };
        let body = format!(
            "<h1>{}</h1><p>{}</p><p class=\"more\"><a href=\"{up}{query}\">{}</a></p><p class=\"more\"><a href=\"{up}history{query}\">{}</a></p>",
            scene.word(key),
            scene.word(&format!("{key}.text")),
            scene.word("to_status"),
            scene.word("to_history"),
            up = self.up,
            query = scene.query(),
        );
        unkept(StatusCode::NOT_FOUND, &scene.frame(&self.up, "", &scene.word(key), &body))
    }
}

/// A page that is made for each request, such as one that says that there is none.
fn unkept(status: StatusCode, document: &Document) -> Response {
    let mut response = public(&HeaderMap::new(), document);
    *response.status_mut() = status;
    response.headers_mut().remove(header::ETAG);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, header::HeaderValue::from_static("public, max-age=5"));
    response
}

/// What it is that there is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    Page,
    Notice,
}

/// All that a page is made of, taken at one moment. Publishing goes on while it is held.
struct Scene {
    state: Arc<State>,
    now: Timestamp,
    portal: Portal,
    public_url: String,
    /// Words of the frame.
    words: Messages,
    reader: Reader,
}

impl Scene {
    fn new(site: &Site, portal: &PortalId, language: &str) -> Option<Self> {
        let (state, now) = site.publisher.present();
        let portal = state.portal(portal)?.clone();
        Some(Self {
            state,
            now,
            portal,
            public_url: site.public_url.clone(),
            words: language::frame_words(language),
            reader: reader(language, now),
        })
    }

    /// A word of the frame, ready for a page.
    fn word(&self, key: &str) -> String {
        frame::escape(language::word(&self.words, key))
    }

    /// Keeps the chosen language in links.
    fn query(&self) -> String {
        format!("?lang={}", frame::escape(&self.reader.lang))
    }

    /// When a page about this document has to be told anew.
    fn until(&self, document: &PublicState) -> Option<Timestamp> {
        next_words_of(&self.state, &self.portal.id, document, self.now)
    }

    fn page(&self, document: Document, about: &PublicState) -> Page {
        Page {
            document,
            until: self.until(about),
            retry_at: None,
        }
    }

    /// Where the clocks are by which the page tells times, since its readers may be anywhere.
    fn zone(&self) -> String {
        let city = self.portal.time_zone.rsplit('/').next().unwrap_or_default().replace('_', " ");
        let zone = language::word(&self.reader.words, "zone").replace("{}", &city);
        format!("<p class=\"zone\">{}</p>", frame::escape(&zone))
    }

    /// The portal's name in the language of the page, else in any.
    fn name(&self) -> String {
        let language = Language::parse(&self.reader.lang);
        frame::escape(language.as_ref().map_or("", |language| self.portal.name.get_or_any(language)))
    }
}

fn reader(language: &str, now: Timestamp) -> Reader {
    Reader {
        lang: language.to_owned(),
        now: now.as_second(),
        words: for_any_day(assets::messages(language)),
        ..Reader::default()
    }
}

/// Whatever else is asked of a portal.
pub(super) async fn missing(visit: Visit, uri: Uri) -> Response {
    nowhere::as_meant(&visit.site, &uri).unwrap_or_else(|| visit.missing(Missing::Page))
}
