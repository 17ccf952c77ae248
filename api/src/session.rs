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
}
