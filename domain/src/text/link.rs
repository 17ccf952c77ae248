//! Which addresses may be linked: of the web, of mail and of telephones, well-formed, and leading where they seem to lead.

use std::fmt::Write;

use serde::{Deserialize, Deserializer};
use url::{Host, Url};

use super::shown::is_unseen;
use crate::words::{Code, Faults};

/// The longest address, in bytes.
const LONGEST: usize = 2_000;

/// The most digits that a number has with its country (ITU-T E.164).
const DIGITS: usize = 15;

/// Reports an address that may not be linked. Its scheme is in lower case, as it is read.
pub(crate) fn check_link(link: &str, at: &str, faults: &mut Faults) {
    if let Some(fault) = link_fault(link) {
        faults.add(at, Code::Link, fault);
    }
}

/// The reason why this address may not be linked, if there is one.
pub(crate) fn link_fault(link: &str) -> Option<String> {
    let mut shown = String::new();
    for c in link.chars().take(60) {
        let written = if c.is_control() || is_unseen(c) {
            write!(shown, "\\u{{{:x}}}", u32::from(c))
        } else {
            write!(shown, "{c}")
        };
        written.ok()?;
    }
    let unsafe_scheme = "is not a link that may be published; it has to begin with https://, http://, mailto: or tel:";
    let reason = if link.len() > LONGEST || link.chars().any(|c| c.is_control() || c.is_whitespace() || is_unseen(c)) {
        Some("has blanks or invisible characters in it, or is longer than 2,000 characters".to_owned())
    } else {
        match link.split_once(':') {
            Some(("https" | "http", rest)) if rest.starts_with("//") => web_fault(link, &rest[2..]),
            Some(("mailto", rest)) => mail_fault(rest),
            Some(("tel", rest)) => telephone_fault(rest),
            _ => Some(unsafe_scheme.to_owned()),
        }
    };
    reason.map(|reason| format!("`{shown}` {reason}"))
}

/// An address of the web after the URL Standard (<https://url.spec.whatwg.org>), less what browsers take for something else than it looks.
fn web_fault(link: &str, rest: &str) -> Option<String> {
    let fault = |reason: &str| Some(reason.to_owned());
    if link.contains(['\\', '<', '>', '"']) {
        return fault("has a character that an address cannot have; write it as %5C, %3C, %3E or %22");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() {
        return fault("names no host; write it as https://host.example/path");
    }
    if authority.contains('@') {
        return fault("has a name or a password in front of its host; leave out everything up to the @");
    }
    let url = match Url::parse(link) {
        Ok(url) => url,
        Err(error) => return Some(format!("is not well-formed ({error}); write it as https://host.example/path")),
    };
    let written = authority.rsplit_once(':').map_or(authority, |(host, port)| {
        if port.bytes().all(|b| b.is_ascii_digit()) {
            host
        } else {
            authority
        }
    });
    match url.host() {
        // A browser also takes 1, 0x7f.1 and 127.1 for addresses.
        Some(Host::Ipv4(address)) if address.to_string() != written => Some(format!("leads to {address}; write that instead")),
        Some(Host::Domain(_)) if written.contains('%') => fault("hides letters of its host behind %; write them out"),
        Some(Host::Domain(domain)) if !is_domain(domain) => {
            fault("names a host that there cannot be; write it as https://host.example/path")
        }
        Some(_) => None,
        None => fault("names no host; write it as https://host.example/path"),
    }
}

/// Whether a name in its ASCII form can be in the domain name system.
fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    domain.len() <= 253 && domain.split('.').all(label)
}

/// An address of mail after RFC 6068: recipients, then fields of the message.
fn mail_fault(rest: &str) -> Option<String> {
    let wrong = |what: &str| Some(format!("{what}; write it as mailto:name@host.example"));
    let (recipients, fields) = rest.split_once('?').unwrap_or((rest, ""));
    if !are_mail_addresses(recipients) {
        return wrong("is no address of mail");
    }
    for field in fields.split('&').filter(|_| !fields.is_empty()) {
        let Some((name, value)) = field.split_once('=') else {
            return wrong("has a field without `=`");
        };
        let Some(text) = percent_decoded(value) else {
            return wrong("has a % that two digits of base 16 do not follow");
        };
        let is_sound = match name.to_ascii_lowercase().as_str() {
            "to" | "cc" | "bcc" => are_mail_addresses(value),
            "subject" | "in-reply-to" => !text.chars().any(char::is_control),
            "body" => !text.chars().any(|c| c.is_control() && !matches!(c, '\r' | '\n' | '\t')),
            _ => return wrong("has a field other than to, cc, bcc, subject, body and in-reply-to"),
        };
        if !is_sound {
            return wrong(&format!("has something else in `{name}` than belongs there"));
        }
    }
    None
}

