//! Texts that are written from right to left, and the numbers in them.
//!
//! Digits run from left to right everywhere, but groups of them with blanks, strokes or brackets between, and the signs before them, are put in
//! the order of the text around (Unicode Standard Annex #9), so `030 23125 111` would be read as `111 23125 030` and lead to somebody
//! else. Such a number is put into an isolate. This is the last thing that happens to a text, since whatever reads it before takes isolates out.

/// Opens and closes a stretch that keeps its order from left to right.
const ISOLATE: (char, char) = ('\u{2066}', '\u{2069}');

/// Fewer digits in several groups make no number that somebody could dial or quote.
const FEWEST_DIGITS: usize = 5;

/// A mark that runs from right to left and shows nothing.
const RIGHT_TO_LEFT: char = '\u{200f}';

/// A text in this language with what has to be read from left to right in it kept in its order: numbers that somebody dials or quotes, codes and
/// addresses that mix digits with Latin letters, and the signs before and behind a number. Dates and times stay as they are, since nothing in
/// them turns; so do years and spans (`8 - 12`), which are read in the order of the text.
pub(crate) fn in_order(language: &str, text: &str) -> String {
    if !wire::is_right_to_left(language) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let foreign = |c: char| runs_from_right(c) || c == '\n';
        let end = rest.find(foreign).unwrap_or(rest.len());
        let (stretch, after) = rest.split_at(end);
        match mixed(stretch) {
            Some((from, to)) => {
                out.push_str(&stretch[..from]);
                isolate(&mut out, &stretch[from..to]);
                out.push_str(&stretch[to..]);
            }
            None if stretch.contains(char::is_alphabetic) => out.push_str(stretch),
            None => numbers_in_order(&mut out, rest, end),
        }
        let word = after.find(|c| !foreign(c)).unwrap_or(after.len());
        out.push_str(&after[..word]);
        rest = &after[word..];
    }
    out
}

fn isolate(out: &mut String, text: &str) {
    out.push(ISOLATE.0);
    out.push_str(text);
    out.push(ISOLATE.1);
}

/// Whether a letter belongs to a writing from right to left (its digits do not).
fn runs_from_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}') && !is_digit(c) && c.is_alphabetic()
}

/// From where to where a stretch between words from right to left is a code, an address or a quantity with its unit: Latin letters and digits
/// together, which would be put in the order of the text where a digit comes first. `None`: it needs no help.
fn mixed(stretch: &str) -> Option<(usize, usize)> {
    let is_latin = |c: char| c.is_alphabetic();
    if !stretch.contains(is_latin) || !stretch.contains(is_digit) {
        return None;
    }
    let content = |c: char| is_latin(c) || is_digit(c);
    let first = stretch.find(content)?;
    let last = stretch.rfind(content)?;
    let last = last + stretch[last..].chars().next()?.len_utf8();
    // Signs that belong to what they touch, and brackets that close within.
    let signs = |c: char| {
        matches!(
            c,
            '+' | '-' | '\u{2212}' | '#' | '*' | '§' | '€' | '$' | '£' | '°' | '%' | '\u{2030}' | '@'
        )
    };
    let mut from = first;
    while let Some(c) = stretch[..from].chars().next_back() {
        let opens =
            matches!(c, '(' | '[') && stretch[first..last].matches([')', ']']).count() > stretch[from..last].matches(['(', '[']).count();
        let is_sign = signs(c)
            || is_blank(c)
                && stretch[..from]
                    .trim_end_matches(is_blank)
                    .ends_with(['§', '#', '€', '$', '£', '-', '\u{2212}']);
        if !(opens || is_sign) {
            break;
        }
        from -= c.len_utf8();
    }
    let mut to = last;
    while let Some(c) = stretch[to..].chars().next() {
        let closes =
            matches!(c, ')' | ']') && stretch[from..to].matches(['(', '[']).count() > stretch[from..to].matches([')', ']']).count();
        let is_sign = matches!(c, '%' | '\u{2030}' | '€' | '$' | '£' | '°' | '#' | '*')
            || is_blank(c)
                && stretch[to..]
                    .trim_start_matches(is_blank)
                    .starts_with(['%', '\u{2030}', '€', '$', '£', '°']);
        if !(closes || is_sign) {
            break;
        }
        to += c.len_utf8();
    }
    let piece = &stretch[from..to];
    // Behind a Latin letter digits run as it does.
    let is_safe = piece.starts_with(is_latin) && piece.ends_with(content) && piece.chars().all(|c| !is_digit(c) || c.is_ascii());
    (!is_safe).then_some((from, to))
}

