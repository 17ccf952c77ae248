//! The address under which people reach the server, as `--public-url` gives it.

use url::{Host, Url};

/// Reads such an address: `http` or `https`, a host, perhaps a port and a path. Returns it in its usual form, without a slash at the end.
///
/// # Errors
/// What is wrong with it.
pub(super) fn public_address(text: &str) -> Result<String, String> {
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\');
    let begins = |scheme: &str| {
        let beginning = text.get(..scheme.len()).unwrap_or_default();
        beginning.eq_ignore_ascii_case(scheme) && !text[scheme.len()..].starts_with('/')
    };
    if !plain || !(begins("http://") || begins("https://")) {
        return Err("is no address such as https://notices.example".to_owned());
    }
    let url = Url::parse(text).map_err(|error| format!("is no address: {error}"))?;
    let authority = text.split(['/', '?', '#']).nth(2).unwrap_or_default();
    if authority.contains('@') {
        return Err("has a user in it; leave that out".to_owned());
    }
    if !names_host(&url) {
        return Err("names a host that there cannot be".to_owned());
    }
    if url.port() == Some(0) {
        return Err("has port 0; name the one on which people reach it, or leave it out".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has a query or a fragment; leave that out".to_owned());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Whether its host can be: an address as it is written, or a name of the domain name system.
fn names_host(url: &Url) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    match url.host() {
        Some(Host::Domain(name)) => name.strip_suffix('.').unwrap_or(name).split('.').all(label),
        Some(Host::Ipv4(address)) => !address.is_unspecified() && address.octets()[0] != 0,
        Some(Host::Ipv6(address)) => !address.is_unspecified(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_in_its_usual_form() {
        for (text, expected) in [
            ("https://notices.example", "https://notices.example"),
            ("HTTPS://Notices.Example/", "https://notices.example"),
            ("https://notices.example:443/umleitung//", "https://notices.example/umleitung"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:80/", "http://[::1]"),
            ("https://störung.example", "https://xn--strung-xxa.example"),
        ] {
            assert_eq!(public_address(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_of_the_web_is_refused() {
        for text in [
            "",
            "notices.example",
            "notices.example:8080",
            "//notices.example",
            "https:notices.example",
            "https:///notices.example",
            "https://",
            "javascript:alert(1)",
            "javascript://notices.example/%0aalert(1)",
            "data:text/html,x",
            "ftp://notices.example",
            "file:///srv",
            "https://user@notices.example",
            "https://user:secret@notices.example",
            "https://notices.example/?a=b",
            "https://notices.example/#a",
            "https://notices example",
            " https://notices.example",
            "https://notices.example\n",
            "https:\\\\notices.example",
            "https://notices.example:99999",
            "https://notices.example:0",
            "https://@notices.example",
            "https://:@notices.example",
            "https://a..example",
            "https://.example",
            "https://-a.example",
            "https://*.example",
            "https://a.example,b.example",
            "https://1",
            "http://0.0.0.0:8080",
            "http://[::]:8080",
        ] {
            assert!(public_address(text).is_err(), "{text:?}");
        }
    }
}
