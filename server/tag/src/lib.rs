//! What the source of somebody's page says of us: the script tag in it. What scripts add to the page later is not seen here. And texts that are such
//! sources, in words.
//!
//! A crate of its own because it reads what strangers wrote, which takes a tokenizer, and nothing else: no I/O, no knowledge of notices. And
//! because a tokenizer is written out wherever it is used, and here it may be small rather than fast.

mod plain;
mod policy;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use url::Url;

pub use plain::{in_words, plain};
pub use policy::{Refused, refused};

/// So many tags of a page are told, and so many policies in it; no page has more.
const FEW: usize = 16;

/// So many mirrors of a tag are told, the first ones; nobody has more.
const MIRRORS: usize = 8;

/// What the tags on a page say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The portal's own.
    Tag(Tag),
    /// There are only those of another portal; its id.
    OtherPortal(String),
    /// There is none.
    Nothing,
}

/// The tag of a portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Where the loader comes from.
    pub loader: Url,
    /// Below this address the server answers, without a slash at the end.
    pub server: String,
    /// The same of each mirror.
    pub mirrors: Vec<String>,
    /// To what the loader is pinned.
    pub integrity: Option<String>,
    /// Whether it is asked for as something of another origin, as a pinned one has to be.
    pub is_anonymous: bool,
    /// Whether the page's policy may know it by a number of its own.
    pub has_nonce: bool,
}

/// What the source of a page says of us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The tags that embed notices, each with the id of its portal.
    pub tags: Vec<(Tag, String)>,
    /// The policies that the page gives itself.
    pub policies: Vec<String>,
}

/// Looks for the tag of a portal in the source of a page that lies at this address.
pub fn find(html: &[u8], address: &Url, portal: &str) -> Found {
    let mut tags = source(html, address).tags;
    match tags.iter().position(|(_, of)| of == portal) {
        Some(own) => Found::Tag(tags.swap_remove(own).0),
        None => tags
            .into_iter()
            .next()
            .map_or(Found::Nothing, |(_, other)| Found::OtherPortal(other)),
    }
}

/// Reads the source of a page that lies at this address.
pub fn source(html: &[u8], address: &Url) -> Source {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut base = None;
    let mut source = Source::default();
    // What stands in a template is no part of the page.
    let mut templates = 0_u32;
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        let tag = match token {
            Token::StartTag(tag) => tag,
            Token::EndTag(tag) if tag.name.as_slice() == b"template" => {
                templates = templates.saturating_sub(1);
                continue;
            }
            _ => continue,
        };
        match tag.name.as_slice() {
            b"template" => templates = templates.saturating_add(1),
            _ if templates > 0 => {}
            b"base" if base.is_none() => base = attribute(&tag, "href").and_then(|href| address.join(&href).ok()),
            b"meta" if source.policies.len() < FEW => {
                let is_policy =
                    attribute(&tag, "http-equiv").is_some_and(|name| name.trim().eq_ignore_ascii_case("content-security-policy"));
                source.policies.extend(attribute(&tag, "content").filter(|_| is_policy));
            }
            b"script" if source.tags.len() < FEW => source.tags.extend(read(&tag, base.as_ref().unwrap_or(address))),
            _ => {}
        }
    }
    source
}

