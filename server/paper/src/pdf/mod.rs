//! A document as a PDF that everybody can read: tagged as ISO 14289-1 (PDF/UA-1) has it, with its fonts inside, the same bytes for the same document.

mod chart;
mod file;
mod font;
mod layout;
mod line;
mod setter;
mod table;
mod tree;

use crate::Paper;

/// The PDF. Links are seen from `base`, an address in full. `stands` is said at the foot of each page before its number: such as by when it is so.
pub fn pdf(paper: &Paper, base: &str, stands: &str) -> Vec<u8> {
    file::write(paper, &layout::lay_out(paper, base, stands))
}
