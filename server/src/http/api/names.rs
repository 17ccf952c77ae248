//! The names behind the ids of those who did something.

use std::collections::HashMap;

use crate::{accounts::AccountError, http::site::Site};

/// The names behind the ids. What was done is answered also while they cannot be read.
pub(crate) async fn names(site: &Site) -> HashMap<String, String> {
    all_names(site).await.unwrap_or_else(|error| {
        tracing::error!(%error, "the names of authors cannot be read");
        HashMap::new()
    })
}

/// The names behind the ids. Rules, by which alerts become notices, are named by their ids.
///
/// # Errors
/// When the database fails.
pub(crate) async fn all_names(site: &Site) -> Result<HashMap<String, String>, AccountError> {
    let mut names = site.accounts.names().await?;
    let (state, _) = site.publisher.present();
    names.extend(state.watched().actors().map(|id| (id.clone(), id)));
    Ok(names)
}