/// A tag that embeds notices, and of which portal; `None`: it is another script.
fn read(tag: &StartTag<()>, base: &Url) -> Option<(Tag, String)> {
    // What consent managers write to keep a script from running, and what runs without knowing its own tag.
    let kind = attribute(tag, "type").unwrap_or_default().trim().to_ascii_lowercase();
    let runs = matches!(
        kind.as_str(),
        "" | "text/javascript" | "application/javascript" | "text/ecmascript" | "application/ecmascript"
    );
    if !runs || attribute(tag, "nomodule").is_some() {
        return None;
    }
    let mut loader = base.join(attribute(tag, "src")?.trim()).ok()?;
    // A browser loads nothing else, and nothing without TLS into a page that came with it.
    let is_fine = matches!(loader.scheme(), "http" | "https") && (loader.scheme() == "https" || base.scheme() != "https");
    if !is_fine {
        return None;
    }
    loader.set_fragment(None);
    let named = attribute(tag, "data-portal").filter(|portal| !portal.is_empty());
    // As the loader does: it may lie below any path, its own or the portal's.
    let plain = loader.as_str().split('?').next()?;
    let (folder, name) = plain.rsplit_once('/')?;
    let (below, own) = match folder.rsplit_once("/p/") {
        Some((below, own)) if !own.contains('/') => (below, Some(own.to_owned())),
        _ => (folder, None),
    };
    if name != "umleitung.js" && named.is_none() {
        return None;
    }
    let server = attribute(tag, "data-server").filter(|server| !server.is_empty());
    let server = server.map_or_else(|| Some(below.to_owned()), |server| place(&server, base))?;
    let mirrors = attribute(tag, "data-mirrors").unwrap_or_default();
    let mirrors = mirrors.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
    let mirrors = mirrors.filter(|mirror| !mirror.is_empty()).filter_map(|mirror| place(mirror, base));
    let mut known = Vec::new();
    for mirror in mirrors.take(MIRRORS) {
        if !known.contains(&mirror) {
            known.push(mirror);
        }
    }
    Some((
        Tag {
            server,
            mirrors: known,
            loader,
            integrity: attribute(tag, "integrity").filter(|integrity| !integrity.trim().is_empty()),
            is_anonymous: attribute(tag, "crossorigin").is_some(),
            has_nonce: attribute(tag, "nonce").is_some_and(|nonce| !nonce.is_empty()),
        },
        named.or(own)?,
    ))
}