fn are_mail_addresses(list: &str) -> bool {
    list.split(',')
        .all(|address| percent_decoded(address).is_some_and(|address| is_mail_address(&address)))
}

fn is_mail_address(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return false;
    };
    let atom = |atom: &str| {
        !atom.is_empty()
            && atom.chars().all(|c| {
                c.is_alphanumeric() || matches!(c, '!'..='\'' | '*' | '+' | '-' | '/' | '=' | '?' | '^'..='`' | '{'..='~') && c != '"'
            })
    };
    let named = matches!(Host::parse(domain), Ok(Host::Domain(domain)) if is_domain(&domain));
    local.len() <= 64 && local.split('.').all(atom) && named
}

/// The text behind percent signs; `None`: there is one that stands for nothing.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
            u8::try_from(high * 16 + low).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(bytes).ok()
}

/// A number after RFC 3966. Numbers without their country are taken also without `phone-context`: 115 is dialled as it is.
fn telephone_fault(rest: &str) -> Option<String> {
    let wrong = |what: &str| Some(format!("{what}; write it as tel:+493023125140"));
    let mut parts = rest.split(';');
    let number = parts.next().unwrap_or_default();
    let (digits, is_global) = number.strip_prefix('+').map_or((number, false), |digits| (digits, true));
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    let may_stand = |b: u8| b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'(' | b')') || (b == b'*' && !is_global);
    if count == 0 || !digits.bytes().all(may_stand) {
        return wrong("is no number");
    }
    if is_global && count > DIGITS {
        return wrong("has more than 15 digits");
    }
    let mut seen = Vec::new();
    for part in parts {
        let (name, value) = part.split_once('=').map_or((part, None), |(name, value)| (name, Some(value)));
        let name = name.to_ascii_lowercase();
        let value_is_sound = match (name.as_str(), value) {
            ("ext", Some(value)) => value.bytes().any(|b| b.is_ascii_digit()) && value.bytes().all(may_stand),
            ("phone-context", Some(value)) => match value.strip_prefix('+') {
                Some(digits) => !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.')),
                None => is_domain(value),
            },
            ("ext" | "phone-context", None) => false,
            (_, None) => true,
            (_, Some(value)) => {
                !value.is_empty()
                    && percent_decoded(value).is_some_and(|value| !value.chars().any(char::is_control))
                    && value
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b"-_.!~*'()[]/:&+$%".contains(&b))
            }
        };
        let name_is_sound = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !name_is_sound || !value_is_sound || seen.contains(&name) {
            return wrong("has something behind its `;` that does not belong to a number");
        }
        seen.push(name);
    }
    None
}

/// An address with its scheme in lower case, as those compare it who show links; a telephone begins a line with a capital.
pub(crate) fn normal_link(link: String) -> String {
    match link.split_once(':') {
        Some((scheme, rest)) if scheme.bytes().any(|b| b.is_ascii_uppercase()) => [&scheme.to_ascii_lowercase(), ":", rest].concat(),
        _ => link,
    }
}

/// Reads an address.
pub(crate) fn read_link<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    String::deserialize(deserializer).map(normal_link)
}

