//! From which page a request comes. A browser says so; another site must not act in a person's name.

use api::ProblemKind;
use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};

use crate::http::{answer::problem::Problem, site::Site};

/// A request that comes from this server's own pages, or from no page.
pub(crate) struct OwnOrigin;

impl FromRequestParts<Arc<Site>> for OwnOrigin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Problem> {
        Self::of(parts, site)
    }
}

impl OwnOrigin {
    /// # Errors
    /// When the request comes from a page of another origin.
    pub(crate) fn of(parts: &Parts, site: &Site) -> Result<Self, Problem> {
        let foreign = |detail: &str| Err(Problem::new(ProblemKind::ForeignOrigin, detail));
        let mut sites = parts.headers.get_all("sec-fetch-site").iter();
        if !sites.all(|site| matches!(site.as_bytes(), b"same-origin" | b"none")) {
            return foreign("`Sec-Fetch-Site` is not `same-origin`.");
        }
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        // An address that is written in full has it in the first line.
        let host = host.or_else(|| parts.uri.authority().map(axum::http::uri::Authority::as_str));
        let mut origins = parts.headers.get_all(header::ORIGIN).iter();
        if !origins.all(|origin| origin.to_str().is_ok_and(|origin| is_own(origin, host, &site.public_url))) {
            return foreign("`Origin` is not this server.");
        }
        Ok(Self)
    }
}

/// Whether an origin is the public address, or the host that was asked. Behind a proxy that may be another than the one that people
/// see. Where people come over TLS, a page without it is another origin: anyone on the way can write it.
fn is_own(origin: &str, host: Option<&str>, public_url: &str) -> bool {
    let (Some(origin), Some(public)) = (Origin::parse(origin), Origin::parse(public_url)) else {
        return false;
    };
    let of_host = |host: &str| Origin::new(origin.scheme, host);
    let is_asked = host.is_some_and(|host| of_host(host) == origin);
    origin == public || (is_asked && (origin.scheme == Scheme::Https || public.scheme == Scheme::Http))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

/// Scheme, host and port, in the form in which they are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin {
    scheme: Scheme,
    authority: String,
}

impl Origin {
    fn new(scheme: Scheme, authority: &str) -> Self {
        let usual_port = match scheme {
            Scheme::Http => ":80",
            Scheme::Https => ":443",
        };
        let authority = authority.to_ascii_lowercase();
        Self {
            scheme,
            authority: authority.strip_suffix(usual_port).unwrap_or(&authority).to_owned(),
        }
    }

    /// The origin of an address; `None`: it is none of HTTP.
    fn parse(address: &str) -> Option<Self> {
        let (scheme, rest) = address.split_once("://")?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        Some(Self::new(scheme, rest.split('/').next().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_tls_only_pages_with_tls_are_ones_own() {
        for (origin, host, own) in [
            ("https://notices.example", "notices.example", true),
            ("https://notices.example", "127.0.0.1:8080", true),
            ("https://notices.example:443", "10.0.0.1", true),
            ("https://Notices.Example", "notices.example:443", true),
            ("https://other.example", "other.example", true),
            ("https://other.example", "notices.example", false),
            ("http://notices.example", "notices.example", false),
            ("ftp://notices.example", "notices.example", false),
            ("ws://notices.example", "notices.example", false),
            ("://notices.example", "notices.example", false),
            ("notices.example", "notices.example", false),
            ("https://notices.example:8443", "notices.example", false),
            ("https://notices.example.evil.example", "notices.example", false),
            ("https://notices.example@evil.example", "notices.example", false),
            ("http://127.0.0.1:8080", "127.0.0.1:8080", false),
            ("null", "notices.example", false),
            ("", "notices.example", false),
        ] {
            assert_eq!(is_own(origin, Some(host), "https://notices.example"), own, "{origin} asks {host}");
        }
        assert!(is_own("https://notices.example", None, "https://notices.example/"));
        assert!(!is_own("https://other.example", None, "https://notices.example"));
    }

    #[test]
    fn without_tls_the_host_that_is_asked_is_ones_own() {
        for (origin, host, own) in [
            ("http://127.0.0.1:8080", "127.0.0.1:8080", true),
            ("http://localhost:8080", "localhost:8080", true),
            ("http://[::1]:8080", "[::1]:8080", true),
            ("http://notices.example", "notices.example:80", true),
            // A proxy in front ends TLS, and the server was not told.
            ("https://notices.example", "notices.example", true),
            ("http://localhost:8080", "localhost:8081", false),
            ("http://localhost", "localhost:8080", false),
            ("ftp://127.0.0.1:8080", "127.0.0.1:8080", false),
            ("file://", "127.0.0.1:8080", false),
            ("null", "null", false),
        ] {
            assert_eq!(is_own(origin, Some(host), "http://127.0.0.1:8080"), own, "{origin} asks {host}");
        }
    }
}
