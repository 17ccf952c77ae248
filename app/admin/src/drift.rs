//! Translations that a change has left behind: a text was changed in one language, and what stands in the others has the old meaning.

use std::collections::BTreeMap;

use domain::{
    notice::Content,
    text::{Language, Localized},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words;

/// The texts of a notice, by their names on the wire.
fn texts(content: &Content) -> [(&'static str, &Localized); 6] {
    [
        ("title", &content.title),
        ("impact", &content.impact),
        ("guidance", &content.guidance),
        ("still_works", &content.still_works),
        ("applications", &content.applications),
        ("deadline_note", &content.deadline_note),
    ]
}

/// One text of which some languages were changed and others not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drifted {
    pub(crate) field: &'static str,
    /// In these it says something new; empty: changed before, and saved so.
    pub(crate) changed: Vec<Language>,
    /// These say what was said before.
    pub(crate) left: Vec<Language>,
}

/// What was saved with languages left behind: the field and the language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Left {
    field: String,
    language: Language,
}

/// Compares the texts with those from which the author began. `before` was left behind by an earlier change.
fn compare(base: &Content, typed: &Content, before: &[Left], confirmed: &BTreeMap<&'static str, Localized>) -> Vec<Drifted> {
    let mut found = Vec::new();
    for ((field, old), (_, new)) in texts(base).into_iter().zip(texts(typed)) {
        if confirmed.get(field).is_some_and(|seen| seen == new) {
            continue;
        }
        // A language that is new says nothing new, and one that catches up says what the others say.
        let is_before = |language: &Language| before.iter().any(|left| left.field == field && left.language == *language);
        let is_same = |language: &Language| new.get(language) == old.get(language);
        let known = || {
            new.iter()
                .map(|(language, _)| language)
                .filter(|language| old.get(language).is_some())
        };
        let changed: Vec<_> = known()
            .filter(|language| !is_same(language) && !is_before(language))
            .cloned()
            .collect();
        let left: Vec<_> = known()
            .filter(|language| is_same(language) && (!changed.is_empty() || is_before(language)))
            .cloned()
            .collect();
        if !left.is_empty() {
            found.push(Drifted { field, changed, left });
        }
    }
    found
}

/// Watches the texts of a form.
#[derive(Clone, Copy)]
pub(crate) struct Drift {
    base: RwSignal<Content>,
    before: StoredValue<Vec<Left>>,
    /// Texts of which the author has said that the other languages still fit, as they were then.
    confirmed: RwSignal<BTreeMap<&'static str, Localized>>,
}

impl Drift {
    /// The author begins with this content, of which some languages were left behind before.
    pub(crate) fn new(base: Content, before: Vec<Left>) -> Self {
        Self {
            base: RwSignal::new(base),
            before: StoredValue::new(before),
            confirmed: RwSignal::new(BTreeMap::new()),
        }
    }

    /// The author goes on from another content.
    pub(crate) fn rebase(self, base: Content) {
        self.base.set(base);
    }

    pub(crate) fn of(self, typed: &Content) -> Vec<Drifted> {
        self.base.with(|base| {
            self.before
                .with_value(|before| self.confirmed.with(|confirmed| compare(base, typed, before, confirmed)))
        })
    }

    /// The other languages of this text still fit.
    pub(crate) fn confirm(self, field: &str, typed: &Content) {
        if let Some((field, text)) = texts(typed).into_iter().find(|(name, _)| *name == field) {
            self.confirmed.update(|confirmed| {
                confirmed.insert(field, text.clone());
            });
        }
    }

    /// What is left behind when this is saved.
    pub(crate) fn left(self, typed: &Content) -> Vec<Left> {
        let of_one = |drifted: Drifted| {
            drifted.left.into_iter().map(move |language| Left {
                field: drifted.field.to_owned(),
                language,
            })
        };
        self.of(typed).into_iter().flat_map(of_one).collect()
    }
}

fn names(languages: &[Language]) -> String {
    languages
        .iter()
        .map(|language| words::language(language.as_str()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// What to say beside a text.
pub(crate) fn beside(drifted: &Drifted) -> String {
    words::drifted(&names(&drifted.changed), &names(&drifted.left))
}

/// What to say before publishing; empty when there is nothing.
pub(crate) fn before_publishing(all: &[Drifted]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let each = all
        .iter()
        .map(|drifted| format!("{} ({})", words::field(drifted.field), names(&drifted.left)));
    words::drifted_texts(&each.collect::<Vec<_>>().join(", "))
}

/// Under this name the storage keeps which languages of a notice were left behind.
pub(crate) fn place(id: &str) -> String {
    format!("left-behind {id}")
}

/// What to say of a saved notice before it is published; empty when there is nothing.
pub(crate) fn of_saved(left: &[Left]) -> String {
    if left.is_empty() {
        return String::new();
    }
    let each = left
        .iter()
        .map(|left| format!("{} ({})", words::field(&left.field), words::language(left.language.as_str())));
    words::drifted_texts(&each.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn content(title: serde_json::Value) -> Content {
        let whole = json!({"kind": "outage", "severity": "outage", "services": [], "portals": [], "title": title});
        serde_json::from_value(whole).unwrap()
    }

    #[test]
    fn what_a_change_leaves_behind_is_named_until_it_is_touched() {
        let both = json!({"de": "A", "en": "B"});
        for (base, typed, left) in [
            (both.clone(), both.clone(), ""),
            (both.clone(), json!({"de": "C", "en": "B"}), "en"),
            (both.clone(), json!({"de": "A", "en": "D"}), "de"),
            (both.clone(), json!({"de": "C", "en": "D"}), ""),
            // A language that is new or gone leaves nothing behind that was there.
            (both.clone(), json!({"de": "C"}), ""),
            (json!({}), json!({"de": "C"}), ""),
            (json!({"de": "A"}), json!({"de": "A", "en": "B"}), ""),
        ] {
            let found = compare(&content(base.clone()), &content(typed.clone()), &[], &BTreeMap::new());
            let tags: Vec<_> = found.iter().flat_map(|drifted| &drifted.left).map(Language::as_str).collect();
            assert_eq!(tags.join(" "), left, "{base} {typed}");
        }
        // What an earlier change left behind stays named, until it is touched or confirmed.
        let before = [Left {
            field: "title".into(),
            language: Language::parse("en").unwrap(),
        }];
        let saved = content(both);
        assert_eq!(compare(&saved, &saved, &before, &BTreeMap::new()).len(), 1);
        let touched = content(json!({"de": "A", "en": "D"}));
        assert!(compare(&saved, &touched, &before, &BTreeMap::new()).is_empty());
        let confirmed = BTreeMap::from([("title", saved.title.clone())]);
        assert!(compare(&saved, &saved, &before, &confirmed).is_empty());
    }
}
