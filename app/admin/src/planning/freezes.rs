//! The freezes that hold: what each is for, and what it takes to work in it.

use api::Freeze;
use domain::{
    access::Role,
    freeze::{Level, When},
};
use leptos::prelude::*;

use super::{
    freeze_form,
    plan::{self, Plan},
    rules,
};
use crate::{desk::Desk, opened::Opened, words};

/// The list, and the way to one more.
pub(super) fn section(plan: Plan) -> AnyView {
    let opened = Opened::new();
    let holding = Memo::new(move |_| {
        let all = plan.freezes.get();
        all.into_iter().filter(|freeze| freeze.ended_at.is_none()).collect::<Vec<_>>()
    });
    let may = plan.desk.may(Role::Publisher);
    let new = may.then(|| {
        let is_open = opened.is("new-freeze".to_owned());
        view! {
            <div class="row">{opened.button("new-freeze".to_owned(), "freeze-new", "", || words::office::say().freeze_new, || None)}</div>
            {move || is_open.get().then(|| freeze_form::form(plan, opened, None))}
        }
    });
    view! {
        <section class="group-of-notices" data-test="freezes" aria-labelledby="freezes-heading" hidden=move || !may && holding.with(Vec::is_empty)>
            <h2 id="freezes-heading" tabindex="-1">{words::office::say().freezes}</h2>
            <p class="quiet" hidden=move || !holding.with(Vec::is_empty)>{words::office::say().freezes_empty}</p>
            {new}
            <ul class="cards">
                <For each=move || holding.get() key=|one| one.id.clone() children=move |freeze| {
                    let id = freeze.id.clone();
                    let found = move || holding.with(|all| all.iter().find(|other| other.id == id).cloned());
                    let latest = Memo::new(move |_| found().unwrap_or_else(|| freeze.clone()));
                    view! { <li>{card(plan, opened, latest)}</li> }
                } />
            </ul>
        </section>
    }
    .into_any()
}

/// What the freeze says may change while somebody types; the form stays.
fn card(plan: Plan, opened: Opened, freeze: Memo<Freeze>) -> AnyView {
    let hook = freeze.with_untracked(|freeze| format!("freeze-{}", freeze.id));
    view! {
        <article class="card" data-test=hook>
            {move || facts(plan.desk, &freeze.get())}
            {buttons(plan, opened, freeze)}
        </article>
    }
    .into_any()
}

fn facts(desk: Desk, freeze: &Freeze) -> AnyView {
    let (zone, now) = (desk.zone(), desk.now.get_untracked());
    let when = match &freeze.when {
        When::Recurring(recurrence) => rules::sentence(recurrence),
        When::Spans(spans) => {
            let ahead = spans.iter().filter(|span| span.to > now);
            let told: Vec<String> = ahead.map(|span| zone.window(span.from, span.to, now)).collect();
            told.join("; ")
        }
    };
    let scope = scope(desk, freeze);
    let overrides = freeze.overrides.iter().map(|one| {
        let by = words::author(&one.by);
        view! { <li>{one.notice.to_string()} ": " {one.reason.clone()} " (" {by} ")"</li> }
    });
    let overrides: Vec<_> = overrides.collect();
    let passed = (!overrides.is_empty()).then(|| view! { <p class="quiet">{words::office::say().overrides}</p><ul>{overrides}</ul> });
    view! {
        <h3>{freeze.name.clone()}</h3>
        <p>{when}</p>
        <p class="quiet">{freeze.id.to_string()} " · " {words::level(freeze.level)} " · " {scope}</p>
        {passed}
    }
    .into_any()
}

/// For which work it is.
pub(super) fn scope(desk: Desk, freeze: &Freeze) -> String {
    let names = plan::names(desk, &freeze.portals, &freeze.services);
    if names.is_empty() {
        words::office::say().freeze_for_all.to_owned()
    } else {
        names
    }
}

/// What may be done about it.
fn buttons(plan: Plan, opened: Opened, freeze: Memo<Freeze>) -> AnyView {
    let id = freeze.with_untracked(|freeze| freeze.id.to_string());
    let (change, lift) = (format!("change-{id}"), format!("lift-{id}"));
    let (changes, lifts) = (opened.is(change.clone()), opened.is(lift.clone()));
    let about = move |what: &str| words::said_of(what, &freeze.with(|freeze| freeze.name.clone()));
    // What takes two to pass takes more to be taken away.
    let may = move || {
        let takes_two = freeze.with(|freeze| freeze.level == Level::SecondPerson);
        plan.desk.may(if takes_two { Role::Admin } else { Role::Publisher })
    };
    view! {
        <div class="row" hidden=move || !may()>
            {opened.button(change, "freeze-change", "small", || words::office::say().freeze_change, move || Some(about(words::office::say().freeze_change)))}
            {opened.button(lift, "freeze-lift", "small", || words::office::say().freeze_lift, move || Some(about(words::office::say().freeze_lift)))}
        </div>
        {move || changes.get().then(|| freeze_form::form(plan, opened, Some(freeze.get_untracked())))}
        {move || lifts.get().then(|| freeze_form::lift(plan, opened, id.clone()))}
    }
    .into_any()
}
