//! What may stand where a number is dialled: exactly one, so that nobody reaches somebody else.

use wire::dial;

/// The reason why this cannot be dialled, if there is one: whatever else stands there, its digits would be dialled too.
pub(crate) fn number_fault(number: &str) -> Option<String> {
    const RIGHT: &str = "write one number of digits, blanks and `+ ( ) / - .`, such as `030 23125-140` or `+49 30 23125-140`";
    let odd = |c: &char| !(c.is_ascii_digit() || c.is_whitespace() || "+()/-.".contains(*c));
    if let Some(odd) = number.chars().find(odd) {
        return Some(format!("has `{odd}` in a number that is dialled; {RIGHT}"));
    }
    if number.rfind('+').is_some_and(|at| at > 0) {
        return Some(format!("has a `+` that is not at its beginning; {RIGHT}"));
    }
    if let Some(fault) = double_fault(number) {
        return Some(format!("{fault}; {RIGHT}, and give each number a channel of its own"));
    }
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    if !(2..=15).contains(&digits) {
        // E.164 ends at 15.
        return Some(format!(
            "has {digits} digits, a number has 2 to 15; {RIGHT}, and give each number a channel of its own"
        ));
    }
    // Where numbers at home begin with a zero that callers from abroad leave out.
    const WITH_ZERO: [&str; 9] = ["31", "32", "33", "380", "41", "43", "44", "49", "90"];
    let dialled = dial(number);
    let abroad = dialled.strip_prefix("tel:+").or_else(|| dialled.strip_prefix("tel:00"));
    let has_zero = |country: &str| {
        abroad
            .and_then(|rest| rest.strip_prefix(country))
            .is_some_and(|rest| rest.starts_with('0'))
    };
    if let Some(country) = WITH_ZERO.into_iter().find(|country| has_zero(country)) {
        return Some(format!(
            "has a zero after the country, which reaches nobody; write `+{country} 30 …` or `+{country} (0)30 …`"
        ));
    }
    None
}

/// What of this would be dialled as one number although it is two, or a number and a second extension: `030 90249-12/13`.
///
/// A stroke is sure only behind the area code (`030/23125-140`) and before the switchboard (`030 23125/0`); brackets only around an
/// area code (`(030) 23125`) or the zero that callers from abroad leave out (`+49 (0)30`).
fn double_fault(number: &str) -> Option<&'static str> {
    let digits = |part: &str| part.bytes().filter(u8::is_ascii_digit).count();
    let country = |before: &str| before.starts_with('+') || before.starts_with("00");
    // Of a country code and an area code, or of an area code alone, as many digits at most.
    let most = |before: &str| if country(before) { 10 } else { 6 };
    let strokes: Vec<(usize, char)> = number.char_indices().filter(|(_, c)| *c == '/').collect();
    for (i, (at, _)) in strokes.iter().enumerate() {
        let (before, behind) = (number[..*at].trim_end(), number[at + 1..].trim());
        let is_area_code = i == 0
            && !behind.starts_with(['0', '-'])
            && before.trim_start_matches('(').starts_with(['0', '+'])
            && digits(before) <= most(before)
            && !before.trim_end_matches(')').trim_start_matches(['+', '(']).contains('/')
            && (country(before) || before.bytes().all(|c| c.is_ascii_digit() || matches!(c, b'(' | b')')));
        let is_switchboard = behind == "0" && !before.contains('-');
        if !(is_area_code || is_switchboard) {
            return Some("has another number or a second extension behind its `/`");
        }
    }
    for (at, _) in number.char_indices().filter(|(_, c)| *c == '(') {
        let before = number[..at].trim();
        let is_first = before.is_empty() || country(before) && digits(before) <= 5;
        if !is_first {
            return Some("has a second number in brackets");
        }
    }
    // `030 23125 030 23126`: the area code comes again.
    let parts: Vec<&str> = number
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    if let [area, _, .., _] = parts[..]
        && area.len() > 2
        && area.starts_with('0')
        && parts[2..parts.len() - 1].contains(&area)
    {
        return Some("has another number behind the first");
    }
    if counts_on(number) {
        return Some("has a second extension behind its first");
    }
    // `23125-140-145` and `23125-140 - 145` count on from the first extension.
    let groups: Vec<&str> = number.split('-').map(str::trim).collect();
    if let [.., base, first, last] = groups[..] {
        let base = base.split_whitespace().next_back().unwrap_or_default();
        let counts_on = first.len() == last.len() && first.len() <= 4 && first < last && digits(base) >= 4;
        if counts_on && [first, last].iter().all(|part| part.bytes().all(|c| c.is_ascii_digit())) {
            return Some("has a second extension behind its `-`");
        }
    }
    None
}

