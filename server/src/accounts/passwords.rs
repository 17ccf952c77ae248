//! Which passwords are taken: by length and by how easily they are guessed, not by the kinds of their characters (NIST SP 800-63B-4,
//! section 3.1.1.2; a blocklist and an estimate stand in for the three characters between its 15 and our 12).

use domain::words::{
    Code,
    german::{MONTHS, WEEKDAYS},
};
use zxcvbn::{Score, zxcvbn};

use super::AccountError;

/// The shortest password, in characters.
pub const PASSWORD_LENGTH: usize = 12;

/// The longest password, in characters.
const LONGEST: usize = 256;

/// So many letters and digits a password has in which signs are an addition: a word and a year.
const WORD_AND_YEAR: usize = 8;

/// Words that those who know the product try first.
const OF_THE_PRODUCT: [&str; 6] = ["umleitung", "musterstadt", "passwort", "kennwort", "verwaltung", "wartung"];

/// What the lists of the library, which are English, lack: what people in German offices take, with a year or a figure
/// behind it; months and days beside.
const OF_THE_OFFICE: [&str; 30] = [
    "willkommen",
    "hallo",
    "geheim",
    "anmeldung",
    "zugang",
    "schatz",
    "fussball",
    "fußball",
    "sommer",
    "winter",
    "herbst",
    "frühling",
    "fruehling",
    "maerz",
    "stadtverwaltung",
    "gemeinde",
    "rathaus",
    "stadt",
    "landkreis",
    "kreis",
    "bürgeramt",
    "buergeramt",
    "bürgerbüro",
    "behörde",
    "amt",
    "portal",
    "deutschland",
    "feierabend",
    "arbeit",
    "correcthorsebatterystaple",
];

const ADVICE: &str = "take four words that have nothing to do with each other, or let a password manager choose";

/// Refuses a new password that is easily guessed.
///
/// # Errors
/// [`AccountError::BadPassword`] with the reason.
pub(super) fn check(password: &str, name: &str) -> Result<(), AccountError> {
    let bad = |code, reason: String| Err(AccountError::BadPassword(code, reason));
    let length = password.chars().take(LONGEST + 1).count();
    if length > LONGEST {
        return bad(
            Code::TooLong,
            format!("is longer than {LONGEST} characters; a shorter one is as safe"),
        );
    }
    if length < PASSWORD_LENGTH {
        return bad(
            Code::TooShort,
            format!("is too short; use at least {PASSWORD_LENGTH} characters, and {ADVICE}"),
        );
    }
    if password.chars().any(char::is_control) {
        return bad(
            Code::ControlCharacter,
            "has a control character, which cannot be typed; remove it".to_owned(),
        );
    }
    let known: Vec<&str> = name
        .split_whitespace()
        .chain([name])
        .chain(OF_THE_PRODUCT)
        .chain(OF_THE_OFFICE)
        .chain(MONTHS)
        .chain(WEEKDAYS)
        .collect();
    // Signs between the letters of a word are tried early too.
    let bare: String = password.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut estimates = vec![zxcvbn(password, &known)];
    if bare.chars().count() >= WORD_AND_YEAR {
        estimates.push(zxcvbn(&bare, &known));
    }
    let Some(estimate) = estimates.into_iter().find(|estimate| estimate.score() < Score::Three) else {
        return Ok(());
    };
    let warning = estimate.feedback().and_then(zxcvbn::feedback::Feedback::warning);
    let reason = warning.map_or_else(String::new, |warning| {
        format!(" ({})", warning.to_string().trim_end_matches('.').to_lowercase())
    });
    bad(Code::EasilyGuessed, format!("is easily guessed{reason}; {ADVICE}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_passwords_that_nobody_guesses_are_taken() {
        for good in [
            "Kranich im Nebel, 3 Uhr",
            "correct horse battery",
            "v8!kQz2#pLw9",
            "vier Wörter ohne Zusammenhang",
            "абрикос и трамвай",
            "9f86d081884c7d659a2feaa0c55ad015",
            "long enough, this",
            "#!?%&/()=*+-~§",
        ] {
            assert!(check(good, "ada").is_ok(), "{good}: {:?}", check(good, "ada"));
        }
    }

    #[test]
    fn what_is_tried_first_is_refused_with_the_reason() {
        let (long, longer) = ("Kranich ".repeat(33), "x".repeat(200_000));
        for (bad, reason) in [
            ("", "too short"),
            ("Kranich", "too short"),
            ("ÄÖÜäöüÄÖÜäö", "too short"),
            ("aaaaaaaaaaaa", "easily guessed"),
            ("passwordpassword", "easily guessed"),
            ("PasswortPasswort", "easily guessed"),
            ("Password1234!", "easily guessed"),
            ("P@ssw0rdP@ssw0rd", "easily guessed"),
            ("123456789012", "easily guessed"),
            ("qwertzuiopqwertzuiop", "easily guessed"),
            ("qwertyuiop123", "easily guessed"),
            ("abcabcabcabcabc", "easily guessed"),
            ("            ", "easily guessed"),
            ("umleitung2026", "easily guessed"),
            ("Sommer2026!!", "easily guessed"),
            ("Januar2026!!", "easily guessed"),
            ("willkommen123", "easily guessed"),
            ("Willkommen2026", "easily guessed"),
            ("Bürgeramt2026", "easily guessed"),
            ("Stadtverwaltung1", "easily guessed"),
            ("correcthorsebatterystaple", "easily guessed"),
            ("ada lovelace ada", "easily guessed"),
            ("passwort passwort", "easily guessed"),
            ("pass-wort.pass-wort", "easily guessed"),
            ("Kranich im Nebel\u{0}", "control character"),
            (long.as_str(), "longer than 256"),
            (longer.as_str(), "longer than 256"),
        ] {
            let said = check(bad, "ada lovelace").map_err(|error| error.to_string());
            let said = said.expect_err(bad);
            assert!(said.contains(reason), "{bad:.40}: {said}");
        }
    }
}
