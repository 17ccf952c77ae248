//! Texts as people type them, to nodes. The browser gets a tree of known pieces and never markup.
//!
//! Authors here write notices, not Markdown: a date at the beginning of a line is a date, a star within a word is a star, a line break is a
//! line break. So only the few notations of Markdown that nobody types by accident count, and everything else stays, character by
//! character, as it was written (decision record 0012):
//!
//! - an empty line between paragraphs; a single line break stays one;
//! - lists: two or more lines that begin with `- `, `* ` or `• `, or that count `1. `, `2. `, `3. ` from one on;
//! - `**strong**`;
//! - `[text](address)`, and addresses as they stand: `https://…`, `www.…`, `name@host.example`.

mod address;
mod list;

use address::{address_at, continues_word, looks_like_an_address};
use list::{Line, lines, list_at};

use wire::Node;

use super::{
    direction::in_order,
    link::{link_fault, normal_link},
    shown::shows_something,
};
use crate::words::{Code, Faults};

/// How deep lists may be nested before the rest is laid flat.
const MAX_DEPTH: usize = 6;

/// Reads a text in this language.
pub fn nodes(language: &str, text: &str) -> Vec<Node> {
    let mut nodes = Reading::default().blocks(&lines(text), 0);
    nodes.iter_mut().for_each(|node| keep_order(language, node));
    nodes
}

/// Reports links that may not be published, and what was meant as a link and is none.
pub(crate) fn check(text: &str, at: &str, faults: &mut Faults) {
    let mut reading = Reading::default();
    reading.blocks(&lines(text), 0);
    for (code, fault) in reading.faults {
        faults.add(at, code, fault);
    }
}

/// A text without its formatting, in one line; a numbered item keeps its number.
pub(crate) fn plain(nodes: &[Node]) -> String {
    nodes.iter().map(node_text).collect()
}

fn node_text(node: &Node) -> String {
    match node {
        Node::Text { s } | Node::Strong { s } | Node::Link { s, .. } => s.clone(),
        Node::Paragraph { c } => plain(c),
        Node::List { items, .. } => items.iter().map(|item| plain(item)).collect::<Vec<_>>().join(" "),
    }
}

fn keep_order(language: &str, node: &mut Node) {
    match node {
        Node::Text { s } | Node::Strong { s } | Node::Link { s, .. } => *s = in_order(language, s),
        Node::Paragraph { c } => c.iter_mut().for_each(|child| keep_order(language, child)),
        Node::List { items, .. } => items.iter_mut().flatten().for_each(|child| keep_order(language, child)),
    }
}

#[derive(Default)]
struct Reading {
    faults: Vec<(Code, String)>,
}

impl Reading {
    fn blocks(&mut self, lines: &[Line<'_>], depth: usize) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut paragraph: Vec<&str> = Vec::new();
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            let list = if depth < MAX_DEPTH { list_at(&lines[at..]) } else { None };
            if let Some(list) = list {
                nodes.extend(self.paragraph(&mut paragraph));
                at += list.lines;
                nodes.push(Node::List {
                    ordered: list.ordered,
                    items: list.items.iter().map(|item| self.item(item, depth + 1)).collect(),
                });
                continue;
            }
            if line.is_blank() {
                nodes.extend(self.paragraph(&mut paragraph));
            } else {
                paragraph.push(line.text);
            }
            at += 1;
        }
        nodes.extend(self.paragraph(&mut paragraph));
        nodes
    }

    fn paragraph(&mut self, lines: &mut Vec<&str>) -> Option<Node> {
        let text = std::mem::take(lines).join("\n");
        (!text.is_empty()).then(|| Node::Paragraph {
            c: self.inline(&text, Within::Paragraph),
        })
    }