/// Whether the last two parts are an extension and the one up to which they go: `030 23125 12-13`, `030 23125-140 141`.
fn counts_on(number: &str) -> bool {
    let (Some(at), false) = (number.rfind(['-', ' ']), number.ends_with(['-', ' '])) else {
        return false;
    };
    let last = &number[at + 1..];
    let before = number[..at].trim_end_matches(['-', ' ']);
    let Some(from) = before.rfind(['-', ' ']) else { return false };
    let first = &before[from + 1..];
    let dashes = number[from..=at].matches('-').count();
    let base = before[..from].trim_end_matches(['-', ' ']);
    let base = base.rsplit([' ', '-', '/', ')', '.']).next().unwrap_or_default();
    let (Ok(low), Ok(high)) = (first.parse::<u32>(), last.parse::<u32>()) else {
        return false;
    };
    let nearest = if dashes == 1 && number[at..].starts_with(' ') { 1 } else { 20 };
    dashes == 1 && first.len() == last.len() && (2..=4).contains(&first.len()) && base.len() >= 4 && low < high && high - low <= nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_taken_in_every_usual_manner_of_writing() {
        for number in [
            "115",
            "116 117",
            "030 23125-140",
            "(030) 23125/0",
            "030.23125.140",
            "0049 (0) 30 23125-140",
            "030/23125-140",
            "(030) / 23125-140",
            "033201/2312-0",
            "+49 30/23125140",
            "+49 (30) 23125-0",
            "0151/23125140",
            "030-90249-12",
            "+33-1-23-45-67-89",
            "+1-800-555-0199",
            "0800 00 33 555",
            "0231 50-77",
            "+49 231 50-77",
            "030 12 34 56-57",
            "030 23125 140-0",
            "+49(0)30/23125-0",
            "0043 (0) 1 4000-0",
            "+39 06 4959261",
        ] {
            assert_eq!(number_fault(number), None, "{number}");
        }
    }

    #[test]
    fn two_numbers_in_one_are_refused_with_the_reason() {
        for (number, reason) in [
            ("030 23125-0 / 030 23125-200", "another number"),
            ("030-90249-12/13", "another number or a second extension"),
            ("030 90249-12/-13", "another number or a second extension"),
            ("030 90249-12 / 13", "another number or a second extension"),
            ("030/90249-12/13", "another number or a second extension"),
            ("030 90249/91", "another number or a second extension"),
            ("030 23125140/41", "another number or a second extension"),
            ("+49 30 90249-12/13", "another number or a second extension"),
            ("030 90249-12-13", "a second extension behind its `-`"),
            ("030 23125-140 - 145", "a second extension behind its `-`"),
            ("030 23125-140 (141)", "in brackets"),
            ("030 23125 (0171 2345)", "in brackets"),
            ("030 90249-12/0", "another number or a second extension"),
            ("030/90249-12/0", "another number or a second extension"),
            ("030 90249-12/-0", "another number or a second extension"),
            ("030 90249 12-13", "a second extension"),
            ("030 90249 12 - 13", "a second extension"),
            ("030 90249-140 141", "a second extension"),
            ("(030) 90249 12-13", "a second extension"),
            ("+49 30 90249 12-13", "a second extension"),
            ("030 1234 030 5678", "another number"),
            ("030/1234 030/5678", "another number"),
            ("030-1234-030-5678", "another number"),
        ] {
            let fault = number_fault(number).unwrap_or_else(|| panic!("{number} was taken"));
            assert!(
                fault.contains(reason) && fault.contains("a channel of its own"),
                "{number}: {fault}"
            );
        }
    }

    #[test]
    fn what_stands_beside_digits_is_refused_with_what_it_is() {
        for (number, reason) in [
            ("030 23125 ext. 140", "has `e`"),
            ("030 23125 App. 12", "has `A`"),
            ("0800-AMT", "has `A`"),
            ("030 90249-12, -13", "has `,`"),
            ("030 90249–12", "has `–`"),
            ("030 90249-12;13", "has `;`"),
            ("٠٣٠ ٢٣١٢٥", "has `٠`"),
            ("+49 30 1 +49 30 2", "has a `+` that is not at its beginning"),
            ("+49 030 23125", "a zero after the country"),
            ("+49 (030) 23125", "a zero after the country"),
            ("0049 030 23125", "a zero after the country"),
            ("+43 01 4000", "a zero after the country"),
            ("+41 044 123 45 67", "a zero after the country"),
        ] {
            let fault = number_fault(number).unwrap_or_else(|| panic!("{number} was taken"));
            assert!(fault.contains(reason), "{number}: {fault}");
        }
    }
}
