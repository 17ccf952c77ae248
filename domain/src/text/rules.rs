//! What a text may contain.

use super::{
    localized::Localized,
    markdown::{self, nodes, plain},
    shown::shows_something,
};
use crate::words::{Code, Faults};

/// How long a text may be, and whether it may have several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One line, at most 200 characters.
    Line,
    /// Several lines, at most 10,000 characters.
    Prose,
}

impl Shape {
    /// The most characters (Unicode scalar values) that such a text may have.
    pub const fn limit(self) -> usize {
        match self {
            Self::Line => 200,
            Self::Prose => 10_000,
        }
    }
}

/// Reports what is wrong with one text. Direction overrides and isolates are refused because they can make a text read
/// differently from what it says (Unicode Technical Report 36, "bidirectional text spoofing").
pub(crate) fn check_text(text: &str, at: &str, shape: Shape, faults: &mut Faults) {
    let length = text.chars().count();
    if length > shape.limit() {
        faults.add(
            at,
            Code::TooLong,
            format!("has {length} characters; at most {} are allowed", shape.limit()),
        );
        return;
    }
    let is_shown = match shape {
        Shape::Line => shows_something(text),
        Shape::Prose => shows_something(&plain(&nodes("de", text))),
    };
    if !is_shown {
        let nothing = if text.trim().is_empty() {
            "is empty; leave the language out or write a text"
        } else {
            "is empty, for it has only characters that nobody sees; leave the language out or write a text"
        };
        faults.add(at, Code::Empty, nothing);
        return;
    }
    let breaks_allowed = shape == Shape::Prose;
    for c in text.chars() {
        let (code, fault) = match c {
            '\n' | '\r' | '\t' if breaks_allowed => continue,
            '\n' | '\r' => (Code::LineBreak, "has a line break; write it as one line"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => (
                Code::DirectionCharacter,
                "has an invisible character that changes the direction of writing (U+202A–U+202E, U+2066–U+2069); remove it",
            ),
            c if c.is_control() => (Code::ControlCharacter, "has a control character; remove it"),
            _ => continue,
        };
        faults.add(at, code, fault);
        return;
    }
}

impl Localized {
    /// Reports every variant that is empty, too long or has characters that do not belong into a text.
    pub(crate) fn check(&self, at: &str, shape: Shape, faults: &mut Faults) {
        for (language, text) in self.iter() {
            check_text(text, &format!("{at}/{language}"), shape, faults);
        }
    }
}

/// Reports what is wrong with a longer text, its links included.
pub(crate) fn check_prose(text: &Localized, at: &str, faults: &mut Faults) {
    text.check(at, Shape::Prose, faults);
    for (language, text) in text.iter() {
        markdown::check(text, &format!("{at}/{language}"), faults);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str, shape: Shape) -> Vec<String> {
        let mut faults = Faults::default();
        check_text(text, "/title/de", shape, &mut faults);
        faults.into_vec().into_iter().map(|fault| fault.detail).collect()
    }

    #[test]
    fn a_text_that_shows_nothing_is_empty() {
        for nothing in [
            "",
            " ",
            "\u{a0}\u{3000}\u{2003}",
            "\u{200b}",
            "\u{200c}\u{200d}",
            "\u{200e}\u{200f}\u{61c}",
            "\u{2060}",
            "\u{2064}",
            "\u{206a}",
            "\u{3164}",
            "\u{ffa0}",
            "\u{115f}\u{1160}",
            "\u{feff}",
            "\u{ad}",
            "\u{34f}",
            "\u{17b4}",
            "\u{180e}",
            "\u{2800}",
            "\u{fe0f}",
            "\u{e0100}",
            "\u{e0001}\u{e0061}\u{e007f}",
            "\u{1d173}",
            "\u{fff9}\u{fffb}",
            "\u{fffc}",
            "\u{301}",
            "\u{200b}\u{301}",
            "\u{e000}\u{f8ff}",
            "\u{fdd0}\u{fffe}",
            "\u{10ffff}",
            " \u{200b} \u{2060} ",
        ] {
            for shape in [Shape::Line, Shape::Prose] {
                assert!(
                    faults(nothing, shape).first().is_some_and(|fault| fault.starts_with("is empty")),
                    "{nothing:?}"
                );
            }
        }
        for nothing in ["- \u{200b}\n- \u{3164}", "\u{200b}\n\n\u{2060}", "**\u{200b}**"] {
            assert!(!faults(nothing, Shape::Prose).is_empty(), "{nothing:?}");
        }
        for something in [
            "a",
            "…",
            "👩\u{200d}💻",
            "é",
            "e\u{301}",
            "❤\u{fe0f}",
            "می\u{200c}خواهم",
            "1.",
            "ㅤa",
            "§",
            "한",
        ] {
            assert_eq!(faults(something, Shape::Line), Vec::<String>::new(), "{something:?}");
        }
    }
}
