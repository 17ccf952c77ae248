//! Whether a portal embeds the notices as it is to: its pages are read as a visitor's browser would, and what stands in the way is told.

use std::time::Duration;

use api::{ExaminedPage, Finding, FindingKind};
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::{catalogue::Portal, words::ObstacleKind};
use futures::{StreamExt, stream};
use hyper::header::CONTENT_SECURITY_POLICY;
use sha2::{Digest, Sha256, Sha384, Sha512};
use store::arrivals::Obstacle;
use tag::{Refused, Tag};
use tokio::time::timeout;
use url::Url;

use crate::reactors::{Came, Visitor, is_loader};

/// So many pages of a portal are read, the first ones; they are of one make.
const PAGES: usize = 12;

/// So many at once.
const AT_ONCE: usize = 6;

/// For how long one page is looked at, with what it leads to.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest that is told of what others write, in characters.
const LONGEST: usize = 300;

/// Looks at the portal's start page and at those pages that the catalogue names.
pub(crate) async fn examine(visitor: &Visitor, portal: &Portal) -> Vec<ExaminedPage> {
    let pages = pages(portal).into_iter().map(|address| async {
        let findings = timeout(PATIENCE, examined(visitor, portal, &address)).await;
        let late = || {
            vec![finding(
                FindingKind::Unreachable,
                format!("no answer within {} seconds", PATIENCE.as_secs()),
            )]
        };
        ExaminedPage {
            findings: findings.unwrap_or_else(|_| late()),
            address,
        }
    });
    stream::iter(pages).buffered(AT_ONCE).collect().await
}

/// The addresses that are looked at. A rule for many pages stands for the one at its beginning.
fn pages(portal: &Portal) -> Vec<String> {
    let Ok(home) = Url::parse(&portal.links.home) else {
        return vec![portal.links.home.clone()];
    };
    let mut pages = vec![home.to_string()];
    for page in &portal.pages {
        let at = page.at.trim_end_matches('*');
        let address = if at.starts_with('/') {
            home.join(at)
        } else {
            Url::parse(&format!("{}://{at}", home.scheme()))
        };
        if let Ok(address) = address
            && !pages.contains(&address.to_string())
        {
            pages.push(address.to_string());
        }
    }
    pages.truncate(PAGES);
    pages
}

fn finding(kind: FindingKind, detail: impl AsRef<str>) -> Finding {
    let detail = detail.as_ref().chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    Finding { kind, detail }
}

/// What is in the way of reading something.
fn unread(met: &Obstacle) -> Finding {
    let kind = match met.kind {
        ObstacleKind::NotAllowed => FindingKind::NotAllowed,
        ObstacleKind::Status => FindingKind::Status,
        _ => FindingKind::Unreachable,
    };
    finding(kind, format!("{} {}", met.at, met.detail).trim())
}

async fn examined(visitor: &Visitor, portal: &Portal, address: &str) -> Vec<Finding> {
    let page = match visitor.get(address).await {
        Ok(page) => page,
        Err(met) => return vec![unread(&met)],
    };
    let source = tag::source(&page.body, &page.address);
    let own = || source.tags.iter().filter(|(_, of)| of == portal.id.as_str()).map(|(tag, _)| tag);
    let Some(tag) = own().next() else {
        return vec![match source.tags.first() {
            Some((_, other)) => finding(FindingKind::OtherPortal, other),
            None => finding(FindingKind::NoTag, ""),
        }];
    };
    let mut findings = Vec::new();
    if own().count() > 1 {
        findings.push(finding(FindingKind::Doubled, own().count().to_string()));
    }
    if tag.server != visitor.own() {
        findings.push(finding(FindingKind::OtherServer, &tag.server));
    }
    findings.extend(of_loader(visitor, tag, &page).await);
    let headers = page.headers.get_all(CONTENT_SECURITY_POLICY).iter();
    let mut policies: Vec<String> = headers
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect();
    policies.extend(source.policies.iter().cloned());
    let refused = tag::refused(&policies, &page.address, tag).into_iter();
    findings.extend(refused.map(|refused| match refused {
        Refused::Script => finding(FindingKind::ScriptRefused, tag.loader.as_str()),
        Refused::Connection(server) => finding(FindingKind::ConnectionRefused, server),
        Refused::WebAssembly => finding(FindingKind::WebAssemblyRefused, ""),
    }));
    findings
}

/// Whether the loader comes, and is the one to which the tag is pinned.
async fn of_loader(visitor: &Visitor, tag: &Tag, page: &Came) -> Option<Finding> {
    let loader = match visitor.get(tag.loader.as_str()).await {
        Ok(loader) => loader,
        Err(met) => return Some(unread(&met)),
    };
    if !is_loader(&loader.body) {
        return Some(finding(FindingKind::NotTheLoader, tag.loader.as_str()));
    }
    let integrity = tag.integrity.as_deref()?;
    if tag.loader.origin() != page.address.origin() && !tag.is_anonymous {
        return Some(finding(FindingKind::PinnedWithoutOrigin, ""));
    }
    (!fits(integrity, &loader.body)).then(|| finding(FindingKind::PinnedToAnother, tag.loader.as_str()))
}

/// Whether a body is what a tag is pinned to: of several hashes the strongest kind counts, and of that any (Subresource Integrity).
fn fits(integrity: &str, body: &[u8]) -> bool {
    let of = |kind: &str| {
        let hashes = integrity
            .split_ascii_whitespace()
            .filter_map(|one| one.strip_prefix(kind)?.strip_prefix('-'));
        let hashes: Vec<&str> = hashes.map(|hash| hash.split('?').next().unwrap_or(hash)).collect();
        (!hashes.is_empty()).then_some(hashes)
    };
    let is = |hashes: Vec<&str>, digest: &[u8]| hashes.contains(&BASE64_STANDARD.encode(digest).as_str());
    if let Some(hashes) = of("sha512") {
        is(hashes, &Sha512::digest(body))
    } else if let Some(hashes) = of("sha384") {
        is(hashes, &Sha384::digest(body))
    } else if let Some(hashes) = of("sha256") {
        is(hashes, &Sha256::digest(body))
    } else {
        // What a browser does not know it passes over.
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_hash_counts() {
        let right = |kind: &str| match kind {
            "sha256" => format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(b"x"))),
            "sha384" => format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(b"x"))),
            _ => format!("sha512-{}", BASE64_STANDARD.encode(Sha512::digest(b"x"))),
        };
        for kind in ["sha256", "sha384", "sha512"] {
            assert!(fits(&right(kind), b"x"), "{kind}");
            assert!(!fits(&right(kind), b"y"), "{kind}");
            assert!(fits(&format!("{kind}-AAAA {}?ct=x", right(kind)), b"x"), "{kind}");
        }
        assert!(!fits(&format!("{} sha512-AAAA", right("sha256")), b"x"));
        assert!(fits("md5-AAAA", b"x"));
    }
}
