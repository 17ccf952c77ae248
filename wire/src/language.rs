//! Language tags as they travel: variants of one thing by tag, the variant that fits a reader, the direction of writing.

use serde::{Deserialize, Serialize};

/// Variants of one thing, keyed by BCP 47 tag (`de`, `en`, `de-simple` for Leichte Sprache). Few, so a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByLanguage<T>(pub Vec<(String, T)>);

/// The tag among these that fits a wished one best: the same, else what is left of it with ever less of its end (RFC 4647, "lookup").
/// Case means nothing, and `_`, as programs write it, is read as `-`.
pub fn lookup<'a>(wish: &str, tags: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    tags.filter(|tag| is_beginning(tag.as_bytes(), wish.as_bytes()))
        .max_by_key(|tag| tag.len())
}

fn is_beginning(tag: &[u8], wish: &[u8]) -> bool {
    let same = |(one, other): (&u8, &u8)| one.eq_ignore_ascii_case(other) || (*one == b'-' && *other == b'_');
    !tag.is_empty()
        && tag.len() <= wish.len()
        && tag.iter().zip(wish).all(same)
        && wish.get(tag.len()).is_none_or(|next| !next.is_ascii_alphanumeric())
}

/// A plain text in several languages.
pub type Text = ByLanguage<String>;

impl<T> ByLanguage<T> {
    /// The variant for exactly this tag.
    pub fn get(&self, tag: &str) -> Option<&T> {
        self.0.iter().find(|(key, _)| key == tag).map(|(_, variant)| variant)
    }

    /// The variant that fits a wished tag best, as [`lookup`] has it, with its own tag.
    pub fn lookup(&self, wish: &str) -> Option<&(String, T)> {
        let tag = lookup(wish, self.0.iter().map(|(tag, _)| tag.as_str()))?;
        self.0.iter().find(|(key, _)| key == tag)
    }

    /// Whether there is no variant at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for ByLanguage<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Serialize> Serialize for ByLanguage<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(tag, variant)| (tag, variant)))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ByLanguage<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = std::collections::BTreeMap::<String, T>::deserialize(deserializer)?;
        Ok(Self(map.into_iter().collect()))
    }
}

#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for ByLanguage<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("ByLanguage_of_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "Variants keyed by BCP 47 language tag.",
            "additionalProperties": generator.subschema_for::<T>(),
        })
    }
}

/// Whether a language is written from right to left, by its BCP 47 tag. Those of Europe's visitors; Kurdish is, where it is Sorani.
pub fn is_right_to_left(tag: &str) -> bool {
    const LANGUAGES: [&str; 7] = ["ar", "he", "fa", "ur", "ps", "ckb", "yi"];
    let language = tag.split('-').next().unwrap_or_default();
    LANGUAGES.contains(&language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_looked_up_from_the_end() {
        let tags = || ["de", "en", "de-simple", "pt-BR", "zh-Hant"].into_iter();
        for (wish, found) in [
            ("de", Some("de")),
            ("DE", Some("de")),
            ("de-AT-1996", Some("de")),
            ("de_AT", Some("de")),
            ("en_US.UTF-8", Some("en")),
            ("en-simple", Some("en")),
            ("de-Simple", Some("de-simple")),
            ("de_simple", Some("de-simple")),
            ("de-simple-x-kurz", Some("de-simple")),
            ("de-DE-simple", Some("de")),
            ("PT_br", Some("pt-BR")),
            ("pt-PT", None),
            ("pt", None),
            ("zh-hant-TW", Some("zh-Hant")),
            ("den", None),
            ("e", None),
            ("", None),
            ("-de", None),
            ("tlh", None),
        ] {
            assert_eq!(lookup(wish, tags()), found, "{wish}");
        }
    }
}
