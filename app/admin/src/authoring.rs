//! What an author should think of again: words that tell people nothing, and what a good notice says and this one does not.
//! It warns and never blocks; at three in the morning a clumsy notice is better than none.

use domain::{catalogue::Catalogue, notice::Content, text::Language};
use wire::{EndCertainty, Entries, Kind};

use crate::tongue::pick;

/// Advice in German and in English.
type Advice = [&'static str; 2];

/// Words, in lower case, and what to say about them. A word that ends in `*` counts as a beginning.
const WORDS: [(&[&str], Advice); 6] = [
    (
        &["wartung*", "maintenance"],
        [
            "„Wartung“ sagt nicht, was nicht geht. Nennen Sie, was die Menschen nicht tun können.",
            "“Maintenance” does not say what does not work. Name what people cannot do.",
        ],
    ),
    (
        &["optimierung*", "optimisation", "optimization"],
        [
            "„Optimierung“ sagt nicht, was nicht geht.",
            "“Optimisation” does not say what does not work.",
        ],
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
        [
            "„Technische Schwierigkeiten“ hilft niemandem. Sagen Sie, was nicht geht.",
            "“Technical difficulties” helps nobody. Say what does not work.",
        ],
    ),
    (
        &["24:00", "24 uhr"],
        [
            "„24:00“ ist unklar. Schreiben Sie den Tag und „23:59 Uhr“ oder „0:00 Uhr“.",
            "“24:00” is unclear. Write the day and “23:59” or “0:00”.",
        ],
    ),
    (
        &["mitternacht", "midnight"],
        [
            "„Mitternacht“ ist unklar: welcher Tag? Nennen Sie Tag und Uhrzeit.",
            "“Midnight” is unclear: of which day? Name day and time.",
        ],
    ),
    (
        &["im laufe des*", "in kürze", "zeitnah"],
        [
            "Nennen Sie eine Uhrzeit, oder sagen Sie, wann es Neues gibt.",
            "Name a time, or say when there will be news.",
        ],
    ),
];
const ERROR_NUMBER: Advice = [
    "Eine Fehlernummer hilft den Menschen nicht. Sagen Sie, was nicht geht.",
    "The number of an error does not help people. Say what does not work.",
];

/// What a good notice says and this one does not, in the order of importance.
const STILL_WORKS: Advice = ["was noch geht", "what still works"];
const IMPACT: Advice = ["was die Menschen merken", "what people notice"];
const UNTIL: Advice = ["bis wann, oder wann es Neues gibt", "until when, or when there will be news"];
const INSTEAD: Advice = ["was die Menschen stattdessen tun können", "what people can do instead"];
const WHO_HELPS: Advice = ["wer hilft", "who helps"];
const ENTRIES: Advice = ["was mit begonnenen Eingaben ist", "what becomes of entries that people have begun"];
const APPLICATIONS: Advice = ["was mit gesendeten Anträgen ist", "what becomes of applications that were sent"];
const DEADLINES: Advice = ["was für Fristen gilt", "what holds for deadlines"];

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
        for [german, english] in unclear.chain(has_error_number(&text).then_some(ERROR_NUMBER)) {
            let advice = pick(german, english);
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
    .filter(|(left_out, _)| *left_out)
    .map(|(_, [german, english])| pick(german, english))
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
