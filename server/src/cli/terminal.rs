//! What is written on a terminal.

use std::{
    fmt,
    io::{self, Write},
};

/// A line on standard output.
pub(super) fn print(line: fmt::Arguments<'_>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// A line for people, beside the result; where nobody can read it, nothing is lost.
pub(super) fn complain(line: fmt::Arguments<'_>) {
    let _unread = writeln!(io::stderr().lock(), "{line}");
}

/// A name on a terminal: what would not be seen, or would turn the line around, is written as its number. Old names may have such
/// characters.
pub(super) fn shown(name: &str) -> String {
    let spelled = |c: char| match c.escape_debug().count() {
        1 => c.to_string(),
        _ if c.is_ascii_punctuation() => c.to_string(),
        _ => c.escape_unicode().to_string(),
    };
    name.chars().map(spelled).collect()
}
