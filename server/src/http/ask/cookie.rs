//! The cookies of the management API. Over TLS their names begin with `__Host-`, so that no neighbouring host can set one in their place.

use axum::http::{HeaderMap, HeaderValue, header};
use jiff::SignedDuration;

use crate::http::site::Secure;

/// So many cookies of one name are looked at; browsers keep fewer for a whole domain.
const LOOKED_AT: usize = 200;

/// A cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// Holds a session.
    Session,
    /// Makes a browser known in which somebody has signed in before. It opens nothing; it only gives its owner a turn of their own while
    /// somebody else tries passwords.
    Browser,
    /// Binds a sign-in at the provider to the browser in which it began.
    Departure,
}

impl Cookie {
    const fn name(self, secure: Secure) -> &'static str {
        match (self, secure) {
            (Self::Session, Secure::Https) => "__Host-umleitung_session",
            (Self::Session, Secure::Plain) => "umleitung_session",
            (Self::Browser, Secure::Https) => "__Host-umleitung_browser",
            (Self::Browser, Secure::Plain) => "umleitung_browser",
            (Self::Departure, Secure::Https) => "__Host-umleitung_departure",
            (Self::Departure, Secure::Plain) => "umleitung_departure",
        }
    }

    /// All values that came under this name. Without TLS a neighbouring host may have put one of its own beside ours, and other cookies
    /// may hold any bytes.
    pub(crate) fn values(self, secure: Secure, headers: &HeaderMap) -> Vec<&str> {
        let name = self.name(secure).as_bytes();
        let pairs = headers
            .get_all(header::COOKIE)
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
        let values = pairs.filter_map(|pair| pair.trim_ascii().strip_prefix(name)?.strip_prefix(b"="));
        values.filter_map(|value| std::str::from_utf8(value).ok()).take(LOOKED_AT).collect()
    }

    /// The header that sets it.
    pub(crate) fn set(self, secure: Secure, value: &str, lasts: SignedDuration) -> Option<HeaderValue> {
        let name = self.name(secure);
        let seconds = lasts.as_secs();
        let attribute = match secure {
            Secure::Https => "; Secure",
            Secure::Plain => "",
        };
        // Whoever comes back from the provider follows a link of another site.
        let sites = if self == Self::Departure { "Lax" } else { "Strict" };
        HeaderValue::try_from(format!(
            "{name}={value}; Path=/; HttpOnly; SameSite={sites}; Max-Age={seconds}{attribute}"
        ))
        .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cookie_of_the_name_is_found_whatever_stands_beside_it() {
        let sent: [&[u8]; 7] = [
            b"umleitung_session=ours",
            b"a=b; umleitung_session=ours; c=d",
            b"a=\xe4\xf6; umleitung_session=ours",
            b"a;;=;umleitung_session=ours;",
            b"umleitung_sessions=x; xumleitung_session=y;  umleitung_session=ours ",
            b"a=\"umleitung_session=x\"; umleitung_session=ours",
            b"__Host-umleitung_session=x; umleitung_session=ours",
        ];
        for cookies in sent {
            let mut headers = HeaderMap::new();
            headers.append(header::COOKIE, HeaderValue::from_static("first=1"));
            headers.append(header::COOKIE, HeaderValue::from_bytes(cookies).unwrap());
            assert_eq!(
                Cookie::Session.values(Secure::Plain, &headers),
                ["ours"],
                "{}",
                cookies.escape_ascii()
            );
        }
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("umleitung_session=theirs; umleitung_session=ours; umleitung_session="),
        );
        assert_eq!(Cookie::Session.values(Secure::Plain, &headers), ["theirs", "ours", ""]);
        assert!(Cookie::Session.values(Secure::Https, &headers).is_empty());
    }
}
