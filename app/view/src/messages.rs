//! The words around the texts, from the message files.

use wire::ByLanguage;

/// A message file: key → text. The key `lang` holds the file's own language.
pub type Messages = ByLanguage<String>;

/// The word for a key; empty where a file lacks it.
pub(super) fn word<'a>(words: &'a Messages, key: &str) -> &'a str {
    words.get(key).map_or("", String::as_str)
}
