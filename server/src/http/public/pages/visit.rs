//! The way that all pages of a portal take: from the request to the page, kept or made now.

use std::{sync::Arc, time::Duration};

use api::ProblemKind;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, Uri, request::Parts},
    response::{IntoResponse, Response},
};
use domain::words::PortalId;
use tokio::{sync::OwnedSemaphorePermit, time::timeout};

use super::{
    frame, language, nowhere,
    page::{Page, unkept},
    page_cache,
    query::{Query, asked, query},
    scene::Scene,
};
use crate::http::{
    answer::{
        problem::{Problem, nothing_here},
        serving::public,
    },
    ask::portal::named,
    site::Site,
};

/// For how long one waits for one's turn to have a page made that takes long.
const PATIENCE: Duration = Duration::from_secs(20);

/// A request for a page of a portal that there is.
pub(crate) struct Visit {
    pub(crate) site: Arc<Site>,
    pub(crate) portal: PortalId,
    /// The language in which it is answered, one of the portal's.
    pub(crate) language: String,
    pub(crate) query: Query,
    pub(crate) headers: HeaderMap,
    /// The way from the page to the portal's address: links are relative, also on a page that there is not.
    pub(crate) up: String,
}

impl FromRequestParts<Arc<Site>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Response> {
        let portal = named(parts.uri.path());
        let shown = PortalId::parse(portal).ok().zip(site.windows.snapshot(portal));
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

impl Visit {
    /// To a portal for what no page is: in the language that is asked for by name, else in the portal's. `None`: there is no such portal.
    pub(crate) fn to(site: Arc<Site>, portal: &str, uri: &Uri, headers: HeaderMap) -> Option<Self> {
        let (portal, snapshot) = PortalId::parse(portal).ok().zip(site.windows.snapshot(portal))?;
        let query = query(uri);
        let language = language::choose(&snapshot.state.languages, asked(&query, "lang"), &HeaderMap::new());
        Some(Self {
            site,
            portal,
            language,
            query,
            headers,
            up: String::new(),
        })
    }

    /// What is asked for by a name behind the question mark.
    pub(crate) fn asked(&self, name: &str) -> Option<&str> {
        asked(&self.query, name)
    }

    /// The page at this path: kept, or made now; `None`: there is none.
    pub(crate) async fn page(&self, path: &str, make: impl FnOnce(&Scene) -> Option<Page> + Send + 'static) -> Option<Arc<Page>> {
        let key = self.key(path);
        if let Kept::Page(page) = self.kept(&key)? {
            return Some(page);
        }
        let permit = self.site.pages.renderings.clone().acquire_owned().await.ok()?;
        // Someone who came before may have made it meanwhile.
        match self.kept(&key)? {
            Kept::Page(page) => Some(page),
            Kept::Nothing { edition } => self.made(key, edition, permit, make).await,
        }
    }

    /// The same of what takes a look into the database first: one at a time, and no other page waits for it.
    pub(crate) async fn page_with<T: Send + 'static>(
        &self,
        path: &str,
        look: impl AsyncFnOnce() -> Result<T, Problem>,
        make: impl FnOnce(&Scene, T) -> Option<Page> + Send + 'static,
    ) -> Result<Option<Arc<Page>>, Problem> {
        let key = self.key(path);
        if let Some(Kept::Page(page)) = self.kept(&key) {
            return Ok(Some(page));
        }
        let Ok(_turn) = timeout(PATIENCE, self.site.turns.reporting.acquire()).await else {
            return Err(Problem::new(
                ProblemKind::Unavailable,
                "Others are reading reports; try again in a moment.",
            ));
        };
        let edition = match self.kept(&key) {
            None => return Ok(None),
            Some(Kept::Page(page)) => return Ok(Some(page)),
            Some(Kept::Nothing { edition }) => edition,
        };
        let found = look().await?;
        let Ok(permit) = self.site.pages.renderings.clone().acquire_owned().await else {
            return Ok(None);
        };
        Ok(self.made(key, edition, permit, move |scene| make(scene, found)).await)
    }

    fn key(&self, path: &str) -> page_cache::Key {
        page_cache::Key {
            path: path.to_owned(),
            language: self.language.clone(),
        }
    }

    /// What is kept of a page; `None`: there is no such portal any more.
    fn kept(&self, key: &page_cache::Key) -> Option<Kept> {
        // The edition first: a page may be newer than it says, never older.
        let edition = self.site.windows.edition(self.portal.as_str())?;
        let (_, now) = self.site.publisher.present();
        let page = self.site.pages.find(&self.portal, key, edition, now);
        Some(page.map_or(Kept::Nothing { edition }, Kept::Page))
    }

    async fn made(
        &self,
        key: page_cache::Key,
        edition: u64,
        permit: OwnedSemaphorePermit,
        make: impl FnOnce(&Scene) -> Option<Page> + Send + 'static,
    ) -> Option<Arc<Page>> {
        let scene = Scene::new(&self.site, &self.portal, &self.language)?;
        let since = scene.now;
        let (site, portal) = (self.site.clone(), self.portal.clone());
        // What is begun is finished and kept, also when its reader has gone.
        let made = tokio::task::spawn_blocking(move || {
            let page = make(&scene).map(Arc::new);
            if let Some(page) = &page {
                site.pages.put(&portal, key, (edition, since), page.clone());
            }
            drop(permit);
            page
        });
        made.await.ok().flatten()
    }

    /// Answers with the page at this path, or with one that says that there is none.
    pub(crate) async fn answer(
        &self,
        path: &str,
        missing: Missing,
        make: impl FnOnce(&Scene) -> Option<Page> + Send + 'static,
    ) -> Response {
        match self.page(path, make).await {
            Some(page) => public(&self.headers, &page.document),
            None => self.missing(missing),
        }
    }

    /// Answers a program with the document at this path, or with a problem.
    pub(crate) async fn answer_program(&self, path: &str, make: impl FnOnce(&Scene) -> Option<Page> + Send + 'static) -> Response {
        match self.page(path, make).await {
            Some(page) => public(&self.headers, &page.document),
            None => nothing_here().await.into_response(),
        }
    }

    /// Not cached: the set of missing pages is unbounded.
    pub(crate) fn missing(&self, what: Missing) -> Response {
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

/// What is kept of a page.
enum Kept {
    Page(Arc<Page>),
    /// It is still to be made, of what had happened on the portal up to this edition.
    Nothing {
        edition: u64,
    },
}

/// Which kind of thing is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    Page,
    Notice,
}
