//! What a provider says of somebody, as far as it is read: who they are, what people call them, in which groups they are.

use std::collections::HashMap;

use openidconnect::{
    AdditionalClaims, Client, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdToken, IdTokenClaims, IdTokenFields,
    StandardErrorResponse, StandardTokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm, CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The longest name of somebody that the standard allows, in bytes.
const LONGEST_SUBJECT: usize = 255;

/// So many groups are looked at.
const GROUPS: usize = 10_000;

/// What else is said, by the name of the claim. Which of them tells the groups is the operator's to say.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Further(HashMap<String, Value>);

impl AdditionalClaims for Further {}

pub(super) type Claims = IdTokenClaims<Further, CoreGenderClaim>;

pub(super) type Token = IdToken<Further, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// This server, as the provider knows it.
pub(super) type Asker = Client<
    Further,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<
        IdTokenFields<Further, EmptyExtraTokenFields, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>,
        CoreTokenType,
    >,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What is read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) subject: String,
    pub(super) names: Vec<String>,
    pub(super) groups: Vec<String>,
}

/// Reads what is said of somebody; the groups from the claim of this name, which is a list of texts, or one text.
///
/// # Errors
/// When the provider calls them something that it may not.
pub(super) fn read(claims: &Claims, groups_claim: &str) -> Result<Read, &'static str> {
    let subject = claims.subject().as_str();
    if subject.is_empty() || subject.len() > LONGEST_SUBJECT || subject.chars().any(char::is_control) {
        return Err("its `sub` is empty, too long, or has control characters");
    }
    let name = claims.name().and_then(|name| name.get(None)).map(|name| name.as_str());
    let usual = claims.preferred_username().map(|name| name.as_str());
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let groups = match claims.additional_claims().0.get(groups_claim) {
        Some(Value::Array(groups)) => groups.iter().take(GROUPS).filter_map(text).collect(),
        Some(one) => text(one).into_iter().collect(),
        None => Vec::new(),
    };
    Ok(Read {
        subject: subject.to_owned(),
        names: [name, usual, Some(subject)].into_iter().flatten().map(str::to_owned).collect(),
        groups,
    })
}
