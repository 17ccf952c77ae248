//! What a request brings along, read and checked.

pub(crate) mod authentication;
pub(crate) mod client_address;
pub(crate) mod cookie;
pub(crate) mod host;
pub(crate) mod idempotency_key;
pub(crate) mod json_body;
pub(crate) mod json_text;
pub(crate) mod merge_patch;
pub(crate) mod origin;
pub(crate) mod parameters;
pub(crate) mod portal;
pub(crate) mod revision;
