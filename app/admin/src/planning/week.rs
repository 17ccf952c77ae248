//! A week: its seven days one below the other, each with what lies on it.

use jiff::{ToSpan, civil::Date};
use leptos::prelude::*;

use super::{
    agenda::Agenda,
    calendar::monday_of,
    day,
    lying::{Entry, Thing},
};
use crate::{desk::Desk, route::Route, words};

/// The days.
pub(super) fn section(agenda: Agenda) -> AnyView {
    let monday = Memo::new(move |_| monday_of(agenda.at.get()));
    let days = move || monday.get().series(1.day()).take(7).collect::<Vec<_>>();
    view! {
        <ol class="week" data-test="week">
            <For each=days key=|day| *day children=move |day| one_day(agenda, day) />
        </ol>
    }
    .into_any()
}

fn one_day(agenda: Agenda, date: Date) -> AnyView {
    let entries = agenda.on(date);
    let is_open = Memo::new(move |_| agenda.opened() == Some(date));
    let has_work = move || entries.with(|entries| entries.iter().any(|entry| entry.work().is_some()));
    let nothing = move || {
        if date < agenda.today.get() {
            words::past()
        } else {
            day::nothing(agenda, date)
        }
    };
    let listed = move || entries.get().iter().map(|entry| told(agenda, entry)).collect_view();
    let name = words::said_of(words::details(), &words::full_day(date));
    view! {
        <li data-test=format!("week-{date}") class:past=move || { date < agenda.today.get() }
            aria-current=move || (agenda.today.get() == date).then_some("date")>
            <h3>{words::full_day(date)}<span hidden=move || agenda.today.get() != date>" (" {words::say().today} ")"</span></h3>
            <div class="group-of-notices">
                <p class="quiet" hidden=move || !entries.with(Vec::is_empty)>{nothing}</p>
                <ul hidden=move || is_open.get()>{listed}</ul>
                {move || is_open.get().then(|| day::cards(agenda, date, entries))}
                <div class="row" hidden=move || !has_work()>
                    <button type="button" class="small" data-test=format!("details-{date}") aria-label=name
                        aria-expanded=move || is_open.get().to_string()
                        on:click=move |_| agenda.open((!is_open.get_untracked()).then_some(date))>{words::details()}</button>
                </div>
            </div>
        </li>
    }
    .into_any()
}

/// One line of a day.
fn told(agenda: Agenda, entry: &Entry) -> AnyView {
    let when = entry.when.clone();
    match &entry.thing {
        Thing::Work(work) => {
            let (title, lang) = (Desk::text(&work.content.title), Desk::language_of(&work.content.title));
            let title = match work.notice() {
                Some(id) => view! { <a href=Route::Notice(id.to_string()).href() lang=lang>{title}</a> }.into_any(),
                None => view! { <span lang=lang>{title}</span> }.into_any(),
            };
            let series = work.series().map(|series| format!("{series} · "));
            view! {
                <li class="lies" data-test=format!("lies-{}", work.key())>
                    <span><strong>{when}</strong> " " {title} " " <span class="quiet">{series}{agenda.plan.desk.concerned(&work.content)}</span></span>
                </li>
            }
            .into_any()
        }
        Thing::Freeze(frozen) => {
            let name = words::freeze(Some(&frozen.name), frozen.level);
            let holidays = (!frozen.on_holidays.is_empty()).then(|| format!(", {}", frozen.on_holidays));
            view! {
                <li class="lies frozen" data-test=format!("lies-{}", frozen.id)>
                    <span>{name} " " <strong>{when}{holidays}</strong> " " <span class="quiet">{frozen.scope.clone()}</span></span>
                </li>
            }
            .into_any()
        }
    }
}
