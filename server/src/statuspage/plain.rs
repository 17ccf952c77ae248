//! Texts without their formatting.

use wire::{ByLanguage, Node, RichText, Text};

fn variant<'a, T>(of: &'a ByLanguage<T>, language: &str) -> Option<&'a T> {
    of.lookup(language).or(of.0.first()).map(|(_, variant)| variant)
}

/// The text in a language, else in any.
pub(super) fn chosen<'a>(text: &'a Text, language: &str) -> &'a str {
    variant(text, language).map_or("", String::as_str)
}

/// A text without its formatting, in a language, else in any.
pub(super) fn plain(text: &RichText, language: &str) -> String {
    let nodes = variant(text, language).map_or(&[][..], Vec::as_slice);
    nodes.iter().map(in_words).collect::<Vec<_>>().join("\n\n")
}

fn in_words(node: &Node) -> String {
    match node {
        Node::Text { s } | Node::Strong { s } => s.clone(),
        Node::Link { s, href } if s == href => s.clone(),
        Node::Link { s, href } => format!("{s} ({href})"),
        Node::Paragraph { c } => c.iter().map(in_words).collect(),
        Node::List { ordered, items } => {
            let item = |(at, item): (usize, &Vec<Node>)| {
                let mark = if *ordered { format!("{}.", at + 1) } else { "-".to_owned() };
                format!("{mark} {}", item.iter().map(in_words).collect::<String>())
            };
            items.iter().enumerate().map(item).collect::<Vec<_>>().join("\n")
        }
    }
}
