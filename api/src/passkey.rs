//! Passkeys (WebAuthn): what devices are asked and answer, and those of one's own. Instants are RFC 3339.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One's own passkeys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Passkeys {
    /// The host whose passkeys they are; `null`: the server has no name, and so there can be none.
    pub host: Option<String>,
    /// The oldest first.
    pub passkeys: Vec<Passkey>,
}

/// A passkey, as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Passkey {
    pub id: String,
    /// As the person calls it.
    pub name: String,
    pub created_at: Timestamp,
    /// When somebody signed in with it last.
    pub used_at: Option<Timestamp>,
}

/// What a browser is to ask of a device: for `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`. It holds
/// for five minutes, for one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "serde_json::Map<String, Value>"))]
pub struct PasskeyOptions(pub Value);

/// What a device has answered at a sign-in: `PublicKeyCredential.toJSON()`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "serde_json::Map<String, Value>"))]
pub struct PasskeyAnswer(pub Value);

/// A passkey that a device has made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    /// As the person calls it, in 60 characters at most.
    pub name: String,
    /// What the device has answered: `PublicKeyCredential.toJSON()`.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Map<String, Value>"))]
    pub credential: Value,
}

/// A passkey that was added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AddedPasskey {
    pub passkey: Passkey,
    /// Codes for when all devices are lost, each for one sign-in beside the password. They are told once, with the first passkey or device.
    pub recovery_codes: Vec<String>,
}
