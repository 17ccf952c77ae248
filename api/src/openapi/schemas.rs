//! The shapes of what is asked and answered, each under one name.

use std::collections::{BTreeMap, BTreeSet};

use schemars::{
    JsonSchema, Schema, SchemaGenerator,
    generate::{Contract, SchemaSettings},
};
use serde_json::{Map, Value, json};

/// How the schema of a type is had.
pub(super) type Shape = fn(&mut SchemaGenerator) -> Schema;

/// The schema of a type, by its name.
pub(super) fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// The schema of what is no JSON: nothing is said of it.
pub(super) fn bytes(_: &mut SchemaGenerator) -> Schema {
    Schema::default()
}

/// The schema of a type itself.
pub(super) fn whole<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    T::json_schema(generator)
}

/// Where the document has them.
const PLACE: &str = "#/components/schemas/";

/// Each has names of its own while the document is made: what may be left out of a request stands in an answer, and what the public reads is
/// told by other types than what staff write.
pub(super) struct Schemas {
    asked: SchemaGenerator,
    answered: SchemaGenerator,
}

impl Default for Schemas {
    fn default() -> Self {
        let generator = |place: &str, contract| {
            let mut settings = SchemaSettings::draft2020_12();
            settings.definitions_path = place.to_owned().into();
            settings.meta_schema = None;
            settings.contract = contract;
            settings.into_generator()
        };
        Self {
            asked: generator("/asked", Contract::Deserialize),
            answered: generator("/answered", Contract::Serialize),
        }
    }
}

impl Schemas {
    pub(super) fn asked(&mut self, shape: Shape) -> Value {
        shape(&mut self.asked).to_value()
    }

    pub(super) fn answer(&mut self, shape: Shape) -> Value {
        shape(&mut self.answered).to_value()
    }

    pub(super) fn answered<T: JsonSchema>(&mut self) -> Value {
        self.answer(shape::<T>)
    }

    /// The fields of a type as parameters behind the question mark.
    pub(super) fn parameters(&mut self, query: Shape) -> Vec<Value> {
        let schema = self.asked(query);
        let required: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        // In an order of their own, whichever the fields of an object have.
        let fields: BTreeMap<&String, &Value> = schema["properties"].as_object().into_iter().flatten().collect();
        fields
            .into_iter()
            .map(|(name, field)| {
                let mut field = without_null(field.clone());
                let about = field.as_object_mut().and_then(|field| field.remove("description"));
                let mut parameter = json!({"name": name, "in": "query", "required": required.contains(&name.as_str()), "schema": field});
                if let Some(about) = about {
                    parameter["description"] = about;
                }
                parameter
            })
            .collect()
    }

    /// Puts all that were used into the document, and has it name them where they are then.
    pub(super) fn put_into(mut self, document: &mut Value) {
        let asked = self.asked.take_definitions(true);
        let answered = self.answered.take_definitions(true);
        let apart = apart(&asked, &answered);
        let of_request = |name: &str| format!("{name}{}", if apart.contains(name) { "Asked" } else { "" });
        let mut all = answered;
        all.extend(asked.into_iter().map(|(name, schema)| (of_request(&name), schema)));
        document["components"]["schemas"] = all.into();
        each_text(document, &mut |key, text| {
            if key == "description" {
                *text = plain(text);
            } else if key == "$ref" {
                if let Some(name) = text.strip_prefix("#/answered/") {
                    *text = format!("{PLACE}{name}");
                } else if let Some(name) = text.strip_prefix("#/asked/") {
                    *text = format!("{PLACE}{}", of_request(name));
                }
            }
        });
    }
}

/// Those that look otherwise when they are asked than when they are answered, and those that name such.
fn apart(asked: &Map<String, Value>, answered: &Map<String, Value>) -> BTreeSet<String> {
    let neutral = |schema: &Value| {
        let mut schema = schema.clone();
        each_text(&mut schema, &mut |key, text| {
            if key == "$ref" {
                *text = text.rsplit('/').next().unwrap_or_default().to_owned();
            }
        });
        schema
    };
    let both = asked.iter().filter_map(|(name, schema)| Some((name, schema, answered.get(name)?)));
    let mut apart: BTreeSet<String> = both
        .clone()
        .filter(|(_, asked, answered)| neutral(asked) != neutral(answered))
        .map(|(name, ..)| name.clone())
        .collect();
    loop {
        let before = apart.len();
        for (name, schema, _) in both.clone() {
            let mut schema = schema.clone();
            let mut names_one = false;
            each_text(&mut schema, &mut |key, text| {
                names_one |= key == "$ref" && text.rsplit('/').next().is_some_and(|name| apart.contains(name));
            });
            if names_one {
                apart.insert(name.clone());
            }
        }
        if apart.len() == before {
            return apart;
        }
    }
}

/// What may be left out of an address is not `null` there.
fn without_null(mut schema: Value) -> Value {
    if let Some(types) = schema["type"].as_array_mut() {
        types.retain(|one| one != "null");
        if let [only] = types.as_slice() {
            schema["type"] = only.clone();
        }
    }
    if let Some(variants) = schema["anyOf"].as_array_mut() {
        variants.retain(|one| one["type"] != "null");
        if let [only] = variants.as_slice() {
            let only = only.clone();
            let fields = schema.as_object_mut();
            if let (Some(fields), Value::Object(only)) = (fields, only) {
                fields.remove("anyOf");
                fields.extend(only);
            }
        }
    }
    if let Some(fields) = schema.as_object_mut() {
        fields.remove("default");
        fields.retain(|_, value| !value.is_null());
    }
    schema
}

/// Comments of the code, for those who do not read the code: without the links into it.
fn plain(text: &str) -> String {
    text.replace(
        "the notations of `domain::text::markdown`",
        "paragraphs, lists, links and emphasis as in Markdown",
    )
    .replace("[`", "`")
    .replace("`]", "`")
    .replace("`None`", "`null`")
}

fn each_text(value: &mut Value, with: &mut dyn FnMut(&str, &mut String)) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if let Value::String(text) = value {
                    with(key, text);
                } else {
                    each_text(value, with);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_text(item, with)),
        _ => {}
    }
}
