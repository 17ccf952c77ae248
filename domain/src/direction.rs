//! Texts that are written from right to left, and the numbers in them.
//!
//! Digits run from left to right everywhere, but groups of them with blanks, strokes or brackets between, and the signs before them, are put in
//! the order of the text around (Unicode Standard Annex #9), so `030 23125 111` would be read as `111 23125 030` and lead to somebody
//! else. Such a number is put into an isolate. This is the last thing that happens to a text, since whatever reads it before takes isolates out.

/// Opens and closes a stretch that keeps its order from left to right.
const ISOLATE: (char, char) = ('\u{2066}', '\u{2069}');

/// Fewer digits in several groups make no number that somebody could dial or quote.
const FEWEST_DIGITS: usize = 5;

/// A text in this language with the numbers in it kept in their order. Dates and times stay as they are, since nothing in them turns; so do years
/// and spans (`8 - 12`), which are read in the order of the text.
pub(crate) fn in_order(language: &str, text: &str) -> String {
    if !crate::public::is_right_to_left(language) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        match number(rest).filter(|_| may_precede(before)) {
            Some(length) => {
                out.push(ISOLATE.0);
                out.push_str(&rest[..length]);
                out.push(ISOLATE.1);
                at += length;
                before = '0';
            }
            None => {
                out.push(c);
                at += c.len_utf8();
                before = c;
            }
        }
    }
    out
}

/// Whether a number may begin behind this character: within a word, an address, a date or a number it is none of its own.
fn may_precede(before: char) -> bool {
    !(before.is_alphanumeric() || matches!(before, '/' | '-' | '.' | ':' | '=' | '&' | '?' | '_' | '@' | '%' | '+'))
}

/// A digit, of Arabic and Persian writing too.
const fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}')
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

/// How long the number is with which a text begins, in bytes, if its order could be lost.
fn number(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    if !is_digit(first) && !matches!(first, '+' | '-' | '\u{2212}' | '(' | '*' | '#') {
        return None;
    }
    let belongs = |c: char| {
        is_digit(c)
            || is_blank(c)
            || matches!(
                c,
                '+' | '-' | '\u{2010}' | '\u{2011}' | '\u{2212}' | '/' | '.' | '(' | ')' | '*' | '#'
            )
    };
    let end = text.find(|c: char| !belongs(c)).unwrap_or(text.len());
    // A time or a part of a word is no group of a number.
    let follows = text[end..].chars().next();
    let mut number = &text[..end];
    if follows.is_some_and(|c| c.is_alphanumeric() || matches!(c, ':' | '_' | '@' | '=' | '%' | '&')) {
        number = &number[..number.rfind(is_blank)?];
    }
    // A stroke with blanks around it is a dash between two numbers, except in what names its country or its trunk prefix.
    let is_dialled = number.trim_start_matches(['(', '*', '#']).starts_with(['+', '0']);
    if !is_dialled {
        for dash in [" -", " \u{2212}", " /", " ."] {
            number = number.split(dash).next().unwrap_or_default();
        }
    }
    let number = balanced(number);
    // A bracket around all of it belongs to the sentence.
    if first == '(' && closes_at(number).is_none_or(|end| end + 1 == number.len()) {
        return None;
    }
    let digits = number.chars().filter(|c| is_digit(*c)).count();
    let groups: Vec<&str> = number.split(|c| !is_digit(c)).filter(|group| !group.is_empty()).collect();
    if matches!(first, '+' | '-' | '\u{2212}') {
        let is_sign = number.get(first.len_utf8()..)?.starts_with(|c| is_digit(c) || c == '(');
        return is_sign.then_some(number.len());
    }
    let is_code = number.starts_with(['*', '#']) || number.ends_with(['*', '#']);
    if is_code && digits > 0 {
        return Some(number.len());
    }
    let is_date = || groups.len() <= 3 && number.chars().all(|c| is_digit(c) || c == '.');
    let all_years = || {
        groups
            .iter()
            .all(|group| group.len() == 4 && (group.starts_with("19") || group.starts_with("20")))
    };
    (groups.len() > 1 && digits >= FEWEST_DIGITS && !is_date() && !all_years() && !date_first(number)).then_some(number.len())
}

