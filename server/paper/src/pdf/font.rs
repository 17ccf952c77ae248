//! The faces in which documents are set, as the build has cut them.

use unicode_normalization::UnicodeNormalization;

include!(concat!(env!("OUT_DIR"), "/faces.rs"));

/// Stands for a sign that a face has not.
const REPLACEMENT: char = '\u{fffd}';

/// A font; measures are thousandths of its size.
#[derive(Debug)]
pub(crate) struct Face {
    pub(crate) name: &'static str,
    /// The font's file, packed as a PDF holds it, and how long it is unpacked.
    pub(crate) packed: &'static [u8],
    pub(crate) length: i32,
    pub(crate) bounds: [f32; 4],
    pub(crate) ascent: f32,
    pub(crate) descent: f32,
    pub(crate) capitals: f32,
    /// By sign: the number of its glyph, and how wide it is.
    glyphs: &'static [(u32, u16, u16)],
}

/// A sign as it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Glyph {
    pub(crate) number: u16,
    pub(crate) width: u16,
    pub(crate) sign: char,
}

impl Face {
    /// The glyph of a sign, else one that says that it is missing.
    pub(crate) fn glyph(&self, sign: char) -> Glyph {
        let found = self.find(sign).map(|found| (found, sign));
        let found = found.or_else(|| self.find(REPLACEMENT).map(|found| (found, REPLACEMENT)));
        // Without the tools of the build there is no glyph at all.
        let ((number, width), sign) = found.unwrap_or(((0, 500), sign));
        Glyph { number, width, sign }
    }

    fn find(&self, sign: char) -> Option<(u16, u16)> {
        let place = self.glyphs.binary_search_by_key(&u32::from(sign), |(code, ..)| *code).ok()?;
        self.glyphs.get(place).map(|(_, number, width)| (*number, *width))
    }

    /// All of them, by sign.
    pub(crate) fn glyphs(&self) -> impl Iterator<Item = Glyph> {
        self.glyphs.iter().filter_map(|(code, number, width)| {
            Some(Glyph {
                number: *number,
                width: *width,
                sign: char::from_u32(*code)?,
            })
        })
    }

    /// How wide a text is, set in this size.
    pub(crate) fn width(&self, text: &str, size: f32) -> f32 {
        let sum: u32 = text
            .chars()
            .filter(|sign| !is_silent(*sign))
            .map(|sign| u32::from(self.glyph(sign).width))
            .sum();
        sum as f32 * size / 1_000.0
    }
}

/// Whether a sign only says how others are to be read or where they may break.
pub(crate) fn is_silent(sign: char) -> bool {
    matches!(sign, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// What is meant by a sign that says how a letter joins its neighbours: the letter.
pub(crate) fn meant(sign: char) -> Vec<char> {
    match sign {
        '\u{fb50}'..='\u{fefc}' => std::iter::once(sign).nfkc().collect(),
        sign => vec![sign],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_face_writes_the_languages_of_portals() {
        for face in [&REGULAR, &BOLD] {
            for sign in "Straße ÄÖÜ ğışİ їєґ Ω ﺍﻟﻌﺮﺑﻴﺔ – „“ … €".chars() {
                let glyph = face.glyph(sign);
                assert!(glyph.sign == sign && glyph.number > 0 && glyph.width > 0, "{}: {sign}", face.name);
            }
            assert_eq!(face.glyph('\u{1f600}').sign, REPLACEMENT);
            assert!(face.glyphs.is_sorted_by_key(|(code, ..)| *code));
        }
        assert_eq!(
            REGULAR.width("ab", 10.0),
            10.0 * f32::from(REGULAR.glyph('a').width + REGULAR.glyph('b').width) / 1_000.0
        );
    }

    #[test]
    fn joined_letters_are_read_as_letters() {
        assert_eq!(meant('ﻻ'), ['ل', 'ا']);
        assert_eq!(meant('½'), ['½']);
    }
}
