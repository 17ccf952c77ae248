//! What the texts of a template lack: a portal that uses it speaks a language in which one of them is not written.

use domain::{
    text::Language,
    words::{PortalId, ServiceId},
};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::form::Form;
use crate::{
    fields::Faults,
    words::{self, catalogue::say},
};

/// The texts of a notice that people read.
const TEXTS: [&str; 6] = [
    "/notice/title",
    "/notice/impact",
    "/notice/guidance",
    "/notice/still_works",
    "/notice/applications",
    "/notice/deadline_note",
];

pub(super) fn section(form: Form) -> AnyView {
    let lacking = Memo::new(move |_| {
        let template = form.draft.followed();
        let languages = spoken(form, &template);
        languages
            .into_iter()
            .map(|language| (unwritten(&template, &language), language))
            .filter(|(texts, _)| !texts.is_empty())
            .collect::<Vec<_>>()
    });
    let line = move |(texts, language): (Vec<&'static str>, Language)| {
        let names: Vec<String> = texts.iter().map(|text| words::catalogue::pointed_at(text)).collect();
        let said = words::said_of(&words::language(language.as_str()), &names.join(" · "));
        let first = texts.first().map(|text| format!("{text}/{language}")).unwrap_or_default();
        let go = move |_| {
            form.reveal(&first);
            let first = first.clone();
            Faults::focus_soon(first);
        };
        view! { <li><button type="button" class="link" on:click=go>{said}</button></li> }
    };
    view! {
        <section class="advice" data-test="missing-texts" aria-labelledby="missing-heading" hidden=move || lacking.with(Vec::is_empty)>
            <h3 id="missing-heading">{say().missing_texts}</h3>
            <p>{say().missing_hint}</p>
            <ul>{move || lacking.get().into_iter().map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// The languages of the portals on which such a notice would stand.
fn spoken(form: Form, template: &Value) -> Vec<Language> {
    let (services, portals) = (
        read::<Vec<ServiceId>>(template, "/notice/services"),
        read::<Vec<PortalId>>(template, "/notice/portals"),
    );
    let mut touched = form.desk.dependents(&services);
    touched.extend(services);
    let catalogue = form.desk.known();
    let using = catalogue
        .portals
        .iter()
        .filter(|portal| portals.contains(&portal.id) || portal.services.iter().any(|service| touched.contains(service)));
    let mut languages: Vec<Language> = Vec::new();
    for language in using.flat_map(|portal| &portal.languages) {
        if !languages.contains(language) {
            languages.push(language.clone());
        }
    }
    languages
}

fn read<T: DeserializeOwned + Default>(template: &Value, pointer: &str) -> T {
    let stands = template.pointer(pointer).cloned();
    stands.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default()
}

/// The texts that are written in another language, and not in this one.
fn unwritten(template: &Value, language: &Language) -> Vec<&'static str> {
    let is_written = |text: &Value| text.as_str().is_some_and(|text| !text.trim().is_empty());
    let lacks = |text: &&str| {
        let variants = template.pointer(text).and_then(Value::as_object);
        variants.is_some_and(|variants| variants.values().any(is_written) && !variants.get(language.as_str()).is_some_and(is_written))
    };
    TEXTS.into_iter().filter(lacks).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_missing_in_a_language_where_another_has_it() {
        let template =
            json!({"name": {"de": "A"}, "notice": {"title": {"de": "A", "en": "B"}, "impact": {"de": "A", "en": " "}, "guidance": {}}});
        let lacks = |tag: &str| unwritten(&template, &Language::parse(tag).unwrap());
        assert_eq!(lacks("de"), Vec::<&str>::new());
        assert_eq!(lacks("en"), ["/notice/impact"]);
        assert_eq!(lacks("de-simple"), ["/notice/title", "/notice/impact"]);
        assert_eq!(
            read::<Vec<ServiceId>>(&json!({"notice": {"services": ["a"]}}), "/notice/services").len(),
            1
        );
        assert_eq!(read::<Vec<ServiceId>>(&template, "/notice/services").len(), 0);
    }
}