    /// The content of an item; a single paragraph in it needs no frame of its own.
    fn item(&mut self, lines: &[Line<'_>], depth: usize) -> Vec<Node> {
        let nodes = self.blocks(lines, depth);
        let paragraphs = nodes.iter().filter(|node| matches!(node, Node::Paragraph { .. })).count();
        if paragraphs > 1 {
            return nodes;
        }
        let unwrapped = nodes.into_iter().flat_map(|node| match node {
            Node::Paragraph { c } => c,
            other => vec![other],
        });
        unwrapped.collect()
    }

    fn inline(&mut self, text: &str, within: Within) -> Vec<Node> {
        let mut out = Inline::default();
        let mut at = 0;
        let mut before = None;
        while let Some(c) = text[at..].chars().next() {
            let rest = &text[at..];
            let starts_word = !before.is_some_and(continues_word);
            let length = match c {
                '*' if within == Within::Paragraph && starts_word => self.strong(rest, &mut out),
                '[' if within != Within::Link => self.link(rest, &mut out),
                _ if within != Within::Link && starts_word => address(rest, &mut out),
                _ => None,
            };
            let length = length.unwrap_or_else(|| {
                out.say(&rest[..c.len_utf8()]);
                c.len_utf8()
            });
            at += length;
            before = text[..at].chars().next_back();
        }
        out.nodes
    }

    /// `**strong**`; answers with how many bytes it takes.
    fn strong(&mut self, rest: &str, out: &mut Inline) -> Option<usize> {
        let inner = rest.strip_prefix("**")?;
        if inner.starts_with(|c: char| c.is_whitespace() || c == '*') {
            return None;
        }
        let ends = |(end, _): &(usize, &str)| !inner[..*end].ends_with(char::is_whitespace);
        let (end, _) = inner.match_indices("**").find(ends)?;
        let children = self.inline(&inner[..end], Within::Strong);
        // A link within counts more than the emphasis around it.
        if children.iter().any(|child| matches!(child, Node::Link { .. })) {
            children.into_iter().for_each(|child| out.put(child));
        } else {
            out.put(Node::Strong { s: plain(&children) });
        }
        Some(end + 4)
    }

    /// `[text](address)`; answers with how many bytes it takes.
    fn link(&mut self, rest: &str, out: &mut Inline) -> Option<usize> {
        let label = closing(rest, '[', ']')?;
        let target = rest[label + 1..].strip_prefix('(')?;
        let shown = &rest[1..label];
        let Some(end) = closing(&rest[label + 1..], '(', ')') else {
            let line = target.lines().next().unwrap_or_default();
            if looks_like_an_address(target) {
                let fault = format!(
                    "has the link `[{}]({}`, which does not end; write `)` behind its address",
                    short(shown),
                    short(line)
                );
                self.faults.push((Code::LinkUnclosed, fault));
            }
            return None;
        };
        let length = label + 1 + end + 1;
        let address = rest[label + 2..label + 1 + end].trim();
        let address = address
            .strip_prefix('<')
            .and_then(|inner| inner.strip_suffix('>'))
            .unwrap_or(address);
        if address.is_empty() || address.contains(char::is_whitespace) {
            let (code, reason) = if address.is_empty() {
                (Code::LinkWithoutAddress, "has no address; write `[text](https://…)`")
            } else {
                (
                    Code::LinkWithBlank,
                    "has a blank in its address; write `%20` for it, and nothing but the address between `(` and `)`",
                )
            };
            let fault = format!("has the link `[{}]({})`, which {reason}", short(shown), short(address));
            self.faults.push((code, fault));
            out.say(&rest[..length]);
            return Some(length);
        }
        let address = normal_link(address.to_owned());
        let label = plain(&self.inline(shown, Within::Link)).replace("**", "");
        let label = if shows_something(&label) { label } else { address.clone() };
        match link_fault(&address) {
            None => out.put(Node::Link {
                href: address,
                s: without_control(&label),
            }),
            // Refused on the way in; one that got in before a rule grew stricter shows as text.
            Some(fault) => {
                self.faults.push((Code::Link, format!("links to {fault}")));
                out.say(&label);
            }
        }
        Some(length)
    }
}

/// An address as it stands in the text; answers with how many bytes it takes.
fn address(rest: &str, out: &mut Inline) -> Option<usize> {
    let address = address_at(rest)?;
    match address.href {
        Some(href) => out.put(Node::Link {
            href,
            s: without_control(address.shown),
        }),
        None => out.say(address.shown),
    }
    Some(address.length)
}

/// What is being read, and so what cannot stand in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Paragraph,
    Strong,
    Link,
}

