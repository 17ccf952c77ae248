//! What messages are signed with, as Standard Webhooks 1.0 has it.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::words::Signing;
use ring::{
    hmac,
    signature::{Ed25519KeyPair, KeyPair},
};
use store::webhooks::Secret;

/// So many bytes a secret has; 24 to 64 are asked for, and 32 is what an Ed25519 key is made from.
const LENGTH: usize = 32;

/// Stands before a secret that both sides know, before a private and before a public key.
const SHARED: &str = "whsec_";
const PRIVATE: &str = "whsk_";
const PUBLIC: &str = "whpk_";

/// A new secret, from the system's own source of chance.
///
/// # Errors
/// When the system has none.
pub(crate) fn new_secret(signing: Signing) -> Result<Secret, getrandom::Error> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes)?;
    let prefix = match signing {
        Signing::Hmac => SHARED,
        Signing::Ed25519 => PRIVATE,
    };
    Ok(Secret(format!("{prefix}{}", STANDARD.encode(bytes))))
}

/// What a receiver checks signatures with: the secret itself, or the public key. `None`: it was forgotten when the webhook ended.
pub(crate) fn verification_key(secret: &Secret) -> Option<String> {
    match Key::of(secret)? {
        Key::Shared(_) => Some(secret.0.clone()),
        Key::Pair(pair) => Some(format!("{PUBLIC}{}", STANDARD.encode(pair.public_key()))),
    }
}

/// Signs a message for the header `webhook-signature`; `second`: seconds since 1970, of this attempt.
pub(super) fn sign(secret: &Secret, id: &str, second: i64, body: &str) -> Option<String> {
    let text = format!("{id}.{second}.{body}");
    Some(match Key::of(secret)? {
        Key::Shared(key) => format!("v1,{}", STANDARD.encode(hmac::sign(&key, text.as_bytes()))),
        Key::Pair(pair) => format!("v1a,{}", STANDARD.encode(pair.sign(text.as_bytes()))),
    })
}

enum Key {
    Shared(hmac::Key),
    Pair(Box<Ed25519KeyPair>),
}

impl Key {
    fn of(secret: &Secret) -> Option<Self> {
        if let Some(shared) = secret.0.strip_prefix(SHARED) {
            return Some(Self::Shared(hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(shared).ok()?)));
        }
        let seed = STANDARD.decode(secret.0.strip_prefix(PRIVATE)?).ok()?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).ok()?;
        Some(Self::Pair(Box::new(pair)))
    }
}
