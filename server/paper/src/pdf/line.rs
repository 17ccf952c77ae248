//! From a text to lines, and from a line to glyphs: letters that join, words that break, directions that meet.

use std::sync::LazyLock;

use ar_reshaper::{ArabicReshaper, ReshaperConfig, prelude::LigatureNames};
use unicode_bidi::{BidiInfo, Level};
use unicode_normalization::UnicodeNormalization;

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
        let paragraphs = text.split(is_end).filter(|paragraph| !paragraph.is_empty());
        let mut lines: Vec<Line> = paragraphs
            .flat_map(|paragraph| self.broken(&joined(paragraph), width))
            .map(|line| self.set(&line))
            .collect();
        // Where nothing is to be said, nothing is to be seen either, and there is a line for it.
        if lines.is_empty() {
            lines.push(self.set(""));
        }
        lines
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
        // A sign that the font lacks is said nevertheless.
        let is_missing = |glyph: (&Glyph, char)| glyph.0.sign != glyph.1;
        let glyphs: Vec<Glyph> = seen.chars().map(|sign| self.face.glyph(sign)).collect();
        Line {
            width: self.face.width(&seen, self.size),
            is_turned: seen != line || glyphs.iter().zip(seen.chars()).any(is_missing),
            text: line.chars().flat_map(meant).collect(),
            glyphs,
        }
    }
}

/// A text whose letters are composed, and whose Arabic ones have the forms that they take beside their neighbours.
fn joined(text: &str) -> String {
    let composed: String = text.nfc().map(|sign| if is_blank(sign) { ' ' } else { sign }).collect();
    if !composed.contains(is_joining) {
        return composed;
    }
    // Letters alone: whatever stands between them ends a join, and what is not seen would make the library lose count.
    let mut joined = String::with_capacity(composed.len() + 16);
    let mut rest = composed.as_str();
    while let Some(start) = rest.find(is_joining) {
        let (before, behind) = rest.split_at(start);
        joined.push_str(before);
        let (letters, behind) = behind.split_at(behind.find(|sign| !is_joining(sign)).unwrap_or(behind.len()));
        joined.push_str(&RESHAPER.reshape(letters));
        rest = behind;
    }
    joined + rest
}

/// How letters join: those two alone become one sign that cannot be left apart.
static RESHAPER: LazyLock<ArabicReshaper> = LazyLock::new(|| {
    let mut config = ReshaperConfig::default();
    // The fonts have no sign for the whole word.
    config.update_ligature(LigatureNames::ARABIC_LIGATURE_ALLAH, false);
    ArabicReshaper::new(config)
});

fn is_joining(sign: char) -> bool {
    ('\u{610}'..='\u{6ff}').contains(&sign) && !is_silent(sign)
}

/// What ends a line wherever it stands; in one line it is a blank.
fn is_end(sign: char) -> bool {
    matches!(sign, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_blank(sign: char) -> bool {
    is_end(sign) || sign == '\t'
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
    fn whatever_is_written_is_set() {
        for text in [
            "👩\u{200d}💻 لا",
            "١٤٤٧ ه\u{200d} – لا",
            "ه\u{200d} بلاغ للجميع",
            "\u{64b}لا",
            "لا\u{200d}",
            "\u{640}\u{64b}",
            "\u{200d}",
        ] {
            setting(true).lines(text, 30.0);
            setting(false).line(text);
        }
        let line = setting(true).line("ه\u{200d} بلاغ للجميع");
        assert_eq!(line.text, "ه بلاغ للجميع");
        assert!(setting(true).line("عبد الله").glyphs.iter().all(|glyph| glyph.sign != '\u{fffd}'));
        // Three signs of any kind beside one another, with all that joins, breaks and hides.
        let signs: Vec<char> = "لاأإآهةـ\u{64b}\u{670}\u{200c}\u{200d}\u{2066}\u{2069}1a-/ \u{2029}\u{301}😀א"
            .chars()
            .collect();
        for one in &signs {
            for two in &signs {
                for three in &signs {
                    let text = String::from_iter([one, two, three, two, one]);
                    for is_rtl in [true, false] {
                        assert!(!setting(is_rtl).lines(&text, 25.0).is_empty());
                    }
                }
            }
        }
    }

    #[test]
    fn letters_are_composed_and_lines_end_where_they_are_ended() {
        assert_eq!(
            texts(&setting(false).lines("u\u{308}ber\u{2029}all\rem", 500.0)),
            ["über", "all", "em"]
        );
        assert_eq!(texts(&[setting(false).line("a\u{2028}b")]), ["a b"]);
        // What the font lacks is seen as such, and heard as it is.
        let line = setting(false).line("ab 😀");
        assert!(line.is_turned && line.text == "ab 😀", "{line:?}");
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
