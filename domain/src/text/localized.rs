//! Texts by language, as people wrote them.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, MapAccess, Visitor},
};
use wire::ByLanguage;

use super::{direction::in_order, language::Language};

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
        let variant = |(language, text): (&Language, &String)| (language.as_str().to_owned(), convert(language.as_str(), text));
        ByLanguage(self.0.iter().map(variant).collect())
    }

    /// The plain text as it travels, with the numbers in it kept in their order.
    pub fn to_public(&self) -> ByLanguage<String> {
        self.map(in_order)
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
                    let shown = language.as_str().to_owned();
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

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Localized {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Localized".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "A text by language, such as `{\"de\": \"…\", \"en\": \"…\"}`.",
            "additionalProperties": {"type": "string"},
            "propertyNames": {"pattern": super::language::TAG},
        })
    }
}
