//! Two people edited one notice: theirs is stored, mine is in the form; the reader of both decides.

use domain::text::Language;
use leptos::prelude::*;
use serde_json::Value;

use crate::{
    composer::Composer,
    draft::{Draft, wire},
    words,
};

/// One field in which the two differ.
struct Differing {
    name: String,
    theirs: String,
    mine: String,
}

/// A value of the wire in words as far as it has any: texts by language, lists, the rest as it is written.
fn told(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => words::EMPTY_VALUE.to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().map(|item| told(Some(item))).collect::<Vec<_>>().join(", "),
        Some(other) => other.to_string(),
    }
}

/// The fields that both have changed, or that only they have: what saving mine would or would not overwrite is told apart by
/// the caller's patch, which carries only my changes.
fn differing(composer: Composer) -> Vec<Differing> {
    let (Some(theirs), Some(original)) = (composer.theirs.get(), composer.original.get()) else { return Vec::new() };
    // Theirs goes through a form of the same kind, so that both are in the same spelling.
    let spelled = Draft::new(&theirs.content, composer.form.draft.languages.get_value(), &composer.desk.zone());
    let (theirs, mine, base) = (wire(&untrack(|| spelled.content())), wire(&untrack(|| composer.form.draft.content())), wire(&original.base));
    let mut found = Vec::new();
    let (Some(theirs), Some(mine)) = (theirs.as_object(), mine.as_object()) else { return found };
    let mut names: Vec<_> = theirs.keys().chain(mine.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let (their, my, old) = (theirs.get(name), mine.get(name), base.get(name));
        // Where I have changed nothing, theirs stays whatever I do.
        if their == my || my == old {
            continue;
        }
        let label = words::field(name);
        let languages = |value: Option<&Value>| value.and_then(Value::as_object).map(|texts| texts.keys().cloned().collect::<Vec<_>>());
        match (languages(their), languages(my)) {
            (None, None) => found.push(Differing { name: label.to_owned(), theirs: told(their), mine: told(my) }),
            (one, other) => {
                let mut tags = [one.unwrap_or_default(), other.unwrap_or_default()].concat();
                tags.sort();
                tags.dedup();
                for tag in tags.iter().filter(|tag| Language::parse(tag).is_ok()) {
                    let of = |value: Option<&Value>| value.and_then(|value| value.get(tag)).cloned();
                    if of(their) != of(my) && of(my) != of(old) {
                        let name = format!("{label} ({})", words::language(tag));
                        found.push(Differing { name, theirs: told(of(their).as_ref()), mine: told(of(my).as_ref()) });
                    }
                }
            }
        }
    }
    found
}

/// Nothing, until someone else's change is found.
pub(crate) fn panel(composer: Composer) -> AnyView {
    let list = move || {
        let found = differing(composer);
        if found.is_empty() {
            return view! { <p>{words::CONFLICT_NONE}</p> }.into_any();
        }
        let items = found.into_iter().map(|field| {
            view! {
                <div>
                    <dt>{field.name}</dt>
                    <dd><span class="quiet">{words::CONFLICT_THEIRS} ": "</span>{field.theirs}</dd>
                    <dd><span class="quiet">{words::CONFLICT_MINE} ": "</span>{field.mine}</dd>
                </div>
            }
        });
        view! { <p>{words::CONFLICT_HINT}</p><dl>{items.collect_view()}</dl> }.into_any()
    };
    view! {
        <section class="faults" id="conflict" data-test="conflict" tabindex="-1" aria-labelledby="conflict-heading" hidden=move || composer.theirs.with(Option::is_none)>
            <h2 id="conflict-heading">{words::CONFLICT}</h2>
            {list}
            <div class="row">
                <button type="button" class="primary" data-test="conflict-keep" on:click=move |_| composer.keep_mine()>{words::CONFLICT_KEEP}</button>
                <button type="button" data-test="conflict-take" on:click=move |_| composer.take_theirs()>{words::CONFLICT_TAKE}</button>
            </div>
        </section>
    }
    .into_any()
}
