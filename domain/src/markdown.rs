//! Markdown to nodes. The browser gets a tree of known pieces and never markup; what Markdown calls HTML stays visible text.

use std::borrow::Cow;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::{
    fault::Faults,
    public::Node,
    text::{link_fault, normal_link},
};

/// How deep lists may be nested before the rest is laid flat.
const MAX_DEPTH: usize = 6;

/// Reads a text. Emphasis counts as strong, headings as strong paragraphs, images as their description.
pub fn nodes(text: &str) -> Vec<Node> {
    let mut builder = Builder {
        stack: vec![Frame::new(Part::Paragraph)],
        link_faults: Vec::new(),
    };
    for event in Parser::new_ext(text, Options::empty()) {
        builder.take(event);
    }
    builder.finish().0
}

/// Reports links that may not be published.
pub(crate) fn check(text: &str, at: &str, faults: &mut Faults) {
    let mut builder = Builder {
        stack: vec![Frame::new(Part::Paragraph)],
        link_faults: Vec::new(),
    };
    for event in Parser::new_ext(text, Options::empty()) {
        builder.take(event);
    }
    for fault in builder.finish().1 {
        faults.add(at, format!("links to {fault}"));
    }
}

/// What an open piece of text becomes when it closes.
enum Part {
    Paragraph,
    Strong,
    Link(String),
    List {
        ordered: bool,
        items: Vec<Vec<Node>>,
    },
    Item,
    /// Its content counts, it itself does not.
    Plain,
}

struct Frame {
    part: Part,
    children: Vec<Node>,
}

impl Frame {
    const fn new(part: Part) -> Self {
        Self {
            part,
            children: Vec::new(),
        }
    }
}

struct Builder {
    stack: Vec<Frame>,
    link_faults: Vec<String>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            Event::Text(s) | Event::Code(s) | Event::Html(s) | Event::InlineHtml(s) => self.say(&s),
            Event::SoftBreak => self.say(" "),
            Event::HardBreak | Event::Rule => self.say("\n"),
            _ => {}
        }
    }

    fn open(&mut self, tag: Tag<'_>) {
        let lists = self.stack.iter().filter(|frame| matches!(frame.part, Part::List { .. })).count();
        let part = match tag {
            Tag::Paragraph | Tag::HtmlBlock | Tag::CodeBlock(_) => Part::Paragraph,
            Tag::Heading { .. } => {
                self.stack.push(Frame::new(Part::Paragraph));
                Part::Strong
            }
            Tag::Strong | Tag::Emphasis => Part::Strong,
            Tag::List(_) if lists >= MAX_DEPTH => Part::Plain,
            Tag::List(first) => Part::List {
                ordered: first.is_some(),
                items: Vec::new(),
            },
            Tag::Item => Part::Item,
            Tag::Link { dest_url, link_type, .. } => {
                let address = if link_type == LinkType::Email {
                    format!("mailto:{dest_url}")
                } else {
                    normal_link(dest_url.into_string())
                };
                self.link_faults.extend(link_fault(&address));
                Part::Link(address)
            }
            _ => Part::Plain,
        };
        self.stack.push(Frame::new(part));
    }

    fn close(&mut self, tag: TagEnd) {
        self.close_top();
        if matches!(tag, TagEnd::Heading(_)) {
            self.close_top();
        }
    }

    fn close_top(&mut self) {
        // The bottom frame is ours and stays.
        if self.stack.len() < 2 {
            return;
        }
        let Some(Frame { part, children }) = self.stack.pop() else { return };
        match part {
            Part::Paragraph => self.put(Node::Paragraph { c: children }),
            // A link within counts more than the emphasis around it.
            Part::Strong if children.iter().any(|child| matches!(child, Node::Link { .. })) => {
                children.into_iter().for_each(|child| self.put(child))
            }
            Part::Strong => self.put(Node::Strong { s: plain(&children) }),
            // A link that may not be published is refused on the way in; one that got in before a rule grew stricter shows as text.
            Part::Link(href) if link_fault(&href).is_none() => self.put(Node::Link { href, s: plain(&children) }),
            Part::List { ordered, items } => self.put(Node::List { ordered, items }),
            Part::Item => match self.stack.last_mut() {
                Some(Frame {
                    part: Part::List { items, .. },
                    ..
                }) => items.push(children),
                _ => children.into_iter().for_each(|child| self.put(child)),
            },
            Part::Plain | Part::Link(_) => children.into_iter().for_each(|child| self.put(child)),
        }
    }

    fn say(&mut self, s: &str) {
        let s = &without_control(s);
        if let Some(Node::Text { s: last }) = self.stack.last_mut().and_then(|frame| frame.children.last_mut()) {
            last.push_str(s);
        } else {
            self.put(Node::Text { s: s.to_string() });
        }
    }

    fn put(&mut self, node: Node) {
        if let Some(frame) = self.stack.last_mut() {
            frame.children.push(node);
        }
    }

    fn finish(mut self) -> (Vec<Node>, Vec<String>) {
        while self.stack.len() > 1 {
            self.close_top();
        }
        (self.stack.pop().map(|frame| frame.children).unwrap_or_default(), self.link_faults)
    }
}

