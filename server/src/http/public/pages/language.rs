//! In which language a page is told, and the words of its frame.

use axum::http::{HeaderMap, header};
use view::Messages;
use wire::{ByLanguage, Text, lookup};

/// The words of the pages' frames, by language, the default first.
const FRAMES: [(&str, &str); 6] = [
    ("de", include_str!("../../../../messages/de.json")),
    ("en", include_str!("../../../../messages/en.json")),
    ("de-simple", include_str!("../../../../messages/de-simple.json")),
    ("tr", include_str!("../../../../messages/tr.json")),
    ("uk", include_str!("../../../../messages/uk.json")),
    ("ar", include_str!("../../../../messages/ar.json")),
];

/// The wished language or its wider one, else the first that the browser asks for and the portal has, else the portal's default.
pub(crate) fn choose(languages: &[String], wish: Option<&str>, headers: &HeaderMap) -> String {
    let has = |tag: &str| lookup(tag, languages.iter().map(String::as_str));
    let accepted = headers
        .get_all(header::ACCEPT_LANGUAGE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let mut accepted: Vec<(&str, f32)> = accepted
        .map(|part| {
            let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
            let quality = parameters.trim().strip_prefix("q=").and_then(|quality| quality.trim().parse().ok());
            (tag.trim(), quality.unwrap_or(1.0))
        })
        .filter(|(_, quality)| *quality > 0.0)
        .collect();
    accepted.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let by_browser = accepted.into_iter().find_map(|(tag, _)| has(tag));
    let by_wish = wish.map(str::trim).and_then(has);
    let first = languages.first().map(String::as_str);
    by_wish.or(by_browser).or(first).unwrap_or("de").to_owned()
}

/// What stands in a text for readers of this language: in it or its wider one, else in the portal's default, else in any; with the tag
/// of the language that it is in.
pub(crate) fn chosen(text: &Text, language: &str, default: &str) -> (String, String) {
    let chosen = text.lookup(language).or_else(|| text.lookup(default));
    chosen.or(text.0.first()).cloned().unwrap_or_default()
}

/// The languages that have words for a frame, the default first.
pub(crate) fn framed() -> Vec<String> {
    FRAMES.iter().map(|(tag, _)| (*tag).to_owned()).collect()
}

/// The words of the frame in a language, else in its wider one, else in German.
pub(crate) fn frame_words(language: &str) -> Messages {
    let tag = lookup(language, FRAMES.iter().map(|(tag, _)| *tag));
    let (_, file) = FRAMES.iter().find(|(known, _)| Some(*known) == tag).unwrap_or(&FRAMES[0]);
    serde_json::from_str(file).unwrap_or_default()
}

/// What a language calls itself; its tag where no frame has it.
pub(crate) fn own_name(language: &str) -> String {
    let known = FRAMES.iter().any(|(tag, _)| *tag == language);
    let name = known.then(|| word(&frame_words(language), "lang.name").to_owned());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| language.to_owned())
}

/// The word for a key; empty where a file lacks it.
pub(crate) fn word<'a>(words: &'a ByLanguage<String>, key: &str) -> &'a str {
    words.get(key).map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wish_counts_then_the_browser_then_the_portal() {
        let languages = ["de", "en", "de-simple"].map(str::to_owned);
        for (wish, accept, chosen) in [
            (None, "", "de"),
            (None, "en-GB, de;q=0.5", "en"),
            (None, "fr, de;q=0.2, en;q=0.8", "en"),
            (None, "en;q=0, de-simple", "de-simple"),
            (Some("de-simple"), "en", "de-simple"),
            (Some("EN"), "", "en"),
            (Some("en-US"), "de", "en"),
            (Some("en_US"), "de", "en"),
            (Some("de-AT-1996"), "en", "de"),
            (Some("de-Simple"), "", "de-simple"),
            (Some("DE_SIMPLE"), "en", "de-simple"),
            (Some("de-simple-x-kurz"), "en", "de-simple"),
            (Some("den"), "en", "en"),
            (None, "de-AT-1996, en", "de"),
            (None, "DE-SIMPLE;q=0.9, en;q=0.8", "de-simple"),
            (None, "tlh-Latn-x-en, en_GB;q=0.3", "en"),
            (None, "*", "de"),
            (Some("<script>"), "en", "en"),
            (Some("tlh"), "", "de"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
            assert_eq!(choose(&languages, wish, &headers), chosen, "{wish:?} {accept}");
        }
    }

    #[test]
    fn every_message_file_is_in_the_binary_with_the_same_keys() {
        let keys = |words: &Messages| words.0.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
        let german = keys(&frame_words("de"));
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/messages");
        for file in std::fs::read_dir(folder).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            let language = name.strip_suffix(".json").unwrap();
            let words = frame_words(language);
            assert_eq!(word(&words, "lang"), language, "{name} is not embedded");
            assert_eq!(keys(&words), german, "{name}");
        }
        assert_eq!(word(&frame_words("en-GB"), "lang"), "en");
        assert_eq!(word(&frame_words("fr"), "lang"), "de");
        assert_eq!(
            (own_name("de-simple"), own_name("fr")),
            ("Leichte Sprache".to_owned(), "fr".to_owned())
        );
    }
}
