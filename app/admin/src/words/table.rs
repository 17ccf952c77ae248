//! A table of plain words. Each is carried by the page that says one of them.

macro_rules! words {
    ($($name:ident = $german:literal, $english:literal;)*) => {
        /// The words in one language.
        pub(crate) struct Words {
            $(pub(crate) $name: &'static str,)*
        }

        static GERMAN: Words = Words { $($name: $german,)* };
        static ENGLISH: Words = Words { $($name: $english,)* };

        #[cfg(test)]
        pub(super) const BOTH: &[(&str, &str, &str)] = &[$((stringify!($name), $german, $english),)*];

        /// The words in the language of this visit.
        pub(crate) fn say() -> &'static Words {
            $crate::tongue::pick(&GERMAN, &ENGLISH)
        }
    };
}

pub(super) use words;

#[cfg(test)]
mod tests {
    use super::super::{catalogue, hours, office, people, plain, record};

    #[test]
    fn each_word_is_said_in_both_languages() {
        // These are the same in both.
        let same = ["product", "name", "code", "seen_portal", "passkeys"];
        let all = [plain::BOTH, office::BOTH, people::BOTH, record::BOTH, catalogue::BOTH, hours::BOTH];
        for (name, german, english) in all.into_iter().flatten() {
            assert!(!german.trim().is_empty() && !english.trim().is_empty(), "{name}");
            assert_eq!(german == english, same.contains(name), "{name}: {german} / {english}");
            let is_german = |text: &str| text.contains(['ä', 'ö', 'ü', 'ß', '„']);
            assert!(!is_german(english), "{name}: {english}");
            // What stands before a blank or a colon does so in both.
            let ends = |text: &str| (text.starts_with(' '), text.ends_with(':'));
            assert_eq!(ends(german), ends(english), "{name}");
        }
    }
}
