//! Texts that people wrote, and phrases of the message files, as views.

use leptos::prelude::AnyView;
use wire::{ByLanguage, Instant, Node, RichText, Text};

use super::{
    element::{self, Views, div, h3, li, link, nothing, ol, p, say, small, span, strong, ul},
    reader::Sight,
};

/// A short text; one in another language than wished says so.
pub(super) fn text(sight: &Sight<'_>, text: &Text) -> AnyView {
    match sight.choose(text) {
        None => nothing(),
        Some(chosen) => span("", None, vec![span("", chosen.lang, vec![say(chosen.variant)]), only(chosen.label)]),
    }
}

/// A proper name: in its language, without a word about it.
pub(super) fn name(sight: &Sight<'_>, text: &Text) -> AnyView {
    match sight.choose(text) {
        None => nothing(),
        Some(chosen) => span("", chosen.lang, vec![say(chosen.variant)]),
    }
}

/// A formatted text; one in another language than wished says so.
pub(super) fn prose(sight: &Sight<'_>, class: &'static str, text: &RichText) -> AnyView {
    match sight.choose(text) {
        None => nothing(),
        Some(chosen) => div(
            class,
            None,
            vec![div("prose", chosen.lang, nodes(chosen.variant)), only(chosen.label)],
        ),
    }
}

fn only(label: Option<&str>) -> AnyView {
    label.map_or_else(nothing, |label| small("only", None, vec![say(" "), say(label)]))
}

fn nodes(nodes: &[Node]) -> Views {
    nodes.iter().map(node).collect()
}

fn node(node: &Node) -> AnyView {
    let items = |items: &[Vec<Node>]| items.iter().map(|item| li("", None, nodes(item))).collect();
    match node {
        Node::Text { s } => say(s),
        Node::Strong { s } => strong("", None, vec![say(s)]),
        Node::Link { href, s } => link("", href, vec![say(s)]),
        Node::Paragraph { c } => p("", None, nodes(c)),
        Node::List { ordered: true, items: all } => ol("", None, items(all)),
        Node::List { items: all, .. } => ul("", None, items(all)),
    }
}

/// A heading of a part and its content; nothing when no variant is there.
pub(super) fn part(sight: &Sight<'_>, key: &str, text: &RichText) -> AnyView {
    if text.is_empty() {
        nothing()
    } else {
        titled("part", sight, key, vec![prose(sight, "", text)])
    }
}

/// A heading and what stands under it.
pub(super) fn titled(class: &'static str, sight: &Sight<'_>, key: &str, mut children: Views) -> AnyView {
    children.insert(0, h3("", None, vec![say(sight.word(key))]));
    div(class, None, children)
}

/// The phrase for a key with a view in the place of `{}`.
pub(super) fn phrase(sight: &Sight<'_>, key: &str, content: AnyView) -> Views {
    let (before, after) = sight.word(key).split_once("{}").unwrap_or((sight.word(key), ""));
    vec![say(before), content, say(after)]
}

/// The phrase for a key with an instant in the place of `{}`.
pub(super) fn timed(sight: &Sight<'_>, key: &str, instant: &Instant) -> Views {
    phrase(sight, key, element::time(instant, sight.moment(instant)))
}

/// The key of a word in a group of words, such as `stage.resolved`.
pub(super) fn key(group: &str, word: &str) -> String {
    [group, ".", word].concat()
}

/// Whether no variant is there in any language.
pub(super) fn absent<T>(text: &ByLanguage<Vec<T>>) -> bool {
    text.0.iter().all(|(_, nodes)| nodes.is_empty())
}
