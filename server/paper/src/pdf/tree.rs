//! What stands where, and what it is: the pages as they are drawn, and the tree by which they are read aloud.

use pdf_writer::{Content, types::TableHeaderScope};

/// What a piece of a document is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Role {
    Document,
    /// By its depth, from 1 on.
    Heading(u8),
    Text,
    /// Whether its items have marks.
    List(bool),
    Item,
    /// The mark before an item.
    Label,
    Body,
    Table,
    Head,
    Rows,
    Row,
    /// A cell that says what its column or its row is.
    Header(TableHeaderScope),
    Cell,
    /// A drawing: what it shows, and where it is on its page.
    Figure(String, [f32; 4]),
    Link,
}

/// Names a node of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Node(pub(crate) usize);

#[derive(Clone, Debug)]
pub(crate) struct Branch {
    pub(crate) role: Role,
    pub(crate) parent: Option<Node>,
    pub(crate) children: Vec<Node>,
    /// All that is drawn for it says, and whether some of it is not heard in what is drawn: then it is said in words, as a whole.
    pub(crate) text: String,
    pub(crate) is_turned: bool,
}

/// What was drawn at once, for a node; nobody reads what is drawn for none.
#[derive(Debug)]
pub(crate) struct Mark {
    pub(crate) node: Option<Node>,
    pub(crate) drawn: Vec<u8>,
}

/// A place on a page that leads elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Link {
    pub(crate) node: Node,
    /// Left, bottom, right, top.
    pub(crate) area: [f32; 4],
    pub(crate) address: String,
    pub(crate) text: String,
}

#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) marks: Vec<Mark>,
    pub(crate) links: Vec<Link>,
}

/// A heading as the table of contents names it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) text: String,
    pub(crate) page: usize,
    /// How high on the page.
    pub(crate) height: f32,
}

/// A document that is laid out.
#[derive(Debug, Default)]
pub(crate) struct Sheets {
    pub(crate) pages: Vec<Page>,
    /// The first is the document itself.
    pub(crate) tree: Vec<Branch>,
    pub(crate) places: Vec<Place>,
}

impl Sheets {
    /// A node below another, behind those that are there.
    pub(crate) fn node(&mut self, role: Role, parent: Option<Node>) -> Node {
        let node = Node(self.tree.len());
        if let Some(branch) = parent.and_then(|parent| self.tree.get_mut(parent.0)) {
            branch.children.push(node);
        }
        self.tree.push(Branch {
            role,
            parent,
            children: Vec::new(),
            text: String::new(),
            is_turned: false,
        });
        node
    }

    /// A node says this, behind what it says already. `is_turned`: nobody would hear that in what is drawn.
    pub(crate) fn say(&mut self, node: Node, text: &str, is_turned: bool) {
        let Some(branch) = self.tree.get_mut(node.0) else { return };
        branch.is_turned |= is_turned;
        if !branch.text.is_empty() {
            branch.text.push(' ');
        }
        branch.text.push_str(text);
    }

    /// Draws on the last page.
    pub(crate) fn draw(&mut self, node: Option<Node>, draw: impl FnOnce(&mut Content)) {
        let mut content = Content::new();
        draw(&mut content);
        self.put(node, content.finish().to_vec());
    }

    /// Puts what is drawn already on the last page.
    pub(crate) fn put(&mut self, node: Option<Node>, drawn: Vec<u8>) {
        if let Some(page) = self.pages.last_mut() {
            page.marks.push(Mark { node, drawn });
        }
    }
}
