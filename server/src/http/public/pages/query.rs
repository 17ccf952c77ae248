//! What stands behind the question mark of an address.

use axum::{extract, http::Uri};

/// What stands behind the question mark, name by name.
pub(crate) type Query = Vec<(String, String)>;

/// The query of an address; an unreadable one counts as empty.
pub(crate) fn query(uri: &Uri) -> Query {
    extract::Query::try_from_uri(uri).map_or_else(|_| Query::new(), |extract::Query(query)| query)
}

/// What is asked for by a name. No such value ever gets into a page.
pub(crate) fn asked<'a>(query: &'a Query, name: &str) -> Option<&'a str> {
    query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}
