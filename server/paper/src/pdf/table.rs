//! Tables: how wide their columns are, and their rows on one page after the other.

use pdf_writer::types::TableHeaderScope;

use super::{
    font::{BOLD, REGULAR},
    line::{Line, Setting},
    setter::{MEASURE, Setter},
    tree::{Node, Role, Sheets},
};
use crate::{Cell, Extent, Table};

/// How far columns are apart.
const GAP: f32 = 10.0;

/// A table in lines.
pub(super) struct Measured {
    widths: Vec<f32>,
    head: SetRow,
    rows: Vec<SetRow>,
}

impl Measured {
    /// A table as it will be set.
    pub(super) fn of(setter: &Setter, table: &Table) -> Self {
        // What is long is set closer, so that a month fits a page.
        let (size, pad) = if table.extent == Extent::Long { (8.5, 2.4) } else { (9.5, 5.0) };
        let (bold, plain) = (setter.setting(&BOLD, size), setter.setting(&REGULAR, size));
        let widths = columns(table, bold, plain);
        let lines = |texts: &mut dyn Iterator<Item = (Setting, &str)>| {
            let cells = texts.zip(&widths);
            let cells = cells
                .map(|((setting, text), width)| (setting, setting.lines(text, *width)))
                .collect();
            SetRow { cells, pad }
        };
        let head = lines(&mut table.columns.iter().map(|text| (bold, text.as_str())));
        let row = |row: &Vec<Cell>| {
            let cells = row.iter().enumerate();
            lines(&mut cells.map(|(place, cell)| (if place == 0 || cell.strong { bold } else { plain }, cell.text.as_str())))
        };
        let rows = table.rows.iter().map(row).collect();
        Self { widths, head, rows }
    }

    /// Sets it.
    pub(super) fn set(&self, setter: &mut Setter, parent: Node) {
        let Self { widths, head, rows } = self;
        // Its head and two rows are together.
        setter.room(head.height() + 40.0);
        let node = setter.sheets.node(Role::Table, Some(parent));
        let part = setter.sheets.node(Role::Head, Some(node));
        let row = setter.sheets.node(Role::Row, Some(part));
        let header = |sheets: &mut Sheets, scope| Some(sheets.node(Role::Header(scope), Some(row)));
        let nodes: Vec<_> = widths
            .iter()
            .map(|_| header(&mut setter.sheets, TableHeaderScope::Column))
            .collect();
        head.set(setter, &nodes, widths);
        let part = setter.sheets.node(Role::Rows, Some(node));
        for set in rows {
            if setter.room(set.height()) {
                // For those who see: on each page it says again what its columns are.
                head.set(setter, &vec![None; widths.len()], widths);
            }
            let row = setter.sheets.node(Role::Row, Some(part));
            let role = |place| {
                if place == 0 {
                    Role::Header(TableHeaderScope::Row)
                } else {
                    Role::Cell
                }
            };
            let nodes: Vec<_> = (0..widths.len())
                .map(|place| Some(setter.sheets.node(role(place), Some(row))))
                .collect();
            set.set(setter, &nodes, widths);
        }
        setter.y -= 8.0;
    }

    /// How high all of it is.
    pub(super) fn height(&self) -> f32 {
        self.head.height() + self.rows.iter().map(SetRow::height).sum::<f32>()
    }
}

/// A row in lines.
struct SetRow {
    cells: Vec<(Setting, Vec<Line>)>,
    /// What is free above and below.
    pad: f32,
}

impl SetRow {
    /// A row, and a line below it.
    fn set(&self, setter: &mut Setter, nodes: &[Option<Node>], widths: &[f32]) {
        let (top, mut begin) = (setter.y, 0.0);
        for ((node, (setting, lines)), width) in nodes.iter().zip(&self.cells).zip(widths) {
            cell(setter, *node, *setting, lines, (begin, top));
            begin += width + GAP;
        }
        setter.y = top - self.height();
        setter.rule(0.0, begin - GAP);
    }

    fn height(&self) -> f32 {
        let heights = self.cells.iter().map(|(setting, lines)| setting.leading() * lines.len() as f32);
        heights.fold(0.0, f32::max) + self.pad
    }
}

fn cell(setter: &mut Setter, node: Option<Node>, setting: Setting, lines: &[Line], (begin, top): (f32, f32)) {
    for (place, line) in lines.iter().enumerate() {
        let y = top - 1.0 - setting.leading() * (place + 1) as f32 + setting.size * 0.35;
        setter.set(node, setting, line, (begin, y));
    }
}

/// How wide columns are: as their texts want, else each gets its longest word and a share of what is left.
fn columns(table: &Table, bold: Setting, plain: Setting) -> Vec<f32> {
    let mut wanted = vec![(0.0_f32, 0.0_f32); table.columns.len()];
    let mut want = |place: usize, (least, whole): (f32, f32)| {
        if let Some(wanted) = wanted.get_mut(place) {
            *wanted = (wanted.0.max(least), wanted.1.max(whole));
        }
    };
    for (place, text) in table.columns.iter().enumerate() {
        // A head may be in lines.
        let (least, _) = bold.widths(text);
        want(place, (least, least));
    }
    for row in &table.rows {
        for (place, cell) in row.iter().enumerate() {
            let setting = if place == 0 || cell.strong { bold } else { plain };
            want(place, setting.widths(&cell.text));
        }
    }
    let room = MEASURE - GAP * table.columns.len().saturating_sub(1) as f32;
    let least: f32 = wanted.iter().map(|(least, _)| least).sum();
    let whole: f32 = wanted.iter().map(|(_, whole)| whole).sum();
    // A little more than is reckoned, so that nothing breaks for a rounding.
    let spread = |share: f32| wanted.iter().map(|(least, whole)| least + (whole - least) * share + 0.1).collect();
    if whole <= room {
        return spread(1.0);
    }
    if least <= room {
        return spread((room - least) / (whole - least).max(1.0));
    }
    wanted.iter().map(|(wanted, _)| wanted * room / least).collect()
}
