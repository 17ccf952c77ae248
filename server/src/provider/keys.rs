//! The keys by which a provider signs, and whether one of them has signed a token. The crate `jsonwebtoken` judges it, by [`signatures`].

use jsonwebtoken::{
    DecodingKey, Validation, decode, decode_header,
    errors::{Error, ErrorKind},
    jwk::{AlgorithmParameters, Jwk, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;

use super::{claims::Claims, signatures};

/// Why a token is not taken for the provider's.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unsigned {
    #[error("no key is known that could have signed it")]
    UnknownKey,
    #[error(transparent)]
    Not(#[from] Error),
}

impl Unsigned {
    /// Whether it may be the keys that have changed: one that has no name, or keeps it, shows only in what it does not sign.
    pub(super) fn is_of_keys(&self) -> bool {
        match self {
            Self::UnknownKey => true,
            Self::Not(error) => matches!(error.kind(), ErrorKind::InvalidSignature),
        }
    }
}

/// Keys as a provider publishes them (RFC 7517); those of a kind that is not known here are left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys(Vec<Jwk>);

impl Keys {
    /// # Errors
    /// When it is no list of keys.
    pub(super) fn read(document: &[u8]) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Published {
            keys: Vec<Value>,
        }
        let Published { keys } = serde_json::from_slice(document)?;
        let known = keys.into_iter().filter_map(|key| serde_json::from_value(key).ok());
        Ok(Self(known.filter(signs).collect()))
    }

    /// What a token says that this issuer has made for this client, and signed with one of these keys.
    ///
    /// # Errors
    /// When it has not.
    pub(super) fn open(&self, token: &str, issuer: &str, client: &str) -> Result<Claims, Unsigned> {
        signatures::by_ring();
        let header = decode_header(token)?;
        if !signatures::is_known(header.alg) {
            return Err(Error::from(ErrorKind::InvalidAlgorithm).into());
        }
        let mut validation = Validation::new(header.alg);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[client]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Time is judged by the server's clock, which the crate does not know.
        validation.validate_exp = false;
        let could = |key: &&Jwk| {
            let is_meant = header.kid.is_none() || header.kid == key.common.key_id;
            is_meant && key.common.key_algorithm.is_none_or(|named| named == header.alg.into())
        };
        let keys = self.0.iter().filter(could).filter_map(|key| DecodingKey::from_jwk(key).ok());
        let keys = keys.filter(|key| key.family() == header.alg.family());
        let mut refused = Unsigned::UnknownKey;
        for key in keys {
            match decode(token, &key, &validation) {
                Ok(opened) => return Ok(opened.claims),
                Err(error) => refused = error.into(),
            }
        }
        Err(refused)
    }
}

/// Whether a key is one that signs, and of which only the provider knows the other half.
fn signs(key: &Jwk) -> bool {
    let is_for_signing = matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature));
    let is_public = matches!(
        key.algorithm,
        AlgorithmParameters::RSA(_) | AlgorithmParameters::EllipticCurve(_) | AlgorithmParameters::OctetKeyPair(_)
    );
    is_for_signing && is_public
}