/// What a text may not have as it is written (`check_text`), it may not have as `&#x202e;` either.
fn without_control(s: &str) -> Cow<'_, str> {
    let is_text = |c: char| matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
    if s.chars().all(is_text) {
        return Cow::Borrowed(s);
    }
    Cow::Owned(s.chars().filter(|c| is_text(*c)).collect())
}

fn plain(nodes: &[Node]) -> String {
    nodes.iter().map(node_text).collect()
}

fn node_text(node: &Node) -> String {
    match node {
        Node::Text { s } | Node::Strong { s } | Node::Link { s, .. } => s.clone(),
        Node::Paragraph { c } => plain(c),
        Node::List { items, .. } => items.iter().map(|item| plain(item)).collect::<Vec<_>>().join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(s: &str) -> Node {
        Node::Text { s: s.to_owned() }
    }

    #[test]
    fn paragraphs_lists_links_and_emphasis_become_nodes() {
        let tree = nodes("Bitte **jetzt** [anrufen](tel:115).\n\n1. Eins\n2. Zwei");
        let expected = vec![
            Node::Paragraph {
                c: vec![
                    text("Bitte "),
                    Node::Strong { s: "jetzt".into() },
                    text(" "),
                    Node::Link {
                        href: "tel:115".into(),
                        s: "anrufen".into(),
                    },
                    text("."),
                ],
            },
            Node::List {
                ordered: true,
                items: vec![vec![text("Eins")], vec![text("Zwei")]],
            },
        ];
        assert_eq!(tree, expected);
    }

    #[test]
    fn a_link_within_emphasis_and_a_bare_address_stay_links() {
        let link = |href: &str, s: &str| Node::Link {
            href: href.into(),
            s: s.into(),
        };
        let paragraph = |child| vec![Node::Paragraph { c: vec![child] }];
        assert_eq!(
            nodes("**[Formular](https://x.example)**"),
            paragraph(link("https://x.example", "Formular"))
        );
        assert_eq!(nodes("<a@b.example>"), paragraph(link("mailto:a@b.example", "a@b.example")));
    }

    #[test]
    fn markup_stays_visible_text() {
        assert_eq!(
            nodes("a <b>c</b>"),
            vec![Node::Paragraph {
                c: vec![text("a <b>c</b>")]
            }]
        );
    }

    #[test]
    fn what_turns_the_direction_of_writing_does_not_get_in_as_an_entity() {
        let hidden = "a&#x202e;b&#x2066;c&#7;d&#13;e &auml;";
        assert_eq!(nodes(hidden), vec![Node::Paragraph { c: vec![text("abcde ä")] }]);
    }

    #[test]
    fn a_forbidden_link_is_reported_and_never_becomes_a_link() {
        let mut faults = Faults::default();
        check("[x](javascript:alert(1))", "/impact/de", &mut faults);
        assert_eq!(faults.into_vec()[0].pointer, "/impact/de");
        assert_eq!(nodes("[x](javascript:alert(1))"), vec![Node::Paragraph { c: vec![text("x")] }]);
    }
}
