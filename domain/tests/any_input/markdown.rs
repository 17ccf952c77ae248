//! What holds for every text that someone gives as Markdown.

use domain::{markdown::nodes, public::Node};

/// How deep nodes may be nested: six lists with their items and paragraphs.
const DEEPEST: usize = 16;

/// Checks one text.
///
/// # Panics
/// When something does not hold.
pub(crate) fn check(text: &str) {
    let tree = nodes(text);
    let mut said = 0;
    for node in &tree {
        walk(node, DEEPEST, &mut said);
    }
    // An address may be repeated by reference; beyond that nothing grows.
    let most = 100_000 + 10 * text.len();
    assert!(said <= most, "{} bytes became {said}", text.len());
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
