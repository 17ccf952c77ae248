//! Two people edited one notice: theirs is stored, mine is in the form; the reader of both decides.

use domain::notice::{Content, Notice};
use leptos::prelude::*;
use serde_json::Value;

use crate::{
    clock::Zone,
    draft::{Draft, wire},
    words,
};

/// The two sides of a conflict, and what can be done about it.
#[derive(Clone, Copy)]
pub(crate) struct Conflict {
    /// The notice as someone else has changed it meanwhile; `None`: nobody has.
    pub(crate) theirs: Signal<Option<Notice>>,
    /// What both began with; `None`: the notice does not exist yet.
    pub(crate) base: Signal<Option<Content>>,
    /// What is in the form.
    pub(crate) mine: Draft,
    /// In which times are typed.
    pub(crate) zone: StoredValue<Zone>,
    /// Saves mine over theirs.
    pub(crate) keep: Callback<()>,
    /// Puts theirs into the form.
    pub(crate) take: Callback<()>,
}

/// One field in which the two differ.
struct Differing {
    name: String,
    theirs: String,
    mine: String,
}

/// A value of the wire in words as far as it has any: texts by language, lists, the rest as it is written.
fn told(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => words::say().empty_value.to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().map(|item| told(Some(item))).collect::<Vec<_>>().join(", "),
        Some(other) => other.to_string(),
    }
}

/// What two people did.
#[derive(Default)]
struct Comparison {
    /// Where I changed something and theirs is another.
    differing: Vec<Differing>,
    /// What they alone changed; saving mine leaves it, since only my changes are sent.
    theirs_alone: Vec<String>,
}

/// A text in one language, or a whole field that has no languages.
fn parts(theirs: Option<&Value>, mine: Option<&Value>, base: Option<&Value>) -> Vec<Option<String>> {
    let objects: Vec<_> = [theirs, mine, base].into_iter().flatten().filter_map(Value::as_object).collect();
    if objects.is_empty() {
        return vec![None];
    }
    let mut tags: Vec<_> = objects.into_iter().flat_map(|texts| texts.keys().cloned()).collect();
    tags.sort();
    tags.dedup();
    tags.into_iter().map(Some).collect()
}

fn compare(conflict: Conflict) -> Comparison {
    let mut found = Comparison::default();
    let (Some(theirs), Some(base)) = (conflict.theirs.get(), conflict.base.get()) else {
        return found;
    };
    // Theirs goes through a form of the same kind, so that both are in the same spelling.
    let spelled = Draft::new(&theirs.content, conflict.mine.languages.get_value(), &conflict.zone.get_value());
    let theirs = wire(&untrack(|| spelled.content()));
    let mine = wire(&untrack(|| conflict.mine.content()));
    let base = wire(&base);
    let mut names: Vec<_> = [&theirs, &mine, &base]
        .into_iter()
        .filter_map(Value::as_object)
        .flat_map(|fields| fields.keys())
        .collect();
    names.sort();
    names.dedup();
    for field in names {
        let whole = |value: &Value| value.get(field).cloned();
        for tag in parts(whole(&theirs).as_ref(), whole(&mine).as_ref(), whole(&base).as_ref()) {
            let of = |value: &Value| match &tag {
                Some(tag) => value.get(field).and_then(|texts| texts.get(tag)).cloned(),
                None => whole(value),
            };
            let (their, my, old) = (of(&theirs), of(&mine), of(&base));
            let name = match &tag {
                Some(tag) => format!("{} ({})", words::field(field), words::language(tag)),
                None => words::field(field).to_owned(),
            };
            if my == old && their != old {
                found.theirs_alone.push(name);
            } else if my != old && their != my {
                found.differing.push(Differing {
                    name,
                    theirs: told(their.as_ref()),
                    mine: told(my.as_ref()),
                });
            }
        }
    }
    found
}

/// Nothing, until someone else's change is found.
pub(crate) fn panel(conflict: Conflict) -> AnyView {
    let list = move || {
        let Comparison { differing, theirs_alone } = compare(conflict);
        let alone = (!theirs_alone.is_empty()).then(|| view! { <p>{words::say().conflict_also} " " {theirs_alone.join(", ")}</p> });
        if differing.is_empty() {
            return view! { <p>{words::say().conflict_none}</p>{alone} }.into_any();
        }
        let items = differing.into_iter().map(|field| {
            view! {
                <div>
                    <dt>{field.name}</dt>
                    <dd><span class="quiet">{words::say().conflict_theirs} ": "</span>{field.theirs}</dd>
                    <dd><span class="quiet">{words::say().conflict_mine} ": "</span>{field.mine}</dd>
                </div>
            }
        });
        view! { <p>{words::say().conflict_hint}</p><dl>{items.collect_view()}</dl>{alone} }.into_any()
    };
    view! {
        <section class="faults" id="conflict" data-test="conflict" tabindex="-1" aria-labelledby="conflict-heading"
            hidden=move || conflict.theirs.with(Option::is_none)>
            <h2 id="conflict-heading">{words::say().conflict}</h2>
            {list}
            <div class="row">
                <button type="button" class="primary" data-test="conflict-keep"
                    on:click=move |_| conflict.keep.run(())>{words::say().conflict_keep}</button>
                <button type="button" data-test="conflict-take" on:click=move |_| conflict.take.run(())>{words::say().conflict_take}</button>
            </div>
        </section>
    }
    .into_any()
}
