//! Opening hours clicked together: days of the week, times from when until when, and what holds on holidays. What no row says is typed.

use leptos::prelude::*;

use super::{
    form::Form,
    pair::{self, Lack, Pair},
    week::{self, Beyond, Line, OnHolidays, Row, Week},
};
use crate::{
    fields::{self, element_id, label},
    words::{self, hours::say},
};

/// Where opening hours stand in a channel.
pub(super) const POINTER: &str = "/hours";

const WAY: &str = "/hours/way";
const HOLIDAYS: &str = "/hours/on_holidays";
const ADD: &str = "field-hours-add";
const TIMES_HINT: &str = "field-hours-times-hint";

/// How somebody says when a channel is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Unsaid,
    Always,
    ByDay,
    Notation,
}

/// Opening hours while they are changed.
#[derive(Clone, Copy)]
struct Editor {
    form: Form,
    way: RwSignal<Way>,
    week: RwSignal<Week>,
    holidays: RwSignal<OnHolidays>,
    /// What stands in the field of the notation.
    text: RwSignal<String>,
    /// What stood there before anything was typed.
    untyped: StoredValue<String>,
    /// Grows when rows or times come or go: what stands in them is theirs alone.
    edition: RwSignal<u32>,
    /// Is told the notation of what is meant now.
    changed: Callback<String>,
}

const fn why(beyond: Beyond, words: &words::hours::Words) -> &'static str {
    match beyond {
        Beyond::Dates => words.beyond_dates,
        Beyond::Weeks => words.beyond_weeks,
        Beyond::NthWeekday => words.beyond_nth,
        Beyond::Remark => words.beyond_remark,
        Beyond::Holidays => words.beyond_holidays,
        Beyond::PastMidnight => words.beyond_midnight,
        Beyond::Other => words.beyond_other,
    }
}

/// What a row lacks, in words.
pub(super) fn lacking(lack: Lack) -> &'static str {
    match lack {
        Lack::Days => say().no_days,
        Lack::Time => say().no_time,
        Lack::Unreadable => say().unreadable,
        Lack::Nothing => say().nothing,
    }
}

/// The pointer of a row.
fn place(line: Line) -> String {
    match line {
        Line::Row(row) => format!("{POINTER}/{row}"),
        Line::Holidays => format!("{POINTER}/holidays"),
    }
}

/// The editor of the hours that this notation means.
pub(super) fn view(form: Form, name: &'static str, hint: &'static str, notation: &str, changed: Callback<String>) -> AnyView {
    let read = Week::read(notation);
    let way = match &read {
        _ if notation.is_empty() => Way::Unsaid,
        _ if notation == week::ALWAYS => Way::Always,
        Ok(_) => Way::ByDay,
        Err(_) => Way::Notation,
    };
    let week = read.ok().filter(|_| way == Way::ByDay).unwrap_or_else(Week::blank);
    let editor = Editor {
        form,
        way: RwSignal::new(way),
        holidays: RwSignal::new(week.holidays),
        week: RwSignal::new(week),
        text: RwSignal::new(notation.to_owned()),
        untyped: StoredValue::new(notation.to_owned()),
        edition: RwSignal::new(0),
        changed,
    };
    editor.follow();
    let wrong = Memo::new(move |_| match editor.way.get() {
        Way::ByDay => form.faults.exactly(POINTER),
        _ => form.faults.at(POINTER),
    });
    let ways = [
        (Way::ByDay, say().by_day),
        (Way::Always, say().always),
        (Way::Unsaid, say().unsaid),
        (Way::Notation, say().notation),
    ];
    let ways = ways.map(|(way, text)| (way, text.to_owned())).to_vec();
    let shown = move || match editor.way.get() {
        Way::Unsaid | Way::Always => ().into_any(),
        Way::ByDay => editor.by_day(),
        Way::Notation => editor.notation(hint, wrong),
    };
    view! {
        <fieldset class="clicked" data-test="hours">
            <legend>{name}</legend>
            <p class="fault" id=format!("{}-fault", element_id(POINTER)) hidden=move || wrong.with(String::is_empty)>{move || wrong.get()}</p>
            {fields::choice(form.faults, label(WAY, say().way, ""), ways, editor.way)}
            {shown}
        </fieldset>
    }
    .into_any()
}

impl Editor {
    /// What is chosen counts at once.
    fn follow(self) {
        Effect::new(move |before: Option<Way>| {
            let way = self.way.get();
            if let Some(before) = before.filter(|before| *before != way) {
                untrack(|| self.turned(before, way));
            }
            way
        });
        Effect::new(move |_| {
            let holidays = self.holidays.get();
            if self.week.with_untracked(|week| week.holidays != holidays) {
                self.change(|week| week.holidays = holidays);
            }
        });
    }