/// Whether it begins with a date and goes on with something else.
fn date_first(number: &str) -> bool {
    let first = number.split(is_blank).next().unwrap_or_default();
    let parts: Vec<&str> = first.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| (1..=4).contains(&part.len()) && part.chars().all(is_digit))
}

/// Where the bracket closes with which a number begins.
fn closes_at(number: &str) -> Option<usize> {
    let mut open = 0_i32;
    number.bytes().position(|c| {
        open += i32::from(c == b'(') - i32::from(c == b')');
        open == 0
    })
}

/// A number without what stands behind its last digit, but with the bracket that closes one within it.
fn balanced(number: &str) -> &str {
    let mut number = number.trim_end_matches(|c| !is_digit(c) && !matches!(c, ')' | '*' | '#'));
    while number.ends_with(')') && number.matches(')').count() > number.matches('(').count() {
        number = number[..number.len() - 1].trim_end_matches(|c| !is_digit(c) && c != ')');
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(language: &str, text: &str) -> String {
        in_order(language, text).replace(ISOLATE.0, "<").replace(ISOLATE.1, ">")
    }

    #[test]
    fn numbers_keep_their_order_where_the_text_runs_the_other_way() {
        for (text, expected) in [
            ("اتصلوا بالرقم 030 23125 111.", "اتصلوا بالرقم <030 23125 111>."),
            ("+49 (30) 23125-0 أو 0800 12 34 567", "<+49 (30) 23125-0> أو <0800 12 34 567>"),
            ("(030) 23125 111", "<(030) 23125 111>"),
            ("اتصل (030 23125 111) الآن", "اتصل (<030 23125 111>) الآن"),
            ("(+49 (0)30 23125-111)", "(<+49 (0)30 23125-111>)"),
            ("030/23125-111", "<030/23125-111>"),
            ("030 - 23125 111", "<030 - 23125 111>"),
            // Without a plus or a zero before it.
            ("الرقم 116 117", "الرقم <116 117>"),
            ("19 222", "<19 222>"),
            ("800 123 4567", "<800 123 4567>"),
            ("«116 117»", "«<116 117>»"),
            ("116\u{a0}117", "<116\u{a0}117>"),
            // A sign belongs before its number, also where that has one group.
            ("+4930231250", "<+4930231250>"),
            ("-5 درجات", "<-5> درجات"),
            ("*115#", "<*115#>"),
            // Other numbers that somebody copies: a tax number, an account.
            ("21/815/08150", "<21/815/08150>"),
            ("12 345 678 901", "<12 345 678 901>"),
            ("٠٣٠ ٢٣١٢٥ ١١١", "<٠٣٠ ٢٣١٢٥ ١١١>"),
            (
                "https://musterstadt.example/?n=030-23125-111",
                "https://musterstadt.example/?n=030-23125-111",
            ),
            // One group alone, a date, a year, a time, a count: nothing turns, or it is read in the order of the text.
            ("الرقم 115", "الرقم 115"),
            ("03023125111", "03023125111"),
            ("01.02.2026 08:00", "01.02.2026 08:00"),
            ("24.12.2026 - 26.12.2026", "24.12.2026 - 26.12.2026"),
            ("2024 2025 2026", "2024 2025 2026"),
            ("08:00 - 12:00", "08:00 - 12:00"),
            ("8 - 12", "8 - 12"),
            ("1000 - 2000", "1000 - 2000"),
            ("", ""),
        ] {
            assert_eq!(marked("ar", text), expected);
        }
        for tag in ["ar-EG", "he", "fa", "ur", "ckb"] {
            assert_eq!(marked(tag, "116 117"), "<116 117>");
        }
        assert_eq!(marked("de", "Rufen Sie 030 23125 111 an."), "Rufen Sie 030 23125 111 an.");
        assert_eq!(marked("arn", "116 117"), "116 117");
    }
}
