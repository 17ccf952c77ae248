//! What an entry says, field by field, and what was otherwise before.

use std::collections::BTreeMap;

use domain::schedule::read_day;
use jiff::Timestamp;
use leptos::prelude::*;
use serde_json::Value;

use crate::{
    clock::Zone,
    words::{self, record::say},
};

/// What of an event describes a thing as a whole, so that it can be compared with what was before; nothing for other events.
pub(super) fn whole(event: &Value) -> Option<&Value> {
    let (_, inside) = event.as_object()?.iter().next()?;
    let imported = inside.get("notice").and_then(|notice| notice.get("content"));
    ["content", "plan", "terms"]
        .into_iter()
        .find_map(|key| inside.get(key))
        .or(imported)
}

/// What a thing was before an entry.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Before {
    /// There was none.
    Nothing,
    Known(Value),
    /// It is not to be read any more.
    Lost,
}

/// What a thing was before, by the entries about it from the newest on; `None`: they do not go back far enough.
pub(super) fn before<'a>(events: impl IntoIterator<Item = Option<&'a Value>>) -> Option<Before> {
    let mut steps: Vec<&Value> = Vec::new();
    for event in events {
        let Some(event) = event else { return Some(Before::Lost) };
        if let Some(whole) = whole(event) {
            let mut known = whole.clone();
            steps.iter().rev().for_each(|step| moved_on(&mut known, step));
            return Some(Before::Known(known));
        }
        if event.get("channel_back").is_some() {
            return Some(Before::Nothing);
        }
        steps.extend(event.get("notice_advanced").and_then(|advanced| advanced.get("step")));
    }
    None
}

/// What a step changes of the content of a notice.
fn moved_on(content: &mut Value, step: &Value) {
    if let Some(end) = step.get("end") {
        content["ends_at"] = end.get("at").cloned().unwrap_or_default();
        content["end_certainty"] = end.get("certainty").cloned().unwrap_or_default();
    }
    for key in ["next_update_at", "ended_at"] {
        if let Some(instant) = step.get(key) {
            content[key] = instant.clone();
        }
    }
}

/// Whether the event replaces what was there before.
pub(super) fn replaces(event: &Value) -> bool {
    ["notice_edited", "series_edited", "freeze_edited", "channel_out"]
        .iter()
        .any(|what| event.get(what).is_some())
}

/// Each field with what stands in it, by its JSON pointer.
fn fields(value: &Value) -> BTreeMap<String, String> {
    fn walk(value: &Value, at: &str, into: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(object) => object.iter().for_each(|(key, value)| walk(value, &format!("{at}/{key}"), into)),
            Value::Array(items) if items.iter().any(Value::is_object) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(i, value)| walk(value, &format!("{at}/{i}"), into));
            }
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(plain).collect();
                into.insert(at.to_owned(), items.join(", "));
            }
            value => drop(into.insert(at.to_owned(), plain(value))),
        }
    }
    let mut all = BTreeMap::new();
    walk(value, "", &mut all);
    all.retain(|_, text| !text.is_empty());
    all
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What stands in a field, for people: days and instants as elsewhere, choices by their words.
fn told(zone: &Zone, pointer: &str, text: &str) -> String {
    if let Some(day) = read_day(text) {
        return words::day(day);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return zone.full(at);
    }
    let name = pointer.rsplit('/').next().unwrap_or_default();
    words::record::choice(name, text).map_or_else(|| text.to_owned(), str::to_owned)
}

/// What a field is called: its name, and the language or the place of the piece.
fn name(pointer: &str) -> String {
    let mut steps = pointer.split('/').skip(1);
    let name = words::field(steps.next().unwrap_or_default()).to_owned();
    let rest: Vec<String> = steps
        .map(|step| {
            if domain::text::Language::parse(step).is_ok() && step.len() <= 9 {
                words::language(step)
            } else {
                words::field(step).to_owned()
            }
        })
        .collect();
    if rest.is_empty() {
        name
    } else {
        format!("{name} ({})", rest.join(", "))
    }
}