    /// Another way to say it is chosen; what was said before is taken along where it can be.
    fn turned(self, before: Way, way: Way) {
        // What is not finished is nothing to go on with.
        let week = self.week.with(|week| week.lacks().is_empty().then(|| week.notation()));
        if let Some(week) = week.filter(|_| before == Way::ByDay) {
            self.text.set(week);
        }
        let said = match way {
            Way::Unsaid => String::new(),
            Way::Always => week::ALWAYS.to_owned(),
            Way::ByDay => {
                // Whoever only passes by has typed nothing.
                let typed = self.text.get();
                if before == Way::Notation
                    && typed != self.untyped.get_value()
                    && typed != week::ALWAYS
                    && let Ok(week) = Week::read(&typed)
                {
                    self.holidays.set(week.holidays);
                    self.week.set(week);
                    self.edition.update(|edition| *edition += 1);
                }
                self.week.with(Week::notation)
            }
            Way::Notation => {
                self.untyped.set_value(self.text.get());
                self.text.get()
            }
        };
        self.changed.run(said);
    }

    /// Something in the week is another.
    fn change(self, change: impl FnOnce(&mut Week)) {
        self.week.update(change);
        self.changed.run(self.week.with_untracked(Week::notation));
    }

    /// Rows or times come or go; then this element has the focus.
    fn rearrange(self, change: impl FnOnce(&mut Week), focus: String) {
        self.change(change);
        self.edition.update(|edition| *edition += 1);
        fields::focus_soon(focus);
    }

    fn notation(self, hint: &'static str, wrong: Memo<String>) -> AnyView {
        let id = element_id(POINTER);
        let hint_id = format!("{id}-hint");
        let described = format!("{hint_id} {id}-fault");
        let beyond = move || {
            self.text.with(|text| {
                let refused = Week::read(text).err().filter(|_| !text.trim().is_empty());
                refused.map(|beyond| why(beyond, say()))
            })
        };
        let typed = move |text: String| {
            self.text.set(text.clone());
            self.changed.run(text);
        };
        view! {
            <div class="field">
                <label for=id.clone()>{say().notation}</label>
                <p class="hint" id=hint_id>{hint} " " {beyond}</p>
                <input id=id type="text" spellcheck="false" autocomplete="off" aria-describedby=described aria-invalid=fields::invalid(wrong)
                    prop:value=move || self.text.get() on:input:target=move |ev| typed(ev.target().value()) />
            </div>
        }
        .into_any()
    }

    fn by_day(self) -> AnyView {
        let rows = move || {
            self.edition.track();
            let count = self.week.with_untracked(|week| week.rows.len());
            (0..count).map(|row| self.row(row, count)).collect_view()
        };
        let add = move |_| {
            let next = self.week.with_untracked(|week| week.rows.len());
            self.rearrange(
                |week| week.rows.push(Row::blank()),
                format!("{}-day-0", element_id(&place(Line::Row(next)))),
            );
        };
        let options = [
            (OnHolidays::Closed, say().holidays_closed),
            (OnHolidays::AsEver, say().holidays_as_ever),
            (OnHolidays::Own, say().holidays_own),
        ];
        let options = options.map(|(choice, text)| (choice, text.to_owned())).to_vec();
        let own = move || {
            self.edition.track();
            (self.holidays.get() == OnHolidays::Own).then(|| {
                view! { <div class="group" role="group" aria-label=say().on_holidays>{self.pairs(Line::Holidays)}</div> }
            })
        };
        view! {
            <p class="hint" id=TIMES_HINT>{say().times_hint}</p>
            {rows}
            <div class="row"><button type="button" class="small" id=ADD on:click=add>{say().add_row}</button></div>
            {fields::choice(self.form.faults, label(HOLIDAYS, say().on_holidays, ""), options, self.holidays)}
            {own}
        }
        .into_any()
    }

    /// Days, and when somebody is there on them.
    fn row(self, row: usize, count: usize) -> AnyView {
        let line = Line::Row(row);
        let pointer = place(line);
        let id = element_id(&pointer);
        let name = format!("{} {}", say().row, row + 1);
        let wrong = Memo::new(move |_| self.form.faults.exactly(&pointer));
        let fault_id = format!("{id}-fault");
        let described = fault_id.clone();
        let day = |day: usize| {
            let is_on = move || {
                self.week
                    .with(|week| week.rows.get(row).is_some_and(|row| row.days.get(day) == Some(&true)))
            };
            let toggle = move |_| {
                self.change(|week| {
                    if let Some(day) = week.rows.get_mut(row).and_then(|row| row.days.get_mut(day)) {
                        *day = !*day;
                    }
                });
            };
            let full = words::weekday(day);
            let brief: String = full.chars().take(2).collect();
            view! {
                <button type="button" id=format!("{id}-day-{day}") aria-pressed=move || is_on().to_string() on:click=toggle>
                    <span aria-hidden="true">{brief}</span><span class="visually-hidden">{full}</span>
                </button>
            }
        };
        let days = (0..7).map(day).collect_view();
        let remove = move |_| {
            self.rearrange(
                |week| {
                    if row < week.rows.len() {
                        week.rows.remove(row);
                    }
                },
                ADD.to_owned(),
            );
        };
        let remove = (count > 1).then(|| {
            let called = words::said_of(say().remove, &name);
            view! { <div class="row"><button type="button" class="small" aria-label=called on:click=remove>{say().remove}</button></div> }
        });
        view! {
            <fieldset class="fold open" id=id.clone() tabindex="-1" aria-describedby=described>
                <legend>{name}</legend>
                <div class="segments days" role="group" aria-label=say().days>{days}</div>
                <p class="fault" id=fault_id hidden=move || wrong.with(String::is_empty)>{move || wrong.get()}</p>
                {self.pairs(line)}
                {remove}
            </fieldset>
        }
        .into_any()
    }

