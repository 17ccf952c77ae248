//! What stands behind the question mark of an address, and which of it is wrong.

use api::ProblemKind;
use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use crate::http::answer::problem::Problem;

/// The parameters of a request. Unknown ones are refused by types that deny them: a filter that is ignored answers something else than
/// what was asked.
pub(crate) struct Parameters<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(parameters)| Self(parameters))
            .map_err(|error| Problem::new(ProblemKind::BadParameters, error.body_text()))
    }
}
