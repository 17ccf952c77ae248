//! From a text to lines, and from a line to glyphs: letters that join, words that break, directions that meet.

use ar_reshaper::reshape_line;
use unicode_bidi::{BidiInfo, Level};

use super::font::{Face, Glyph, is_silent, meant};

/// A line as it is set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// From left to right.
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) width: f32,
    /// What it says.
    pub(crate) text: String,
    /// Whether that is not what its glyphs say from left to right.
    pub(crate) is_turned: bool,
}

/// How texts are set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    pub(crate) face: &'static Face,
    pub(crate) size: f32,
    /// Whether the language of the document is read from right to left.
    pub(crate) is_rtl: bool,
}

impl Setting {
    /// How far the next line is below.
    pub(crate) fn leading(&self) -> f32 {
        self.size * 1.4
    }

    /// A text in lines that are as wide as this at the most.
    pub(crate) fn lines(&self, text: &str, width: f32) -> Vec<Line> {
        text.lines()
            .flat_map(|paragraph| self.broken(&joined(paragraph), width))
            .map(|line| self.set(&line))
            .collect()
    }

    /// A text in one line.
    pub(crate) fn line(&self, text: &str) -> Line {
        self.set(&joined(text))
    }

    /// How wide a text is at the least, and in one line.
    pub(crate) fn widths(&self, text: &str) -> (f32, f32) {
        let text = joined(text);
        let words = pieces(&text).into_iter().map(|word| self.face.width(word.trim_end(), self.size));
        (words.fold(0.0, f32::max), self.face.width(&text, self.size))
    }

    fn broken(&self, text: &str, width: f32) -> Vec<String> {
        let fits = |text: &str| self.face.width(text.trim_end(), self.size) <= width;
        let mut lines = vec![String::new()];
        for word in pieces(text) {
            let Some(line) = lines.last_mut() else { continue };
            if fits(&format!("{line}{word}")) {
                line.push_str(word);
                continue;
            }
            if !line.is_empty() {
                lines.push(String::new());
            }
            // A word that is wider than a line is cut where it must be.
            for sign in word.chars() {
                let Some(line) = lines.last_mut() else { continue };
                if line.is_empty() || fits(&format!("{line}{sign}")) {
                    line.push(sign);
                } else {
                    lines.push(sign.to_string());
                }
            }
        }
        lines
    }

    fn set(&self, line: &str) -> Line {
        let heard = |text: &str| text.chars().filter(|sign| !is_silent(*sign)).collect::<String>();
        let seen = heard(&seen(line.trim_end(), self.is_rtl));
        let line = heard(line.trim_end());
        let glyphs: Vec<Glyph> = seen.chars().map(|sign| self.face.glyph(sign)).collect();
        Line {
            glyphs,
            width: self.face.width(&seen, self.size),
            text: line.chars().flat_map(meant).collect(),
            is_turned: seen != line,
        }
    }
}

/// A text whose Arabic letters have the forms that they take beside their neighbours.
fn joined(text: &str) -> String {
    let shown = text.replace('\t', " ");
    let is_joining = |sign: char| ('\u{600}'..='\u{6ff}').contains(&sign);
    if shown.contains(is_joining) { reshape_line(shown) } else { shown }
}

/// What may stand in a line of its own: words with the blanks behind them, and what is before a hyphen or a stroke.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    for word in text.split_inclusive(' ') {
        let mut rest = word;
        while let Some(place) = rest.find(['-', '/']).map(|place| place + 1) {
            // Not before a blank, and not behind what stands alone, as in "-3".
            if place < 3 || rest[place..].trim_end().is_empty() {
                break;
            }
            let (piece, behind) = rest.split_at(place);
            pieces.push(piece);
            rest = behind;
        }
        pieces.push(rest);
    }
    pieces
}

/// A line as it is seen from left to right.
fn seen(line: &str, is_rtl: bool) -> String {
    let base = if is_rtl { Level::rtl() } else { Level::ltr() };
    let info = BidiInfo::new(line, Some(base));
    let Some(paragraph) = info.paragraphs.first().filter(|_| is_rtl || info.has_rtl()) else {
        return line.to_owned();
    };
    let (levels, runs) = info.visual_runs(paragraph, paragraph.range.clone());
    let mut seen = String::with_capacity(line.len());
    for run in runs {
        let text = &line[run.clone()];
        if levels.get(run.start).is_some_and(|level| level.is_rtl()) {
            seen.extend(text.chars().rev().map(mirrored));
        } else {
            seen.push_str(text);
        }
    }
    seen
}

/// A bracket as it is seen from the other side.
fn mirrored(sign: char) -> char {
    match sign {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        sign => sign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::font::REGULAR;

    fn setting(is_rtl: bool) -> Setting {
        Setting {
            face: &REGULAR,
            size: 10.0,
            is_rtl,
        }
    }

    fn texts(lines: &[Line]) -> Vec<String> {
        lines
            .iter()
            .map(|line| line.glyphs.iter().map(|glyph| glyph.sign).collect())
            .collect()
    }

    #[test]
    fn words_break_and_nothing_is_lost() {
        let text = "Die Kfz-Zulassung ist gestört/langsam seit -3 Stunden";
        for width in [20.0, 45.0, 70.0, 500.0] {
            let lines = setting(false).lines(text, width);
            assert!(lines.iter().all(|line| line.width <= width), "{width}");
            let whole: String = texts(&lines).concat();
            assert_eq!(whole.replace(' ', ""), text.replace(' ', ""));
        }
        assert_eq!(texts(&setting(false).lines("Kfz-Zulassung", 60.0)), ["Kfz-", "Zulassung"]);
        assert_eq!(texts(&setting(false).lines("a\nb", 60.0)), ["a", "b"]);
    }

    #[test]
    fn arabic_letters_join_and_run_from_the_right() {
        let line = setting(true).line("خدمة (12) Kfz");
        let seen: String = line.glyphs.iter().map(|glyph| glyph.sign).collect();
        assert_eq!(seen, "Kfz (12) ﺔﻣﺪﺧ");
        assert!(line.is_turned && line.text == "خدمة (12) Kfz", "{line:?}");
        // A number that is held together is read as it is, and what holds it is not seen.
        let line = setting(true).line("خدمة \u{2066}2026-0042\u{2069}");
        let seen: String = line.glyphs.iter().map(|glyph| glyph.sign).collect();
        assert_eq!(seen, "2026-0042 ﺔﻣﺪﺧ");
        assert_eq!(line.text, "خدمة 2026-0042");
        assert!(!setting(false).line("Kfz").is_turned);
    }
}
