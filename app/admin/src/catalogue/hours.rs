//! Opening hours, and what they come to in the coming two weeks.

use std::time::Duration;

use api::{Opening, OpeningDay, OpeningQuery, OpeningSpan};
use domain::words::{Code, Fault};
use jiff::{Timestamp, civil::Time};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use serde_json::Value;

use super::{form::Form, pair::Lack, week::Week, week_form};
use crate::{
    calls,
    clock::Zone,
    failure::Failure,
    words::{self, catalogue::say},
};

/// For so long nothing more is typed before it is asked what it comes to.
const PAUSE: Duration = Duration::from_millis(400);

/// What is known of the hours that stand in the field.
#[derive(Clone, Debug, PartialEq)]
enum Come {
    Nothing,
    /// A row is still to be filled in.
    Unfinished,
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
        if !lacks(&hours).is_empty() {
            return come.set(Come::Unfinished);
        }
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
    let stands = form.draft.text(&pointer);
    ask(stands.clone());
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let changed = move |text: String| {
        form.typed(&pointer, text.trim().into());
        if let Some(waiting) = waiting.get_value() {
            waiting.clear();
        }
        waiting.set_value(set_timeout_with_handle(move || ask(text), PAUSE).ok());
    };
    let result = move || match come.get() {
        Come::Nothing => ().into_any(),
        Come::Unfinished => view! { <p class="hint">{words::hours::say().unfinished}</p> }.into_any(),
        Come::Fault(detail) => view! { <p class="fault">{say().hours_unreadable} " " <span lang="en">{detail}</span></p> }.into_any(),
        Come::To(opening) => weeks(&form.desk.zone(), &opening),
    };
    view! {
        {week_form::view(form, name, hint, &stands, Callback::new(changed))}
        <div data-test="opening">{result}</div>
    }
    .into_any()
}

/// What rows of this notation lack; nothing where it is no rows.
fn lacks(notation: &str) -> Vec<(String, Lack)> {
    Week::read(notation).map(|week| week.lacks()).unwrap_or_default()
}

/// What an entry's hours lack before they can be saved.
pub(super) fn unfinished(entry: &Value) -> Vec<Fault> {
    let hours = entry.pointer(week_form::POINTER).and_then(Value::as_str).unwrap_or_default();
    let fault = |(within, lack): (String, Lack)| Fault {
        pointer: format!("{}{within}", week_form::POINTER),
        code: Code::Malformed,
        detail: week_form::lacking(lack).to_owned(),
    };
    lacks(hours).into_iter().map(fault).collect()
}

/// When a span begins and ends; nobody writes 24:00, and a midnight is named.
fn told(zone: &Zone, span: &OpeningSpan) -> String {
    let is_midnight = |at: Timestamp| zone.local(at).time() == Time::midnight();
    let until = if is_midnight(span.until) {
        words::hours::say().midnight.to_owned()
    } else {
        zone.hour(span.until)
    };
    words::from_to(&zone.hour(span.from), &until, 0)
}

/// The coming two weeks, day by day.
fn weeks(zone: &Zone, opening: &Opening) -> AnyView {
    let row = |day: &OpeningDay| {
        let spans: Vec<String> = day.open.iter().map(|span| told(zone, span)).collect();
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