/// The fields that are otherwise than before, or all where nothing was before.
pub(super) fn list(zone: &Zone, before: Option<&Value>, now: &Value) -> AnyView {
    let (old, new) = (before.map(fields), fields(now));
    let Some(old) = old else {
        let one = |(pointer, text): (String, String)| {
            view! { <div><dt>{name(&pointer)}</dt><dd>{told(zone, &pointer, &text)}</dd></div> }
        };
        return view! { <dl class="changes">{new.into_iter().map(one).collect_view()}</dl> }.into_any();
    };
    let pointers: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changed: Vec<_> = pointers
        .into_iter()
        .filter(|pointer| old.get(*pointer) != new.get(*pointer))
        .collect();
    if changed.is_empty() {
        return view! { <p>{say().same}</p> }.into_any();
    }
    let one = |pointer: &String| {
        let side = |text: Option<&String>| text.map_or_else(|| say().nothing.to_owned(), |text| told(zone, pointer, text));
        view! {
            <div>
                <dt>{name(pointer)}</dt>
                <dd><span class="quiet">{say().before} ": "</span><del>{side(old.get(pointer))}</del></dd>
                <dd><span class="quiet">{say().after} ": "</span><ins>{side(new.get(pointer))}</ins></dd>
            </div>
        }
    };
    view! { <dl class="changes">{changed.into_iter().map(one).collect_view()}</dl> }.into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_told_by_pointer_and_empty_ones_are_not() {
        let content =
            json!({"title": {"de": "Titel", "en": ""}, "services": ["a", "b"], "ends_at": null, "steps": [{"form": "x"}], "n": 3});
        let told: Vec<_> = fields(&content).into_iter().collect();
        let expected = [("/n", "3"), ("/services", "a, b"), ("/steps/0/form", "x"), ("/title/de", "Titel")];
        assert_eq!(told, expected.map(|(pointer, text)| (pointer.to_owned(), text.to_owned())));
    }

    #[test]
    fn days_and_choices_are_told_in_words() {
        let zone = Zone::new("Europe/Berlin");
        for (pointer, text, expected) in [
            ("/recurrence/first", "2027-01-12", "Di., 12. Januar 2027"),
            ("/at_end", "complete", "von selbst beenden"),
            ("/severity", "outage", "Ausfall"),
            ("/kind", "outage", "Störung"),
            ("/title/de", "outage", "outage"),
        ] {
            assert_eq!(told(&zone, pointer, text), expected);
        }
    }

    #[test]
    fn what_was_before_is_what_the_last_whole_said_and_what_followed_from_it() {
        let written = json!({"notice_created": {"content": {"a": 1, "ends_at": "x"}}});
        let moved = |at: &str| json!({"notice_advanced": {"step": {"end": {"at": at, "certainty": "estimated"}}}});
        let (first, second) = (moved("y"), moved("z"));
        let expected = json!({"a": 1, "ends_at": "z", "end_certainty": "estimated"});
        assert_eq!(before([Some(&second), Some(&first), Some(&written)]), Some(Before::Known(expected)));
        assert_eq!(before([None, Some(&written)]), Some(Before::Lost));
        assert_eq!(before([Some(&first)]), None);
        let (back, out) = (json!({"channel_back": {"id": "a"}}), json!({"channel_out": {"terms": {}}}));
        assert_eq!(before([Some(&back), Some(&out)]), Some(Before::Nothing));
    }

    #[test]
    fn what_describes_a_thing_as_a_whole_is_found() {
        assert_eq!(
            whole(&json!({"notice_edited": {"id": "2026-0001", "content": {"a": 1}}})),
            Some(&json!({"a": 1}))
        );
        assert_eq!(whole(&json!({"series_ended": {"id": "S-0001"}})), None);
    }
}
