//! The frame around the shared view: head, portal, languages, legal links, style. A page needs no other file: its style stands in it, and
//! the policy names the style by its hash. Links are relative, so that a proxy may put the server below a path.

use std::{fmt::Write, sync::LazyLock};

use axum::http::{HeaderValue, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::catalogue::PortalLinks;
use sha2::{Digest, Sha256};
use url::Url;
use view::Messages;

use super::{language, page::HTML, scene::Scene};
use crate::document::Document;
use paper::escape;

/// A style with the policy that allows it and nothing else.
pub(crate) struct Style {
    pub(crate) css: String,
    pub(crate) policy: String,
}

impl Style {
    pub(crate) fn new(parts: &[&str]) -> Self {
        let css = parts.concat();
        let hash = STANDARD.encode(Sha256::digest(css.as_bytes()));
        Self {
            policy: format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"),
            css,
        }
    }

    /// For pages that stand for themselves: nobody shows them inside other pages, where a stranger's page could pass for their frame.
    pub(crate) fn unframed(mut self) -> Self {
        self.policy.push_str("; frame-ancestors 'none'");
        self
    }
}

/// The style of the pages that are read on the server.
pub(crate) static STYLE: LazyLock<Style> = LazyLock::new(|| Style::new(&[view::STYLE, PAGE]).unframed());

/// The style of the frame.
pub(crate) const PAGE: &str = include_str!("page.css");

impl Scene {
    /// A whole page. `up` is the way from it to the portal's address, `here` what the page's own query needs beside the language.
    pub(crate) fn frame(&self, up: &str, here: &str, title: &str, body: &str) -> Document {
        self.frame_in(&STYLE, up, here, title, body)
    }

    /// The same with a form in it, which this server takes.
    pub(crate) fn frame_with_form(&self, up: &str, here: &str, title: &str, body: &str) -> Document {
        let mut document = self.frame(up, here, title, body);
        // The origin alone: a path in a policy means more than it says.
        let origin = Url::parse(&self.public_url).map_or_else(|_| "'self'".to_owned(), |url| url.origin().ascii_serialization());
        let policy = STYLE.policy.replace("form-action 'none'", &format!("form-action {origin}"));
        set_policy(&mut document, &policy);
        document
    }

    /// The same in a style of its own.
    pub(crate) fn frame_in(&self, style: &Style, up: &str, here: &str, title: &str, body: &str) -> Document {
        let body = relative(body, self.portal.id.as_str(), up);
        let mut alternates = String::new();
        for language in &self.portal.languages {
            // Writing to a string cannot fail.
            let _ = write!(
                alternates,
                "<link rel=\"alternate\" hreflang=\"{language}\" href=\"?lang={language}{here}\">"
            );
        }
        for (name, kind, title) in [
            ("feed.atom", "application/atom+xml", "follow.feed"),
            ("feed.json", "application/feed+json", "follow.feed"),
            ("calendar.ics", "text/calendar", "follow.calendar"),
        ] {
            let _ = write!(
                alternates,
                "<link rel=\"alternate\" type=\"{kind}\" title=\"{}\" href=\"{up}{name}{}\">",
                self.word(title),
                self.query()
            );
        }
        let available: Vec<String> = self.portal.languages.iter().map(ToString::to_string).collect();
        let html = format!(
            "{head}{alternates}<style>{css}</style></head><body>\
             <a class=\"skip\" href=\"#content\">{skip}</a><header class=\"band\"><div class=\"sheet\"><p><a href=\"{home}\">{name}</a></p>{languages}</div></header>\
             <main id=\"content\" class=\"sheet\">{body}</main><footer class=\"foot\"><div class=\"sheet\">{zone}{legal}</div></footer></body></html>\n",
            head = self.head(title),
            css = style.css,
            skip = self.word("skip"),
            home = escape(&self.portal.links.home),
            name = self.name(),
            languages = languages(&self.words, &available, &self.reader.lang, here),
            zone = self.zone(),
            legal = self.legal(),
        );
        document(html, style)
    }

    /// The beginning of a page, up to what the head holds beside.
    pub(crate) fn head(&self, title: &str) -> String {
        head(&self.words, direction(&self.reader.words), &format!("{title} – {}", self.name()))
    }

    /// What the law asks every page to link to.
    pub(crate) fn legal(&self) -> String {
        let mut html = format!("<nav aria-label=\"{}\"><ul>", self.word("footer"));
        let PortalLinks {
            imprint,
            privacy,
            accessibility,
            feedback,
            ..
        } = &self.portal.links;
        for (key, link) in [
            ("imprint", imprint),
            ("privacy", privacy),
            ("accessibility", accessibility),
            ("feedback", feedback),
        ] {
            let _ = write!(html, "<li><a href=\"{}\">{}</a></li>", escape(link), self.word(key));
        }
        html.push_str("</ul></nav>");
        html
    }
}

/// The beginning of any page.
pub(crate) fn head(words: &Messages, direction: &str, title: &str) -> String {
    format!(
        "<!doctype html><html lang=\"{lang}\" dir=\"{direction}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><meta name=\"color-scheme\" content=\"light dark\"><meta name=\"referrer\" content=\"no-referrer\">",
        lang = escape(language::word(words, "lang")),
    )
}

/// Links to the same page in the languages in which it is there.
pub(crate) fn languages(words: &Messages, available: &[String], chosen: &str, here: &str) -> String {
    let mut html = format!("<nav aria-label=\"{}\"><ul>", escape(language::word(words, "languages")));
    for language in available {
        let current = if language == chosen { " aria-current=\"true\"" } else { "" };
        let _ = write!(
            html,
            "<li><a href=\"?lang={language}{here}\" lang=\"{language}\" hreflang=\"{language}\"{current}>{}</a></li>",
            escape(&language::own_name(language))
        );
    }
    html.push_str("</ul></nav>");
    html
}

/// The relative path from a page that lies `folders` levels deep.
pub(crate) fn way_up(folders: usize) -> String {
    if folders == 0 { "./".to_owned() } else { "../".repeat(folders) }
}

/// From left to right, unless the words say otherwise.
pub(crate) fn direction(words: &Messages) -> &'static str {
    if language::word(words, "dir") == "rtl" { "rtl" } else { "ltr" }
}

