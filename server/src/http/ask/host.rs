//! For whom a request is meant: exactly one `Host` (RFC 9112, section 3.2). What a proxy and the server would read differently is refused.

use std::net::Ipv6Addr;

use axum::http::{HeaderMap, Version, header};

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
}
