//! One's own second factor. Instants are RFC 3339.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How one's own second factor stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OwnSecondFactor {
    /// Since when it is asked for; `null`: it is not.
    pub since: Option<Timestamp>,
    /// How many codes are left for when the device or all passkeys are lost.
    pub recovery_codes: u32,
}

/// Who asks for something that takes the password.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PresentPassword {
    /// The one that holds by now.
    pub current: String,
}

/// What a device has to know to work out codes (RFC 6238: SHA-1, six digits, 30 seconds). It is told once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Device {
    /// In Base32, for those who type it.
    pub secret: String,
    /// The same with the name of the account, for a picture that devices take: `otpauth://totp/…`.
    pub address: String,
}

/// The first code of a device.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeviceCode {
    pub code: String,
}

/// Codes for when the device is lost, each for one sign-in. They are told once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecoveryCodes {
    pub recovery_codes: Vec<String>,
}