/// The beginning of a text, up to `end`, in which no letters are.
fn numbers_in_order(out: &mut String, text: &str, end: usize) {
    let mut before = out.chars().next_back().unwrap_or(' ');
    let mut at = 0;
    while let Some(c) = text[at..end].chars().next() {
        let rest = &text[at..];
        let number = may_precede(before).then(|| number(rest).or_else(|| quantity(rest))).flatten();
        if let Some(length) = number {
            isolate(out, &rest[..length]);
            at += length;
            before = '0';
        } else if c == '-' && is_digit(before) && rest[1..].starts_with(is_digit) {
            // Whether a hyphen between two numbers turns depends on what stands before them; a span is read in the order of the text.
            out.extend([RIGHT_TO_LEFT, c, RIGHT_TO_LEFT]);
            at += 1;
            before = c;
        } else {
            out.push(c);
            at += c.len_utf8();
            before = c;
        }
    }
}

/// How long the number is, with the sign of its unit, with which a text begins: `50 %`, `3,5 °`, `€ 20`, `§ 31 (2)`, `#5`.
fn quantity(text: &str) -> Option<usize> {
    const UNITS: [char; 6] = ['%', '\u{2030}', '€', '$', '£', '°'];
    let skip = |at: usize, wanted: &dyn Fn(char) -> bool| at + text[at..].find(|c| !wanted(c)).unwrap_or(text.len() - at);
    let is_number = |c: char| is_digit(c) || matches!(c, '.' | ',' | ':' | '\u{66b}' | '\u{66c}');
    let signs = skip(0, &|c| UNITS.contains(&c) || matches!(c, '§' | '#'));
    let begin = if signs > 0 { skip(signs, &is_blank) } else { signs };
    let end = begin + text[begin..skip(begin, &is_number)].trim_end_matches(|c| !is_digit(c)).len();
    if !text[begin..end].starts_with(is_digit) {
        return None;
    }
    let blanks = skip(end, &is_blank);
    let unit = skip(blanks, &|c| UNITS.contains(&c));
    if unit > blanks {
        return Some(unit);
    }
    let bracket = text[blanks..].strip_prefix('(').and_then(|inner| {
        let digits = inner.find(|c| !is_digit(c))?;
        (digits > 0 && inner[digits..].starts_with(')')).then_some(blanks + digits + 2)
    });
    (signs > 0).then_some(bracket.unwrap_or(end))
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
        in_order(language, text)
            .replace(ISOLATE.0, "<")
            .replace(ISOLATE.1, ">")
            .replace(RIGHT_TO_LEFT, "|")
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
            // A span reads the same whatever stands before it.
            ("8-12", "8|-|12"),
            ("من 22:00-02:00", "من 22:00|-|02:00"),
            // Codes, addresses, quantities: Latin letters and digits together.
            ("الرمز 12-345-AB هنا", "الرمز <12-345-AB> هنا"),
            ("4711/2026-B", "<4711/2026-B>"),
            ("AB-123-CD و v2.10.3", "AB-123-CD و v2.10.3"),
            ("DE12 3456 7890 1234", "DE12 3456 7890 1234"),
            ("(DE12 3456 7890)", "(DE12 3456 7890)"),
            ("12345 Musterstadt.", "<12345 Musterstadt>."),
            ("Rathausplatz 1, 12345 Musterstadt", "Rathausplatz 1, 12345 Musterstadt"),
            ("§ 31 Abs. 3 VwVfG،", "<§ 31 Abs. 3 VwVfG>،"),
            ("20 km و 5 GB", "<20 km> و <5 GB>"),
            ("-5 °C", "<-5 °C>"),
            ("1.000 EUR (netto)", "<1.000 EUR (netto)>"),
            ("الغرفة 3A\n2B", "الغرفة <3A>\n<2B>"),
            // Signs of units.
            ("نسبة 50 % و 50% و 3,5 %", "نسبة <50 %> و <50%> و <3,5 %>"),
            ("1.000,50 € أو € 20", "<1.000,50 €> أو <€ 20>"),
            ("٥٠٪", "٥٠٪"),
            ("§ 31 (2) و #5", "<§ 31 (2)> و <#5>"),
            ("24/7 و 3/4 و 1:1000", "24/7 و 3/4 و 1:1000"),
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
