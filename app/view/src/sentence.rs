//! The first sentence of a text.

/// Words that end in a point within a sentence, in lower case and of three letters or more; shorter ones never end one.
const SHORTENED: [&str; 14] = [
    "abs", "art", "bzw", "evtl", "ggf", "inkl", "max", "min", "nrn", "prof", "str", "tel", "usw", "вул",
];

/// The first sentence. In doubt, as after `24.` or `z. B.`, it is longer than it would have to be, and never ends in the middle.
pub(super) fn first_sentence(text: &str) -> &str {
    let ends = text.char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '?'));
    for (at, mark) in ends {
        let after = text[at + mark.len_utf8()..].trim_start_matches(['"', '”', '“', '»', '«', ')']);
        let begins = after.trim_start();
        let is_next = after.len() > begins.len() && begins.starts_with(|c: char| !c.is_lowercase() && !c.is_numeric());
        if is_next && (mark != '.' || !is_shortened(&text[..at])) {
            return &text[..text.len() - after.len()];
        }
    }
    text
}

/// Whether what stands before a point may be the beginning of a word, or a number.
fn is_shortened(before: &str) -> bool {
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    word.chars().count() < 3 || word.chars().any(char::is_numeric) || SHORTENED.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_where_another_begins() {
        for (text, first) in [
            (
                "Sie können sich nicht anmelden. Gesendete Anträge sind da.",
                "Sie können sich nicht anmelden.",
            ),
            ("Was möglich ist. Bitte warten", "Was möglich ist."),
            ("Am 24. Dezember ist zu. Danach nicht.", "Am 24. Dezember ist zu. Danach nicht."),
            (
                "Bis zum 3. Mai geht z. B. Wohngeld nicht. Danach schon.",
                "Bis zum 3. Mai geht z. B. Wohngeld nicht.",
            ),
            (
                "Nach § 31 Abs. 3 gilt: Fristen laufen weiter! Fragen Sie.",
                "Nach § 31 Abs. 3 gilt: Fristen laufen weiter!",
            ),
            ("Es heißt „geht nicht.“ Mehr weiß niemand.", "Es heißt „geht nicht.“"),
            ("Ab 14.30 Uhr. 030 23125 111 hilft.", "Ab 14.30 Uhr. 030 23125 111 hilft."),
            ("Siehe https://a.example/b.html. Danke", "Siehe https://a.example/b.html."),
            ("لا يمكن التسجيل. حاول لاحقا.", "لا يمكن التسجيل."),
            ("Dr. Muster hilft", "Dr. Muster hilft"),
            ("", ""),
            ("...", "..."),
        ] {
            assert_eq!(first_sentence(text), first, "{text}");
        }
    }
}
