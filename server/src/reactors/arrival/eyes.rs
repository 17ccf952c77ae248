//! Looks where people look, the way their browsers do: the portal's page, the loader that its tag leads to, the documents behind that.

use std::{collections::BTreeSet, sync::Arc};

use domain::words::{ObstacleKind, PlaceKind};
use futures::future::join_all;
use store::arrivals::{Look, Obstacle};
use tag::{Found, Tag};

use super::marks::Seen;
use crate::reactors::visitor::{Visitor, is_loader, met};

/// A portal, and what is to be seen there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sought<'a> {
    pub(super) portal: &'a str,
    /// Its page, by the catalogue.
    pub(super) page: &'a str,
    pub(super) marks: &'a BTreeSet<String>,
}

/// Looks.
#[derive(Debug)]
pub(super) struct Eyes {
    visitor: Arc<Visitor>,
}

impl Eyes {
    pub(super) const fn new(visitor: Arc<Visitor>) -> Self {
        Self { visitor }
    }

    /// Looks at all places of a portal.
    pub(super) async fn look(&self, sought: Sought<'_>) -> Vec<Look> {
        let documents = self.documents(sought);
        let page = async {
            let (page, tag) = self.page(sought).await;
            let mirrors = tag.map(|tag| tag.mirrors).unwrap_or_default();
            let mirrors = mirrors.iter().map(|mirror| self.mirror(sought, mirror));
            let mut looks = vec![page];
            looks.extend(join_all(mirrors).await);
            looks
        };
        let (mut looks, documents) = futures::join!(page, documents);
        looks.push(documents);
        looks
    }

    /// The page of the portal, and what a visitor gets by its tag.
    async fn page(&self, sought: Sought<'_>) -> (Look, Option<Tag>) {
        let mut led = None;
        let seen = async {
            let came = self.visitor.get(sought.page).await?;
            let tag = match tag::find(&came.body, &came.address, sought.portal) {
                Found::Tag(tag) => tag,
                Found::OtherPortal(other) => return Err(met(ObstacleKind::OtherPortal, came.address.as_str(), other)),
                Found::Nothing => return Err(met(ObstacleKind::NoTag, came.address.as_str(), String::new())),
            };
            let tag = &*led.insert(tag);
            let loader = self.visitor.get(tag.loader.as_str()).await?;
            if !is_loader(&loader.body) {
                return Err(met(ObstacleKind::Unreadable, tag.loader.as_str(), String::new()));
            }
            // One that carries nothing asks for the document.
            let carried = Seen::carried(&loader.body);
            let document = self.document(&tag.server, sought.portal).await?;
            let seen = document.marks();
            if let Some(carried) = carried {
                let carried = own(carried, sought.portal, tag.loader.as_str())?.marks();
                // What is old is told of the place that is.
                if carried != *sought.marks {
                    return Ok((carried, tag.loader.to_string()));
                }
            }
            Ok((seen, document_of(&tag.server, sought.portal)))
        };
        let seen = seen.await;
        (judged(PlaceKind::Page, sought.page.to_owned(), seen, sought.marks), led)
    }

    async fn mirror(&self, sought: Sought<'_>, mirror: &str) -> Look {
        let address = document_of(mirror, sought.portal);
        let seen = self.document(mirror, sought.portal).await;
        let seen = seen.map(|seen| (seen.marks(), address));
        judged(PlaceKind::Mirror, mirror.to_owned(), seen, sought.marks)
    }

    /// What this server answers to the world.
    async fn documents(&self, sought: Sought<'_>) -> Look {
        let address = document_of(self.visitor.own(), sought.portal);
        let seen = self.document(self.visitor.own(), sought.portal).await;
        let seen = seen.map(|seen| (seen.marks(), address));
        judged(PlaceKind::Documents, self.visitor.own().to_owned(), seen, sought.marks)
    }

    async fn document(&self, server: &str, portal: &str) -> Result<Seen, Obstacle> {
        let address = document_of(server, portal);
        let came = self.visitor.get(&address).await?;
        let seen = Seen::read(&came.body).ok_or_else(|| met(ObstacleKind::Unreadable, &address, String::new()))?;
        own(seen, portal, &address)
    }
}

/// The document of a portal below this address.
fn document_of(server: &str, portal: &str) -> String {
    format!("{server}/p/{portal}/state.json")
}

/// A document, if it is this portal's.
fn own(seen: Seen, portal: &str, at: &str) -> Result<Seen, Obstacle> {
    if seen.portal == portal {
        return Ok(seen);
    }
    Err(met(ObstacleKind::OtherPortal, at, seen.portal))
}

/// What a look has brought, held against what was to be seen.
fn judged(kind: PlaceKind, address: String, seen: Result<(BTreeSet<String>, String), Obstacle>, sought: &BTreeSet<String>) -> Look {
    let (seen, obstacle) = match seen {
        Ok((seen, _)) if seen == *sought => (seen, None),
        Ok((seen, at)) => {
            // Of what it shows beside, that there is something is all that is kept.
            let mut known: BTreeSet<String> = seen.intersection(sought).cloned().collect();
            if seen.iter().any(|mark| !sought.contains(mark)) {
                known.insert(String::new());
            }
            (known, Some(met(ObstacleKind::Old, &at, String::new())))
        }
        Err(obstacle) => (BTreeSet::new(), Some(obstacle)),
    };
    Look {
        kind,
        address,
        obstacle,
        seen,
    }
}
