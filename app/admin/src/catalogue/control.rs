//! The fields of an entry's form, made from the table of what it is made of.

use domain::{catalogue::PartKind, text::Language};
use leptos::prelude::*;
use serde_json::{Value, json};

use super::{
    entries,
    form::Form,
    hours, instant,
    order::{self, Way},
    shape::{Field, Input},
    upload,
};
use crate::{
    fields::{self, element_id},
    words::{self, catalogue::say},
};

/// So many of what is chosen are named above a list that is folded.
const NAMED: usize = 5;

/// Where a field stands, and what it is called.
#[derive(Clone)]
struct Place {
    pointer: String,
    name: String,
    hint: &'static str,
}

/// Whether it matters which of several comes first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    None,
    /// The one that its author makes.
    Own,
}

impl Form {
    /// The fields, each below a pointer.
    pub(super) fn fields(self, fields: &'static [Field], below: &str) -> AnyView {
        fields.iter().map(|field| self.field(field, below)).collect_view().into_any()
    }

    fn field(self, field: &'static Field, below: &str) -> AnyView {
        let (name, hint) = words::catalogue::field(field.key);
        let place = Place {
            // What only stands together has no name of its own.
            pointer: if field.name.is_empty() {
                below.to_owned()
            } else {
                format!("{below}/{}", field.name)
            },
            name: name.to_owned(),
            hint,
        };
        match field.input {
            Input::Line => self.line(place, "text"),
            Input::Link => self.line(place, "url"),
            Input::Number => self.number(place),
            Input::Texts => self.texts(&place, false),
            Input::Prose => self.texts(&place, true),
            Input::Hours => hours::field(self, place.pointer, name, hint),
            Input::Form => upload::field(self, place.pointer, name, hint),
            Input::Yes => self.yes(place),
            Input::OneOf(words) => self.one_of(place, field.key, words),
            Input::SomeOf(words) => self.some_of(place, words),
            Input::Entry(kind) => self.entry(place, kind),
            Input::Entries(kind) => self.entries(place, kind, Order::None),
            Input::Ordered(kind) => self.entries(place, kind, Order::Own),
            Input::Own(kind) => self.own(place, kind),
            Input::Instant(pointer) => instant::field(self, pointer, name, hint),
            Input::Lines => self.lines(place),
            Input::Folded(fields) => self.folded(&place, fields),
            Input::Group(fields) => view! {
                <fieldset class="fold open"><legend>{name}</legend>{self.fields(fields, &place.pointer)}</fieldset>
            }
            .into_any(),
            Input::Rows(fields) => self.rows(place, words::catalogue::row(field.key), fields),
        }
    }

    /// A field with its label, its hint and what is wrong with it.
    fn framed(self, place: &Place, control: impl FnOnce(String, String, Memo<String>) -> AnyView) -> AnyView {
        let id = element_id(&place.pointer);
        let pointer = place.pointer.clone();
        let wrong = Memo::new(move |_| self.faults.at(&pointer));
        let (shown, described) = fields::notes(&place.pointer, place.hint, wrong);
        view! {
            <div class="field">
                <label for=id.clone()>{place.name.clone()}</label>
                {shown}
                {control(id, described, wrong)}
            </div>
        }
        .into_any()
    }

    fn line(self, place: Place, kind: &'static str) -> AnyView {
        let value = self.draft.text(&place.pointer);
        self.framed(&place, |id, described, wrong| {
            let pointer = place.pointer.clone();
            view! {
                <input id=id type=kind aria-describedby=described aria-invalid=fields::invalid(wrong) prop:value=value
                    on:input:target=move |ev| self.typed(&pointer, ev.target().value().into()) />
            }
            .into_any()
        })
    }

    fn number(self, place: Place) -> AnyView {
        let value = self.draft.text(&place.pointer);
        self.framed(&place, |id, described, wrong| {
            let pointer = place.pointer.clone();
            // What is no number goes to the server as it is, which says so.
            let typed = move |text: String| {
                let value = text.trim().parse::<u32>().map_or_else(|_| text.trim().into(), Value::from);
                self.typed(&pointer, value);
            };
            view! {
                <input id=id type="text" inputmode="numeric" class="short" aria-describedby=described aria-invalid=fields::invalid(wrong) prop:value=value
                    on:input:target=move |ev| typed(ev.target().value()) />
            }
            .into_any()
        })
    }

