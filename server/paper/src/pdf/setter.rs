//! Sets lines on pages, one below the other; what is set knows where it is, and what it is.

use pdf_writer::{Content, Name, Str};

use super::{
    font::{Face, REGULAR},
    line::{Line, Setting},
    tree::{Node, Page, Role, Sheets},
};

/// A4, in points of a 72th of an inch.
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;
/// Two centimetres.
pub(super) const MARGIN: f32 = 56.7;
/// How wide what stands between the margins is.
pub(super) const MEASURE: f32 = WIDTH - 2.0 * MARGIN;
/// Where the foot of a page stands, and above which height the rest ends.
pub(super) const FOOT: f32 = 34.0;
pub(super) const LOWEST: f32 = 62.0;
/// The grey of lines.
const PALE: f32 = 0.7;

/// Sets lines.
#[derive(Debug)]
pub(super) struct Setter {
    pub(super) sheets: Sheets,
    /// The height down to which the last page is full.
    pub(super) y: f32,
    /// Whether lines begin at the right.
    pub(super) is_rtl: bool,
}

impl Setter {
    /// A new page.
    pub(super) fn turn(&mut self) {
        self.sheets.pages.push(Page::default());
        self.y = HEIGHT - MARGIN;
    }

    /// There is so much room on the page, else there is a new one. Whether there is.
    pub(super) fn room(&mut self, height: f32) -> bool {
        // What is higher than a page begins on one and goes on below it; a second empty page would not help.
        let turns = self.y - height < LOWEST && self.y < HEIGHT - MARGIN;
        if turns {
            self.turn();
        }
        turns
    }

    pub(super) fn setting(&self, face: &'static Face, size: f32) -> Setting {
        let is_rtl = self.is_rtl;
        Setting { face, size, is_rtl }
    }

    /// From where the reader begins to the left edge of what is so wide.
    pub(super) fn left(&self, begin: f32, width: f32) -> f32 {
        if self.is_rtl {
            WIDTH - MARGIN - begin - width
        } else {
            MARGIN + begin
        }
    }

    /// Sets a line at this height, so far from where the reader begins.
    pub(super) fn set(&mut self, node: Option<Node>, setting: Setting, line: &Line, (begin, y): (f32, f32)) {
        let x = self.left(begin, line.width);
        if let Some(node) = node {
            self.sheets.say(node, &line.text, self.is_rtl || line.is_turned);
        }
        self.sheets.draw(node, |content| {
            show(content, setting, line, (x, y));
        });
    }

    /// Lines one below the other, from where the page is full.
    pub(super) fn lines(&mut self, node: Node, setting: Setting, lines: &[Line], begin: f32) {
        for line in lines {
            self.room(setting.leading());
            self.y -= setting.leading();
            self.set(Some(node), setting, line, (begin, self.y + setting.size * 0.3));
        }
    }

    pub(super) fn text(&mut self, parent: Node, text: &str) {
        let setting = self.setting(&REGULAR, 10.0);
        let node = self.sheets.node(Role::Text, Some(parent));
        self.lines(node, setting, &setting.lines(text, MEASURE), 0.0);
        self.y -= 4.0;
    }

    /// A line across, where the page is full.
    pub(super) fn rule(&mut self, begin: f32, width: f32) {
        let (x, y) = (self.left(begin, width), self.y);
        self.sheets.draw(None, |content| {
            content.set_stroke_gray(PALE).set_line_width(0.6);
            content.move_to(x, y).line_to(x + width, y).stroke();
        });
    }
}

/// Writes a line with its left end here. What is turned is not said here in words: those who copy text turn it back by themselves.
fn show(content: &mut Content, setting: Setting, line: &Line, (x, y): (f32, f32)) {
    let bytes: Vec<u8> = line.glyphs.iter().flat_map(|glyph| glyph.number.to_be_bytes()).collect();
    content.begin_text();
    content.set_font(Name(setting.face.name.as_bytes()), setting.size);
    content.next_line(x, y).show(Str(&bytes)).end_text();
}
