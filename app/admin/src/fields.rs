//! The kinds of form fields: each with its label, its hint and the fault that the server found in it.

use domain::{
    text::Language,
    words::{Code, Fault},
};
use jiff::Timestamp;
use leptos::prelude::*;

use crate::{
    clock::{self, Meaning},
    draft::{Moment, Variants},
    occasion::Occasion,
    refusal, words,
};

/// What the server found wrong with a form, by JSON pointer.
#[derive(Clone, Copy)]
pub(crate) struct Faults(pub(crate) RwSignal<Vec<Fault>>);

/// What stands beside a field.
#[derive(Clone, Copy)]
pub(crate) struct Label {
    /// JSON pointer of what the field holds; the fault that points here is shown here, and the element's id follows from it.
    pub(crate) pointer: &'static str,
    pub(crate) text: &'static str,
    pub(crate) hint: &'static str,
}

pub(crate) const fn label(pointer: &'static str, text: &'static str, hint: &'static str) -> Label {
    Label { pointer, text, hint }
}

/// The id of the element that holds what a pointer points at.
pub(crate) fn element_id(pointer: &str) -> String {
    format!("field{}", pointer.replace('/', "-"))
}

/// Whether the browser holds something in a field that it cannot read, such as a date without its year; the field's value is empty then.
pub(crate) fn is_unfinished(pointer: &str) -> bool {
    let field = document().get_element_by_id(&element_id(pointer));
    let field = field.and_then(|field| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlInputElement>(field).ok());
    field.is_some_and(|field| field.validity().bad_input())
}

/// A fault that the page finds by itself; what is said about it follows from its code.
pub(crate) fn fault(pointer: &str, code: Code) -> Fault {
    Fault {
        pointer: pointer.to_owned(),
        code,
        detail: String::new(),
    }
}

