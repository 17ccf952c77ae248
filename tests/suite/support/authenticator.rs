//! A device that keeps passkeys, of our own: it does what it is told, also what no true one does. What it signs with has nothing in common with
//! what the server checks with.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Flags of what a device tells (WebAuthn, section 6.1): somebody was there, they have shown that it is they, and a key comes along.
pub(crate) const PRESENT: u8 = 0x01;
pub(crate) const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

/// What a browser and a device say.
#[derive(Clone)]
pub(crate) struct Said {
    pub(crate) origin: String,
    /// `None`: as they were asked.
    pub(crate) host: Option<String>,
    pub(crate) flags: u8,
    pub(crate) counter: u32,
}

impl Said {
    /// What true ones say on this page.
    pub(crate) fn on(origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            host: None,
            flags: PRESENT | VERIFIED,
            counter: 0,
        }
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let told = json!({"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false});
        told.to_string().into_bytes()
    }

    /// What the device tells, up to the counter.
    fn told(&self, host: &str, more: u8) -> Vec<u8> {
        let host = self.host.as_deref().unwrap_or(host);
        let mut told = Sha256::digest(host).to_vec();
        told.push(self.flags | more);
        told.extend(self.counter.to_be_bytes());
        told
    }
}

/// A key that a device keeps.
pub(crate) struct Passkey {
    key: EcdsaKeyPair,
    id: [u8; 16],
    user: String,
}

fn text(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Passkey {
    /// Makes a key as it is asked for; what the browser answers.
    pub(crate) fn make(options: &Value, said: &Said) -> (Self, Value) {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let passkey = Self {
            key: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random).unwrap(),
            id: ring::rand::generate(&random).unwrap().expose(),
            user: options["user"]["id"].as_str().unwrap().to_owned(),
        };
        let mut told = said.told(options["rp"]["id"].as_str().unwrap(), WITH_KEY);
        // No make, the length of the id, and the id.
        told.extend([0; 16]);
        told.extend([0, 16]);
        told.extend(passkey.id);
        // The public half in CBOR: a key on a curve, ES256, P-256, and its point.
        let point = passkey.key.public_key().as_ref();
        told.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        told.extend(&point[1..33]);
        told.extend([0x22, 0x58, 0x20]);
        told.extend(&point[33..]);
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(u8::try_from(told.len()).unwrap());
        attestation.extend(told);
        let answer = json!({
            "id": text(passkey.id),
            "rawId": text(passkey.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {"credProps": {"rk": true}},
            "response": {
                "clientDataJSON": text(said.client_data("webauthn.create", options)),
                "attestationObject": text(attestation),
                "transports": ["internal"],
            },
        });
        (passkey, answer)
    }

    /// Signs as it is asked to; what the browser answers.
    pub(crate) fn sign(&self, options: &Value, said: &Said) -> Value {
        let told = said.told(options["rpId"].as_str().unwrap(), 0);
        let client_data = said.client_data("webauthn.get", options);
        let signed = [told.as_slice(), &Sha256::digest(&client_data)].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": text(self.id),
            "rawId": text(self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": text(client_data),
                "authenticatorData": text(told),
                "signature": text(signature),
                "userHandle": self.user,
            },
        })
    }
}
