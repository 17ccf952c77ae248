//! JSON Feed, version 1.1.

use jiff::Timestamp;
use serde::Serialize;

use super::entry::Feed;

#[derive(Serialize)]
struct Whole<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: String,
    feed_url: String,
    language: &'a str,
    authors: [Author<'a>; 1],
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    url: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    /// The notice's address, which never changes.
    id: &'a str,
    url: String,
    title: &'a str,
    summary: &'a str,
    content_html: &'a str,
    date_published: Timestamp,
    date_modified: Timestamp,
    tags: Vec<&'a str>,
    language: &'a str,
}

pub(super) fn document(feed: &Feed) -> Vec<u8> {
    let items = feed.entries.iter().map(|entry| Item {
        id: &entry.url,
        url: format!("{}?lang={}", entry.url, feed.language),
        title: &entry.title,
        summary: &entry.summary,
        content_html: &entry.html,
        date_published: entry.published,
        date_modified: entry.updated,
        tags: [entry.kind.word()]
            .into_iter()
            .chain(entry.affected.iter().map(|affected| affected.id.as_str()))
            .collect(),
        language: &feed.language,
    });
    let whole = Whole {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        home_page_url: format!("{}{}", feed.page(), feed.query),
        feed_url: feed.address("feed.json"),
        language: &feed.language,
        authors: [Author {
            name: &feed.issuer,
            url: &feed.home,
        }],
        items: items.collect(),
    };
    // Strings and lists can always be written.
    serde_json::to_vec(&whole).unwrap_or_default()
}
