//! An entry while it is written: what stands in it by JSON pointer, kept in the browser until it is saved.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::unsaved;

/// What is kept of an entry that was not saved: over which revision it was written, what stood in it then, and what stands in it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// None: it is new.
    pub(super) revision: Option<u32>,
    pub(super) before: Value,
    pub(super) value: Value,
}

/// An entry while it is written.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    kept: RwSignal<Kept>,
    place: StoredValue<String>,
}

impl Draft {
    /// An entry as it stands, or as somebody left it; `place`: under what it is kept. The second: whether it was left unsaved.
    pub(super) fn open(place: String, revision: Option<u32>, value: Value) -> (Self, bool) {
        let left = unsaved::at::<Kept>(&place).map(|typed| typed.what);
        let left = left.filter(|left| !is_same(&left.value, &value));
        let is_left = left.is_some();
        let fresh = || Kept {
            revision,
            before: value.clone(),
            value: value.clone(),
        };
        let draft = Self {
            kept: RwSignal::new(left.unwrap_or_else(fresh)),
            place: StoredValue::new(place),
        };
        (draft, is_left)
    }

    /// What stands at a pointer, without following it.
    pub(super) fn at(self, pointer: &str) -> Value {
        self.kept
            .with_untracked(|kept| kept.value.pointer(pointer).cloned().unwrap_or_default())
    }

    /// All that stands in it, following its changes.
    pub(super) fn followed(self) -> Value {
        self.kept.with(|kept| kept.value.clone())
    }