    fn lines(self, place: Place) -> AnyView {
        let list = self.draft.at(&place.pointer);
        let lines: Vec<&str> = list.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let value = lines.join("\n");
        self.framed(&place, |id, described, wrong| {
            let pointer = place.pointer.clone();
            let typed = move |text: String| {
                let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                self.typed(&pointer, json!(lines));
            };
            view! {
                <textarea id=id rows="2" class="few" aria-describedby=described aria-invalid=fields::invalid(wrong) prop:value=value on:input:target=move |ev| typed(ev.target().value())></textarea>
            }
            .into_any()
        })
    }

    /// A text in each language, of which one is shown.
    fn texts(self, place: &Place, is_long: bool) -> AnyView {
        let languages = self.languages.get_value();
        let one = |(index, language): (usize, Language)| {
            let own = Place {
                pointer: format!("{}/{language}", place.pointer),
                name: if index == 0 {
                    place.name.clone()
                } else {
                    format!("{} ({})", place.name, words::language(language.as_str()))
                },
                hint: place.hint,
            };
            let value = self.draft.text(&own.pointer);
            let control = self.framed(&own, |id, described, wrong| {
                let pointer = own.pointer.clone();
                let typed = move |text: String| self.typed(&pointer, text.into());
                let tag = language.to_string();
                if is_long {
                    view! {
                        <textarea id=id rows="3" lang=tag aria-describedby=described aria-invalid=fields::invalid(wrong) prop:value=value on:input:target=move |ev| typed(ev.target().value())></textarea>
                    }
                    .into_any()
                } else {
                    view! {
                        <input id=id type="text" lang=tag aria-describedby=described aria-invalid=fields::invalid(wrong) prop:value=value on:input:target=move |ev| typed(ev.target().value()) />
                    }
                    .into_any()
                }
            });
            view! { <div hidden=move || self.language.get() != index>{control}</div> }
        };
        let pointer = place.pointer.clone();
        let whole = Memo::new(move |_| self.faults.exactly(&pointer));
        view! {
            <div class="field" id=element_id(&place.pointer) tabindex="-1">
                {languages.into_iter().enumerate().map(one).collect_view()}
                <p class="fault" hidden=move || whole.with(String::is_empty)>{move || whole.get()}</p>
            </div>
        }
        .into_any()
    }

    fn yes(self, place: Place) -> AnyView {
        let is_on = self.draft.at(&place.pointer) == Value::Bool(true);
        let Place { pointer, name, hint } = place;
        let own = pointer.clone();
        let wrong = Memo::new(move |_| self.faults.at(&own));
        let (shown, described) = fields::notes(&pointer, hint, wrong);
        view! {
            <div class="field">
                <label class="option">
                    <input type="checkbox" id=element_id(&pointer) aria-describedby=described prop:checked=is_on
                        on:change:target=move |ev| self.typed(&pointer, ev.target().checked().into()) />
                    <span>{name}</span>
                </label>
                {shown}
            </div>
        }
        .into_any()
    }

    fn one_of(self, place: Place, key: &'static str, choices: &'static [&'static str]) -> AnyView {
        let choices = std::iter::once("").chain(choices.iter().copied());
        let worded = choices.map(|word| (word.to_owned(), words::catalogue::choice_of(key, word).to_owned()));
        self.chosen(place, worded.collect())
    }

    /// Another entry.
    fn entry(self, place: Place, kind: PartKind) -> AnyView {
        let catalogue = self.desk.known_untracked();
        let nothing = [(String::new(), String::new())];
        self.chosen(place, nothing.into_iter().chain(entries::names(&catalogue, kind)).collect())
    }

    /// One of these, each with how it is called.
    fn chosen(self, place: Place, choices: Vec<(String, String)>) -> AnyView {
        let value = self.draft.text(&place.pointer);
        self.framed(&place, |id, described, wrong| {
            let pointer = place.pointer.clone();
            let options = choices.into_iter().map(|(word, name)| {
                let is_chosen = word == value;
                view! { <option value=word prop:selected=is_chosen>{name}</option> }
            });
            let options = options.collect_view();
            view! {
                <select id=id aria-describedby=described aria-invalid=fields::invalid(wrong) on:change:target=move |ev| self.typed(&pointer, ev.target().value().into())>{options}</select>
            }
            .into_any()
        })
    }

    fn some_of(self, place: Place, choices: &'static [&'static str]) -> AnyView {
        let options = choices
            .iter()
            .map(|word| ((*word).to_owned(), words::catalogue::choice(word).to_owned()));
        self.checked(place, options.collect(), "choice", Order::None)
    }

