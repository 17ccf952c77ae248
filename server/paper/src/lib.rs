//! Documents: what is told once, and read as a page and as an accessible PDF.
//!
//! A crate of its own because it knows nothing of notices, has no I/O and no clock: the same document is the same bytes.

mod escape;
mod page;
mod pdf;

pub use escape::escape;
pub use page::page;
pub use pdf::pdf;

/// A document. All texts are plain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paper {
    pub title: String,
    /// Who answers for it.
    pub publisher: String,
    /// A BCP 47 tag.
    pub language: String,
    pub blocks: Vec<Block>,
}

/// A piece of a document, below the one before.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    Text(String),
    /// What belongs together under a heading.
    Part {
        heading: String,
        blocks: Vec<Block>,
    },
    /// Short texts without an order.
    Names(Vec<String>),
    Entries(Vec<Entry>),
    Table(Table),
    Chart(Chart),
}

/// A thing in a list with what there is to say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub heading: String,
    /// Where more of it is: an address as seen from the base of the document.
    pub link: Option<String>,
    pub lines: Vec<String>,
}

/// Figures in rows. The first cell of each says what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub name: String,
    pub extent: Extent,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// How much there is of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// It fits a phone, and its name is said above.
    Narrow,
    /// It is for those who want to know: a page folds it.
    Long,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    /// Whether it is what one looks for.
    pub strong: bool,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, strong: false }
    }
}

/// A drawing. Nobody needs colours to read it, and the figures stand in a table beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What it shows, for those who do not see it.
    pub label: String,
    pub caption: String,
    pub drawing: Drawing,
    /// What stands below its beginning, its middle and its end.
    pub ticks: Vec<String>,
}

/// What is drawn, as shares of the height, from left to right (from right to left in a language that is read so), and what each kind stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawing {
    /// At each place what stands on one another, the lowest first.
    Bars {
        places: Vec<Vec<(Fill, f64)>>,
        key: Vec<(Fill, String)>,
    },
    /// At each place a value, or none.
    Lines {
        lines: Vec<(Stroke, Vec<Option<f64>>)>,
        key: Vec<(Stroke, String)>,
    },
}

/// How a bar is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    Solid,
    Hatched,
    Dotted,
    /// Not at all, within a broken line.
    Hollow,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    Whole,
    Broken,
}

/// Whether a language is read from right to left.
fn is_rtl(language: &str) -> bool {
    let primary = language.split('-').next().unwrap_or_default();
    ["ar", "fa", "he", "ps", "ur", "yi", "ckb", "dv", "sd", "ug"].contains(&primary)
}
