//! Who has an account, and which programs have a token. Instants are RFC 3339.

use domain::access::{Grants, Role};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Those whom the caller manages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct People {
    pub people: Vec<Person>,
}

/// A person, as those see it who manage people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Person {
    /// Opaque; the journal knows people by it.
    pub id: String,
    pub name: String,
    /// The highest that they hold anywhere; `null`: they hold none.
    pub role: Option<Role>,
    pub grants: Grants,
    #[cfg_attr(feature = "schema", schemars(with = "Timestamp"))]
    pub created_at: String,
    /// Since when they cannot sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Timestamp>"))]
    pub disabled_at: Option<String>,
}

/// Those that the caller manages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tokens {
    pub tokens: Vec<Token>,
}

/// A token, as those see it who manage tokens. What it is sent as was told when it was made, and never again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Token {
    /// Opaque; the journal knows programs by it.
    pub id: String,
    pub name: String,
    /// The highest that it holds anywhere; `null`: it holds none.
    pub role: Option<Role>,
    pub grants: Grants,
    #[cfg_attr(feature = "schema", schemars(with = "Timestamp"))]
    pub created_at: String,
    /// From when on it does not work any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Since when it does not work any more, because somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Timestamp>"))]
    pub revoked_at: Option<String>,
    /// The id of the person with whom it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}
