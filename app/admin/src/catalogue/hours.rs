//! Opening hours, and what they come to in the coming two weeks.

use std::time::Duration;

use api::{Opening, OpeningDay, OpeningQuery};
use jiff::{Timestamp, civil::Time};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};

use super::form::Form;
use crate::{
    calls,
    clock::Zone,
    failure::Failure,
    fields::{self, element_id},
    words::{self, catalogue::say},
};

/// For so long nothing more is typed before it is asked what it comes to.
const PAUSE: Duration = Duration::from_millis(400);

/// What is known of the hours that stand in the field.
#[derive(Clone, Debug, PartialEq)]
enum Come {
    Nothing,
    To(Opening),
    /// They cannot be read.
    Fault(String),
}

pub(super) fn field(form: Form, pointer: String, name: &'static str, hint: &'static str) -> AnyView {
    let come = RwSignal::new(Come::Nothing);
    let asked = StoredValue::new(0_u32);
    let ask = move |hours: String| {
        // The page may have been left meanwhile.
        let Some(number) = asked.try_get_value().map(|last| last + 1) else {
            return;
        };
        asked.set_value(number);
        let catalogue = form.desk.known_untracked();
        let Some(portal) = catalogue
            .portals
            .first()
            .map(|portal| portal.id.clone())
            .filter(|_| !hours.trim().is_empty())
        else {
            return come.set(Come::Nothing);
        };
        spawn_local(async move {
            let answer = calls::opening(&OpeningQuery { hours, portal }).await;
            // Something else may be typed by now, or the page was left.
            if asked.try_get_value() != Some(number) {
                return;
            }
            match answer {
                Ok(opening) => come.set(Come::To(opening)),
                Err(failure @ Failure::Refused(_)) => {
                    let faults = failure.faults();
                    let detail = faults.first().map_or_else(|| failure.sentence(), |fault| fault.detail.clone());
                    come.set(Come::Fault(detail));
                }
                Err(_) => {}
            }
        });
    };
    let value = form.draft.text(&pointer);
    ask(value.clone());
    let wrong = {
        let pointer = pointer.clone();
        Memo::new(move |_| form.faults.at(&pointer))
    };
    let (shown, described) = fields::notes(&pointer, hint, wrong);
    let id = element_id(&pointer);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let typed = move |text: String| {
        form.typed(&pointer, text.trim().into());
        if let Some(waiting) = waiting.get_value() {
            waiting.clear();
        }
        waiting.set_value(set_timeout_with_handle(move || ask(text), PAUSE).ok());
    };
    let result = move || match come.get() {
        Come::Nothing => ().into_any(),
        Come::Fault(detail) => view! { <p class="fault">{say().hours_unreadable} " " <span lang="en">{detail}</span></p> }.into_any(),
        Come::To(opening) => weeks(&form.desk.zone(), &opening),
    };
    view! {
        <div class="field">
            <label for=id.clone()>{name}</label>
            {shown}
            <input id=id type="text" spellcheck="false" aria-describedby=described prop:value=value on:input:target=move |ev| typed(ev.target().value()) />
            <div data-test="opening">{result}</div>
        </div>
    }
    .into_any()
}

/// The hour at which a span ends; midnight is that of the day which ends.
fn end(zone: &Zone, until: Timestamp) -> String {
    if zone.local(until).time() == Time::midnight() {
        return words::oclock(24, 0);
    }
    zone.hour(until)
}

/// The coming two weeks, day by day.
fn weeks(zone: &Zone, opening: &Opening) -> AnyView {
    let row = |day: &OpeningDay| {
        let spans = day
            .open
            .iter()
            .map(|span| words::from_to(&zone.hour(span.from), &end(zone, span.until), 0));
        let spans: Vec<String> = spans.collect();
        let told = if spans.is_empty() {
            say().closed.to_owned()
        } else {
            spans.join(", ")
        };
        let holiday = day.is_holiday.then(|| view! { " · " {say().holiday} });
        view! { <div class:quiet=day.open.is_empty()><dt>{words::day_of_year(day.day)}</dt><dd>{told} {holiday}</dd></div> }
    };
    let weeks = opening
        .days
        .chunks(7)
        .map(|week| view! { <dl class="times hours">{week.iter().map(row).collect_view()}</dl> });
    view! {
        <p class="hint">{say().hours_come_to}</p>
        <div class="weeks">{weeks.collect_view()}</div>
    }
    .into_any()
}
