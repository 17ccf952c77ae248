//! All of one day: freezes, and each work with what can be decided about it.

use jiff::civil::Date;
use leptos::prelude::*;

use super::{
    agenda::Agenda,
    coming,
    lying::{Entry, Thing},
};
use crate::words;

/// The cards of a day.
pub(super) fn cards(agenda: Agenda, day: Date, entries: Memo<Vec<Entry>>) -> AnyView {
    view! {
        <p class="quiet" hidden=move || !entries.with(Vec::is_empty)>{move || nothing(agenda, day)}</p>
        <ul class="cards" hidden=move || entries.with(Vec::is_empty)>
            <For each=move || entries.get() key=Entry::key children=move |entry| view! { <li>{card(agenda, entry, entries)}</li> } />
        </ul>
    }
    .into_any()
}

/// What is said of a day on which nothing is shown.
pub(super) fn nothing(agenda: Agenda, day: Date) -> &'static str {
    if day < agenda.today.get() {
        words::past_is_in_record()
    } else if agenda.may_miss(day) {
        words::not_all_known()
    } else {
        words::office::say().coming_empty
    }
}

fn card(agenda: Agenda, entry: Entry, entries: Memo<Vec<Entry>>) -> AnyView {
    match entry.thing.clone() {
        Thing::Work(work) => {
            let (key, first) = (entry.key(), work.clone());
            let found = move || entries.with(|all| all.iter().find(|other| other.key() == key).and_then(|other| other.work().cloned()));
            let latest = Memo::new(move |_| found().unwrap_or_else(|| work.clone()));
            coming::card(agenda.plan, &first, latest)
        }
        Thing::Freeze(frozen) => {
            let name = words::freeze(Some(&frozen.name), frozen.level);
            view! {
                <article class="card frozen" data-test=format!("day-freeze-{}", frozen.id)>
                    <p><strong>{name} " " {entry.when}</strong></p>
                    <p class="quiet">{frozen.id.to_string()} " · " {frozen.scope}</p>
                    <p class="quiet" hidden=frozen.on_holidays.is_empty()>{frozen.on_holidays}</p>
                </article>
            }
            .into_any()
        }
    }
}
