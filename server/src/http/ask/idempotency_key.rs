//! The header `Idempotency-Key`: a client that does not know what became of a request sends it again under the same key, and it is carried
//! out once (draft-ietf-httpapi-idempotency-key-header-07). A key belongs to the account or token that sent it, and is known for a day, on
//! every server of the same database, also after a restart.

use api::ProblemKind;
use axum::{extract::FromRequestParts, http::request::Parts};
use domain::record::chain::payload_hash;

use crate::http::{answer::problem::Problem, ask::json_body::JsonBody};
use store::journal::RequestKey;

/// The longest key, in bytes: room for several UUIDs.
const LONGEST: usize = 255;

const HEADER: &str = "idempotency-key";

/// The key of a request, if it has one, and what it is sent to.
pub(crate) struct IdempotencyKey {
    key: Option<String>,
    target: String,
}

impl IdempotencyKey {
    /// The key together with what is asked for under it.
    pub(crate) fn with(self, body: &JsonBody) -> Option<RequestKey> {
        let request = payload_hash(format!("{}\n{}", self.target, body.value()).as_bytes());
        self.key.map(|key| RequestKey { key, request })
    }

    /// The key of a request that says everything by its address.
    pub(crate) fn alone(self) -> Option<RequestKey> {
        let request = payload_hash(self.target.as_bytes());
        self.key.map(|key| RequestKey { key, request })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(HEADER).iter();
        let key = match (values.next(), values.next()) {
            (None, _) => None,
            (Some(value), None) => Some(value.to_str().ok().and_then(read).ok_or_else(refused)?),
            _ => return Err(refused()),
        };
        Ok(Self {
            key,
            target: format!("{} {}", parts.method, parts.uri.path()),
        })
    }
}

/// Reads a key as the draft writes it, in quotation marks, or bare.
fn read(value: &str) -> Option<String> {
    let value = value.trim();
    let key = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
    let sound = (1..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
    sound.then(|| key.to_owned())
}

fn refused() -> Problem {
    Problem::new(
        ProblemKind::BadKey,
        format!("`Idempotency-Key` has to be one value of 1 to {LONGEST} visible ASCII characters, such as a UUID."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_quoted_or_bare_and_bounded() {
        for (value, key) in [
            ("8e03978e-40d5-43dd-bc93-6894a57f9324", Some("8e03978e-40d5-43dd-bc93-6894a57f9324")),
            ("\"8e03978e\"", Some("8e03978e")),
            (" a ", Some("a")),
            ("", None),
            ("\"\"", None),
            ("\"", None),
            ("a b", None),
            ("a\"b", None),
            ("ä", None),
        ] {
            assert_eq!(read(value).as_deref(), key, "{value}");
        }
        assert!(read(&"x".repeat(LONGEST)).is_some());
        assert!(read(&"x".repeat(LONGEST + 1)).is_none());
    }
}