    /// Other entries.
    fn entries(self, place: Place, kind: PartKind, order: Order) -> AnyView {
        let catalogue = self.desk.known_untracked();
        self.checked(place, entries::names(&catalogue, kind), kind.word(), order)
    }

    /// Other entries that are chosen here; while none are, others follow by themselves.
    fn own(self, place: Place, kind: PartKind) -> AnyView {
        let is_own = RwSignal::new(self.draft.at(&place.pointer).is_array());
        let (pointer, called) = (place.pointer.clone(), words::said_of(&place.name, words::say().own_choice));
        let (id, hint_id) = (format!("{}-own", element_id(&pointer)), format!("{}-others", element_id(&pointer)));
        let turn = move |is_on: bool| {
            self.typed(&pointer, if is_on { json!([]) } else { Value::Null });
            is_own.set(is_on);
        };
        let list = move || is_own.get().then(|| self.entries(place.clone(), kind, Order::Own));
        view! {
            <div class="field">
                <label class="option">
                    <input type="checkbox" id=id aria-describedby=hint_id.clone() prop:checked=is_own.get_untracked() on:change:target=move |ev| turn(ev.target().checked()) />
                    <span>{called}</span>
                </label>
                <p class="hint" id=hint_id hidden=move || is_own.get()>{say().of_the_services}</p>
                {list}
            </div>
        }
        .into_any()
    }

    /// Fields that are seldom needed.
    fn folded(self, place: &Place, fields: &'static [Field]) -> AnyView {
        let hint = (!place.hint.is_empty()).then(|| view! { <p class="hint">{place.hint}</p> });
        view! {
            <details class="fold more"><summary>{place.name.clone()}</summary>{hint}{self.fields(fields, &place.pointer)}</details>
        }
        .into_any()
    }

    /// Several of many; what is chosen comes last, and can be moved where its place matters. Of a long list what is chosen is told above it.
    fn checked(self, place: Place, options: Vec<(String, String)>, prefix: &'static str, order: Order) -> AnyView {
        let Place { pointer, name, hint } = place;
        let list = self.draft.at(&pointer);
        let chosen: Vec<String> = list
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        let chosen = RwSignal::new(chosen);
        let pointer = StoredValue::new(pointer);
        let wrong = Memo::new(move |_| pointer.with_value(|pointer| self.faults.at(pointer)));
        let (shown, described) = pointer.with_value(|pointer| fields::notes(pointer, hint, wrong));
        let changed = move || pointer.with_value(|pointer| self.typed(pointer, json!(chosen.get_untracked())));
        let toggle = move |id: String, is_on: bool| {
            chosen.update(|chosen| {
                chosen.retain(|known| *known != id);
                if is_on {
                    chosen.push(id);
                }
            });
            changed();
        };
        let told = {
            let options = options.clone();
            move || {
                let name = |id: &String| {
                    options
                        .iter()
                        .find(|(known, _)| known == id)
                        .map_or_else(|| id.clone(), |(_, name)| name.clone())
                };
                let mut names: Vec<String> = chosen.with(|chosen| chosen.iter().map(name).collect());
                if names.is_empty() {
                    return say().none_chosen.to_owned();
                }
                let more = names.len().saturating_sub(NAMED);
                names.truncate(NAMED);
                let named = names.join(", ");
                if more == 0 {
                    named
                } else {
                    format!("{named} {}", words::and_more(more))
                }
            }
        };
        let is_long = options.len() > 4;
        let order = (order == Order::Own).then(|| {
            let id = pointer.with_value(|pointer| element_id(pointer));
            order::list(id, &name, options.clone(), chosen, changed)
        });
        let checks = fields::checks(
            options,
            move |id: &String| chosen.with(|chosen| chosen.contains(id)),
            toggle,
            prefix,
        );
        let checks = if is_long {
            view! { <details class="fold"><summary>{told}</summary><div class="options columns">{checks}</div></details> }.into_any()
        } else {
            view! { <div class="options">{checks}</div> }.into_any()
        };
        view! {
            <fieldset id=pointer.with_value(|pointer| element_id(pointer)) tabindex="-1" aria-describedby=described>
                <legend>{name}</legend>
                {shown}
                {checks}
                {order}
            </fieldset>
        }
        .into_any()
    }