    /// The times of a row, one below the other.
    fn pairs(self, line: Line) -> AnyView {
        let count = self.week.with_untracked(|week| week.pairs(line).len());
        let id = element_id(&place(line));
        let add_id = format!("{id}-add");
        let add = move |_| {
            self.rearrange(
                |week| {
                    if let Some(pairs) = week.pairs_mut(line) {
                        pairs.push(Pair::default());
                    }
                },
                format!("{id}-{count}-from"),
            );
        };
        view! {
            {(0..count).map(|pair| self.pair(line, pair, count)).collect_view()}
            <div class="row"><button type="button" class="small" id=add_id on:click=add>{say().add_time}</button></div>
        }
        .into_any()
    }

    fn pair(self, line: Line, at: usize, count: usize) -> AnyView {
        let pointer = format!("{}/{at}", place(line));
        let id = element_id(&pointer);
        let (note_id, fault_id) = (format!("{id}-note"), format!("{id}-fault"));
        let described = format!("{TIMES_HINT} {note_id} {fault_id}");
        let stands = move || self.week.with(|week| week.pairs(line).get(at).cloned().unwrap_or_default());
        let first = untrack(stands);
        // Nobody is told that a time is wrong while they type it.
        let typed = RwSignal::new(first != Pair::default());
        let wrong = Memo::new(move |_| {
            let saved = self.form.faults.at(&pointer);
            let lack = stands().lack().filter(|(lack, _)| *lack != Lack::Time && typed.get());
            lack.map_or(saved, |(lack, _)| lacking(lack).to_owned())
        });
        let note = move || match stands() {
            pair if pair.lack().is_some() => "",
            pair if pair.ends_at_midnight() => say().till_midnight,
            pair if pair.goes_past_midnight() => say().next_day,
            _ => "",
        };
        let field = |name: &'static str, value: String, part: &'static str, put: fn(&mut Pair, String)| {
            let set = move |text: String| {
                self.change(|week| {
                    if let Some(pair) = week.pairs_mut(line).and_then(|pairs| pairs.get_mut(at)) {
                        put(pair, text);
                    }
                });
            };
            // What was meant is shown as it is read.
            let left = move |field: &web_sys::HtmlInputElement| {
                if let Some(time) = pair::minutes(&field.value()) {
                    field.set_value(&pair::shown(time));
                    set(pair::shown(time));
                }
                typed.set(true);
            };
            let id = format!("{id}-{part}");
            view! {
                <span class="end">
                    <label for=id.clone()>{name}</label>
                    <input id=id type="text" autocomplete="off" aria-describedby=described.clone() aria-invalid=fields::invalid(wrong)
                        prop:value=value on:input:target=move |ev| set(ev.target().value()) on:change:target=move |ev| left(&ev.target()) />
                </span>
            }
        };
        let remove = move |_| {
            self.rearrange(
                |week| {
                    if let Some(pairs) = week.pairs_mut(line).filter(|pairs| at < pairs.len()) {
                        pairs.remove(at);
                    }
                },
                format!("{}-add", element_id(&place(line))),
            );
        };
        let name = format!("{} {}", say().time, at + 1);
        let remove = (count > 1).then(|| {
            let called = words::said_of(say().remove, &name);
            view! { <button type="button" class="small" aria-label=called on:click=remove>{say().remove}</button> }
        });
        view! {
            <div class="pair" role="group" aria-label=name>
                <div class="row">
                    {field(say().from, first.from, "from", |pair, text| pair.from = text)}
                    {field(say().until, first.until, "until", |pair, text| pair.until = text)}
                    {remove}
                </div>
                <p class="said" id=note_id>{note}</p>
                <p class="fault" id=fault_id hidden=move || wrong.with(String::is_empty)>{move || wrong.get()}</p>
            </div>
        }
        .into_any()
    }
}
