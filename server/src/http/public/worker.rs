//! `GET /p/{portal}/worker.js`: what a portal's own service worker imports, so that its visitors get the fallback page when the portal
//! itself does not answer.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap, response::Response};

use crate::{
    document::{Delivery, Document},
    http::{answer::serving::public, ask::portal::Portal, site::Site},
};

const SOURCE: &str = include_str!("../../../../public/worker.js");

/// Browsers look for a newer one once a day at the latest.
const WORKER: Delivery = Delivery {
    content_type: "text/javascript; charset=utf-8",
    cache: "public, max-age=3600, stale-if-error=604800",
};

pub(crate) async fn worker(State(site): State<Arc<Site>>, Portal(snapshot): Portal, headers: HeaderMap) -> Response {
    let document = snapshot.worker(|| {
        let fallback = format!("{}/p/{}/fallback.html", site.public_url, snapshot.state.portal);
        Document::new(with_fallback(&fallback), WORKER)
    });
    public(&headers, document)
}

/// The service worker's part for a fallback page at this address.
pub(crate) fn with_fallback(address: &str) -> String {
    SOURCE.replace("\"__FALLBACK__\"", &serde_json::Value::from(address).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_stands_in_it_once() {
        assert_eq!(SOURCE.matches("__FALLBACK__").count(), 1);
        let worker = with_fallback("https://notices.example/p/musterstadt/fallback.html");
        assert!(
            worker.contains("const page = \"https://notices.example/p/musterstadt/fallback.html\";"),
            "{worker}"
        );
    }
}
