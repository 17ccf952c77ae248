//! What a provider says of itself (OpenID Connect Discovery 1.0): where people sign in, where codes are taken, with which keys it signs. It is read
//! when it is needed, and kept.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use http_body_util::{BodyExt, Limited};
use hyper::{
    Request, StatusCode,
    header::{ACCEPT, USER_AGENT},
    http::request::Builder,
};
use serde::Deserialize;
use store::clock::Clock;
use tokio::{
    sync::{Mutex, OnceCell},
    time::timeout,
};
use url::Url;

use super::{
    failure::ProviderError,
    keys::Keys,
    settings::{ProviderSettings, is_safe},
};
use crate::reactors::{Client, Connections, Network, client, reasons};

/// Where a provider describes itself, below its name.
const DESCRIPTION: &str = "/.well-known/openid-configuration";

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
    /// Where people sign in.
    pub(super) door: Url,
    /// Where codes are taken for tokens.
    pub(super) till: Url,
    pub(super) keys: Keys,
    /// Whether it wants the secret in the body, and takes it nowhere else.
    pub(super) takes_secret_in_body: bool,
}

/// The last of it, and when an answer was there, or given up, by a clock that nobody sets.
#[derive(Debug, Default)]
struct Last {
    known: Option<Arc<Discovered>>,
    asked_at: Option<Duration>,
}

/// Asks a provider.
pub(super) struct Discovery {
    settings: ProviderSettings,
    clock: Arc<dyn Clock>,
    last: Mutex<Last>,
    client: OnceCell<Client>,
}

/// The document by which a provider describes itself, as far as it is read.
#[derive(Debug, Deserialize)]
struct Description {
    issuer: String,
    authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
    /// Where it does not say, in the header: the standard takes that for granted.
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

impl Discovery {
    pub(super) fn new(settings: ProviderSettings, clock: Arc<dyn Clock>) -> Self {
        Self {
            settings,
            clock,
            last: Mutex::default(),
            client: OnceCell::new(),
        }
    }

    /// What the provider says of itself. Where it does not answer, what it has said before counts.
    ///
    /// # Errors
    /// When it has never answered.
    pub(super) async fn known(&self, need: Need) -> Result<Arc<Discovered>, ProviderError> {
        // Whoever comes meanwhile waits for the same answer.
        let mut last = self.last.lock().await;
        let holds = match (need, &last.known) {
            (Need::NewKeys, _) => NEW_KEYS,
            (Need::Something, Some(_)) => HOLDS,
            (Need::Something, None) => PAUSE,
        };
        let is_due = last.asked_at.is_none_or(|at| self.clock.steady().saturating_sub(at) >= holds);
        if is_due {
            // Noted once it has answered or not: whoever goes away meanwhile keeps nobody from asking.
            let discovered = self.discover().await;
            last.asked_at = Some(self.clock.steady());
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
        let issuer = &self.settings.issuer;
        let place = format!("{}{DESCRIPTION}", issuer.strip_suffix('/').unwrap_or(issuer));
        let place = Url::parse(&place).map_err(|error| unusable(error.to_string()))?;
        check(&place)?;
        let description = self.read(place.as_str()).await?;
        let description: Description = serde_json::from_slice(&description).map_err(|error| unusable(error.to_string()))?;
        if description.issuer != *issuer {
            return Err(unusable(format!("it calls itself `{}`", description.issuer)));
        }
        check(&description.authorization_endpoint)?;
        check(&description.token_endpoint)?;
        check(&description.jwks_uri)?;
        let keys = self.read(description.jwks_uri.as_str()).await?;
        let keys = Keys::read(&keys).map_err(|error| unusable(format!("its keys: {error}")))?;
        let takes = |method: &str| {
            description
                .token_endpoint_auth_methods_supported
                .iter()
                .any(|taken| taken == method)
        };
        Ok(Discovered {
            keys,
            takes_secret_in_body: takes("client_secret_post") && !takes("client_secret_basic"),
            door: description.authorization_endpoint,
            till: description.token_endpoint,
        })
    }

    /// What stands there.
    async fn read(&self, place: &str) -> Result<Vec<u8>, ProviderError> {
        let silent = |reason: String| ProviderError::Unreachable(format!("{place}: {reason}"));
        match self.send(Request::get(place), String::new()).await.map_err(silent)? {
            (StatusCode::OK, body) => Ok(body),
            (status, _) => Err(silent(format!("the answer is {status}"))),
        }
    }

    /// Sends a request; redirects are not followed.
    ///
    /// # Errors
    /// Says why it brought nothing.
    pub(super) async fn send(&self, request: Builder, body: String) -> Result<(StatusCode, Vec<u8>), String> {
        let reach = || std::future::ready(client(Network::anywhere(), Connections::Fresh));
        let client = self.client.get_or_try_init(reach).await.map_err(|error| reasons(&error))?;
        let request = request
            .header(USER_AGENT, concat!("Umleitung/", env!("CARGO_PKG_VERSION")))
            .header(ACCEPT, "application/json")
            .body(Body::from(body))
            .map_err(|error| reasons(&error))?;
        let asking = async {
            let (head, body) = client.request(request).await.map_err(|error| reasons(&error))?.into_parts();
            let body = Limited::new(body, LARGEST).collect().await.map_err(|error| reasons(&*error))?;
            Ok((head.status, body.to_bytes().to_vec()))
        };
        let late = |_| format!("no answer within {} seconds", PATIENCE.as_secs());
        timeout(PATIENCE, asking).await.map_err(late)?
    }
}

/// # Errors
/// When what is sent there could be read on its way.
fn check(place: &Url) -> Result<(), ProviderError> {
    if is_safe(place) {
        Ok(())
    } else {
        Err(ProviderError::Unusable(format!("{place} is not reached over https")))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};

    use jiff::Timestamp;
    use store::clock::Wait;
    use tokio::net::TcpListener;

    use super::*;

    /// Moved by hand, in seconds.
    #[derive(Default)]
    struct Hand(AtomicU64);

    impl Clock for Hand {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH + self.steady()
        }

        fn steady(&self) -> Duration {
            Duration::from_secs(self.0.load(SeqCst))
        }

        fn wait_until(&self, _: Timestamp) -> Wait {
            Box::pin(std::future::pending())
        }
    }

    #[tokio::test]
    async fn whoever_waits_for_a_provider_that_is_silent_for_long_does_not_ask_anew() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let settings = ProviderSettings {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            client_id: String::new(),
            client_secret: None,
            name: String::new(),
            scopes: Vec::new(),
            groups_claim: String::new(),
            grants: Vec::new(),
        };
        let clock = Arc::new(Hand::default());
        let discovery = Discovery::new(settings, clock.clone());
        let asked = AtomicUsize::default();
        let hang_up = async {
            loop {
                drop(listener.accept().await.unwrap());
                asked.fetch_add(1, SeqCst);
            }
        };
        let come = async {
            let later = async {
                clock.0.fetch_add(PAUSE.as_secs() + 1, SeqCst);
                discovery.known(Need::Something).await
            };
            let (first, second) = tokio::join!(discovery.known(Need::Something), later);
            assert!(first.is_err() && second.is_err());
        };
        tokio::select! {
            () = hang_up => {}
            () = come => {}
        }
        assert_eq!(asked.load(SeqCst), 1);
        clock.0.fetch_add(PAUSE.as_secs(), SeqCst);
        let again = async { assert!(discovery.known(Need::Something).await.is_err()) };
        let answer = async { drop(listener.accept().await.unwrap()) };
        tokio::join!(again, answer);
    }
}
