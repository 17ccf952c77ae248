//! How a portal embeds the notices: the line to paste.

use leptos::prelude::*;

use crate::{told_once, words::catalogue::say};

/// The address under which this page lies, without what names the page.
fn base() -> String {
    let location = window().location();
    let (origin, path) = (location.origin().unwrap_or_default(), location.pathname().unwrap_or_default());
    let prefix = path.rsplit_once("/admin").map_or("", |(prefix, _)| prefix);
    format!("{origin}{prefix}")
}

pub(super) fn section(portal: &str) -> AnyView {
    let line = format!("<script async src=\"{}/p/{portal}/umleitung.js\"></script>", base());
    view! {
        <section class="part" aria-labelledby="tag-heading" data-test="tag">
            <h2 id="tag-heading">{say().embed}</h2>
            {told_once::line("tag-line", say().tag, say().tag_hint, line)}
        </section>
    }
    .into_any()
}
