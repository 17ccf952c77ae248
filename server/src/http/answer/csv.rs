//! Tables for spreadsheets.

/// One line as RFC 4180 has it.
pub(crate) fn csv_row(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    cells.join(",") + "\r\n"
}

/// A cell. What a spreadsheet would take for a formula is none, whatever it takes for the end of a cell: people choose their own names.
fn quoted(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len() + 2);
    let mut begins = true;
    for letter in cell.chars() {
        if begins && matches!(letter, '=' | '+' | '-' | '@') {
            text.push('\'');
        }
        begins = matches!(letter, ',' | ';' | '\t' | '\r' | '\n' | '"') || (begins && letter == ' ');
        text.push(letter);
    }
    if text.contains(['"', ',', ';', '\t', '\r', '\n', '\'']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_back_and_are_no_formulas() {
        for (cell, expected) in [
            ("", ""),
            ("Otto", "Otto"),
            ("a, b", "\"a, b\""),
            ("x;=cmd", "\"x;'=cmd\""),
            ("x\"; +1", "\"x\"\"; '+1\""),
            ("2026-0042", "2026-0042"),
            ("a-b", "a-b"),
            ("say \"a\"", "\"say \"\"a\"\"\""),
            ("=1+1", "\"'=1+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("a\nb", "\"a\nb\""),
        ] {
            assert_eq!(quoted(cell), expected);
        }
    }
}
