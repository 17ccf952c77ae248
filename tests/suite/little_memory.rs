//! A server that has little memory, as in a small container: it serves everything to many at once, and takes no more than it has.

use futures::future::join_all;
use reqwest::Client;

use crate::support::{
    binary::{self, Process},
    listener::PATIENCE,
};

/// Addresses, not only pages in use: with these the first page once ended the process.
const ADDRESSES: &str = "--as=268435456";

/// As many readers as come in the first seconds of an outage.
const READERS: usize = 64;

/// Every page, in every language, for each of some services: all different, so that each has to be rendered.
fn pages() -> Vec<String> {
    let mut pages = Vec::new();
    for language in ["de", "en", "tr", "uk", "ar", "de-simple"] {
        for page in ["", "history", "fallback.html", "503.html", "fragment.html"] {
            pages.push(format!("/p/musterstadt/{page}?lang={language}"));
        }
        for service in ["bundid", "kfz-zulassung", "epaybl", "wohngeld"] {
            pages.push(format!("/p/musterstadt/fragment.html?lang={language}&service={service}"));
        }
    }
    pages
}

#[tokio::test(flavor = "multi_thread")]
async fn many_pages_at_once_are_rendered_within_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Process::serve_within(ADDRESSES, folder.path(), &["--demo"]);
    let client = Client::new();
    let read = async |path: String| {
        let answer = client.get(format!("{}{path}", server.base)).timeout(PATIENCE).send().await;
        let answer = answer.unwrap_or_else(|error| panic!("{path}: {error}"));
        let status = answer.status().as_u16();
        answer.bytes().await.unwrap_or_else(|error| panic!("{path}: {error}"));
        (path, status)
    };
    let pages = pages();
    for round in pages.chunks(READERS) {
        for (path, status) in join_all(round.iter().cloned().map(&read)).await {
            let expected = if path.contains("503.html") { 503 } else { 200 };
            assert_eq!(status, expected, "{path}");
        }
    }
    let token = binary::succeed(folder.path(), &["token", "create", "publisher", "--role", "publisher"]);
    let published = client
        .post(format!("{}/api/v1/notices", server.base))
        .bearer_auth(token.trim())
        .json(&serde_json::json!({"kind": "outage", "severity": "outage", "services": ["bundid"], "title": {"de": "Anmeldung nicht möglich"}, "publish": true}))
        .send()
        .await
        .unwrap();
    assert_eq!(published.status(), 201);
    for round in pages.chunks(READERS) {
        join_all(round.iter().cloned().map(&read)).await;
    }
    assert_eq!(read("/p/musterstadt/state.json".to_owned()).await.1, 200);
    assert!(server.end().await.success());
}
