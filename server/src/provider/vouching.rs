//! Sending people to the provider (authorization code with PKCE), and judging what it says of those who come back.

use std::sync::Arc;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use domain::access::Grants;
use hyper::{
    Request, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE},
    http::request::Builder,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::clock::Clock;
use url::{
    Url,
    form_urlencoded::{self, Serializer},
};

use super::{
    claims::Claims,
    discovery::{Discovered, Discovery, Need},
    failure::ProviderError,
    keys::Unsigned,
    settings::ProviderSettings,
};
use crate::reactors::reasons;

/// Where people come back, below the public address.
pub(crate) const RETURN_PATH: &str = "/admin/oidc";

/// What a sign-in at the provider is bound to.
#[derive(Clone, Debug)]
pub struct Bonds<'a> {
    pub nonce: &'a str,
    pub verifier: &'a str,
}

/// Somebody for whom the provider vouches.
#[derive(Clone, Debug)]
pub struct Vouched {
    pub issuer: String,
    /// What the provider calls them, forever.
    pub subject: String,
    /// What people call them, the best first.
    pub names: Vec<String>,
    /// What their groups give.
    pub grants: Grants,
}

/// A provider.
pub struct Provider {
    settings: ProviderSettings,
    discovery: Discovery,
    returns_to: Url,
    clock: Arc<dyn Clock>,
}

impl Provider {
    /// The provider of these settings, for the server under this address. It is asked nothing yet.
    ///
    /// # Errors
    /// When the public address is none.
    pub fn new(settings: ProviderSettings, public_url: &str, clock: Arc<dyn Clock>) -> Result<Self, url::ParseError> {
        Ok(Self {
            discovery: Discovery::new(settings.clone(), clock.clone()),
            returns_to: Url::parse(&format!("{public_url}{RETURN_PATH}"))?,
            settings,
            clock,
        })
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// How it names itself.
    pub fn issuer(&self) -> &str {
        self.settings.issuer.as_str()
    }

    /// Where somebody goes who wants to sign in, and comes back with this state.
    ///
    /// # Errors
    /// When the provider cannot be asked where that is.
    pub async fn address(&self, state: &str, bonds: &Bonds<'_>) -> Result<String, ProviderError> {
        let known = self.discovery.known(Need::Something).await?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(bonds.verifier));
        let scope = self
            .settings
            .scopes
            .iter()
            .fold("openid".to_owned(), |all, scope| format!("{all} {scope}"));
        let mut door = known.door.clone();
        door.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.settings.client_id),
            ("redirect_uri", self.returns_to.as_str()),
            ("scope", &scope),
            ("state", state),
            ("nonce", bonds.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        Ok(door.into())
    }

    /// For whom the provider vouches who has come back with this code.
    ///
    /// # Errors
    /// When it vouches for nobody, or what it says does not hold.
    pub async fn vouch(&self, code: &str, bonds: &Bonds<'_>) -> Result<Vouched, ProviderError> {
        let known = self.discovery.known(Need::Something).await?;
        let token = self.exchange(&known, code, bonds).await?;
        let opened = match self.open(&known, &token) {
            Err(error) if error.is_of_keys() => {
                let known = self.discovery.known(Need::NewKeys).await?;
                self.open(&known, &token)
            }
            opened => opened,
        };
        let claims = opened.map_err(|error| ProviderError::BadToken(reasons(&error)))?;
        let bad = |reason: &'static str| ProviderError::BadToken(reason.to_owned());
        let now = self.clock.now().as_second();
        claims.judge(&self.settings.client_id, bonds.nonce, now).map_err(bad)?;
        let read = claims.read(&self.settings.groups_claim).map_err(bad)?;
        Ok(Vouched {
            issuer: self.issuer().to_owned(),
            subject: read.subject,
            names: read.names,
            grants: self.settings.grants_of(&read.groups),
        })
    }

    /// The token that the provider gives for this code.
    async fn exchange(&self, known: &Discovered, code: &str, bonds: &Bonds<'_>) -> Result<String, ProviderError> {
        #[derive(Deserialize)]
        struct Given {
            id_token: Option<String>,
            error: Option<String>,
            error_description: Option<String>,
        }
        let nothing = |reason: String| ProviderError::NoToken(reason);
        let (request, body) = self.asking(known, code, bonds);
        let (status, answer) = self.discovery.send(request, body).await.map_err(nothing)?;
        let given: Given = serde_json::from_slice(&answer).map_err(|error| nothing(format!("{status}, {error}")))?;
        match given.id_token {
            Some(token) if status == StatusCode::OK => Ok(token),
            _ => {
                let said = [given.error, given.error_description].into_iter().flatten();
                let said = said.fold(format!("{status}, and no `id_token`"), |told, said| format!("{told}: {said}"));
                Err(nothing(said.chars().take(300).collect()))
            }
        }
    }

    /// The request by which a code is exchanged, and its body (RFC 6749, section 4.1.3; RFC 7636, section 4.5).
    fn asking(&self, known: &Discovered, code: &str, bonds: &Bonds<'_>) -> (Builder, String) {
        let ProviderSettings {
            client_id, client_secret, ..
        } = &self.settings;
        let mut body = Serializer::new(String::new());
        body.extend_pairs([
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.returns_to.as_str()),
            ("code_verifier", bonds.verifier),
        ]);
        let mut request = Request::post(known.till.as_str()).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        match client_secret {
            Some(secret) if !known.takes_secret_in_body => {
                // Both parts are encoded as in a form before they are joined (RFC 6749, section 2.3.1).
                let part = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                let pair = STANDARD.encode(format!("{}:{}", part(client_id), part(secret.expose())));
                request = request.header(AUTHORIZATION, format!("Basic {pair}"));
            }
            secret => {
                body.append_pair("client_id", client_id);
                body.extend_pairs(secret.iter().map(|secret| ("client_secret", secret.expose())));
            }
        }
        (request, body.finish())
    }

    /// What a token says, if the provider has made it for this server.
    fn open(&self, known: &Discovered, token: &str) -> Result<Claims, Unsigned> {
        known.keys.open(token, self.issuer(), &self.settings.client_id)
    }
}
