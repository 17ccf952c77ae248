//! What publishing touches, said before it is done: how many services on which portals, and from when people see it.

use domain::notice::Content;
use jiff::Timestamp;
use leptos::prelude::*;
use wire::Kind;

use crate::{desk::Desk, words};

/// So many portals are named.
const NAMED: usize = 3;

/// What a notice touches, in two sentences.
pub(crate) fn reach(desk: Desk, content: &Content, now: Timestamp) -> String {
    let portals = desk.portals_of(content);
    if portals.is_empty() {
        return words::say().touches_nothing.to_owned();
    }
    let services = content.services.len() + desk.dependents(&content.services).len();
    let mut names: Vec<_> = portals.iter().take(NAMED).map(|portal| Desk::text(&portal.name)).collect();
    if portals.len() > NAMED {
        names.push(words::and_more(portals.len() - NAMED));
    }
    // What is broken waits for nobody.
    let is_held = content.kind != Kind::Outage && portals.iter().any(|portal| portal.four_eyes.contains(&content.kind));
    let announced = content.announce_from.filter(|from| content.kind != Kind::Outage && *from > now);
    let seen = announced.map_or_else(
        || {
            if is_held {
                String::new()
            } else {
                words::say().seen_at_once.to_owned()
            }
        },
        |from| words::seen_from(&desk.zone().moment(from, now)),
    );
    let held = if is_held { words::say().seen_when_approved } else { "" };
    let seen = [seen.as_str(), held].join(" ");
    format!("{} {}", words::touches(services, portals.len(), &names.join(", ")), seen.trim())
}

/// The sheet after the preview: what it touches, what to think of, and the one button with which it goes out.
pub(crate) fn sheet(
    desk: Desk,
    content: Memo<Content>,
    heading: &'static str,
    drifted: impl Fn() -> String + Copy + Send + Sync + 'static,
    button: AnyView,
) -> AnyView {
    let touched = move || {
        let now = desk.now.get();
        content.with(|content| reach(desk, content, now))
    };
    let warned = Memo::new(move |_| drifted());
    view! {
        <section class="sheet" data-test="sheet" aria-labelledby="sheet-heading">
            <h2 id="sheet-heading">{heading}</h2>
            <p id="reach" data-test="reach">{touched}</p>
            <p class="late" data-test="sheet-drift" hidden=move || warned.with(String::is_empty)>{move || warned.get()}</p>
            {button}
        </section>
    }
    .into_any()
}
