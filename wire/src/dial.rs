//! Numbers that are dialled at a touch.

/// The address that dials a number as people write it. The zero of `+49 (0)30` is for callers at home; who dials the country does not dial it.
pub fn dial(number: &str) -> String {
    let number = number.as_bytes();
    let names_country = number.starts_with(b"+") || number.starts_with(b"00");
    let mut href = String::from("tel:");
    for (i, c) in number.iter().enumerate() {
        let at_home = names_country && number[..i].ends_with(b"(") && number[i..].starts_with(b"0)");
        if (c.is_ascii_digit() || *c == b'+') && !at_home {
            href.push(char::from(*c));
        }
    }
    href
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_dialled_as_it_is_meant() {
        for (written, dialled) in [
            ("030 23125-140", "tel:03023125140"),
            ("030/23125.140", "tel:03023125140"),
            ("(030) 23125-0", "tel:030231250"),
            ("0 30 23 12 50", "tel:030231250"),
            ("115", "tel:115"),
            ("+49 30 23125 115", "tel:+493023125115"),
            ("+49 (30) 23125-115", "tel:+493023125115"),
            // The zero that is dialled at home only.
            ("+49 (0)30 23125-140", "tel:+493023125140"),
            ("+49(0)30/23125-140", "tel:+493023125140"),
            ("+49 (0) 30 23125-140", "tel:+493023125140"),
            ("0049 (0)30 23125-140", "tel:00493023125140"),
            ("(0) 30 23125-140", "tel:03023125140"),
        ] {
            assert_eq!(dial(written), dialled, "{written}");
        }
    }
}
