//! What all readers of messages need.

use domain::{
    catalogue::Labels,
    words::{Code, Fault},
};

use crate::accounts::fingerprint;

pub(super) fn malformed(detail: String) -> Fault {
    Fault {
        pointer: String::new(),
        code: Code::Malformed,
        detail,
    }
}

/// The longest that is told of what somebody else has written, in characters.
const LONGEST_DETAIL: usize = 300;

pub(super) fn no_message(error: &serde_json::Error) -> Fault {
    let error: String = error.to_string().chars().take(LONGEST_DETAIL).collect();
    malformed(format!("is no message of such a source: {error}"))
}

/// What an alert is known by that has nothing of its own to be known by.
pub(super) fn by_labels(labels: &Labels) -> String {
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    fingerprint(&pairs.join(","))
}
