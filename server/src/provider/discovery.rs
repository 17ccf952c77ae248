//! What a provider says of itself: where people sign in, where codes are taken, with which keys it signs. It is read when it is needed, and kept.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use axum::body::Body;
use http_body_util::{BodyExt, Limited};
use hyper::{Request, header::USER_AGENT};
use openidconnect::{
    AsyncHttpClient, AuthType, ClientId, ClientSecret, HttpRequest, HttpResponse, IssuerUrl,
    core::{CoreClientAuthMethod, CoreProviderMetadata},
};
use tokio::{
    sync::{Mutex, OnceCell},
    time::timeout,
};
use url::Url;

use super::{claims::Asker, failure::ProviderError, settings::ProviderSettings};
use crate::reactors::{Client, Connections, Network, client, reasons};

/// For how long one answer is waited for, all of it included.
const PATIENCE: Duration = Duration::from_secs(8);

/// No answer of a provider is larger, in bytes.
const LARGEST: usize = 1024 * 1024;

/// For so long what a provider says of itself is taken as it was.
const HOLDS: Duration = Duration::from_secs(3_600);

/// So soon a provider is asked for its keys again because of one that is not known.
const NEW_KEYS: Duration = Duration::from_secs(60);

/// So soon one is asked again that has not answered.
const PAUSE: Duration = Duration::from_secs(5);

/// A request that brought nothing.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Silence(String);

/// What is needed of what a provider says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Something,
    /// A key that was not there.
    NewKeys,
}

/// What a provider has said of itself.
#[derive(Debug)]
pub(super) struct Discovered {
    pub(super) client: Asker,
}

/// The last of it, and when it was asked for by a clock that nobody sets.
#[derive(Debug, Default)]
struct Last {
    known: Option<Arc<Discovered>>,
    asked_at: Option<Duration>,
}

/// Asks a provider.
#[derive(Debug)]
pub(super) struct Discovery {
    settings: ProviderSettings,
    last: Mutex<Last>,
    client: OnceCell<Client>,
}

impl Discovery {
    pub(super) fn new(settings: ProviderSettings) -> Self {
        Self {
            settings,
            last: Mutex::default(),
            client: OnceCell::new(),
        }
    }

    /// What the provider says of itself; `now` is of a clock that nobody sets. Where it does not answer, what it has said before counts.
    ///
    /// # Errors
    /// When it has never answered.
    pub(super) async fn known(&self, need: Need, now: Duration) -> Result<Arc<Discovered>, ProviderError> {
        // Whoever comes meanwhile waits for the same answer.
        let mut last = self.last.lock().await;
        let holds = match (need, &last.known) {
            (Need::NewKeys, _) => NEW_KEYS,
            (Need::Something, Some(_)) => HOLDS,
            (Need::Something, None) => PAUSE,
        };
        let is_due = last.asked_at.is_none_or(|at| now.saturating_sub(at) >= holds);
        if is_due {
            // Noted once it has answered or not: whoever goes away meanwhile keeps nobody from asking.
            let discovered = self.discover().await;
            last.asked_at = Some(now);
            match discovered {
                Ok(discovered) => last.known = Some(Arc::new(discovered)),
                Err(error) => tracing::warn!(%error, issuer = self.settings.issuer, "a provider was asked in vain"),
            }
        }
        let silent = || ProviderError::Unreachable("it has not answered yet".to_owned());
        last.known.clone().ok_or_else(silent)
    }

    async fn discover(&self) -> Result<Discovered, ProviderError> {
        let unusable = |error: String| ProviderError::Unusable(error);
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(|error| unusable(reasons(&error)))?;
        let metadata = CoreProviderMetadata::discover_async(issuer, self).await;
        let metadata = metadata.map_err(|error| ProviderError::Unreachable(reasons(&error)))?;
        let places = [
            Some(metadata.authorization_endpoint().url()),
            metadata.token_endpoint().map(|place| place.url()),
            Some(metadata.jwks_uri().url()),
        ];
        if let Some(plain) = places.into_iter().flatten().find(|place| !self.is_safe(place)) {
            return Err(unusable(format!("{plain} is not reached over https")));
        }
        let auth_type = how_it_knows_us(metadata.token_endpoint_auth_methods_supported());
        let secret = self.settings.client_secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.expose().to_owned()));
        let client_id = ClientId::new(self.settings.client_id.clone());
        let client = Asker::from_provider_metadata(metadata, client_id, secret).set_auth_type(auth_type);
        Ok(Discovered { client })
    }

    /// Whether something may be sent there: over TLS, or on a machine whose provider has none.
    fn is_safe(&self, place: &Url) -> bool {
        place.scheme() == "https" || self.settings.is_plain()
    }

    /// Sends a request; redirects are not followed.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Silence> {
        let silence = |error: &(dyn std::error::Error + 'static)| Silence(reasons(error));
        let reach = || std::future::ready(client(Network::anywhere(), Connections::Fresh));
        let client = self.client.get_or_try_init(reach).await.map_err(|error| silence(&error))?;
        let (mut head, body) = request.into_parts();
        let agent = hyper::header::HeaderValue::from_static(concat!("Umleitung/", env!("CARGO_PKG_VERSION")));
        head.headers.insert(USER_AGENT, agent);
        let asking = async {
            let response = client.request(Request::from_parts(head, Body::from(body))).await;
            let (head, body) = response.map_err(|error| silence(&error))?.into_parts();
            let body = Limited::new(body, LARGEST).collect().await.map_err(|error| silence(&*error))?;
            Ok(HttpResponse::from_parts(head, body.to_bytes().to_vec()))
        };
        let late = |_| Silence(format!("no answer within {} seconds", PATIENCE.as_secs()));
        timeout(PATIENCE, asking).await.map_err(late)?
    }
}

impl<'c> AsyncHttpClient<'c> for Discovery {
    type Error = Silence;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Silence>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// How the provider wants to be shown the secret; where it does not say, in the way that the standard takes for granted.
fn how_it_knows_us(methods: Option<&Vec<CoreClientAuthMethod>>) -> AuthType {
    let takes = |method| methods.is_some_and(|methods| methods.contains(&method));
    if takes(CoreClientAuthMethod::ClientSecretPost) && !takes(CoreClientAuthMethod::ClientSecretBasic) {
        AuthType::RequestBody
    } else {
        AuthType::BasicAuth
    }
}
