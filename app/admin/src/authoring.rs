//! What an author should think of again: words that tell people nothing, and what a good notice says and this one does not.
//! It warns and never blocks; at three in the morning a clumsy notice is better than none.

use domain::{catalogue::Catalogue, notice::Content, text::Language};
use wire::{EndCertainty, Entries, Kind};

/// Words, in lower case, and what to say about them. A word that ends in `*` counts as a beginning.
const WORDS: [(&[&str], &str); 6] = [
    (
        &["wartung*", "maintenance"],
        "„Wartung“ sagt nicht, was nicht geht. Nennen Sie, was die Menschen nicht tun können.",
    ),
    (
        &["optimierung*", "optimisation", "optimization"],
        "„Optimierung“ sagt nicht, was nicht geht.",
    ),
    (
        &[
            "technische schwierigkeiten",
            "technischen schwierigkeiten",
            "technische probleme",
            "technischen problemen",
            "technical difficulties",
            "technical problems",
        ],
        "„Technische Schwierigkeiten“ hilft niemandem. Sagen Sie, was nicht geht.",
    ),
    (
        &["24:00", "24 uhr"],
        "„24:00“ ist unklar. Schreiben Sie den Tag und „23:59 Uhr“ oder „0:00 Uhr“.",
    ),
    (
        &["mitternacht", "midnight"],
        "„Mitternacht“ ist unklar: welcher Tag? Nennen Sie Tag und Uhrzeit.",
    ),
    (
        &["im laufe des*", "in kürze", "zeitnah"],
        "Nennen Sie eine Uhrzeit, oder sagen Sie, wann es Neues gibt.",
    ),
];
const ERROR_NUMBER: &str = "Eine Fehlernummer hilft den Menschen nicht. Sagen Sie, was nicht geht.";

/// What a good notice says and this one does not, in the order of importance.
const STILL_WORKS: &str = "was noch geht";
const IMPACT: &str = "was die Menschen merken";
const UNTIL: &str = "bis wann, oder wann es Neues gibt";
const INSTEAD: &str = "was die Menschen stattdessen tun können";
const WHO_HELPS: &str = "wer hilft";
const ENTRIES: &str = "was mit begonnenen Eingaben ist";
const APPLICATIONS: &str = "was mit gesendeten Anträgen ist";
const DEADLINES: &str = "was für Fristen gilt";

/// Warnings about the title and the first sentence, each with the language it was found in.
pub(crate) fn warnings(content: &Content) -> Vec<(Language, &'static str)> {
    let mut found = Vec::new();
    let texts = content
        .title
        .iter()
        .chain(content.impact.iter().map(|(language, text)| (language, first_sentence(text))));
    for (language, text) in texts {
        let text = text.to_lowercase();
        let unclear = WORDS
            .iter()
            .filter(|(words, _)| words.iter().any(|word| contains(&text, word)))
            .map(|(_, advice)| *advice);
        for advice in unclear.chain(has_error_number(&text).then_some(ERROR_NUMBER)) {
            if !found.contains(&(language.clone(), advice)) {
                found.push((language.clone(), advice));
            }
        }
    }
    found
}

/// What the notice leaves out.
pub(crate) fn missing(content: &Content, catalogue: &Catalogue) -> Vec<&'static str> {
    let services = || catalogue.services.iter().filter(|service| content.services.contains(&service.id));
    let channels = content
        .channels
        .as_ref()
        .map_or_else(|| services().any(|service| !service.channels.is_empty()), |own| !own.is_empty());
    let procedures = content
        .procedures
        .as_ref()
        .map_or_else(|| services().any(|service| !service.procedures.is_empty()), |own| !own.is_empty());
    let broken = content.kind != Kind::Information;
    let end_known = content.ends_at.is_some() && content.certainty() != EndCertainty::Unknown;
    [
        (content.impact.is_empty(), IMPACT),
        (broken && content.still_works.is_empty(), STILL_WORKS),
        (broken && !end_known && content.next_update_at.is_none(), UNTIL),
        (broken && content.guidance.is_empty() && !procedures, INSTEAD),
        (broken && !channels, WHO_HELPS),
        (broken && content.entries == Entries::Unknown, ENTRIES),
        (broken && content.applications.is_empty(), APPLICATIONS),
        (broken && content.deadline_note.is_empty(), DEADLINES),
    ]
    .into_iter()
    .filter_map(|(left_out, what)| left_out.then_some(what))
    .collect()
}

/// Up to the first full stop that ends a sentence: one before a blank that follows no digit, since "3. März" ends none.
fn first_sentence(text: &str) -> &str {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
        if c == '\n' || (ends && (matches!(c, '!' | '?') || (c == '.' && !before.is_ascii_digit()))) {
            return &text[..at];
        }
        before = c;
    }
    text
}

/// Whether a word stands in a text as a word of its own, or, with `*`, as the beginning of one.
fn contains(text: &str, word: &str) -> bool {
    let (word, beginning) = word.strip_suffix('*').map_or((word, false), |word| (word, true));
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && (beginning || !after.is_some_and(char::is_alphanumeric))
    })
}

/// "Fehler 503", "error code 4711", "HTTP 500".
fn has_error_number(text: &str) -> bool {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .peekable();
    let mut near = 0;
    for word in words {
        if matches!(word, "fehler" | "fehlercode" | "fehlernummer" | "error" | "http" | "code") {
            near = 3;
        } else if near > 0 {
            near -= 1;
            if word.len() >= 3 && word.bytes().all(|b| b.is_ascii_digit()) {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_tell_nothing_are_found_and_others_are_not() {
        for (text, word) in [
            ("wartung am abend", "wartung*"),
            ("die wartungsarbeiten", "wartung*"),
            ("bis 24:00 uhr", "24:00"),
            ("technical problems", "technical problems"),
        ] {
            assert!(contains(text, word), "{word} in {text}");
        }
        assert!(!contains("erwartung", "wartung*"));
        assert!(!contains("um 124:00", "24:00"));
    }

    #[test]
    fn a_date_does_not_end_the_first_sentence() {
        assert_eq!(
            first_sentence("Bis 3. März geht nichts. Danach Wartung."),
            "Bis 3. März geht nichts"
        );
        assert_eq!(first_sentence("Nichts geht\nWartung"), "Nichts geht");
    }

    #[test]
    fn error_numbers_are_told_from_other_numbers() {
        assert!(has_error_number("es erscheint der fehler 503"));
        assert!(has_error_number("http-status 500"));
        assert!(!has_error_number("seit 9:10 uhr, formular 4711"));
    }
}
