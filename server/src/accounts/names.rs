//! Names of people and programs. They stand in the journal and in lists, so each shows what it is, and no two look the same.

use domain::words::Code;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_security::{GeneralSecurityProfile, MixedScript, confusable_detection::skeleton};

use super::AccountError;

/// The longest name, in characters.
const LONGEST: usize = 100;

/// So many marks may stand on one character after composition; Vietnamese and vocalised Arabic need two.
const MARKS: usize = 2;

/// What stands in the journal where nobody's name does.
const RESERVED: [&str; 2] = ["command-line", "demo"];

/// A name as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name(String);

impl Name {
    /// Brings a new name into its usual form.
    ///
    /// # Errors
    /// When it could be taken for another one or shows something else than it says.
    pub(super) fn parse(given: &str) -> Result<Self, AccountError> {
        let bad = |code, reason: String| Err(AccountError::BadName(code, reason));
        // Before any work that grows with it.
        if given.chars().take(4 * LONGEST + 1).count() > 4 * LONGEST {
            return bad(Code::TooLong, format!("is longer than {LONGEST} characters"));
        }
        if let Some(c) = given.chars().find(|c| !may_stand(*c) && !c.is_whitespace()) {
            let fault = format!(
                "has the character U+{:04X}, which is invisible or may be taken for another; use letters, digits, blanks and -._'@+,()/&",
                u32::from(c)
            );
            return bad(Code::DoubtfulCharacter, fault);
        }
        if given.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
            return bad(Code::LineBreak, "has a line break or a tab; write it on one line".to_owned());
        }
        let name = usual_form(given);
        if !name.chars().any(char::is_alphanumeric) {
            return bad(Code::Empty, "is empty; write at least one letter or digit".to_owned());
        }
        if name.chars().count() > LONGEST {
            return bad(Code::TooLong, format!("is longer than {LONGEST} characters"));
        }
        if !name.as_str().is_single_script() {
            return bad(
                Code::MixedScripts,
                "mixes letters of several scripts, which look alike; write it in one script".to_owned(),
            );
        }
        let mut marks = 0;
        for c in name.chars() {
            marks = if is_combining_mark(c) { marks + 1 } else { 0 };
            if marks > MARKS {
                return bad(
                    Code::DoubtfulCharacter,
                    "has too many marks on one letter; leave them out".to_owned(),
                );
            }
        }
        let name = Self(name);
        if RESERVED.into_iter().any(|reserved| name.looks_like(reserved)) {
            return bad(Code::Taken, "is reserved; choose another".to_owned());
        }
        Ok(name)
    }

    /// The same for a name that has at most so many characters.
    ///
    /// # Errors
    /// As there.
    pub(super) fn of_at_most(longest: usize, given: &str) -> Result<Self, AccountError> {
        let name = Self::parse(given)?;
        if name.0.chars().count() > longest {
            let reason = format!("is longer than {longest} characters");
            return Err(AccountError::BadName(Code::TooLong, reason));
        }
        Ok(name)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Refuses a name that people could take for one of these.
    ///
    /// # Errors
    /// [`AccountError::NameTaken`] with the other name.
    pub(super) fn refuse_taken(&self, others: Vec<String>) -> Result<(), AccountError> {
        let other = others.into_iter().find(|other| self.looks_like(other));
        other.map_or(Ok(()), |other| Err(AccountError::NameTaken(other)))
    }

    /// Whether people could take one for the other (Unicode Technical Standard 39, section 4), in capitals or not.
    pub(super) fn looks_like(&self, other: &str) -> bool {
        let other = usual_form(other);
        let same = |change: fn(&str) -> String| looks(&change(&self.0)) == looks(&change(&other));
        // A figure one is an `l` to some eyes and an `i` to others.
        same(fold) || same(str::to_owned) || same(|name| fold(name).replace('1', "i"))
    }
}

/// Compatible characters as one, one blank between words and none around them.
pub(super) fn usual_form(name: &str) -> String {
    let normal: String = name.nfkc().collect();
    normal.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What may stand in a name: what the standard recommends for identifiers, and a little punctuation.
fn may_stand(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '_' | '\'' | '’' | '@' | '+' | ',' | '(' | ')' | '/' | '&')
        || (c.is_alphanumeric() || is_combining_mark(c)) && c.nfkc().all(|c| c.identifier_allowed())
}

