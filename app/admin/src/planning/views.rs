//! What is planned as a list, as a week or as a month, and the way from one week or month to another.

use leptos::prelude::*;

use super::{agenda::Agenda, calendar::View, coming, month, plan::Plan, week};
use crate::{route::Route, words};

const fn hook(view: View) -> &'static str {
    match view {
        View::List => "view-list",
        View::Week => "view-week",
        View::Month => "view-month",
    }
}

/// The choice, and what is chosen.
pub(super) fn section(plan: Plan) -> AnyView {
    let agenda = Agenda::new(plan);
    let choice = View::ALL.into_iter().zip(words::views()).map(|(view, name)| {
        view! {
            <button type="button" data-test=hook(view) aria-pressed=move || (agenda.view.get() == view).to_string()
                on:click=move |_| agenda.turn_to(view)>{name}</button>
        }
    });
    let shown = move || match agenda.view.get() {
        View::List => coming::section(plan),
        View::Week | View::Month => calendar(agenda),
    };
    view! {
        <div class="segments" role="group" aria-label=words::view()>{choice.collect_view()}</div>
        {shown}
    }
    .into_any()
}

/// A week or a month under its name.
fn calendar(agenda: Agenda) -> AnyView {
    let view = agenda.view.get_untracked();
    let name = move || match view {
        View::Month => words::month_and_year(agenda.at.get()),
        View::List | View::Week => agenda
            .days
            .get()
            .map(|(monday, sunday)| words::week_of(monday, sunday))
            .unwrap_or_default(),
    };
    let holds_past = move || agenda.days.get().is_some_and(|(first, _)| first < agenda.today.get());
    let missing = move || agenda.missing_from.get().map(words::known_until);
    view! {
        <section class="group-of-notices" data-test="calendar" aria-labelledby="calendar-heading">
            <h2 id="calendar-heading" aria-live="polite">{name}</h2>
            {turns(agenda, view)}
            <p class="quiet" role="status" data-test="known-until">{missing}</p>
            <p class="quiet" data-test="past" hidden=move || !holds_past()><a href=Route::Record(None).href()>{words::past_is_in_record()}</a></p>
            {if view == View::Month { month::section(agenda) } else { week::section(agenda) }}
        </section>
    }
    .into_any()
}

/// Back, to today, and on.
fn turns(agenda: Agenda, view: View) -> AnyView {
    let turn = move |by: i64| move |_| agenda.at.update(|at| *at = view.turned(*at, by));
    let [back, to_today, on] = words::turns();
    let [before, after] = words::turns_to(view == View::Month);
    view! {
        <div class="row">
            <button type="button" class="small" data-test="earlier" on:click=turn(-1)>{back}<span class="visually-hidden">{before}</span></button>
            <button type="button" class="small" data-test="to-today" on:click=move |_| agenda.at.set(agenda.today.get_untracked())>{to_today}</button>
            <button type="button" class="small" data-test="later" on:click=turn(1)>{on}<span class="visually-hidden">{after}</span></button>
        </div>
    }
    .into_any()
}
