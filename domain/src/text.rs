//! Text that people wrote: language tags, variants by language, and what a text may contain.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, MapAccess, Visitor},
};

use crate::direction::in_order;
pub(crate) use crate::link::{check_link, link_fault};
use crate::{
    fault::Faults,
    markdown::{nodes, plain},
};
use wire::ByLanguage;

/// A language tag after BCP 47 (language, script, region, variants), in its usual case: `de`, `pt-BR`, `de-simple`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

/// A tag that is not well-formed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a language tag; write one after BCP 47, such as `de`, `en` or `de-simple`")]
pub struct InvalidLanguage(String);

impl Language {
    /// Reads a tag and puts it into its usual case.
    ///
    /// # Errors
    /// When it is not a language of 2 or 3 letters, optionally followed by a script, a region and variants.
    pub fn parse(tag: &str) -> Result<Self, InvalidLanguage> {
        let invalid = || InvalidLanguage(tag.chars().take(40).collect());
        let mut parts = tag.split('-');
        let first = parts.next().unwrap_or_default();
        let letters = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
        if !(2..=3).contains(&first.len()) || !letters(first) {
            return Err(invalid());
        }
        let mut normal = first.to_ascii_lowercase();
        // How far along script, region, variant we are; they come in this order.
        let mut reached = 0;
        for part in parts {
            if !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return Err(invalid());
            }
            let digit_first = part.starts_with(|c: char| c.is_ascii_digit());
            let (rank, cased) = match part.len() {
                4 if letters(part) => (1, part[..1].to_ascii_uppercase() + &part[1..].to_ascii_lowercase()),
                2 if letters(part) => (2, part.to_ascii_uppercase()),
                3 if part.bytes().all(|b| b.is_ascii_digit()) => (2, part.to_owned()),
                5..=8 => (3, part.to_ascii_lowercase()),
                4 if digit_first => (3, part.to_ascii_lowercase()),
                _ => return Err(invalid()),
            };
            if rank < reached || (rank == reached && rank != 3) {
                return Err(invalid());
            }
            reached = rank;
            normal.push('-');
            normal.push_str(&cased);
        }
        Ok(Self(normal))
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Language {
    type Error = InvalidLanguage;

    fn try_from(tag: String) -> Result<Self, InvalidLanguage> {
        Self::parse(&tag)
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text in several languages, as an author wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Localized(BTreeMap<Language, String>);

impl Localized {
    /// Whether there is no variant at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text in exactly this language.
    pub fn get(&self, language: &Language) -> Option<&str> {
        self.0.get(language).map(String::as_str)
    }

    /// The text in this language or, failing that, in whichever comes first.
    pub fn get_or_any(&self, language: &Language) -> &str {
        self.get(language)
            .or_else(|| self.0.values().next().map(String::as_str))
            .unwrap_or_default()
    }

    /// The variants with their languages.
    pub fn iter(&self) -> impl Iterator<Item = (&Language, &str)> {
        self.0.iter().map(|(language, text)| (language, text.as_str()))
    }

    /// The same text with this variant put in.
    #[must_use]
    pub fn with(mut self, language: Language, text: impl Into<String>) -> Self {
        self.0.insert(language, text.into());
        self
    }

    /// Turns each variant, of which the language is told, into what travels.
    pub fn map<T>(&self, mut convert: impl FnMut(&str, &str) -> T) -> ByLanguage<T> {
        let variant = |(language, text): (&Language, &String)| (language.0.clone(), convert(&language.0, text));
        ByLanguage(self.0.iter().map(variant).collect())
    }

    /// The plain text as it travels, with the numbers in it kept in their order.
    pub fn to_public(&self) -> ByLanguage<String> {
        self.map(in_order)
    }

    /// Reports every variant that is empty, too long or has characters that do not belong into a text.
    pub(crate) fn check(&self, at: &str, shape: Shape, faults: &mut Faults) {
        for (language, text) in &self.0 {
            check_text(text, &format!("{at}/{language}"), shape, faults);
        }
    }
}

/// Two tags that differ in nothing but their case are one language, and one text would be lost.
impl<'de> Deserialize<'de> for Localized {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Variants;

        impl<'de> Visitor<'de> for Variants {
            type Value = Localized;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("texts by language, such as {\"de\": \"…\"}")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut given: A) -> Result<Localized, A::Error> {
                let mut variants = BTreeMap::new();
                while let Some((language, text)) = given.next_entry::<Language, String>()? {
                    let shown = language.0.clone();
                    if variants.insert(language, text).is_some() {
                        return Err(A::Error::custom(format_args!(
                            "has `{shown}` a second time; write each language once"
                        )));
                    }
                }
                Ok(Localized(variants))
            }
        }

        deserializer.deserialize_map(Variants)
    }
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

/// How long a text may be, and whether it may have several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One line, at most 200 characters.
    Line,
    /// Several lines, at most 10,000 characters.
    Prose,
}

impl Shape {
    /// The most characters (Unicode scalar values) that such a text may have.
    pub const fn limit(self) -> usize {
        match self {
            Self::Line => 200,
            Self::Prose => 10_000,
        }
    }
}

/// Reports what is wrong with one text. Direction overrides and isolates are refused because they can make a text read
/// differently from what it says (Unicode Technical Report 36, "bidirectional text spoofing").
pub(crate) fn check_text(text: &str, at: &str, shape: Shape, faults: &mut Faults) {
    let length = text.chars().count();
    if length > shape.limit() {
        faults.add(at, format!("has {length} characters; at most {} are allowed", shape.limit()));
        return;
    }
    let is_shown = match shape {
        Shape::Line => shows_something(text),
        Shape::Prose => shows_something(&plain(&nodes("de", text))),
    };
    if !is_shown {
        let nothing = if text.trim().is_empty() {
            "is empty; leave the language out or write a text"
        } else {
            "is empty, for it has only characters that nobody sees; leave the language out or write a text"
        };
        faults.add(at, nothing);
        return;
    }
    let breaks_allowed = shape == Shape::Prose;
    for c in text.chars() {
        let fault = match c {
            '\n' | '\r' | '\t' if breaks_allowed => continue,
            '\n' | '\r' => "has a line break; write it as one line",
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                "has an invisible character that changes the direction of writing (U+202A–U+202E, U+2066–U+2069); remove it"
            }
            c if c.is_control() => "has a control character; remove it",
            _ => continue,
        };
        faults.add(at, fault);
        return;
    }
}

