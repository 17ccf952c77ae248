//! For whom a request is meant: exactly one `Host` (RFC 9112, section 3.2), which may be that of a portal. What a proxy and the server would read
//! differently is refused.

use std::net::Ipv6Addr;

use axum::http::{HeaderMap, Version, header};
use domain::{catalogue::Catalogue, words::PortalId};

/// Whether the request names its host as the protocol asks for. HTTP/1.0 may leave it out.
pub(crate) fn is_named(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => version != Version::HTTP_11,
        (Some(host), None) => is_host(host.as_bytes()),
        (Some(_), Some(_)) => false,
    }
}

/// A name or an address, and perhaps a port; no list of them, no user, no path.
fn is_host(host: &[u8]) -> bool {
    let Ok(host) = std::str::from_utf8(host) else { return false };
    let (name, port) = match host.rfind(']') {
        Some(end) => host.split_at(end + 1),
        None => host.find(':').map_or((host, ""), |colon| host.split_at(colon)),
    };
    let is_port = match port.strip_prefix(':') {
        None => port.is_empty(),
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits.is_empty() || digits.parse::<u16>().is_ok()),
    };
    is_port && is_name(name)
}

fn is_name(name: &str) -> bool {
    match name.strip_prefix('[') {
        Some(address) => address.strip_suffix(']').is_some_and(|address| address.parse::<Ipv6Addr>().is_ok()),
        None => {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~'))
        }
    }
}

/// The portal that the host means, or the only one that there is.
pub(crate) fn meant(catalogue: &Catalogue, headers: &HeaderMap) -> Option<PortalId> {
    let portals = &catalogue.portals;
    let only = portals.first().filter(|_| portals.len() == 1);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).map(as_in_catalogue);
    let named = host.and_then(|host| portals.iter().find(|portal| portal.hosts.contains(&host)));
    named.or(only).map(|portal| portal.id.clone())
}

/// A host as the catalogue writes it: without its port, in lower case.
fn as_in_catalogue(host: &str) -> String {
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|digit| digit.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name);
    name.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn there_is_one_host() {
        for (version, hosts, named) in [
            (Version::HTTP_11, vec!["notices.example"], true),
            (Version::HTTP_11, vec!["127.0.0.1:8080"], true),
            (Version::HTTP_11, vec!["[::1]:8080"], true),
            (Version::HTTP_11, vec![], false),
            (Version::HTTP_11, vec![""], false),
            (Version::HTTP_11, vec!["a.example", "b.example"], false),
            (Version::HTTP_11, vec!["a.example", "a.example"], false),
            (Version::HTTP_11, vec!["a.example, b.example"], false),
            (Version::HTTP_11, vec!["user@a.example"], false),
            (Version::HTTP_11, vec!["a.example/path"], false),
            (Version::HTTP_11, vec!["a b"], false),
            (Version::HTTP_11, vec!["a.example."], true),
            (Version::HTTP_11, vec!["a_b.example:65535"], true),
            (Version::HTTP_11, vec!["a.example:"], true),
            (Version::HTTP_11, vec!["a.example:65536"], false),
            (Version::HTTP_11, vec!["a.example:http"], false),
            (Version::HTTP_11, vec!["a.example:+80"], false),
            (Version::HTTP_11, vec!["a.example:80:80"], false),
            (Version::HTTP_11, vec![":80"], false),
            (Version::HTTP_11, vec!["::1"], false),
            (Version::HTTP_11, vec!["[::1"], false),
            (Version::HTTP_11, vec!["[::1]8080"], false),
            (Version::HTTP_11, vec!["[x]"], false),
            (Version::HTTP_11, vec!["[]"], false),
            (Version::HTTP_11, vec!["a%00b"], false),
            (Version::HTTP_10, vec![], true),
            (Version::HTTP_10, vec!["a.example", "b.example"], false),
            (Version::HTTP_2, vec![], true),
        ] {
            let headers = hosts.iter().map(|host| (header::HOST, HeaderValue::from_static(host)));
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(name, value);
            }
            assert_eq!(is_named(version, &map), named, "{version:?} {hosts:?}");
        }
    }

    #[test]
    fn a_host_means_a_portal_whatever_its_port() {
        for (host, expected) in [
            ("status.musterstadt.example", "status.musterstadt.example"),
            ("Status.Musterstadt.example:8443", "status.musterstadt.example"),
            ("status.musterstadt.example.", "status.musterstadt.example"),
            ("[::1]:8080", "[::1]"),
            ("[::1]", "[::1]"),
        ] {
            assert_eq!(as_in_catalogue(host), expected, "{host}");
        }
    }
}
