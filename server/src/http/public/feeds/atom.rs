//! Atom (RFC 4287). Ids are tag URIs (RFC 4151) of the server's public address and do not change with the content.

use atom_syndication::{Category, Content, Entry as AtomEntry, Feed as AtomFeed, FixedDateTime, Generator, Link, Person, Text};
use jiff::Timestamp;

use super::entry::{Entry, Feed};

pub(super) fn document(feed: &Feed) -> Vec<u8> {
    let link = |rel: &str, href: String, kind: &str| Link {
        rel: rel.to_owned(),
        href,
        mime_type: Some(kind.to_owned()),
        ..Link::default()
    };
    let atom = AtomFeed {
        title: feed.title.as_str().into(),
        id: format!("tag:{},2026:{}{}", feed.host(), feed.portal, feed.query),
        updated: moment(feed.updated),
        authors: vec![author(feed)],
        links: vec![
            link("self", feed.address("feed.atom"), "application/atom+xml"),
            link("alternate", format!("{}{}", feed.page(), feed.query), "text/html"),
        ],
        generator: Some(Generator {
            value: "Umleitung".to_owned(),
            ..Generator::default()
        }),
        lang: Some(feed.language.clone()),
        entries: feed.entries.iter().map(|one| entry(feed, one)).collect(),
        ..AtomFeed::default()
    };
    // Two characters that a text may hold and XML may not.
    atom.to_string().replace(['\u{fffe}', '\u{ffff}'], "").into_bytes()
}

fn author(feed: &Feed) -> Person {
    Person {
        name: feed.issuer.clone(),
        uri: Some(feed.home.clone()),
        ..Person::default()
    }
}

fn entry(feed: &Feed, entry: &Entry) -> AtomEntry {
    let category = |term: String, label: Option<String>| Category {
        term,
        label,
        ..Category::default()
    };
    let service = |affected: &wire::Affected| {
        let name = affected.name.lookup(&feed.language).or(affected.name.0.first());
        category(affected.id.clone(), name.map(|(_, name)| name.clone()))
    };
    AtomEntry {
        title: Text::plain(entry.title.clone()),
        id: format!("tag:{},2026:{}/{}", feed.host(), feed.portal, entry.id),
        updated: moment(entry.updated),
        published: Some(moment(entry.published)),
        links: vec![Link {
            rel: "alternate".to_owned(),
            href: format!("{}?lang={}", entry.url, feed.language),
            mime_type: Some("text/html".to_owned()),
            ..Link::default()
        }],
        categories: [category(entry.kind.word().to_owned(), None)]
            .into_iter()
            .chain(entry.affected.iter().map(service))
            .collect(),
        summary: Some(Text::plain(entry.summary.clone())),
        content: Some(Content {
            content_type: Some("html".to_owned()),
            value: Some(entry.html.clone()),
            ..Content::default()
        }),
        ..AtomEntry::default()
    }
}

fn moment(at: Timestamp) -> FixedDateTime {
    // Both read RFC 3339.
    FixedDateTime::parse_from_rfc3339(&at.to_string()).unwrap_or_default()
}
