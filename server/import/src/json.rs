//! JSON that is to be of a certain shape.

use serde::de::DeserializeOwned;

/// Reads it; where it is something else, the end of a sentence that begins with its name.
pub(crate) fn from_json<T: DeserializeOwned>(bytes: &[u8], what: &str) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| format!("is no {what}: {error}"))
}
