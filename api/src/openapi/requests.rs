//! The shapes of requests that no type has as a whole: what is changed of something, and what comes beside it.

use std::marker::PhantomData;

use domain::{freeze::Terms, notice::Content};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// What may be said for such a request beside it.
const GROUNDS: [(&str, &str, &str); 3] = [
    (
        "freeze_reason",
        "string",
        "Why planned work may be in frozen time, if it is; one line, which is kept with the freeze.",
    ),
    (
        "ask_approval",
        "boolean",
        "Whether it waits where it takes a second person. It is then answered with 202 and what waits.",
    ),
    (
        "break_glass",
        "string",
        "Why it cannot wait for a second person, where it takes one: it is done at once, and looked at afterwards. One line.",
    ),
];

/// A request that may take a reason, or a second person.
pub(super) struct Planning<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for Planning<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        if let Some(schema) = schema.as_object_mut()
            && let Some(fields) = schema.entry("properties").or_insert_with(|| json!({})).as_object_mut()
        {
            for (name, kind, about) in GROUNDS {
                fields.insert(name.to_owned(), json!({"type": [kind, "null"], "description": about}));
            }
        }
        schema
    }
}

/// What may be changed of a notice: each field, or none.
pub(super) struct NoticePatch;

impl JsonSchema for NoticePatch {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "NoticePatch".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Content::json_schema(generator);
        schema.remove("required");
        let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
        for field in fields.into_iter().flat_map(Map::values_mut) {
            // Emptied, where it may be empty.
            *field = json!({"anyOf": [field.take(), {"type": "null"}]});
        }
        schema.insert(
            "description".to_owned(),
            "What is to be changed of a notice; `null` empties.".into(),
        );
        schema
    }
}

/// What may be changed of a plan.
pub(super) struct PlanPatch;

impl JsonSchema for PlanPatch {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PlanPatch".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "What is to be changed of a plan, as a JSON merge patch; `null` empties. Of `recurrence`, a rule of another kind and `until` are replaced whole.",
            "properties": {
                "notice": {"type": "object"},
                "recurrence": {"type": "object"},
                "announce_hours": {"type": "integer"},
                "text": {"type": "object", "description": "For those who have read what was announced.", "additionalProperties": {"type": "string"}},
            },
        })
    }
}

/// The same, and from which day on.
pub(super) struct PlanSplit;

impl JsonSchema for PlanSplit {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PlanSplit".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = PlanPatch::json_schema(generator);
        if let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            fields.insert(
                "from".to_owned(),
                json!({"type": "string", "format": "date", "description": "From which day on."}),
            );
        }
        schema.insert("required".to_owned(), json!(["from"]));
        schema
    }
}

/// What may be changed of the terms of a freeze.
pub(super) struct TermsPatch;

impl JsonSchema for TermsPatch {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TermsPatch".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Terms::json_schema(generator);
        schema.remove("required");
        schema
    }
}
