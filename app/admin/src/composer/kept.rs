//! What outlives a form that is closed before what it holds has arrived.

use domain::notice::Content;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::unsaved;

/// What was sent and not answered. The same key makes one notice of it, however often it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sent {
    pub(super) key: String,
    pub(super) body: Value,
}

/// What is kept of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) content: Content,
    #[serde(default)]
    pub(super) freeze_reason: String,
    pub(super) sent: Option<Sent>,
}

/// What was answered is sent again by whoever wants it, and not by itself after a reload.
pub(super) fn answered(place: &str) {
    if let Some(typed) = unsaved::at::<Kept>(place) {
        unsaved::keep(place, Some(Kept { sent: None, ..typed.what }));
    }
}
