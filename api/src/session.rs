//! Who signs in, and who is signed in.

use domain::access::{Grants, Role};
use serde::{Deserialize, Serialize};

/// What a person signs in with.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    pub name: String,
    pub password: String,
    /// A code of the person's device, or one for when it is lost, where one is asked for; in the place of a passkey, one of the latter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Whether somebody shows more than a password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "SecondFactorState"))]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    /// No, and nobody asks them to.
    #[default]
    Off,
    On,
    /// No, and their role asks for it: until they add one, they can do nothing else.
    Needed,
    /// A provider elsewhere vouches for them, and asks what it sees fit. They have no password here.
    Elsewhere,
}

/// The first account, made against the one-time link that the first start printed.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// What stands behind `#setup=` in the link.
    pub token: String,
    pub name: String,
    pub password: String,
}

/// Who is signed in, or whose token it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Session {
    pub name: String,
    /// The opaque id by which the record knows them.
    #[serde(default)]
    pub id: String,
    /// The highest role that they hold anywhere.
    pub role: Option<Role>,
    pub grants: Grants,
    #[serde(default)]
    pub second_factor: SecondFactor,
    /// The address under which people reach the server, without a slash at the end.
    #[serde(default)]
    pub public_url: String,
}

/// Whether people may sign in at a provider elsewhere (OpenID Connect).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProviderOffer {
    /// What people call it; `null`: there is none.
    pub name: Option<String>,
}

/// Where a browser goes to sign in there, within ten minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProviderAddress {
    pub address: String,
}