/// Whether anything of the text is seen.
pub(crate) fn shows_something(text: &str) -> bool {
    text.chars()
        .any(|c| !c.is_whitespace() && !c.is_control() && !is_unseen(c) && !is_mark(c))
}

/// Whether a character by itself shows nothing: what Unicode lists as `Default_Ignorable_Code_Point`, the blank pattern of Braille, and
/// what means nothing to anyone else (private use, noncharacters).
pub(crate) const fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffc}'
            | '\u{fffe}'..='\u{ffff}'
            | '\u{13430}'..='\u{13440}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d159}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{10ffff}'
    )
}

/// Whether a character is a mark on the one before it (the blocks of combining marks).
const fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_tags_take_their_usual_case_or_are_refused() {
        for (given, normal) in [
            ("de", "de"),
            ("DE-simple", "de-simple"),
            ("pt-br", "pt-BR"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("de-1996", "de-1996"),
            ("es-419", "es-419"),
        ] {
            assert_eq!(Language::parse(given).map(String::from), Ok(normal.to_owned()));
        }
        for bad in [
            "",
            "d",
            "deutsch",
            "de_DE",
            "de-",
            "de--at",
            "de-x",
            "de-AT-DE",
            "de-AT-Latn",
            "12",
            "de-äöü",
        ] {
            assert!(Language::parse(bad).is_err(), "{bad} was taken");
        }
    }

    fn faults(text: &str, shape: Shape) -> Vec<String> {
        let mut faults = Faults::default();
        check_text(text, "/title/de", shape, &mut faults);
        faults.into_vec().into_iter().map(|fault| fault.detail).collect()
    }

    #[test]
    fn a_text_that_shows_nothing_is_empty() {
        for nothing in [
            "",
            " ",
            "\u{a0}\u{3000}\u{2003}",
            "\u{200b}",
            "\u{200c}\u{200d}",
            "\u{200e}\u{200f}\u{61c}",
            "\u{2060}",
            "\u{2064}",
            "\u{206a}",
            "\u{3164}",
            "\u{ffa0}",
            "\u{115f}\u{1160}",
            "\u{feff}",
            "\u{ad}",
            "\u{34f}",
            "\u{17b4}",
            "\u{180e}",
            "\u{2800}",
            "\u{fe0f}",
            "\u{e0100}",
            "\u{e0001}\u{e0061}\u{e007f}",
            "\u{1d173}",
            "\u{fff9}\u{fffb}",
            "\u{fffc}",
            "\u{301}",
            "\u{200b}\u{301}",
            "\u{e000}\u{f8ff}",
            "\u{fdd0}\u{fffe}",
            "\u{10ffff}",
            " \u{200b} \u{2060} ",
        ] {
            for shape in [Shape::Line, Shape::Prose] {
                assert!(
                    faults(nothing, shape).first().is_some_and(|fault| fault.starts_with("is empty")),
                    "{nothing:?}"
                );
            }
        }
        for nothing in ["- \u{200b}\n- \u{3164}", "\u{200b}\n\n\u{2060}", "**\u{200b}**"] {
            assert!(!faults(nothing, Shape::Prose).is_empty(), "{nothing:?}");
        }
        for something in [
            "a",
            "…",
            "👩\u{200d}💻",
            "é",
            "e\u{301}",
            "❤\u{fe0f}",
            "می\u{200c}خواهم",
            "1.",
            "ㅤa",
            "§",
            "한",
        ] {
            assert_eq!(faults(something, Shape::Line), Vec::<String>::new(), "{something:?}");
        }
    }
}
