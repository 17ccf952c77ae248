//! What a portal showed at a moment: the way to its page as it was.

use leptos::prelude::*;

use crate::{
    calls,
    desk::Desk,
    draft::Moment,
    fields::{self, Faults, label},
    opened::Opened,
    words::record::say,
};

pub(super) fn section(desk: Desk, opened: Opened) -> AnyView {
    let is_open = opened.is("seen".to_owned());
    view! {
        <section class="group-of-notices">
            <div class="row">{opened.button("seen".to_owned(), "seen", "", || say().seen, || None)}</div>
            {move || is_open.get().then(|| form(desk))}
        </section>
    }
    .into_any()
}

fn form(desk: Desk) -> AnyView {
    let portals = desk.known_portals();
    let portal = RwSignal::new(0);
    let names = portals.iter().enumerate().map(|(i, (_, name))| (i, name.clone())).collect();
    let at = Moment::new(Some(desk.server_now()), &desk.zone());
    let faults = Faults::new();
    let now = move || desk.now.get();
    let address = move || {
        let (id, _) = portals.get(portal.get())?;
        Some(calls::seen(id.as_str(), at.at()?))
    };
    view! {
        <div class="step" id="step" tabindex="-1" data-test="seen-form">
            <p>{say().seen_hint}</p>
            {fields::choice(faults, label("/portal", say().seen_portal, ""), names, portal)}
            {fields::moment(faults, label("/at", say().seen_at, ""), at, now, None)}
            <div class="row"><a class="button primary" target="_blank" rel="noreferrer" data-test="seen-show" href=address>{say().seen_show}</a></div>
        </div>
    }
    .into_any()
}
