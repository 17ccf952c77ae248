//! Sending people to the provider, and judging what it says of those who come back. Signatures, issuer, audience and nonce are judged by the
//! crate `openidconnect`; when a token was made, and for whom else, which that leaves open, is judged here.

use std::{borrow::Cow, sync::Arc};

use chrono::{DateTime, Utc};
use domain::access::Grants;
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, CsrfToken, IdTokenVerifier, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    SignatureVerificationError, TokenResponse,
    core::{CoreAuthenticationFlow, CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use store::clock::Clock;

use super::{
    claims::{self, Claims, Token},
    discovery::{Discovered, Discovery, Need},
    failure::ProviderError,
    settings::ProviderSettings,
};
use crate::reactors::reasons;

/// By so many seconds two clocks may differ.
const SKEW: i64 = 60;

/// So many seconds ago a token may have been made: it is asked for by whoever brings the code, and made then.
const OLDEST: i64 = 600;

/// Where people come back, below the public address.
pub(crate) const RETURN_PATH: &str = "/admin/oidc";

/// Signatures that nobody else can make: a key that both sides know is none.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

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
    returns_to: RedirectUrl,
    clock: Arc<dyn Clock>,
}

impl Provider {
    /// The provider of these settings, for the server under this address. It is asked nothing yet.
    ///
    /// # Errors
    /// When the public address is none.
    pub fn new(settings: ProviderSettings, public_url: &str, clock: Arc<dyn Clock>) -> Result<Self, url::ParseError> {
        Ok(Self {
            discovery: Discovery::new(settings.clone()),
            returns_to: RedirectUrl::new(format!("{public_url}{RETURN_PATH}"))?,
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
        let known = self.discovery.known(Need::Something, self.clock.steady()).await?;
        let (state, nonce) = (CsrfToken::new(state.to_owned()), Nonce::new(bonds.nonce.to_owned()));
        let verifier = PkceCodeVerifier::new(bonds.verifier.to_owned());
        let request = known
            .client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            .set_redirect_uri(Cow::Borrowed(&self.returns_to))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        let scopes = self.settings.scopes.iter().map(|scope| Scope::new(scope.clone()));
        let (address, ..) = scopes.fold(request, |request, scope| request.add_scope(scope)).url();
        Ok(address.into())
    }

    /// For whom the provider vouches who has come back with this code.
    ///
    /// # Errors
    /// When it vouches for nobody, or what it says does not hold.
    pub async fn vouch(&self, code: &str, bonds: &Bonds<'_>) -> Result<Vouched, ProviderError> {
        let known = self.discovery.known(Need::Something, self.clock.steady()).await?;
        let exchange = known
            .client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| ProviderError::Unusable(reasons(&error)))?
            .set_pkce_verifier(PkceCodeVerifier::new(bonds.verifier.to_owned()))
            .set_redirect_uri(Cow::Borrowed(&self.returns_to));
        let answer = exchange.request_async(&self.discovery).await;
        let answer = answer.map_err(|error| ProviderError::NoToken(reasons(&error)))?;
        let token = answer
            .id_token()
            .ok_or_else(|| ProviderError::NoToken("the answer has no `id_token`".to_owned()))?;
        let claims = match self.judge(&known, token, bonds) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                let known = self.discovery.known(Need::NewKeys, self.clock.steady()).await?;
                self.judge(&known, token, bonds)
            }
            judged => judged,
        };
        let claims = claims.map_err(|error| ProviderError::BadToken(reasons(&error)))?;
        let read = claims::read(&claims, &self.settings.groups_claim).map_err(|reason| ProviderError::BadToken(reason.to_owned()))?;
        Ok(Vouched {
            issuer: self.issuer().to_owned(),
            subject: read.subject,
            names: read.names,
            grants: self.settings.grants_of(&read.groups),
        })
    }

    /// What a token says, if it holds.
    fn judge(&self, known: &Discovered, token: &Token, bonds: &Bonds<'_>) -> Result<Claims, ClaimsVerificationError> {
        let now = self.clock.now().as_second();
        let made_when = move |at: DateTime<Utc>| {
            let age = now - at.timestamp();
            let holds = (-SKEW..=OLDEST).contains(&age);
            holds.then_some(()).ok_or_else(|| format!("it was made {age} seconds ago"))
        };
        let verifier: IdTokenVerifier<'_, CoreJsonWebKey> = known
            .client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || DateTime::from_timestamp(now - SKEW, 0).unwrap_or_default())
            .set_issue_time_verifier_fn(made_when);
        let nonce = Nonce::new(bonds.nonce.to_owned());
        let claims = token.claims(&verifier, &nonce)?.clone();
        // Whoever else it was made for must not hand it on to this server.
        match claims.authorized_party() {
            Some(party) if party.as_str() != self.settings.client_id => Err(ClaimsVerificationError::InvalidAudience(format!(
                "it was made for `{}`",
                party.as_str()
            ))),
            _ => Ok(claims),
        }
    }
}
