//! What holds for every text that someone gives as Markdown.

use domain::text::markdown::nodes;
use wire::Node;

/// How deep nodes may be nested: six lists with their items and paragraphs.
const DEEPEST: usize = 16;

/// Checks one text.
///
/// # Panics
/// When something does not hold.
pub(crate) fn check(text: &str) {
    let tree = nodes("de", text);
    let mut said = 0;
    for node in &tree {
        walk(node, DEEPEST, &mut said);
    }
    // An address is told twice at most, as what it is and as what is shown; beyond that nothing grows.
    let most = 100 + 3 * text.len();
    assert!(said <= most, "{} bytes became {said}", text.len());
    // Where nothing is a link with a text of its own, every letter and digit that was typed is shown, in its order.
    if !text.contains("](") {
        let mut shown = String::new();
        tree.iter().for_each(|node| show(node, &mut shown));
        assert_eq!(letters(&shown), letters(text), "{text:?}");
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A node as a browser shows it, with the numbers of lists.
fn show(node: &Node, out: &mut String) {
    match node {
        Node::Text { s } | Node::Strong { s } | Node::Link { s, .. } => out.push_str(s),
        Node::Paragraph { c } => c.iter().for_each(|child| show(child, out)),
        Node::List { ordered, items } => {
            for (i, item) in items.iter().enumerate() {
                if *ordered {
                    out.push_str(&(i + 1).to_string());
                }
                item.iter().for_each(|child| show(child, out));
            }
        }
    }
}

fn walk(node: &Node, deeper: usize, said: &mut usize) {
    assert!(deeper > 0, "nested too deeply");
    match node {
        Node::Text { s } | Node::Strong { s } => say(s, said),
        Node::Link { href, s } => {
            say(s, said);
            *said += href.len();
            let scheme = href.split(':').next().unwrap_or_default().to_ascii_lowercase();
            assert!(
                href.contains(':') && ["https", "http", "mailto", "tel"].contains(&scheme.as_str()),
                "a link to {href:?}"
            );
            let invisible = |c: char| c.is_whitespace() || !is_text(c);
            assert!(!href.contains(invisible) && href.len() <= 2_000, "a link to {href:?}");
        }
        Node::Paragraph { c } => c.iter().for_each(|child| walk(child, deeper - 1, said)),
        Node::List { items, .. } => items.iter().flatten().for_each(|child| walk(child, deeper - 1, said)),
    }
}

fn say(s: &str, said: &mut usize) {
    *said += s.len();
    let odd = s.chars().find(|&c| !is_text(c));
    assert!(odd.is_none(), "a text has {odd:?}: {s:?}");
}

/// What neither controls a machine nor turns the direction of the text around it.
fn is_text(c: char) -> bool {
    matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
}