/// Reads an address that may be missing.
pub(crate) fn read_optional_link<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(normal_link))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_formed_links_pass() {
        for good in [
            "https://musterstadt.example/a?b=c",
            "http://musterstadt.example:8080/a/b;c=d/?e=%20#f",
            "https://xn--mnchen-3ya.example/",
            "https://münchen.example/straße",
            "https://127.0.0.1/",
            "https://[2001:db8::1]:8443/a",
            "https://host_1.example./",
            "https://localhost:3000",
            "https://musterstadt.example?a@b",
            "https://musterstadt.example/@name",
            "mailto:amt@musterstadt.example",
            "mailto:amt@musterstadt.example,buero@musterstadt.example",
            "mailto:a.b+c@musterstadt.example?subject=Antrag%20auf&body=Guten%20Tag%0D%0A&cc=d@musterstadt.example",
            "mailto:b%C3%BCro@münchen.example",
            "tel:+49301234",
            "tel:+49-30-23125-140",
            "tel:+49(30)23125.140",
            "tel:115",
            "tel:03023125140",
            "tel:*21",
            "tel:+493023125;ext=140",
            "tel:7042;phone-context=musterstadt.example",
            "tel:863-1234;phone-context=+1-914-555",
        ] {
            assert_eq!(link_fault(good), None);
        }
        for good in ["https://musterstadt.example/a", "mailto:amt@musterstadt.example", "tel:+49301234"] {
            assert_eq!(link_fault(&normal_link(good.to_uppercase())), None);
        }
    }

    /// Links that lead nowhere, or elsewhere than they seem to.
    const OTHER: &[&str] = &[
        // schemes
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "http:javascript:alert(1)",
        "data:text/html,x",
        "ftp://x.example",
        "file:///etc/passwd",
        "vbscript:x",
        "blob:https://x.example/1",
        "sip:amt@musterstadt.example",
        "//x.example",
        "/x",
        "",
        "x.example",
        // hosts
        "https:x.example",
        "https:/x.example",
        "https://",
        "https://:443",
        "https://?a",
        "https://#a",
        "http:///x",
        "https://[::1",
        "https://::1/",
        "https://[::1]x/",
        "https://[fe80::1%25eth0]/",
        "https://[1:2:3]/",
        "https://user:pw@x.example",
        "https://user@x.example",
        "https://@x.example",
        "https://musterstadt.example@evil.example/",
        "https://musterstadt.example:80@evil.example/",
        "https://x.example:65536/",
        "https://x.example:port/",
        "https://x.example:-1/",
        "https://1/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://127.1/",
        "https://256.256.256.256/",
        "https://ex%61mple.example/",
        "https://x..example/",
        "https://.example/",
        "https://-x.example/",
        "https://x-.example/",
        "https://x,y.example/",
        "https://x;y.example/",
        "https://x!.example/",
        "https://x^y.example/",
        "https://x|y.example/",
        "https://x.example\\@evil.example/",
        "https://\\x.example/",
        "https://<x>.example/",
        "https://x.example/\"><script>",
        // characters
        " https://x.example",
        "https://x.example ",
        "https://x.example/a b",
        "https://x.example/\u{a0}",
        "java\nscript:x",
        "https://x.example/\t",
        "https://x.example/\0",
        "https://x.example/\u{202e}",
        "https://x.example/\u{200b}",
        "https://ex\u{ad}ample.example/",
        "https://x.example/\u{2060}",
        "https://x.example/\u{e0061}",
        "tel:+49\u{200b}30",
        "mailto:amt@\u{feff}musterstadt.example",
        // mail
        "mailto:",
        "mailto:amt",
        "mailto:amt@",
        "mailto:@musterstadt.example",
        "mailto:javascript:alert(1)",
        "mailto:a@b@c.example",
        "mailto:a..b@c.example",
        "mailto:.a@c.example",
        "mailto:a@c..example",
        "mailto:a@-c.example",
        "mailto:a@127.0.0.1",
        "mailto:<a@c.example>",
        "mailto:a@c.example,",
        "mailto:a@c.example;b@c.example",
        "mailto:a@c.example,b",
        "mailto:a@c.example%0D%0ABcc:x@c.example",
        "mailto:a@c.example?subject=x%0D%0ABcc:y@c.example",
        "mailto:a@c.example?subject",
        "mailto:a@c.example?subject=%zz",
        "mailto:a@c.example?subject=%",
        "mailto:a@c.example?attach=/etc/passwd",
        "mailto:a@c.example?cc=javascript:alert(1)",
        "mailto:?to=",
        "mailto:%00@c.example",
        // telephones
        "tel:",
        "tel:javascript:alert(1)",
        "tel:+",
        "tel:++49301234",
        "tel:+49 30 1234",
        "tel:49+301234",
        "tel:+49301234,,5",
        "tel:abc",
        "tel:0800-AMT",
        "tel:*%2306%23",
        "tel:*#06#",
        "tel:+4930/1234",
        "tel://+49301234",
        "tel:-",
        "tel:+49301234567890123",
        "tel:+49301234;",
        "tel:+49301234;ext=",
        "tel:+49301234;ext=a",
        "tel:+49301234;ext=1;ext=2",
        "tel:+49301234;phone-context=",
        "tel:7042;phone-context=<x>",
        "tel:+49301234;x=%0a",
        "tel:+49301234?x",
    ];

    #[test]
    fn other_links_are_refused() {
        let long = format!("https://x.example/{}", "a".repeat(2_000));
        let label = format!("https://{}.example/", "a".repeat(64));
        let name = format!("https://{}example/", "abcdefghi.".repeat(26));
        let made = [label, name, long];
        for bad in OTHER.iter().copied().chain(made.iter().map(String::as_str)) {
            assert!(link_fault(bad).is_some(), "{bad:?} was taken");
        }
    }

    #[test]
    fn what_is_refused_is_told_in_characters_that_are_seen() {
        let fault = link_fault("https://x.example/\u{202e}\u{200b}\u{7}").unwrap();
        assert!(
            fault.starts_with("`https://x.example/\\u{202e}\\u{200b}\\u{7}` has blanks"),
            "{fault}"
        );
    }
}