    /// The text at a pointer; a number is one, too.
    pub(super) fn text(self, pointer: &str) -> String {
        match self.at(pointer) {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }

    /// Puts something at a pointer; what is empty is taken out.
    pub(super) fn set(self, pointer: &str, value: Value) {
        self.kept.update(|kept| put(&mut kept.value, pointer, value));
        self.keep();
    }

    fn keep(self) {
        let Some(place) = self.place.try_get_value() else { return };
        self.kept.with_untracked(|kept| {
            let is_typed = !is_same(&kept.value, &kept.before);
            unsaved::keep(&place, is_typed.then_some(kept));
        });
    }

    /// Whether anything is written in a language.
    pub(super) fn has_language(self, tag: &str) -> bool {
        self.kept.with(|kept| mentions(&kept.value, tag))
    }

    /// Whether it differs from what is saved.
    pub(super) fn is_changed(self) -> bool {
        self.kept.with(|kept| !is_same(&kept.value, &kept.before))
    }

    /// What is to be saved, and over which revision.
    pub(super) fn sent(self) -> (Option<u32>, Value) {
        self.kept.with_untracked(|kept| (kept.revision, kept.value.clone()))
    }

    /// What was sent is saved. What was typed since then is still to be saved.
    pub(super) fn saved(self, revision: u32, sent: &Value, answer: Value) {
        self.kept.update(|kept| {
            if kept.value == *sent {
                kept.value = answer.clone();
            }
            kept.revision = Some(revision);
            kept.before = answer;
        });
        self.keep();
    }

    /// Nothing of it is kept any more.
    pub(super) fn let_go(self) {
        unsaved::keep::<Kept>(&self.place.get_value(), None);
    }

    /// Whether the page that it belongs to was left.
    pub(super) fn is_left(self) -> bool {
        self.place.try_get_value().is_none()
    }

    /// Somebody else has changed it: what only they have changed is taken over, what only its author has changed stays. Where both have changed
    /// the same otherwise, by pointer; it stays as its author has it.
    pub(super) fn meet(self, revision: u32, theirs: &Value) -> Vec<String> {
        let mut both = Vec::new();
        self.kept.update(|kept| {
            *kept = Kept {
                revision: Some(revision),
                before: theirs.clone(),
                value: together(&kept.before, &kept.value, theirs, "", &mut both),
            };
        });
        self.keep();
        both
    }
}

/// What two have made of the same, put together; `both`: where they have met.
fn together(before: &Value, mine: &Value, theirs: &Value, at: &str, both: &mut Vec<String>) -> Value {
    if is_same(mine, before) {
        return theirs.clone();
    }
    if is_same(theirs, before) || is_same(mine, theirs) {
        return mine.clone();
    }
    let (Value::Object(own), Value::Object(other)) = (mine, theirs) else {
        both.push(at.to_owned());
        return mine.clone();
    };
    let mut names: Vec<&String> = own.keys().chain(other.keys()).collect();
    names.sort();
    names.dedup();
    let mut met = Map::new();
    for name in names {
        let [old, own, other] = [before, mine, theirs].map(|all| all.get(name).unwrap_or(&Value::Null));
        let chosen = together(old, own, other, &format!("{at}/{name}"), both);
        if !chosen.is_null() {
            met.insert(name.clone(), chosen);
        }
    }
    Value::Object(met)
}

/// Whether somewhere in it something stands under this key.
fn mentions(value: &Value, key: &str) -> bool {
    match value {
        Value::Object(all) => all.iter().any(|(name, value)| name == key || mentions(value, key)),
        Value::Array(all) => all.iter().any(|value| mentions(value, key)),
        _ => false,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Object(all) => all.is_empty(),
        Value::Bool(is) => !is,
        // A list in which nothing stands is one all the same: some have to be there.
        Value::Array(_) | Value::Number(_) => false,
    }
}

/// Whether two say the same: a list in which nothing stands says as much as none.
fn is_same(one: &Value, other: &Value) -> bool {
    let says_nothing = |value: &Value| is_empty(value) || value.as_array().is_some_and(Vec::is_empty);
    match (one, other) {
        _ if says_nothing(one) || says_nothing(other) => says_nothing(one) && says_nothing(other),
        (Value::Object(one), Value::Object(other)) => {
            let mut keys = one.keys().chain(other.keys());
            keys.all(|key| is_same(one.get(key).unwrap_or(&Value::Null), other.get(key).unwrap_or(&Value::Null)))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        _ => one == other,
    }
}

/// Puts a value at a pointer, with what is needed on the way; what is empty is taken out, but for places in a list.
fn put(value: &mut Value, pointer: &str, new: Value) {
    let Some(path) = pointer.strip_prefix('/') else {
        *value = new;
        return;
    };
    let (step, rest) = path
        .split_once('/')
        .map_or((path, String::new()), |(step, rest)| (step, format!("/{rest}")));
    if let Value::Array(all) = value {
        if let Some(place) = step.parse::<usize>().ok().and_then(|place| all.get_mut(place)) {
            put(place, &rest, new);
        }
        return;
    }
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    let Value::Object(all) = value else { return };
    let place = all.entry(step.to_owned()).or_insert(Value::Null);
    put(place, &rest, new);
    if is_empty(place) {
        all.remove(step);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_two_have_changed_is_put_together_text_by_text() {
        let before =
            json!({"name": {"de": "A", "en": "A"}, "value": "1", "notice": {"title": {"de": "A"}, "services": ["a"], "video": "v"}});
        let mine =
            json!({"name": {"de": "B", "en": "A"}, "value": "2", "notice": {"title": {"de": "B"}, "services": ["a", "b"], "video": "v"}});
        let theirs = json!({"name": {"de": "A", "en": "C"}, "value": "3", "notice": {"title": {"de": "A", "en": "C"}, "services": ["c"]}});
        let mut both = Vec::new();
        assert_eq!(
            together(&before, &mine, &theirs, "", &mut both),
            json!({"name": {"de": "B", "en": "C"}, "value": "2", "notice": {"title": {"de": "B", "en": "C"}, "services": ["a", "b"]}})
        );
        assert_eq!(both, ["/notice/services", "/value"]);
    }

    #[test]
    fn what_is_put_stands_there_and_what_is_empty_does_not() {
        let mut value = json!({"id": "a", "steps": [{"text": {"de": "Eins"}}, {}]});
        put(&mut value, "/name/de", json!("Amt"));
        put(&mut value, "/steps/1/text/de", json!("Zwei"));
        assert_eq!(
            value,
            json!({"id": "a", "name": {"de": "Amt"}, "steps": [{"text": {"de": "Eins"}}, {"text": {"de": "Zwei"}}]})
        );
        put(&mut value, "/name/de", json!(""));
        put(&mut value, "/steps/0/text/de", json!(""));
        assert_eq!(value, json!({"id": "a", "steps": [{}, {"text": {"de": "Zwei"}}]}));
        assert!(is_same(&json!({"hosts": [], "name": {"de": "A"}}), &json!({"name": {"de": "A"}})));
        assert!(!is_same(&json!({"hosts": ["a"]}), &json!({"hosts": ["b"]})));
        assert!(!is_same(&json!({"hosts": ["a"]}), &json!({})));
    }
}
