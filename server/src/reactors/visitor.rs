//! Reads what is on the net the way a visitor's browser does, from where this server stands.

use std::time::Duration;

use axum::body::Body;
use domain::words::ObstacleKind;
use http_body_util::{BodyExt, Limited};
use hyper::{
    HeaderMap, Request, StatusCode,
    header::{ACCEPT, LOCATION, USER_AGENT},
};
use store::arrivals::Obstacle;
use tokio::{sync::OnceCell, time::timeout};
use url::Url;

use super::{
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

/// Reads as a visitor does.
#[derive(Debug)]
pub(crate) struct Visitor {
    /// The address under which people reach this server, without a slash at the end.
    own: String,
    /// Where others' pages may lie.
    network: Network,
    /// For what is this server's own, wherever its operator says that it is.
    near: OnceCell<Client>,
    far: OnceCell<Client>,
}

/// What has come, and from where in the end.
pub(crate) struct Came {
    pub(crate) address: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Visitor {
    /// It looks at pages in this network, and at what this server answers under its public address.
    pub(crate) fn new(own: String, network: Network) -> Self {
        Self {
            own,
            network,
            near: OnceCell::new(),
            far: OnceCell::new(),
        }
    }

    /// The address under which people reach this server, without a slash at the end.
    pub(crate) fn own(&self) -> &str {
        &self.own
    }

    /// Reads what is at an address, or where that leads.
    pub(crate) async fn get(&self, address: &str) -> Result<Came, Obstacle> {
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
                let (head, body) = response.into_parts();
                let body = Limited::new(body, LARGEST).collect().await;
                let body = body.map_err(|error| unreachable(reasons(&*error)))?.to_bytes().to_vec();
                return Ok(Came {
                    address: url,
                    headers: head.headers,
                    body,
                });
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

/// Whether it is a loader, of whatever release.
pub(crate) fn is_loader(body: &[u8]) -> bool {
    body.windows(LOADER.len()).any(|bytes| bytes == LOADER)
}

/// Something that was met on the way, in words that are short enough to keep.
pub(crate) fn met(kind: ObstacleKind, at: &str, detail: String) -> Obstacle {
    // Somebody else may have written it.
    let short = |text: &str| text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    Obstacle {
        kind,
        at: short(at),
        detail: short(&detail),
    }
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
