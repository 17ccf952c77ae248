//! A month as a grid: each day with what lies on it, and beside it all of the day that was chosen. The grid is one stop of the keyboard, in which
//! the arrows lead from day to day.

use jiff::civil::Date;
use leptos::{ev::KeyboardEvent, prelude::*};

use super::{
    agenda::Agenda,
    calendar::{led_to, weeks_of},
    day,
    lying::{Entry, Thing},
};
use crate::{desk::Desk, fields, words};

/// So many things are shown in a day; of the others it is told how many they are.
const SHOWN: usize = 3;

fn cell_id(day: Date) -> String {
    format!("day-{day}")
}

/// The grid and the day beside it.
pub(super) fn section(agenda: Agenda) -> AnyView {
    let month = Memo::new(move |_| agenda.at.get().first_of_month());
    let names = (0..7).map(|place| view! { <th scope="col" abbr=words::weekday(place)>{words::weekday_short(place)}</th> });
    let [works, freezes] = words::legend();
    view! {
        <div class="month" data-test="month">
            <div class="group-of-notices">
                <table role="grid" aria-labelledby="calendar-heading" aria-describedby="month-hint" on:keydown=move |ev| pressed(agenda, &ev)>
                    <thead><tr>{names.collect_view()}</tr></thead>
                    {move || body(agenda, month.get())}
                </table>
                <p class="hint legend" aria-hidden="true">
                    <span class="lies">{works}</span>
                    <span class="lies frozen">{freezes}</span>
                </p>
                <p class="hint" id="month-hint">{words::month_hint()}</p>
            </div>
            {chosen(agenda)}
        </div>
    }
    .into_any()
}

fn body(agenda: Agenda, month: Date) -> AnyView {
    let cell = |day: Option<Date>| match day {
        Some(day) => cell(agenda, day),
        None => view! { <td role="gridcell" class="outside"></td> }.into_any(),
    };
    let weeks = weeks_of(month)
        .into_iter()
        .map(|week| view! { <tr>{week.map(cell).into_iter().collect_view()}</tr> });
    view! { <tbody>{weeks.collect_view()}</tbody> }.into_any()
}

fn cell(agenda: Agenda, day: Date) -> AnyView {
    let entries = agenda.on(day);
    let stop = move || if agenda.at.get() == day { "0" } else { "-1" };
    let choose = move |_| {
        agenda.at.set(day);
        agenda.open(Some(day));
    };
    view! {
        <td role="gridcell" id=cell_id(day) data-test=cell_id(day) tabindex=stop
            class:past=move || { day < agenda.today.get() }
            aria-current=move || (agenda.today.get() == day).then_some("date")
            aria-selected=move || (agenda.opened() == Some(day)).to_string()
            aria-label=move || entries.with(|entries| agenda.told(day, entries))
            on:click=choose on:focus=move |_| agenda.at.set(day)>
            <span class="number">{day.day()}</span>
            {move || entries.with(|entries| marks(entries))}
        </td>
    }
    .into_any()
}

/// What lies on a day, as marks; where there is room the style writes the words beside them. A reader has all of it in the name of the day.
fn marks(entries: &[Entry]) -> AnyView {
    let shown = entries.iter().take(SHOWN).map(|entry| match &entry.thing {
        Thing::Work(work) => view! { <span class="lies" data-what=Desk::text(&work.content.title)></span> }.into_any(),
        Thing::Freeze(frozen) => {
            view! { <span class="lies frozen" data-what=words::freeze_named(&frozen.name, frozen.level)></span> }.into_any()
        }
    });
    let more = entries.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| view! { <span class="rest" data-what=more.to_string()></span> });
    view! { <span class="marks">{shown.collect_view()}{more}</span> }.into_any()
}

fn pressed(agenda: Agenda, ev: &KeyboardEvent) {
    if ev.ctrl_key() || ev.alt_key() || ev.meta_key() || ev.shift_key() {
        return;
    }
    let at = agenda.at.get_untracked();
    let key = ev.key();
    if matches!(key.as_str(), "Enter" | " ") {
        ev.prevent_default();
        agenda.open(Some(at));
    } else if let Some(to) = led_to(at, &key) {
        ev.prevent_default();
        agenda.at.set(to);
        // The day may be one of another month, which is not there before.
        fields::focus_soon(cell_id(to));
    }
}

/// All of the day that was chosen; it is said where the focus stays in the grid.
fn chosen(agenda: Agenda) -> AnyView {
    let day = Memo::new(move |_| agenda.opened());
    let said = move || {
        let day = day.get()?;
        Some(agenda.on(day).with(|entries| agenda.told(day, entries)))
    };
    let shown = move || {
        day.get().map(|day| {
            view! {
                <h2 id="day-heading">{words::full_day(day)}</h2>
                {day::cards(agenda, day, agenda.on(day))}
            }
        })
    };
    view! {
        <p class="visually-hidden" role="status">{said}</p>
        <section class="group-of-notices" data-test="day" aria-labelledby="day-heading" hidden=move || day.get().is_none()>{shown}</section>
    }
    .into_any()
}