/// Those of these fields in which nothing stands.
pub(crate) fn missing<const N: usize>(fields: [(&'static str, RwSignal<String>); N]) -> Vec<Fault> {
    let empty = fields
        .into_iter()
        .filter(|(_, value)| value.with_untracked(|value| value.trim().is_empty()));
    empty.map(|(pointer, _)| fault(pointer, Code::Missing)).collect()
}

/// Focuses an element and brings it into view.
pub(crate) fn focus(id: &str) -> bool {
    let Some(element) = document().get_element_by_id(id) else {
        return false;
    };
    let element: web_sys::HtmlElement = wasm_bindgen::JsCast::unchecked_into(element);
    // A field in a folded part cannot take the focus.
    if let Ok(Some(folded)) = element.closest("details:not([open])") {
        let _ = folded.set_attribute("open", "");
    }
    element.focus().is_ok()
}

/// Focuses an element that the page shows with its next frame.
pub(crate) fn focus_soon(id: impl Into<String>) {
    let id = id.into();
    request_animation_frame(move || {
        focus(&id);
    });
}

/// Whether somebody has gone to a field that the page shows: nothing takes the focus out of it then.
pub(crate) fn is_at_a_field() -> bool {
    let at = document().active_element();
    let at = at.and_then(|at| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(at).ok());
    at.is_some_and(|at| at.offset_parent().is_some() && matches!(at.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA"))
}

impl Faults {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    /// What is wrong with the thing at a pointer or with a part of it.
    pub(crate) fn at(self, pointer: &str) -> String {
        self.told(|fault| {
            fault
                .strip_prefix(pointer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// What is wrong with the thing at a pointer as a whole.
    pub(crate) fn exactly(self, pointer: &str) -> String {
        self.told(|fault| fault == pointer)
    }

    fn told(self, concerns: impl Fn(&str) -> bool) -> String {
        self.0.with(|faults| {
            let told = faults.iter().filter(|fault| concerns(&fault.pointer)).map(refusal::fault);
            told.collect::<Vec<_>>().join(" ")
        })
    }

    /// Someone has changed what a pointer points at: what was wrong with it, or with another field because of it, is to be asked anew.
    pub(crate) fn touched(self, pointer: &str) {
        let field = pointer.split('/').nth(1).unwrap_or_default();
        let named = format!("`{field}`");
        let concerns = |fault: &Fault| {
            let (longer, shorter) = if fault.pointer.len() > pointer.len() {
                (fault.pointer.as_str(), pointer)
            } else {
                (pointer, fault.pointer.as_str())
            };
            let same = longer
                .strip_prefix(shorter)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            same || fault.detail.contains(&named)
        };
        if self.0.with_untracked(|faults| faults.iter().any(concerns)) {
            self.0.update(|faults| faults.retain(|fault| !concerns(fault)));
        }
    }

    /// Shows what is wrong, and leads to the first of it.
    pub(crate) fn show(self, found: Vec<Fault>) {
        let first = found.first().map(|fault| fault.pointer.clone()).unwrap_or_default();
        self.0.set(found);
        Self::focus_soon(first);
    }

    /// Focuses the field of a fault, or of what it is a part of, once the page shows it.
    pub(crate) fn focus_soon(pointer: String) {
        request_animation_frame(move || Self::focus(&pointer));
    }

    fn focus(pointer: &str) {
        let mut pointer = pointer;
        while !pointer.is_empty() {
            let id = element_id(pointer);
            if focus(&id) {
                return;
            }
            // A text that is missing in every language is asked for in the first.
            let first = document().query_selector(&format!("input[id^='{id}-'], textarea[id^='{id}-']"));
            if let Ok(Some(first)) = first
                && focus(&first.id())
            {
                return;
            }
            pointer = pointer.rsplit_once('/').map_or("", |(whole, _)| whole);
        }
        // Of no field: where it is told.
        focus("faults");
    }

    /// A list of all faults that leads to the fields; nothing while there are none.
    pub(crate) fn summary(self, reveal: impl Fn(&str) + Copy + Send + Sync + 'static) -> AnyView {
        self.summary_by(reveal, |pointer| {
            words::field(pointer.split('/').nth(1).unwrap_or_default()).to_owned()
        })
    }

    /// The same; `name`: what a pointer leads to is called so.
    pub(crate) fn summary_by(self, reveal: impl Fn(&str) + Copy + Send + Sync + 'static, name: fn(&str) -> String) -> AnyView {
        view! {
            <div class="faults" id="faults" role="alert" tabindex="-1" hidden=move || self.0.with(Vec::is_empty)>
                <p><strong>{words::say().faults}</strong></p>
                <ul>
                    {move || {
                        let faults = self.0.get();
                        faults
                            .into_iter()
                            .map(|fault: Fault| {
                                let said = refusal::fault(&fault);
                                let pointer = fault.pointer;
                                let name = name(&pointer);
                                let language = pointer.split('/').skip(2).last().filter(|step| Language::parse(step).is_ok()).map(words::language);
                                let text = match language {
                                    Some(language) => format!("{name} ({language}): {}", said),
                                    None => format!("{name}: {}", said),
                                };
                                let go = move |_| {
                                    reveal(&pointer);
                                    Faults::focus(&pointer);
                                };
                                view! { <li><button type="button" class="link" on:click=go>{text}</button></li> }
                            })
                            .collect_view()
                    }}
                </ul>
            </div>
        }
        .into_any()
    }
}

/// Hint and fault under a label, the ids by which the field names them, and what is wrong.
pub(crate) fn notes(pointer: &str, hint: &'static str, wrong: Memo<String>) -> (AnyView, String) {
    let id = element_id(pointer);
    let (hint_id, fault_id) = (format!("{id}-hint"), format!("{id}-fault"));
    let described = if hint.is_empty() {
        fault_id.clone()
    } else {
        format!("{hint_id} {fault_id}")
    };
    let shown = view! {
        {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
        <p class="fault" id=fault_id hidden=move || wrong.with(String::is_empty)>{move || wrong.get()}</p>
    };
    (shown.into_any(), described)
}

pub(crate) fn invalid(wrong: Memo<String>) -> impl Fn() -> Option<&'static str> + Clone + Send + 'static {
    move || wrong.with(|wrong| (!wrong.is_empty()).then_some("true"))
}

/// One line of text.
pub(crate) fn line(faults: Faults, label: Label, kind: &'static str, value: RwSignal<String>) -> AnyView {
    filled(faults, label, kind, None, value)
}

/// A line that browsers fill in: what they know it by.
pub(crate) fn filled(
    faults: Faults,
    label: Label,
    kind: &'static str,
    autocomplete: Option<&'static str>,
    value: RwSignal<String>,
) -> AnyView {
    let wrong = Memo::new(move |_| faults.at(label.pointer));
    let (shown, described) = notes(label.pointer, label.hint, wrong);
    let id = element_id(label.pointer);
    view! {
        <div class="field">
            <label for=id.clone()>{label.text}</label>
            {shown}
            <input
                id=id
                type=kind
                autocomplete=autocomplete
                aria-describedby=described
                aria-invalid=invalid(wrong)
                prop:value=move || value.get()
                on:input:target=move |ev| {
                    faults.touched(label.pointer);
                    value.set(ev.target().value());
                }
            />
        </div>
    }
    .into_any()
}

/// How a text in several languages is typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    Line,
    Prose,
}

/// A text in the language that is chosen in `place`; the other languages are there, hidden.
pub(crate) fn variants(
    faults: Faults,
    label: Label,
    size: Size,
    languages: &[Language],
    place: RwSignal<usize>,
    text: Variants,
) -> AnyView {
    languages
        .iter()
        .enumerate()
        .filter_map(|(index, language)| {
            let value = text.signal(index)?;
            let pointer = format!("{}/{language}", label.pointer);
            let own = pointer.clone();
            // What is missing in every language is asked for in the first.
            let whole = (index == 0).then_some(label.pointer);
            let wrong = Memo::new(move |_| faults.told(|fault| fault == own || Some(fault) == whole));
            let (shown, described) = notes(&pointer, label.hint, wrong);
            let id = element_id(&pointer);
            let name = if index == 0 {
                label.text.to_owned()
            } else {
                format!("{} ({})", label.text, words::language(language.as_str()))
            };
            let tag = language.to_string();
            let wrong = invalid(wrong);
            let typed = move |text: String| {
                faults.touched(&pointer);
                value.set(text);
            };
            let control = match size {
                Size::Line => view! {
                    <input id=id.clone() type="text" lang=tag aria-describedby=described aria-invalid=wrong
                        prop:value=move || value.get() on:input:target=move |ev| typed(ev.target().value()) />
                }
                .into_any(),
                Size::Prose => view! {
                    <textarea id=id.clone() rows="3" lang=tag aria-describedby=described aria-invalid=wrong
                        prop:value=move || value.get() on:input:target=move |ev| typed(ev.target().value())></textarea>
                }
                .into_any(),
            };
            Some(
                view! { <div class="field" hidden=move || place.get() != index><label for=id>{name}</label>{shown}{control}</div> }
                    .into_any(),
            )
        })
        .collect_view()
        .into_any()
}

/// The choice of the language in which the texts are typed; one that has text says so.
pub(crate) fn languages(
    languages: &[Language],
    place: RwSignal<usize>,
    written: impl Fn(&Language) -> bool + Copy + Send + Sync + 'static,
) -> AnyView {
    if languages.len() < 2 {
        return ().into_any();
    }
    let one = |(index, language): (usize, &Language)| {
        let name = words::language(language.as_str());
        let language = language.clone();
        let test = format!("language-{language}");
        view! {
            <button type="button" data-test=test aria-pressed=move || (place.get() == index).to_string() on:click=move |_| place.set(index)>
                {name}
                <span class="quiet">{move || if written(&language) { "" } else { words::say().not_written }}</span>
            </button>
        }
    };
    view! { <div class="segments" role="group" aria-label=words::say().language>{languages.iter().enumerate().map(one).collect_view()}</div> }
        .into_any()
}

/// One of a few.
pub(crate) fn choice<T>(faults: Faults, label: Label, options: Vec<(T, String)>, value: RwSignal<T>) -> AnyView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let wrong = Memo::new(move |_| faults.at(label.pointer));
    let (shown, described) = notes(label.pointer, label.hint, wrong);
    let id = element_id(label.pointer);
    let name = id.clone();
    let options = options.into_iter().enumerate().map(move |(index, (option, text))| {
        view! {
            <label class="option">
                <input type="radio" name=name.clone() value=index.to_string() prop:checked=move || value.get() == option
                    on:change=move |_| {
                        faults.touched(label.pointer);
                        value.set(option);
                    } />
                <span>{text}</span>
            </label>
        }
    });
    view! {
        <fieldset id=id tabindex="-1" aria-describedby=described>
            <legend>{label.text}</legend>
            {shown}
            <div class="options">{options.collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

/// Several of many.
pub(crate) fn checks<T>(
    options: Vec<(T, String)>,
    chosen: impl Fn(&T) -> bool + Copy + Send + Sync + 'static,
    toggle: impl Fn(T, bool) + Copy + 'static,
    prefix: &'static str,
) -> AnyView
where
    T: Clone + std::fmt::Display + Send + Sync + 'static,
{
    options
        .into_iter()
        .map(|(option, text)| {
            let test = format!("{prefix}-{option}");
            let same = option.clone();
            view! {
                <label class="option">
                    <input type="checkbox" data-test=test prop:checked=move || chosen(&same)
                        on:change:target=move |ev| toggle(option.clone(), ev.target().checked()) />
                    <span>{text}</span>
                </label>
            }
        })
        .collect_view()
        .into_any()
}

/// A point in time, in the portal's clock time, with what it means in words and buttons for the likely ones.
/// `from` gives the instant to which the buttons add; without it there are none.
pub(crate) fn moment(
    faults: Faults,
    label: Label,
    value: Moment,
    now: impl Fn() -> Timestamp + Copy + Send + Sync + 'static,
    from: Option<fn(Timestamp) -> Timestamp>,
) -> AnyView {
    let wrong = Memo::new(move |_| faults.at(label.pointer));
    let (shown, described) = notes(label.pointer, label.hint, wrong);
    let id = element_id(label.pointer);
    let said = move || meaning_in_words(value, now);
    let never = Memo::new(move |_| matches!(value.meaning(), Some(Meaning::Never(_))));
    let twice = Memo::new(move |_| matches!(value.meaning(), Some(Meaning::Twice { .. })));
    let slug = label.pointer.trim_start_matches('/').replace('_', "-");
    let clear_test = format!("{slug}-clear");
    let quick = from.map(|from| {
        [30, 60, 120].map(|minutes| {
            let test = format!("{slug}-plus-{minutes}");
            let set = move |_| {
                faults.touched(label.pointer);
                value.set(Some(clock::later(from(now()), minutes)));
            };
            view! { <button type="button" class="small" data-test=test on:click=set>{format!("+ {}", words::span(minutes))}</button> }
        })
    });
    let occasion = move || twice.get().then(|| occasions(faults, label, value, &slug));
    view! {
        <div class="field moment">
            <label for=id.clone()>{label.text}</label>
            {shown}
            <div class="row">
                <input id=id type="datetime-local" aria-describedby=described aria-invalid=invalid(wrong)
                    prop:value=move || value.text.get() on:input:target=move |ev| {
                        faults.touched(label.pointer);
                        value.text.set(ev.target().value());
                    } />
                {quick.map(|buttons| buttons.collect_view())}
                <button type="button" class="small" data-test=clear_test hidden=move || value.text.with(String::is_empty)
                    aria-label=format!("{} {}", label.text, words::say().clear) on:click=move |_| {
                        faults.touched(label.pointer);
                        value.set(None);
                    }>{words::say().clear}</button>
            </div>
            {occasion}
            <p class="said" class:late=move || never.get()>{said}</p>
        </div>
    }
    .into_any()
}

/// What is meant, in full and from now on; empty while the field is empty or unfinished.
fn meaning_in_words(value: Moment, now: impl Fn() -> Timestamp) -> String {
    let zone = value.zone();
    let (Some(meaning), Some(at)) = (value.meaning(), value.at()) else {
        return String::new();
    };
    let away = clock::minutes_between(now(), at);
    let full = if away > 0 {
        format!("{} ({})", zone.full(at), words::ahead(away))
    } else {
        zone.full(at)
    };
    match meaning {
        Meaning::Once(_) | Meaning::Twice { .. } => full,
        Meaning::Never(_) => format!("{} {full}", words::say().clock_never),
    }
}

/// Which of two equal clock times is meant. `slug` is the field's name in the hooks of tests.
fn occasions(faults: Faults, label: Label, value: Moment, slug: &str) -> AnyView {
    let options = [(Occasion::First, "first"), (Occasion::Second, "second")].map(|(which, name)| {
        let test = format!("{slug}-{name}");
        view! {
            <label class="option">
                <input type="radio" name=format!("{slug}-occasion") data-test=test prop:checked=move || value.which.get() == which
                    on:change=move |_| {
                        faults.touched(label.pointer);
                        value.which.set(which);
                    } />
                <span>{words::occasion(which)}</span>
            </label>
        }
    });
    view! {
        <fieldset>
            <legend>{words::say().clock_twice}</legend>
            <div class="options">{options.collect_view()}</div>
        </fieldset>
    }
    .into_any()
}