/// Without regard to capitals; `ß` is `ss`, and both Greek small sigmas are one.
fn fold(name: &str) -> String {
    name.to_lowercase().to_uppercase().to_lowercase()
}

fn looks(name: &str) -> String {
    let mut dotted: String = name.nfd().collect();
    for letter in ["i", "j"] {
        // The dot above takes the place of the letter's own.
        dotted = dotted.replace(&format!("{letter}\u{307}"), letter);
    }
    fold(&skeleton(&dotted).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(given: &str) -> Result<String, String> {
        Name::parse(given).map(|name| name.0).map_err(|error| error.to_string())
    }

    #[test]
    fn names_of_people_and_programs_pass_in_their_usual_form() {
        for (given, name) in [
            ("ada", "ada"),
            ("Müller, Petra (IT)", "Müller, Petra (IT)"),
            ("  Admin ", "Admin"),
            ("Ada \u{a0} Lovelace", "Ada Lovelace"),
            ("u\u{308}ber", "über"),
            ("ａｄａ", "ada"),
            ("Şükrü Öztürk", "Şükrü Öztürk"),
            ("O’Connor-Łukasz", "O’Connor-Łukasz"),
            ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
            ("Олена Петрівна", "Олена Петрівна"),
            ("محمد علي", "محمد علي"),
            ("山田 たろう", "山田 たろう"),
            ("ada@musterstadt.example", "ada@musterstadt.example"),
            ("monitoring-2", "monitoring-2"),
            ("4711", "4711"),
        ] {
            assert_eq!(parse(given), Ok(name.to_owned()), "{given:?}");
        }
    }

    #[test]
    fn what_shows_something_else_than_it_says_is_no_name() {
        let long = "x".repeat(101);
        let longer = "x".repeat(1_000_000);
        let marks = format!("a{}", "\u{300}".repeat(5));
        for bad in [
            "",
            "   ",
            "\u{a0}",
            "-",
            "...",
            "a\u{0}b",
            "a\nb",
            "a\tb",
            "a\r",
            "a\u{7f}",
            "a\u{85}b",
            "a\u{2028}b",
            "ada\u{200b}",
            "ada\u{200d}",
            "ada\u{200e}",
            "ada\u{ad}",
            "ada\u{2060}",
            "\u{feff}ada",
            "\u{202e}nimda",
            "\u{2067}ada",
            "\u{3164}",
            "a\u{115f}b",
            "\u{ffa0}",
            "\u{2800}",
            "ada\u{fe0f}",
            "ada\u{e0041}",
            "ada\u{34f}",
            "ada\u{e000}",
            "ada\u{10ffff}",
            "аdmin",
            "admіn",
            "Αdmin",
            "<b>ada</b>",
            "ada😀",
            "command-line",
            "Command-Line",
            "c0mmand-line",
            "demo",
            "Dem0",
            marks.as_str(),
            long.as_str(),
            longer.as_str(),
        ] {
            assert!(parse(bad).is_err(), "{bad:?} was taken as {:?}", parse(bad));
        }
    }

    #[test]
    fn names_that_people_could_confuse_are_one() {
        for (one, other) in [
            ("Admin", "admin"),
            ("Admin", "Admin "),
            ("adm0", "ADM0"),
            ("admo", "adm0"),
            ("paul", "pau1"),
            ("paul", "pauI"),
            ("PAUL", "paul"),
            ("rn", "m"),
            ("Admin", "adm1n"),
            ("ADMIN", "Adm1n"),
            ("admin", "admi\u{307}n"),
            ("Jana", "j\u{307}ana"),
            ("ADM\u{130}N", "admin"),
            ("Straße", "STRASSE"),
            ("ada", "ａｄａ"),
            ("u\u{308}ber", "über"),
            ("сор", "cop"),
            ("ada lovelace", "ada  Lovelace"),
        ] {
            let name = Name(usual_form(one));
            assert!(name.looks_like(other), "{one} and {other}");
            assert!(Name(usual_form(other)).looks_like(one), "{other} and {one}");
        }
        for (one, other) in [
            ("ada", "eve"),
            ("Müller", "Muller"),
            ("petra", "peter"),
            ("monitoring", "monitoring-2"),
            ("Ella", "Elia"),
            ("Ali", "All"),
            ("adm\u{307}in", "admin"),
        ] {
            assert!(!Name(one.to_owned()).looks_like(other), "{one} and {other}");
        }
    }
}
