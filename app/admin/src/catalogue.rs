//! The catalogue: what changes rarely. Its entries by kind, each on a page of its own; and the whole as a file.

mod control;
mod draft;
mod entries;
mod exchange;
mod form;
mod graph;
mod hours;
mod instant;
mod missing;
mod order;
mod pair;
mod part;
mod probe;
mod shape;
mod tag;
mod upload;
mod week;
mod week_form;

use domain::catalogue::PartKind;
use leptos::prelude::*;

pub(crate) use self::part::{new, one};
use crate::{
    desk::Desk,
    route::Route,
    words::{self, catalogue::say},
};

/// From so many entries on a list is looked through by typing.
const MANY: usize = 12;

/// The page of all.
pub(crate) fn page(desk: Desk) -> AnyView {
    desk.refresh_catalogue();
    view! {
        <h1 id="heading" tabindex="-1">{words::say().catalogue}</h1>
        <p class="quiet">{say().what}</p>
        <div class="situation">
            {PartKind::ALL.map(|kind| section(desk, kind)).collect_view()}
            {exchange::section(desk)}
        </div>
    }
    .into_any()
}

/// The entries of one kind.
fn section(desk: Desk, kind: PartKind) -> AnyView {
    let sought = RwSignal::new(String::new());
    let all = Memo::new(move |_| entries::names(&desk.known(), kind));
    let found = Memo::new(move |_| {
        let sought = sought.get().to_lowercase();
        let fits = |(id, name): &(String, String)| id.contains(&sought) || name.to_lowercase().contains(&sought);
        all.get().into_iter().filter(fits).collect::<Vec<_>>()
    });
    let name = words::catalogue::kinds(kind);
    let (heading, search) = (format!("{kind}-heading"), format!("{kind}-search"));
    let label = words::said_of(say().search, name);
    let line = move |(id, name): (String, String)| {
        let href = Route::Part(kind, id.clone()).href();
        let shown = (name != id).then(|| view! { " " <span class="quiet id">{id}</span> });
        view! { <li><a href=href>{name}</a>{shown}</li> }
    };
    view! {
        <section class="part" data-test=format!("parts-{kind}") aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{name} " " <span class="quiet">{move || all.with(Vec::len)}</span></h2>
            <div class="field" hidden=move || all.with(Vec::len) < MANY>
                <label for=search.clone() class="visually-hidden">{label}</label>
                <input id=search type="search" placeholder=say().search on:input:target=move |ev| sought.set(ev.target().value()) />
            </div>
            <ul class="entries">
                <For each=move || found.get() key=Clone::clone children=line />
            </ul>
            <p class="quiet" hidden=move || !found.with(Vec::is_empty)>{say().none}</p>
            <div class="row"><a class="button" href=Route::NewPart(kind).href() data-test=format!("new-{kind}")>{words::catalogue::add(kind)}</a></div>
        </section>
    }
    .into_any()
}
