//! Addresses as they stand in a text: `https://…`, `www.…`, `name@host.example`.

use crate::text::link::{link_fault, normal_link};

/// An address that somebody typed without saying that it is a link.
pub(super) struct Address<'a> {
    /// What is shown: what was typed.
    pub(super) shown: &'a str,
    /// Where it leads to; `None`: it may not be published, and stays text.
    pub(super) href: Option<String>,
    /// How many bytes of the text it takes.
    pub(super) length: usize,
}

/// The address with which a text begins.
pub(super) fn address_at(text: &str) -> Option<Address<'_>> {
    let (shown, href) = web_address(text).or_else(|| mail_address(text))?;
    Some(Address {
        shown,
        length: shown.len(),
        href: link_fault(&href).is_none().then_some(href),
    })
}

/// Whether this is meant to lead somewhere.
pub(super) fn looks_like_an_address(text: &str) -> bool {
    ["https:", "http:", "mailto:", "tel:", "www."]
        .iter()
        .any(|start| begins_with(text, start))
}

/// Whether a character before this place belongs to the same word, so that no address begins here.
pub(super) fn continues_word(before: char) -> bool {
    before.is_alphanumeric() || matches!(before, '_' | '@' | '&' | '=' | '.' | '-' | '+' | '%' | '/' | '*')
}

fn begins_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

fn web_address(text: &str) -> Option<(&str, String)> {
    let start = ["https://", "http://", "www."].into_iter().find(|start| begins_with(text, start))?;
    let stops =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '„' | '“' | '”' | '«' | '»' | '‹' | '›' | '`');
    let shown = without_closing_marks(&text[..text.find(stops).unwrap_or(text.len())]);
    let host = shown.get(start.len()..)?;
    if !host.starts_with(|c: char| c.is_alphanumeric() || c == '[') {
        return None;
    }
    if start == "www." {
        // `www.` alone, or with a word and no more, is a manner of speaking.
        return host.contains('.').then(|| (shown, format!("https://{shown}")));
    }
    Some((shown, normal_link(shown.to_owned())))
}

/// What closes the sentence around an address is no part of it.
fn without_closing_marks(address: &str) -> &str {
    let mut address = address;
    while let Some(last) = address.chars().next_back() {
        let count = |c: char| address.matches(c).count();
        let closes = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '…' | '’' | '،' | '؛' | '؟' => true,
            ')' => count(')') > count('('),
            ']' => count(']') > count('['),
            '}' => count('}') > count('{'),
            _ => false,
        };
        if !closes {
            break;
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    address
}

fn mail_address(text: &str) -> Option<(&str, String)> {
    let start = if begins_with(text, "mailto:") { "mailto:".len() } else { 0 };
    let mail = &text[start..];
    let is_local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
    let at = mail.find(|c| !is_local(c))?;
    let host = mail[at..].strip_prefix('@')?;
    let end = host
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-')))
        .unwrap_or(host.len());
    let host = host[..end].trim_end_matches(['.', '-']);
    let labels: Vec<&str> = host.split('.').collect();
    let is_host = labels.len() > 1
        && labels.iter().all(|label| !label.is_empty())
        && labels
            .last()
            .is_some_and(|last| last.chars().count() > 1 && last.chars().all(char::is_alphabetic));
    let is_mail = at > 0 && is_host && !mail.starts_with(['.', '-']);
    is_mail.then(|| (&text[..start + at + 1 + host.len()], format!("mailto:{}@{host}", &mail[..at])))
}
