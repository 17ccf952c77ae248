//! Language tags.

use std::fmt;

use serde::{Deserialize, Serialize};

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

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Language {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Language".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "A language tag after BCP 47, such as `de`, `en` or `de-simple`.",
            "pattern": TAG,
        })
    }
}

/// [`Language::parse`] for programs, as a regular expression.
#[cfg(feature = "schema")]
pub(super) const TAG: &str = "^[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-([a-zA-Z]{2}|[0-9]{3}))?(-([a-zA-Z0-9]{5,8}|[0-9][a-zA-Z0-9]{3}))*$";

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
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
}
