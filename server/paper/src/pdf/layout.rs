//! From blocks to pages. What belongs together stays together; nothing depends on anything but the document.

use super::{
    chart,
    font::{BOLD, REGULAR},
    setter::{FOOT, HEIGHT, LOWEST, MARGIN, MEASURE, Setter},
    table::Measured,
    tree::{Link, Node, Place, Role, Sheets},
};
use crate::{Block, Entry, Extent, Paper, Table, is_rtl};

/// What is being laid out.
struct Layout<'a> {
    to: Setter,
    base: &'a str,
    /// The tables for those who want to know, which stand behind all else.
    behind: Vec<&'a Table>,
}

/// Lays a document out.
pub(super) fn lay_out<'a>(paper: &'a Paper, base: &'a str, stands: &str) -> Sheets {
    let mut layout = Layout {
        to: Setter {
            sheets: Sheets::default(),
            y: 0.0,
            is_rtl: is_rtl(&paper.language),
        },
        base,
        behind: Vec::new(),
    };
    let root = layout.to.sheets.node(Role::Document, None);
    layout.to.turn();
    layout.heading(root, 1, &paper.title, begins(&paper.blocks));
    layout.blocks(root, 1, &paper.blocks);
    for table in std::mem::take(&mut layout.behind) {
        let measured = Measured::of(&layout.to, table);
        // What fits a page is on one.
        let whole = measured.height();
        let follows = if whole < HEIGHT - MARGIN - LOWEST - 60.0 { whole } else { 60.0 };
        layout.heading(root, 2, &table.name, follows);
        measured.set(&mut layout.to, root);
    }
    layout.feet(&format!("{stands} · {} · {}", paper.title, paper.publisher));
    layout.to.sheets
}

impl<'a> Layout<'a> {
    fn heading(&mut self, parent: Node, depth: u8, text: &str, follows: f32) {
        let (size, before, after) = match depth {
            1 => (19.0, 0.0, 6.0),
            2 => (13.0, 16.0, 3.0),
            _ => (10.5, 0.0, 0.0),
        };
        let setting = self.to.setting(&BOLD, size);
        let lines = setting.lines(text, MEASURE);
        // A heading is not alone at the end of a page.
        self.to.room(before + setting.leading() * lines.len() as f32 + after + follows);
        self.to.y -= before;
        if depth < 3 {
            let place = Place {
                text: text.to_owned(),
                page: self.to.sheets.pages.len() - 1,
                height: self.to.y,
            };
            self.to.sheets.places.push(place);
        }
        let node = self.to.sheets.node(Role::Heading(depth), Some(parent));
        self.to.lines(node, setting, &lines, 0.0);
        self.to.y -= after;
    }

    fn blocks(&mut self, parent: Node, depth: u8, blocks: &'a [Block]) {
        for block in blocks {
            match block {
                Block::Text(text) => self.to.text(parent, text),
                Block::Part { heading, blocks } => {
                    self.heading(parent, depth + 1, heading, begins(blocks));
                    self.blocks(parent, depth + 1, blocks);
                }
                Block::Names(names) => self.names(parent, names),
                Block::Entries(entries) => self.entries(parent, depth + 1, entries),
                Block::Table(table) if table.extent == Extent::Long => self.behind.push(table),
                Block::Table(table) => Measured::of(&self.to, table).set(&mut self.to, parent),
                Block::Chart(drawing) => chart::set(&mut self.to, parent, drawing),
            }
        }
    }

    fn names(&mut self, parent: Node, names: &[String]) {
        const INDENT: f32 = 12.0;
        let setting = self.to.setting(&REGULAR, 10.0);
        let list = self.to.sheets.node(Role::List(true), Some(parent));
        for name in names {
            let lines = setting.lines(name, MEASURE - INDENT);
            self.to.room(setting.leading() * lines.len() as f32);
            let item = self.to.sheets.node(Role::Item, Some(list));
            let label = self.to.sheets.node(Role::Label, Some(item));
            let body = self.to.sheets.node(Role::Body, Some(item));
            let y = self.to.y - setting.leading() + setting.size * 0.3;
            self.to.set(Some(label), setting, &setting.line("•"), (0.0, y));
            self.to.lines(body, setting, &lines, INDENT);
        }
        self.to.y -= 4.0;
    }

    fn entries(&mut self, parent: Node, depth: u8, entries: &[Entry]) {
        let list = self.to.sheets.node(Role::List(false), Some(parent));
        let (bold, plain) = (self.to.setting(&BOLD, 10.5), self.to.setting(&REGULAR, 10.0));
        for Entry { heading, link, lines } in entries {
            let title = bold.lines(heading, MEASURE);
            let lines: Vec<_> = lines.iter().map(|line| plain.lines(line, MEASURE)).collect();
            let count = lines.iter().map(Vec::len).sum::<usize>();
            self.to
                .room(14.0 + bold.leading() * title.len() as f32 + plain.leading() * count as f32);
            self.to.y -= 6.0;
            self.to.rule(0.0, MEASURE);
            self.to.y -= 3.0;
            let item = self.to.sheets.node(Role::Item, Some(list));
            let body = self.to.sheets.node(Role::Body, Some(item));
            let named = self.to.sheets.node(Role::Heading(depth), Some(body));
            let linked = link.as_ref().map(|link| (self.to.sheets.node(Role::Link, Some(named)), link));
            for line in &title {
                self.to.room(bold.leading());
                self.to.y -= bold.leading();
                self.to.set(
                    Some(linked.map_or(named, |(node, _)| node)),
                    bold,
                    line,
                    (0.0, self.to.y + bold.size * 0.3),
                );
                if let Some((node, address)) = linked {
                    self.link(node, address, heading, line.width);
                }
            }
            for lines in lines {
                let node = self.to.sheets.node(Role::Text, Some(body));
                self.to.lines(node, plain, &lines, 0.0);
            }
        }
        self.to.y -= 4.0;
    }

    /// The line that was set last leads elsewhere.
    fn link(&mut self, node: Node, address: &str, text: &str, width: f32) {
        let x = self.to.left(0.0, width);
        let area = [x, self.to.y, x + width, self.to.y + 14.0];
        let link = Link {
            node,
            area,
            address: format!("{}{address}", self.base),
            text: text.to_owned(),
        };
        if let Some(page) = self.to.sheets.pages.last_mut() {
            page.links.push(link);
        }
    }

    /// At the foot of each page: what it belongs to, and its number.
    fn feet(&mut self, text: &str) {
        let setting = self.to.setting(&REGULAR, 8.0);
        let count = self.to.sheets.pages.len();
        let pages = std::mem::take(&mut self.to.sheets.pages);
        for (place, page) in pages.into_iter().enumerate() {
            self.to.sheets.pages.push(page);
            let number = setting.line(&format!("{} / {count}", place + 1));
            let text = setting.lines(text, MEASURE - 60.0);
            let end = MEASURE - number.width;
            self.to.set(None, setting, &number, (end, FOOT));
            if let Some(line) = text.first() {
                self.to.set(None, setting, line, (0.0, FOOT));
            }
        }
    }
}

/// How much of what begins with this has to be on one page with its heading.
fn begins(blocks: &[Block]) -> f32 {
    match blocks.first() {
        Some(Block::Chart(drawing)) => chart::height(drawing),
        Some(Block::Entries(_)) => 110.0,
        _ => 60.0,
    }
}
