//! One small function per element, all of the same shape. Every distinct combination of attributes would be compiled into
//! the widget anew; with one shape per element there are as many instances as elements.

use leptos::{html, prelude::*, svg};
use wire::is_right_to_left;

/// Children of an element.
pub(super) type Views = Vec<AnyView>;

macro_rules! elements {
    ($($name:ident)*) => {$(
        pub(super) fn $name(class: &'static str, lang: Option<String>, children: Views) -> AnyView {
            html::$name().class(present(class)).dir(direction(&lang)).lang(lang).child(children).into_any()
        }
    )*};
}

macro_rules! named_elements {
    ($($function:ident = $name:ident)*) => {$(
        /// With an id, by which the widget finds it again after rendering anew.
        pub(super) fn $function(class: &'static str, id: String, children: Views) -> AnyView {
            html::$name().class(present(class)).id(id).child(children).into_any()
        }
    )*};
}

elements!(p div span strong small h2 h3 ul ol li summary header footer dl dt dd);
named_elements!(article = article fold = details);

/// How a text is written that says its language; `None`: like what is around it.
fn direction(lang: &Option<String>) -> Option<&'static str> {
    let lang = lang.as_deref()?;
    Some(if is_right_to_left(lang) { "rtl" } else { "ltr" })
}

fn present(class: &'static str) -> Option<&'static str> {
    (!class.is_empty()).then_some(class)
}

/// Nothing, at its place: a part that is absent keeps its position, so that its neighbours are not rebuilt when it comes.
pub(super) fn nothing() -> AnyView {
    ().into_any()
}

/// Plain text; an empty one is nothing, since HTML would need a blank to mark its place.
pub(super) fn say(text: &str) -> AnyView {
    if text.is_empty() { nothing() } else { text.to_owned().into_any() }
}

/// A link; an address with another scheme than the wire types promise is shown as text.
pub(super) fn link(class: &'static str, href: &str, children: Views) -> AnyView {
    named_link(class, href, None, children)
}

/// The same, called by a name of its own where it is put together from pieces, between which readers would put blanks.
pub(super) fn named_link(class: &'static str, href: &str, name: Option<String>, children: Views) -> AnyView {
    const SAFE: [&str; 5] = ["https:", "http:", "mailto:", "tel:", "/"];
    if !SAFE.iter().any(|start| href.starts_with(start)) {
        return span(class, None, children);
    }
    html::a()
        .class(present(class))
        .href(href.to_owned())
        .attr("aria-label", name)
        .child(children)
        .into_any()
}

/// An instant with its machine-readable form.
pub(super) fn time(instant: &str, words: String) -> AnyView {
    html::time().datetime(instant.to_owned()).child(words).into_any()
}

/// A labelled region in the language of its words.
pub(super) fn region(lang: String, label: &str, children: Views) -> AnyView {
    html::section()
        .class("umleitung")
        .dir(direction(&Some(lang.clone())))
        .lang(lang)
        .attr("aria-label", label.to_owned())
        .child(children)
        .into_any()
}

/// A picture that says nothing beyond the words beside it; drawn in the text's colour, so it survives forced colours.
pub(super) fn icon(drawing: &'static str) -> AnyView {
    svg::svg()
        .attr("viewBox", "0 0 24 24")
        .attr("aria-hidden", "true")
        .child(svg::path().attr("d", drawing))
        .into_any()
}

/// The drawings, as paths on a field of 24 by 24.
pub(super) mod drawing {
    pub(in super::super) const DANGER: &str = "M8 2h8l6 6v8l-6 6H8l-6-6V8zM12 7v6M12 16.5v.5";
    pub(in super::super) const WARNING: &str = "M12 3 1.5 21h21zM12 10v5M12 17.8v.2";
    pub(in super::super) const INFO: &str = "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20M12 11v6M12 7v.3";
    pub(in super::super) const DONE: &str = "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20M7.5 12.5l3 3 6-6.5";
    pub(in super::super) const PLANNED: &str = "M3 5h18v16H3zM3 10h18M8 2v5M16 2v5";
    pub(in super::super) const PHONE: &str = "M6 2 3 4c0 9 8 17 17 17l2-3-5-4-3 2c-3-1-5-4-6-6l2-3z";
    pub(in super::super) const MAIL: &str = "M2 5h20v14H2zM2 6l10 8 10-8";
    pub(in super::super) const SHEET: &str = "M5 2h9l5 5v15H5zM14 2v5h5M8 12h8M8 16h8";
    pub(in super::super) const SPEECH: &str = "M3 4h18v13H11l-5 4v-4H3zM8 9h8M8 12.5h5";
    pub(in super::super) const HOUSE: &str = "M3 10 12 3l9 7M5 9v12h14V9M10 21v-6h4v6";
    pub(in super::super) const HANDS: &str = "M7 12V5a1.5 1.5 0 0 1 3 0v6V3.5a1.5 1.5 0 0 1 3 0V11V5a1.5 1.5 0 0 1 3 0v7l1.5-2a1.6 1.6 0 0 1 2.6 1.8L17 18a7 7 0 0 1-6 4c-4 0-6-3-7-6l-1-3a1.6 1.6 0 0 1 3-1z";
}
