//! JSON merge patches (RFC 7396) of what an author wrote: fields that are left out stay, `null` empties.

use domain::text::Language;
use serde_json::{Map, Value};

/// The texts by language that a notice has.
const TEXTS: [&str; 6] = ["title", "impact", "guidance", "still_works", "applications", "deadline_note"];

/// A patch for `DE` is one for `de`. Where it has both, both stay, and reading refuses them.
pub(crate) fn languages_in_usual_case(notice: &mut Value) {
    for name in TEXTS {
        let Some(Value::Object(text)) = notice.get_mut(name) else {
            continue;
        };
        let tags: Vec<String> = text.keys().cloned().collect();
        for tag in tags {
            let Ok(usual) = Language::parse(&tag).map(String::from) else {
                continue;
            };
            if !text.contains_key(&usual)
                && let Some(variant) = text.remove(&tag)
            {
                text.insert(usual, variant);
            }
        }
    }
}

/// Puts a patch into what there is.
pub(crate) fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(fields) = target.as_object_mut() else { return };
    for (name, value) in patch {
        if value.is_null() {
            fields.remove(&name);
        } else {
            merge(fields.entry(name).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_merge_patch_replaces_adds_and_removes() {
        let mut target = json!({"title": {"de": "a", "en": "b"}, "ends_at": "x", "services": ["a"]});
        merge(
            &mut target,
            json!({"title": {"en": null, "tr": "c"}, "ends_at": null, "services": ["b"]}),
        );
        assert_eq!(target, json!({"title": {"de": "a", "tr": "c"}, "services": ["b"]}));
    }
}
