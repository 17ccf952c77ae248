//! The names behind the ids of those who did something.

use std::collections::HashMap;

use crate::http::site::Site;

/// The names behind the ids. What was done is answered also while they cannot be read.
pub(crate) async fn names(site: &Site) -> HashMap<String, String> {
    site.accounts.names().await.unwrap_or_else(|error| {
        tracing::error!(%error, "the names of authors cannot be read");
        HashMap::new()
    })
}
