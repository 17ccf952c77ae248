//! Reads a JSON body and, when it is not what is asked for, says which field and why.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use domain::fault::Fault;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::problem::Problem;

/// The body of a request, parsed but not yet read as anything in particular.
pub(super) struct JsonBody(Value);

impl JsonBody {
    /// The body as a value.
    pub(super) fn into_value(self) -> Value {
        self.0
    }

    /// Takes a field out that is not part of the document proper.
    pub(super) fn take(&mut self, field: &str) -> Option<Value> {
        self.0.as_object_mut()?.remove(field).filter(|value| !value.is_null())
    }

    /// Reads the body as a document.
    pub(super) fn read<T: DeserializeOwned>(self) -> Result<T, Problem> {
        read(self.0)
    }
}

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The body is not JSON",
                "Send `Content-Type: application/json`.",
            ));
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|error| Problem::new(error.status(), "The body could not be read", error.body_text()))?;
        let value = serde_json::from_slice(&bytes).map_err(|error| {
            Problem::new(
                StatusCode::BAD_REQUEST,
                "The body is not well-formed JSON",
                format!("Line {}, column {}: {error}", error.line(), error.column()),
            )
        })?;
        Ok(Self(value))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let essence = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| {
        matches!(
            essence.trim().to_ascii_lowercase().as_str(),
            "application/json" | "application/merge-patch+json"
        )
    })
}

/// Reads a value as a document.
pub(super) fn read<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    if !value.is_object() {
        return Err(Problem::invalid(vec![Fault {
            pointer: String::new(),
            detail: "is not a JSON object".to_owned(),
        }]));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let inner = error.inner().to_string();
        Problem::invalid(vec![Fault {
            pointer: pointer(error.path(), &inner),
            detail: inner,
        }])
    })
}

/// The JSON Pointer to what could not be read. A field that is missing or unknown is named in the message, not in the path.
fn pointer(path: &serde_path_to_error::Path, message: &str) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        let name = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
            Segment::Enum { variant } => variant.clone(),
            Segment::Unknown => continue,
        };
        pointer.push('/');
        pointer.push_str(&name);
    }
    let named = message
        .strip_prefix("missing field `")
        .or_else(|| message.strip_prefix("unknown field `"));
    if let Some(name) = named.and_then(|rest| rest.split('`').next())
        && !pointer.ends_with(&format!("/{name}"))
    {
        pointer.push('/');
        pointer.push_str(name);
    }
    pointer
}