    /// What stands in a list.
    fn list(self, pointer: &str) -> Vec<Value> {
        self.draft.at(pointer).as_array().cloned().unwrap_or_default()
    }

    /// Groups of fields, one below the other, each of which is called so.
    fn rows(self, place: Place, one: &'static str, fields: &'static [Field]) -> AnyView {
        let Place { pointer, name, hint } = place;
        let id = element_id(&pointer);
        let pointer = StoredValue::new(pointer);
        let list = move || pointer.with_value(|pointer| self.list(pointer));
        let wrong = Memo::new(move |_| pointer.with_value(|pointer| self.faults.exactly(pointer)));
        let (shown, described) = pointer.with_value(|pointer| fields::notes(pointer, hint, wrong));
        // Grows when rows come or go: what stands in them is theirs alone.
        let edition = RwSignal::new(0_u32);
        let told = RwSignal::new(String::new());
        let change = move |rows: Vec<Value>| {
            pointer.with_value(|pointer| self.typed(pointer, Value::Array(rows)));
            edition.update(|edition| *edition += 1);
        };
        let add_id = format!("{id}-add");
        let back = StoredValue::new(add_id.clone());
        let legend = name.clone();
        let rows = move || {
            edition.track();
            let row = |place: usize| {
                let below = pointer.with_value(|pointer| format!("{pointer}/{place}"));
                let remove = move |_| {
                    let mut rows = list();
                    if place < rows.len() {
                        rows.remove(place);
                    }
                    change(rows);
                    fields::focus_soon(back.get_value());
                };
                let number = format!("{one} {}", place + 1);
                let own = element_id(&below);
                let count = list().len();
                let moved = number.clone();
                let go = move |way: Way| {
                    let mut rows = list();
                    let Some(now) = way.shift(&mut rows, place) else { return };
                    told.set(words::catalogue::placed(&moved, now + 1, count));
                    change(rows);
                    order::follow(&pointer.with_value(|pointer| element_id(&format!("{pointer}/{now}"))), way);
                };
                let moves = order::buttons(&own, &number, move |way| way.from(place, count).is_none(), go);
                let called = words::said_of(say().row_remove, &number);
                view! {
                    <fieldset class="fold open" id=element_id(&below) tabindex="-1">
                        <legend>{number}</legend>
                        {self.fields(fields, &below)}
                        <div class="row">{moves}<button type="button" class="small" aria-label=called on:click=remove>{say().row_remove}</button></div>
                    </fieldset>
                }
            };
            (0..list().len()).map(row).collect_view()
        };
        let add = move |_| {
            let mut rows = list();
            rows.push(json!({}));
            let added = pointer.with_value(|pointer| element_id(&format!("{pointer}/{}", rows.len() - 1)));
            change(rows);
            fields::focus_soon(added);
        };
        let called = words::said_of(say().row_add, &legend);
        view! {
            <fieldset id=id tabindex="-1" class="rows" aria-describedby=described>
                <legend>{legend}</legend>
                {shown}
                {rows}
                <p class="visually-hidden" role="status">{move || told.get()}</p>
                <div class="row"><button type="button" class="small" id=add_id aria-label=called on:click=add>{say().row_add}</button></div>
            </fieldset>
        }
        .into_any()
    }
}