/// A page with the headers that all have.
pub(crate) fn document(html: String, style: &Style) -> Document {
    let mut document = Document::new(html, HTML);
    for headers in [&mut document.plain_headers, &mut document.brotli_headers] {
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding, Accept-Language"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    }
    set_policy(&mut document, &style.policy);
    document
}

fn set_policy(document: &mut Document, policy: &str) {
    for headers in [&mut document.plain_headers, &mut document.brotli_headers] {
        // It is made of a hash, an address and fixed words, which a header can always hold.
        if let Ok(policy) = HeaderValue::try_from(policy) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}

/// Turns the addresses of the portal's own pages into relative ones.
fn relative(html: &str, portal: &str, up: &str) -> String {
    let own = format!(" href=\"/p/{portal}/");
    let near = format!(" href=\"{up}");
    in_tags(html, |tag| tag.replace(&own, &near))
}

/// Rewrites the tags and leaves the text between them alone, in which no angle bracket stands as such.
pub(crate) fn in_tags(html: &str, rewrite: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let end = rest[start..].find('>').map_or(rest.len(), |end| start + end + 1);
        out.push_str(&rewrite(&rest[start..end]));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_addresses_become_relative_and_texts_stay() {
        let html = "<a class=\"x\" href=\"/p/town/notices/2026-0001\">see href=\"/p/town/\"</a><a href=\"https://x.example/p/town/\">x</a>";
        assert_eq!(
            relative(html, "town", "../"),
            "<a class=\"x\" href=\"../notices/2026-0001\">see href=\"/p/town/\"</a><a href=\"https://x.example/p/town/\">x</a>"
        );
    }

    #[test]
    fn nothing_that_was_text_becomes_markup() {
        assert_eq!(escape("<b a=\"'&'\">"), "&lt;b a=&quot;&#39;&amp;&#39;&quot;&gt;");
    }
}
