//! Who has an account, and which programs have a token. Instants are RFC 3339.

use domain::{
    access::{Grants, Role},
    notice::Author,
};
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
    /// When they were here last, to the hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Timestamp>,
    /// Whether they show more than a password.
    #[serde(default)]
    pub second_factor: bool,
    /// Whether a provider elsewhere vouches for them: they have no password here, and hold what their groups give at each sign-in.
    #[serde(default)]
    pub from_provider: bool,
}

/// What a person may do from now on, in the place of what they might before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewGrants {
    pub grants: Grants,
}

/// Somebody who is to have an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// For whom it is, as those who manage people call them. They choose their name themselves.
    pub label: String,
    /// What comes with the account. The caller has to be an administrator of all of it.
    pub grants: Grants,
}

/// Those that the caller manages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invitations {
    pub invitations: Vec<Invitation>,
}

/// An invitation that was neither used nor withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invitation {
    pub id: String,
    pub label: String,
    pub grants: Grants,
    pub created_at: Timestamp,
    pub created_by: Author,
    /// From when on the link does not work any more.
    pub expires_at: Timestamp,
    /// The link, which works once. It is told when the invitation is made, and never again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// An account, made against an invitation.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// What stands behind `#invitation=` in the link.
    pub token: String,
    pub name: String,
    pub password: String,
}

/// Another password.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The one that holds by now.
    pub current: String,
    pub password: String,
}

/// A token that is to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    pub name: String,
    /// The caller has to be an administrator of all of it.
    pub grants: Grants,
    /// From when on it does not work any more; `null`: it works until it is revoked.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
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
    /// When it was used last, to the hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Timestamp>,
    /// What it is sent as. It is told when the token is made, and never again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}
