//! Looks where people look, the way their browsers do: the portal's page, the loader that its tag leads to, the documents behind that.

use std::{collections::BTreeSet, time::Duration};

use axum::body::Body;
use domain::words::{ObstacleKind, PlaceKind};
use futures::future::join_all;
use http_body_util::{BodyExt, Limited};
use hyper::{
    Request, StatusCode,
    header::{ACCEPT, LOCATION, USER_AGENT},
};
use store::arrivals::{Look, Obstacle};
use tag::{Found, Tag};
use tokio::{sync::OnceCell, time::timeout};
use url::Url;

use super::marks::Seen;
use crate::reactors::{
    client::{Client, Connections, client},
    network::{Network, Refused},
    reasons::reasons,
};

/// For how long one answer is waited for, all of it included.
const PATIENCE: Duration = Duration::from_secs(8);

/// So often an answer may lead elsewhere.
const REDIRECTS: usize = 5;

/// No page of a portal and no document is larger.
const LARGEST: usize = 2 * 1024 * 1024;

/// What each loader holds, that of any release: the name of the element that it makes.
const LOADER: &[u8] = b"umleitung-notice";

/// The longest that is kept of what others write, in characters.
const LONGEST: usize = 300;

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
    /// The address under which people reach this server, without a slash at the end.
    own: String,
    /// Where others' pages may lie.
    network: Network,
    /// For what is this server's own, wherever its operator says that it is.
    near: OnceCell<Client>,
    far: OnceCell<Client>,
}

/// What has come, and from where in the end.
struct Came {
    address: Url,
    body: Vec<u8>,
}

impl Eyes {
    pub(super) fn new(own: String, network: Network) -> Self {
        Self {
            own,
            network,
            near: OnceCell::new(),
            far: OnceCell::new(),
        }
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
            let came = self.get(sought.page).await?;
            let tag = match tag::find(&came.body, &came.address, sought.portal) {
                Found::Tag(tag) => tag,
                Found::OtherPortal(other) => return Err(met(ObstacleKind::OtherPortal, came.address.as_str(), other)),
                Found::Nothing => return Err(met(ObstacleKind::NoTag, came.address.as_str(), String::new())),
            };
            let tag = &*led.insert(tag);
            let loader = self.get(tag.loader.as_str()).await?;
            let is_one = loader.body.windows(LOADER.len()).any(|bytes| bytes == LOADER);
            if !is_one {
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
        let address = document_of(&self.own, sought.portal);
        let seen = self.document(&self.own, sought.portal).await;
        let seen = seen.map(|seen| (seen.marks(), address));
        judged(PlaceKind::Documents, self.own.clone(), seen, sought.marks)
    }

    async fn document(&self, server: &str, portal: &str) -> Result<Seen, Obstacle> {
        let address = document_of(server, portal);
        let came = self.get(&address).await?;
        let seen = Seen::read(&came.body).ok_or_else(|| met(ObstacleKind::Unreadable, &address, String::new()))?;
        own(seen, portal, &address)
    }

    /// Reads what is at an address, or where that leads.
    async fn get(&self, address: &str) -> Result<Came, Obstacle> {
        let unreachable = |detail: String| met(ObstacleKind::Unreachable, address, detail);
        match timeout(PATIENCE, self.follow(address)).await {
            Ok(came) => came,
            Err(_) => Err(unreachable(format!("no answer within {} seconds", PATIENCE.as_secs()))),
        }
    }

    async fn follow(&self, address: &str) -> Result<Came, Obstacle> {
        let unreachable = |detail: String| met(ObstacleKind::Unreachable, address, detail);
        let mut url: Url = address.parse().map_err(|error: url::ParseError| unreachable(error.to_string()))?;
        for _ in 0..=REDIRECTS {
            let request = Request::get(url.as_str())
                .header(ACCEPT, "*/*")
                .header(USER_AGENT, concat!("Umleitung/", env!("CARGO_PKG_VERSION")))
                .body(Body::empty())
                .map_err(|error| unreachable(error.to_string()))?;
            let client = self.client(&url).await.map_err(|error| unreachable(error.to_string()))?;
            let response = client.request(request).await.map_err(|error| {
                let refused = refused(&error);
                let kind = refused.map_or(ObstacleKind::Unreachable, |_| ObstacleKind::NotAllowed);
                met(kind, url.as_str(), reasons(&error))
            })?;
            let status = response.status();
            if status == StatusCode::OK {
                let body = Limited::new(response.into_body(), LARGEST).collect().await;
                let body = body.map_err(|error| unreachable(reasons(&*error)))?.to_bytes().to_vec();
                return Ok(Came { address: url, body });
            }
            let leads = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            match leads.filter(|_| status.is_redirection()).and_then(|leads| url.join(leads).ok()) {
                Some(leads) => url = leads,
                None => return Err(met(ObstacleKind::Status, url.as_str(), status.as_u16().to_string())),
            }
        }
        Err(unreachable("it leads from one address to the next".to_owned()))
    }

    /// The client for an address.
    async fn client(&self, url: &Url) -> std::io::Result<&Client> {
        let is_own = Url::parse(&self.own).is_ok_and(|own| own.origin() == url.origin());
        let (place, network) = if is_own {
            (&self.near, Network::anywhere())
        } else {
            (&self.far, self.network.clone())
        };
        place
            .get_or_try_init(|| std::future::ready(client(network, Connections::Fresh)))
            .await
    }
}

/// The document of a portal below this address.
fn document_of(server: &str, portal: &str) -> String {
    format!("{server}/p/{portal}/state.json")
}

fn met(kind: ObstacleKind, at: &str, detail: String) -> Obstacle {
    // Somebody else may have written it.
    let short = |text: &str| text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    Obstacle {
        kind,
        at: short(at),
        detail: short(&detail),
    }
}

/// A document, if it is this portal's.
fn own(seen: Seen, portal: &str, at: &str) -> Result<Seen, Obstacle> {
    if seen.portal == portal {
        return Ok(seen);
    }
    Err(met(ObstacleKind::OtherPortal, at, seen.portal))
}

/// Whether it was this server that would not go there.
fn refused(error: &(dyn std::error::Error + 'static)) -> Option<Refused> {
    let mut next = Some(error);
    while let Some(error) = next {
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(refused) = inner.and_then(|inner| inner.downcast_ref::<Refused>()) {
            return Some(*refused);
        }
        next = error.source();
    }
    None
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