/// An address as the page means it, without a slash at the end.
fn place(given: &str, base: &Url) -> Option<String> {
    let place = base.join(given).ok()?;
    matches!(place.scheme(), "http" | "https").then(|| place.as_str().trim_end_matches('/').to_owned())
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    let (_, value) = tag.attributes.iter().find(|(known, _)| known.as_slice() == name.as_bytes())?;
    Some(String::from_utf8_lossy(value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(html: &str) -> Found {
        let address: Url = "https://stadt.example/start/index.html".parse().unwrap();
        find(html.as_bytes(), &address, "stadt")
    }

    fn tag(loader: &str, server: &str, mirrors: &[&str]) -> Found {
        Found::Tag(Tag {
            loader: loader.parse().unwrap(),
            server: server.to_owned(),
            mirrors: mirrors.iter().map(ToString::to_string).collect(),
            integrity: None,
            is_anonymous: false,
            has_nonce: false,
        })
    }

    #[test]
    fn each_form_of_the_tag_is_found() {
        let own = tag("https://n.example/p/stadt/umleitung.js", "https://n.example", &[]);
        for html in [
            r#"<script async src="https://n.example/p/stadt/umleitung.js"></script>"#,
            "<SCRIPT ASYNC SRC=https://n.example/p/stadt/umleitung.js></SCRIPT>",
            "<!doctype html><title><script></title><script src='//n.example/p/stadt/umleitung.js#x'></script>",
            r#"<base href="https://n.example/"><script src="p/stadt/umleitung.js"></script>"#,
            r#"<template></template><script type="Text/JavaScript" src="https://n.example/p/stadt/umleitung.js"></script>"#,
            "<script src=other.js></script><script src=https://n.example/p/land/umleitung.js></script><script src=https://n.example/p/stadt/umleitung.js>",
        ] {
            assert_eq!(found(html), own, "{html}");
        }
        assert_eq!(
            found(r#"<script src="/n/umleitung.js?a=1&amp;b=2" data-portal="stadt" data-mirrors="https://m.example/, /m2"></script>"#),
            tag(
                "https://stadt.example/n/umleitung.js?a=1&b=2",
                "https://stadt.example/n",
                &["https://m.example", "https://stadt.example/m2"]
            )
        );
        // The portal has put the file where it likes, and says where the server is.
        assert_eq!(
            found(r#"<script src="/js/notices.js" data-portal="stadt" data-server="https://n.example/"></script>"#),
            tag("https://stadt.example/js/notices.js", "https://n.example", &[])
        );
        // Below the folder of another application that is called so, too.
        assert_eq!(
            found(r#"<script src="/p/x/y/umleitung.js" data-portal="stadt"></script>"#),
            tag("https://stadt.example/p/x/y/umleitung.js", "https://stadt.example/p/x/y", &[])
        );
    }

    #[test]
    fn what_a_page_says_beside_is_read_too() {
        let address: Url = "https://stadt.example/".parse().unwrap();
        let html = r#"<meta http-equiv="Content-Security-Policy" content="script-src 'self'"><meta name=x content=y>
            <script nonce=a crossorigin integrity="sha384-x" src=/umleitung.js data-portal=stadt></script><script src=/p/stadt/umleitung.js></script>"#;
        let read = source(html.as_bytes(), &address);
        assert_eq!(read.policies, ["script-src 'self'"]);
        let [(first, _), (second, of)] = &read.tags[..] else {
            panic!("{read:?}")
        };
        assert_eq!(
            (first.integrity.as_deref(), first.is_anonymous, first.has_nonce),
            (Some("sha384-x"), true, true)
        );
        assert_eq!(
            (second.integrity.as_deref(), second.is_anonymous, second.has_nonce, of.as_str()),
            (None, false, false, "stadt")
        );
    }

    #[test]
    fn a_page_that_names_mirrors_without_end_has_a_few() {
        let mirrors: String = (0..1000).map(|at| format!("https://m{}.example ", at / 2)).collect();
        let html = format!(r#"<script src="/umleitung.js" data-portal="stadt" data-mirrors="{mirrors}"></script>"#);
        let Found::Tag(tag) = found(&html) else { panic!("no tag") };
        let first: Vec<String> = (0..MIRRORS / 2).map(|at| format!("https://m{at}.example")).collect();
        assert_eq!(tag.mirrors, first, "each once");
    }

    #[test]
    fn what_only_looks_like_it_is_none() {
        for html in [
            "",
            "<p>umleitung.js",
            r#"<!-- <script src="https://n.example/p/stadt/umleitung.js"></script> -->"#,
            r#"<textarea><script src="https://n.example/p/stadt/umleitung.js"></script></textarea>"#,
            r#"<script>document.write('<script src="https://n.example/p/stadt/umleitung.js">')</script>"#,
            r#"<script src="https://n.example/umleitung.js"></script>"#,
            r#"<script src="https://n.example/p/stadt/other.js"></script>"#,
            r#"<link href="https://n.example/p/stadt/umleitung.js">"#,
            r#"<script type="text/plain" src="https://n.example/p/stadt/umleitung.js"></script>"#,
            r#"<script type="module" src="https://n.example/p/stadt/umleitung.js"></script>"#,
            r#"<script nomodule src="https://n.example/p/stadt/umleitung.js"></script>"#,
            r#"<template><template></template><script src="https://n.example/p/stadt/umleitung.js"></script></template>"#,
            r#"<script src="http://n.example/p/stadt/umleitung.js"></script>"#,
            r#"<script src="javascript:0/p/stadt/umleitung.js"></script>"#,
            r#"<script src="https://[/p/stadt/umleitung.js"></script>"#,
        ] {
            assert_eq!(found(html), Found::Nothing, "{html}");
        }
        assert_eq!(
            found("<script src=https://n.example/p/land/umleitung.js></script>"),
            Found::OtherPortal("land".to_owned())
        );
        // Pages are not always in the encoding that they say.
        let bytes = b"\xff\xfe<p>\x80</p><script src=https://n.example/p/stadt/umleitung.js>";
        let address: Url = "https://stadt.example/".parse().unwrap();
        assert!(matches!(find(bytes, &address, "stadt"), Found::Tag(_)));
    }
}
