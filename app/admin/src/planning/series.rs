//! The series: what each of them says, by which rule it recurs, what was decided about single days, and its end.

use std::collections::BTreeSet;

use api::Series;
use domain::{access::Role, schedule::Exception};
use jiff::civil::Date;
use leptos::{prelude::*, task::spawn_local};

use super::{
    decision,
    plan::{Act, Day, Plan},
    rules,
};
use crate::{calls, desk::Desk, failure::Failure, fields, once::Once, words};

/// All that go on.
pub(super) fn section(plan: Plan) -> AnyView {
    let going_on = Memo::new(move |_| {
        let all = plan.series.get();
        all.into_iter().filter(|series| series.ended_at.is_none()).collect::<Vec<_>>()
    });
    view! {
        <section class="group-of-notices" data-test="series" aria-labelledby="series-heading">
            <h2 id="series-heading">{words::office::say().series}</h2>
            <p class="quiet" hidden=move || !going_on.with(Vec::is_empty)>{words::office::say().series_empty}</p>
            <ul class="cards">
                <For each=move || going_on.get() key=|one| (one.id.clone(), one.revision) children=move |one| view! { <li>{card(plan, &one)}</li> } />
            </ul>
        </section>
    }
    .into_any()
}

fn card(plan: Plan, series: &Series) -> AnyView {
    let desk = plan.desk;
    let may = desk.may_on(Role::Publisher, &series.notice, &BTreeSet::new());
    let today = desk.zone().local(desk.now.get_untracked()).date();
    let id = series.id.to_string();
    let exceptions: Vec<_> = series
        .recurrence
        .exceptions
        .iter()
        .filter(|(day, _)| **day >= today)
        .map(|(day, exception)| exception_of(plan, series, *day, *exception, may))
        .collect();
    let days = (!exceptions.is_empty()).then(|| view! { <ul data-test="exceptions">{exceptions}</ul> });
    view! {
        <article class="card" data-test=format!("series-{id}")>
            <h3 lang=Desk::language_of(&series.notice.title)>{Desk::text(&series.notice.title)}</h3>
            <p>{rules::sentence(&series.recurrence)}</p>
            <p class="quiet">{id.clone()} " · " {desk.concerned(&series.notice)} " · " {words::lead(series.announce_hours)}</p>
            {days}
            {may.then(|| end(plan, id.clone()))}
        </article>
    }
    .into_any()
}

/// What was decided about a day, and the way back.
fn exception_of(plan: Plan, series: &Series, day: Date, exception: Exception, may: bool) -> AnyView {
    let told = match exception {
        Exception::Skipped => words::skipped_on(&words::day(day)),
        Exception::Held { day: other, times } => words::held_on(&words::day(day), &words::day(other), &rules::times(&times)),
    };
    let is_announced = series.upcoming.iter().any(|one| one.original == day && one.notice.is_some());
    let of = Day {
        is_announced,
        ..Day::without(series, day)
    };
    let back = may.then(|| decision::buttons(plan, Memo::new(move |_| of.clone()), &[Act::TakeBack]));
    view! { <li data-test=format!("exception-{day}")>{told}{back}</li> }.into_any()
}

/// The button that ends it, and the question before.
fn end(plan: Plan, id: String) -> AnyView {
    let (open, once) = (RwSignal::new(false), Once::new());
    let id = StoredValue::new(id);
    let send = move |_| {
        let Some(key) = once.begin() else { return };
        spawn_local(async move {
            let outcome = calls::end_series(&id.get_value(), None, &key).await;
            let Some(outcome) = once.ended(outcome) else { return };
            match outcome {
                Ok(series) => {
                    let done = format!("{}: {}", words::office::say().series_ended, series.id);
                    plan.changed(series, done);
                    fields::focus("heading");
                }
                Err(Failure::NoAnswer) => plan.desk.lost(words::office::say().unanswered_plan.to_owned()),
                Err(failure) => plan.desk.failed(&failure),
            }
        });
    };
    let close = move |_| {
        open.set(false);
        fields::focus(&id.with_value(|id| format!("end-{id}")));
    };
    let question = move || {
        open.get().then(|| {
            view! {
                <div class="step">
                    <p>{words::office::say().end_series_question}</p>
                    <div class="row">
                        <button type="button" class="danger" data-test="end-series-confirm" aria-disabled=move || once.is_busy()
                            on:click=send>{words::office::say().end_series}</button>
                        <button type="button" on:click=close>{words::say().cancel}</button>
                    </div>
                </div>
            }
        })
    };
    view! {
        <div class="row">
            <button type="button" class="small" id=id.with_value(|id| format!("end-{id}")) data-test="end-series" aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)>{words::office::say().end_series}</button>
        </div>
        {question}
    }
    .into_any()
}