/// Pieces of a paragraph, neighbouring texts as one.
#[derive(Default)]
struct Inline {
    nodes: Vec<Node>,
}

impl Inline {
    fn say(&mut self, s: &str) {
        let s = without_control(s);
        if let Some(Node::Text { s: last }) = self.nodes.last_mut() {
            last.push_str(&s);
        } else {
            self.put(Node::Text { s });
        }
    }

    fn put(&mut self, node: Node) {
        self.nodes.push(node);
    }
}

/// Where the bracket closes with which a text begins, in bytes; others of its kind within are balanced.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        } else if c == '\n' && open == '(' {
            return None;
        }
    }
    None
}

/// What a text may not have as it is written (`check_text`), it does not have as an older entry of the journal either.
fn without_control(s: &str) -> String {
    let is_text =
        |c: &char| matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
    s.chars().filter(is_text).collect()
}

/// As much of a text as a message needs.
fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(s: &str) -> Node {
        Node::Text { s: s.to_owned() }
    }

    fn link(href: &str, s: &str) -> Node {
        Node::Link {
            href: href.into(),
            s: s.into(),
        }
    }

    fn paragraph(c: Vec<Node>) -> Node {
        Node::Paragraph { c }
    }

    fn list(items: &[&str]) -> Node {
        Node::List {
            ordered: false,
            items: items.iter().map(|item| vec![text(item)]).collect(),
        }
    }

    fn numbered(items: &[&str]) -> Node {
        Node::List {
            ordered: true,
            items: items.iter().map(|item| vec![text(item)]).collect(),
        }
    }

    fn read(text: &str) -> Vec<Node> {
        nodes("de", text)
    }

    fn faults(text: &str) -> Vec<String> {
        let mut faults = Faults::default();
        check(text, "/impact/de", &mut faults);
        faults.into_vec().into_iter().map(|fault| fault.detail).collect()
    }

    #[test]
    fn paragraphs_lists_links_and_emphasis_become_nodes() {
        assert_eq!(
            read("Bitte **jetzt** [anrufen](tel:115).\n\n1. Eins\n2. Zwei"),
            [
                paragraph(vec![
                    text("Bitte "),
                    Node::Strong { s: "jetzt".into() },
                    text(" "),
                    link("tel:115", "anrufen"),
                    text("."),
                ]),
                numbered(&["Eins", "Zwei"]),
            ]
        );
    }

    #[test]
    fn what_looks_like_markdown_by_accident_stays_as_it_was_typed() {
        for typed in [
            "24. Dezember: Das Bürgeramt ist geschlossen.",
            "24. Dezember: geschlossen\n25. Dezember: geschlossen",
            "1. Dezember: Das Bürgeramt ist geschlossen.",
            "01. Februar\n02. Februar",
            "1) Antrag\n2) Nachweis",
            "1. Eins\n1. Eins",
            "0. Stock\n1. Stock",
            "1. Januar: geschlossen\n2. Januar: geöffnet",
            "1. Dez.\n2. Dez.",
            "1. Stock: Kasse\n2. Stock: Amt",
            "1. Advent, 2. Advent",
            "Name <leer> und 3<5>2",
            "1986. Ein Jahr",
            "- 2. Dezember",
            "- 5 °C\n- 10 °C",
            "+ 49 30 23125 111",
            "+ Neu\n+ Auch neu",
            "# 5 ist offen",
            "## Titel",
            "> 18 Jahre",
            "Titel\n===",
            "Titel\n---",
            "---",
            "***",
            "    eingerückt".trim(),
            "`Code` und ```mehr```",
            "Bürger*innen und Mitarbeiter*innen",
            "Gebühr* 5 € *inklusive*",
            "5*3*2 und 2**3**4",
            "kfz_zulassung_2026 und __init__",
            "~~weg~~ a~b",
            "C:\\*\\_ \\[x\\]",
            "R&auml;ume &amp; mehr &#8211; &copy;",
            "a <b>c</b> <!-- d -->",
            "[1]: https",
            "[a][b] [c]",
            "| a | b |\n|---|---|",
            "* gilt nicht am 24. Dezember",
            "§ 5 (1) [neu] (alt)",
        ] {
            assert_eq!(read(typed), [paragraph(vec![text(typed)])], "{typed:?}");
            assert_eq!(faults(typed), [""; 0], "{typed:?}");
        }
    }

    #[test]
    fn single_line_breaks_stay() {
        for typed in [
            "Rathausplatz 1\n12345 Musterstadt",
            "Rathausplatz 1\r\n12345 Musterstadt",
            "Rathausplatz 1  \n  12345 Musterstadt",
            "Rathausplatz 1\u{2028}12345 Musterstadt",
            "Rathausplatz 1\r12345 Musterstadt",
        ] {
            assert_eq!(read(typed), [paragraph(vec![text("Rathausplatz 1\n12345 Musterstadt")])]);
        }
        assert_eq!(read("a\n\n \nb"), [paragraph(vec![text("a")]), paragraph(vec![text("b")])]);
        assert_eq!(
            read("Tel. 115\n**wichtig**\nEnde"),
            [paragraph(vec![
                text("Tel. 115\n"),
                Node::Strong { s: "wichtig".into() },
                text("\nEnde"),
            ])]
        );
    }

    #[test]
    fn lists_are_two_lines_or_more() {
        assert_eq!(read("- 2. Dezember\n- 16. Dezember"), [list(&["2. Dezember", "16. Dezember"])]);
        assert_eq!(read("- 8:00 Uhr\n- 9:00 Uhr"), [list(&["8:00 Uhr", "9:00 Uhr"])]);
        assert_eq!(
            read("Offen sind:\n* Bürgeramt\n* 5 Standesämter\nSonst nichts."),
            [
                paragraph(vec![text("Offen sind:")]),
                list(&["Bürgeramt", "5 Standesämter"]),
                paragraph(vec![text("Sonst nichts.")]),
            ]
        );
        assert_eq!(read("• a\n\n• b\n\nc"), [list(&["a", "b"]), paragraph(vec![text("c")])]);
        assert_eq!(
            read("1. Eins\n   noch eins\n2. Zwei\n4. Vier"),
            [numbered(&["Eins\nnoch eins", "Zwei"]), paragraph(vec![text("4. Vier")])]
        );
        assert_eq!(
            read("- a\n  - b\n  - c\n- d"),
            [Node::List {
                ordered: false,
                items: vec![vec![text("a"), list(&["b", "c"])], vec![text("d")]],
            }]
        );
        assert_eq!(
            read("- a\n\n  b\n- c"),
            [Node::List {
                ordered: false,
                items: vec![vec![paragraph(vec![text("a")]), paragraph(vec![text("b")])], vec![text("c")]],
            }]
        );
    }

    #[test]
    fn addresses_become_links_as_they_stand() {
        let site = "https://www.musterstadt.example/a_(b)?c=d&e";
        for (typed, nodes) in [
            (site.to_owned(), vec![link(site, site)]),
            (format!("({site})."), vec![text("("), link(site, site), text(").")]),
            (format!("„{site}“, oder"), vec![text("„"), link(site, site), text("“, oder")]),
            (format!("<{site}>"), vec![text("<"), link(site, site), text(">")]),
            (
                "Siehe HTTPS://A.example!".to_owned(),
                vec![text("Siehe "), link("https://A.example", "HTTPS://A.example"), text("!")],
            ),
            (
                "www.musterstadt.example".to_owned(),
                vec![link("https://www.musterstadt.example", "www.musterstadt.example")],
            ),
            (
                "An buerger.amt@musterstadt.example.".to_owned(),
                vec![
                    text("An "),
                    link("mailto:buerger.amt@musterstadt.example", "buerger.amt@musterstadt.example"),
                    text("."),
                ],
            ),
            (
                "mailto:a@b.example".to_owned(),
                vec![link("mailto:a@b.example", "mailto:a@b.example")],
            ),
            (
                "Amt <a@b.example>;".to_owned(),
                vec![text("Amt <"), link("mailto:a@b.example", "a@b.example"), text(">;")],
            ),
            (
                "An büro@müller.example!".to_owned(),
                vec![text("An "), link("mailto:büro@müller.example", "büro@müller.example"), text("!")],
            ),
            (
                "**[Formular](https://x.example)**".to_owned(),
                vec![link("https://x.example", "Formular")],
            ),
            (
                "**https://x.example**".to_owned(),
                vec![link("https://x.example", "https://x.example")],
            ),
            (
                "[**Formular** (neu)](<https://x.example>)".to_owned(),
                vec![link("https://x.example", "Formular (neu)")],
            ),
            (
                "![Plan](https://x.example)".to_owned(),
                vec![text("!"), link("https://x.example", "Plan")],
            ),
            (
                "[](https://x.example)".to_owned(),
                vec![link("https://x.example", "https://x.example")],
            ),
        ] {
            assert_eq!(read(&typed), [paragraph(nodes)], "{typed}");
            assert_eq!(faults(&typed), [""; 0], "{typed}");
        }
        for typed in ["www.", "www.so", "https://", "a@b", "@amt", "a@b.1", "x/a@", "5@3.2"] {
            assert_eq!(read(typed), [paragraph(vec![text(typed)])], "{typed}");
        }
    }

    #[test]
    fn a_link_that_is_none_is_reported_with_a_reason_and_stays_text() {
        for (typed, reason) in [
            ("[Formular](https://x.example/Formular Wohngeld.pdf)", "has a blank in its address"),
            (
                "[Formular](<https://x.example/Formular Wohngeld.pdf>)",
                "has a blank in its address",
            ),
            ("[Formular](https://x.example \"Titel\")", "has a blank in its address"),
            ("[Formular]()", "has no address"),
            ("[Formular](https://x.example", "which does not end"),
            ("[Formular](https://x.example\n und mehr)", "which does not end"),
        ] {
            let found = faults(typed);
            assert!(found.len() == 1 && found[0].contains(reason), "{typed}: {found:?}");
            assert_eq!(plain(&read(typed)).replace('\n', " "), typed.replace('\n', " ").replace("  ", " "));
        }
        for typed in ["[x](javascript:alert(1))", "[x](formular.pdf)", "[x](/formular)", "[x](2)"] {
            let found = faults(typed);
            assert!(found.len() == 1 && found[0].starts_with("links to `"), "{typed}: {found:?}");
            assert_eq!(read(typed), [paragraph(vec![text("x")])]);
        }
    }

    #[test]
    fn what_turns_the_direction_of_writing_does_not_get_in() {
        for typed in ["a\u{202e}b\u{2066}c\u{7}d e", "[a\u{202e}b](https://x.example)", "**a\u{2067}b**"] {
            let shown = plain(&read(typed));
            assert!(
                shown.chars().all(|c| !c.is_control() && !('\u{202a}'..='\u{2069}').contains(&c)),
                "{shown:?}"
            );
        }
    }

    #[test]
    fn numbers_keep_their_order_in_every_piece_of_a_text_from_right_to_left() {
        let typed = "اتصلوا 030 23125 111\n\n- **030 23125 111**\n- [030 23125 111](tel:+493023125111)";
        let shown = format!("{:?}", nodes("ar", typed));
        assert_eq!(shown.matches("\\u{2066}030 23125 111\\u{2069}").count(), 3, "{shown}");
        assert!(!format!("{:?}", read(typed)).contains("\\u{2066}"));
    }
}
