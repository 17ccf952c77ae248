//! Texts that are written from right to left, and the phone numbers in them.
//!
//! Digits run from left to right everywhere, but groups of them with blanks between are put in the order of the text around (Unicode
//! Standard Annex #9), so `030 23125 111` would be read as `111 23125 030` and lead to somebody else.

/// Opens and closes a stretch that keeps its order from left to right.
const ISOLATE: (char, char) = ('\u{2066}', '\u{2069}');

/// Fewer digits make no number with a prefix.
const FEWEST_DIGITS: usize = 6;

/// A text in this language with its phone numbers kept in their order. A year or a date stays as it is: only what begins with a plus or a
/// zero is a number to call.
pub(crate) fn in_order(language: &str, text: &str) -> String {
    if !crate::public::is_right_to_left(language) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((from, to)) = phone_number(rest) {
        out.push_str(&rest[..from]);
        out.push(ISOLATE.0);
        out.push_str(&rest[from..to]);
        out.push(ISOLATE.1);
        rest = &rest[to..];
    }
    out.push_str(rest);
    out
}

/// Where the first number in groups begins and ends, in bytes.
fn phone_number(text: &str) -> Option<(usize, usize)> {
    let mut before = ' ';
    let mut from = None;
    for (at, c) in text.char_indices() {
        // Within an address or a date it is none.
        if matches!(c, '+' | '0') && (before.is_whitespace() || matches!(before, '(' | '[' | '*' | '"' | '«' | '“')) {
            let tail = &text[at..];
            let length = tail
                .find(|c: char| !(c.is_ascii_digit() || matches!(c, '+' | ' ' | '\u{a0}' | '-' | '/' | '(' | ')')))
                .unwrap_or(tail.len());
            let number = tail[..length].trim_end_matches(|c: char| !c.is_ascii_digit());
            let digits = number.chars().filter(char::is_ascii_digit).count();
            let has_groups = number.trim_start_matches('+').contains(|c: char| !c.is_ascii_digit());
            if digits >= FEWEST_DIGITS && has_groups {
                from = Some((at, at + number.len()));
                break;
            }
        }
        before = c;
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(language: &str, text: &str) -> String {
        in_order(language, text).replace(ISOLATE.0, "<").replace(ISOLATE.1, ">")
    }

    #[test]
    fn numbers_in_groups_keep_their_order_where_the_text_runs_the_other_way() {
        for (text, expected) in [
            ("اتصلوا بالرقم 030 23125 111.", "اتصلوا بالرقم <030 23125 111>."),
            ("+49 (30) 23125-0 أو 0800 12 34 567", "<+49 (30) 23125-0> أو <0800 12 34 567>"),
            ("**030 23125 111**", "**<030 23125 111>**"),
            (
                "[هنا](https://musterstadt.example/?n=030-23125-111)",
                "[هنا](https://musterstadt.example/?n=030-23125-111)",
            ),
            ("[030 23125 111](tel:+49-30-23125-111)", "[<030 23125 111>](tel:+49-30-23125-111)"),
            // One group alone, a date, a year, a time, a count: nothing that a reader could take for a number to call.
            ("الرقم 115", "الرقم 115"),
            ("03023125111", "03023125111"),
            ("01.02.2026 08:00", "01.02.2026 08:00"),
            ("2024 2025 2026", "2024 2025 2026"),
            ("08:00 - 12:00", "08:00 - 12:00"),
            ("", ""),
        ] {
            assert_eq!(marked("ar", text), expected);
        }
        assert_eq!(marked("de", "Rufen Sie 030 23125 111 an."), "Rufen Sie 030 23125 111 an.");
    }
}
