//! `openapi.json`: all calls, described by the types that they take and answer (OpenAPI 3.1).
//!
//! The document is made here and kept beside the code, so that each change of the contract is seen by whoever reads the change; a test keeps
//! the two together. `cargo run --package api --features schema --example contract` writes it anew.

mod calls;
mod catalogue;
mod description;
mod probe;
mod public;
mod report;
mod requests;
mod schemas;
mod session;
mod source;

use std::collections::{BTreeMap, BTreeSet};

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use wire::PublicState;

use self::{
    description::{Access, Answer, Body, Description, Group},
    schemas::Schemas,
};
use crate::{Call, Problem, ProblemKind, call::NAMES};

/// A name, and what is in it.
pub type File = (&'static str, fn() -> Value);

/// The documents, by their names in `public/contract/`.
pub const FILES: [File; 2] = [("openapi.json", document), ("state-v1.json", state_schema)];

/// A document as its file has it.
pub fn text(document: &Value) -> String {
    format!("{document:#}\n")
}

/// What `GET /openapi.json` answers.
pub fn document() -> Value {
    let mut schemas = Schemas::default();
    let mut refusals = Refusals::default();
    let mut paths = Map::new();
    for call in Call::ALL {
        let path = call.path().0.replace("{*", "{");
        let methods = paths.entry(path).or_insert_with(|| json!({}));
        methods[call.method().word().to_ascii_lowercase()] = operation(*call, &mut schemas, &mut refusals);
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Umleitung",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Notices of outages and maintenance, and what people can do instead.",
            "description": ABOUT,
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": "/"}],
        "tags": Group::ALL.iter().map(|group| json!({"name": group.name(), "description": group.about()})).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "responses": refusals.responses(&mut schemas),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token, as `umleitung token create` prints it."},
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-umleitung_session", "description": "The session of the admin page, which a sign-in begins."},
            },
        },
    });
    schemas.put_into(&mut document);
    document
}

/// What `GET /schema/state-v1.json` answers.
pub fn state_schema() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    generator.into_root_schema_for::<PublicState>().to_value()
}

const ABOUT: &str = "Fields and codes are added, never changed or taken away; whoever reads an answer passes over what they do not know. \
    Unknown fields of a request are refused, never ignored. Instants are RFC 3339; texts are objects keyed by language tags (BCP 47). \
    What went wrong is told by a problem document (RFC 9457): its `type` and the `code` of each fault are the contract, their sentences are \
    for people. A request that failed with 5xx may be sent again under the same `Idempotency-Key`: it is carried out once.";

fn operation(call: Call, schemas: &mut Schemas, refusals: &mut Refusals) -> Value {
    let description = if call.is_management() { calls::of(call) } else { public::of(call) };
    let mut operation = json!({
        "operationId": name(call),
        "tags": [description.group.name()],
        "summary": description.summary,
        "responses": responses(&description, schemas, refusals),
    });
    if !description.detail.is_empty() {
        operation["description"] = description.detail.into();
    }
    let mut parameters: Vec<Value> = call.path().gaps().map(|gap| in_path(call, gap, schemas)).collect();
    if let Some(query) = description.query {
        parameters.extend(schemas.parameters(query));
    }
    parameters.extend(description.headers.iter().map(|header| {
        json!({"name": header.name, "in": "header", "required": header.is_required, "description": header.about, "schema": {"type": "string", "pattern": header.pattern}})
    }));
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(Body { media, shape }) = description.body {
        let content: Map<String, Value> = media
            .iter()
            .map(|media| {
                let mut content = json!({"schema": schemas.asked(shape)});
                if let Some(example) = &description.example {
                    content["example"] = example.clone();
                }
                ((*media).to_owned(), content)
            })
            .collect();
        operation["requestBody"] = json!({"required": true, "content": content});
    }
    match description.access {
        Access::Anyone | Access::Newcomer => operation["security"] = json!([]),
        Access::Source => operation["security"] = json!([{"token": []}]),
        Access::Holder(role) => {
            operation["security"] = json!([{"token": []}, {"session": []}]);
            operation["x-role"] = role.word().into();
        }
    }
    operation
}

/// The call's name, as programs that are made from the document call it: `createNotice`.
fn name(call: Call) -> String {
    let found = NAMES.iter().find(|(other, _)| *other == call);
    let (first, rest) = found.map_or("?", |(_, name)| name).split_at(1);
    first.to_ascii_lowercase() + rest
}

fn in_path(call: Call, gap: &str, schemas: &mut Schemas) -> Value {
    let schema = match (call, gap) {
        (_, "portal") => schemas.asked(schemas::shape::<domain::words::PortalId>),
        (_, "transition") => json!({"type": "string", "enum": domain::notice::Transition::ALL.map(domain::notice::Transition::word)}),
        (_, "id") if call.path().0.contains("/notices/") => schemas.asked(schemas::shape::<domain::words::NoticeId>),
        _ => json!({"type": "string"}),
    };
    json!({"name": gap, "in": "path", "required": true, "schema": schema})
}

fn responses(description: &Description, schemas: &mut Schemas, refusals: &mut Refusals) -> Value {
    let mut responses = Map::new();
    for answer in &description.answers {
        let Answer {
            status,
            about,
            media,
            shape,
        } = answer;
        let mut response = json!({"description": about});
        if let Some(media) = media {
            let schema = shape.map_or_else(|| json!({"type": "string"}), |shape| schemas.answer(shape));
            response["content"] = json!({*media: {"schema": schema}});
        }
        responses.insert(status.to_string(), response);
    }
    let mut problems: BTreeMap<u16, BTreeSet<&str>> = BTreeMap::new();
    for kind in &description.problems {
        problems.entry(kind.status()).or_default().insert(kind.urn());
    }
    for (status, kinds) in problems {
        // People get a page where programs get a problem document.
        if let Some(page) = responses.get_mut(&status.to_string()) {
            let refusal = refusal(&kinds, schemas);
            for (media, content) in refusal["content"].as_object().into_iter().flatten() {
                page["content"][media] = content.clone();
            }
            continue;
        }
        let name = refusals.name(status, kinds);
        responses.insert(status.to_string(), json!({"$ref": format!("#/components/responses/{name}")}));
    }
    responses.into()
}

/// What calls are refused with: those that a status may mean stand in one place for all calls that may be refused so.
#[derive(Default)]
struct Refusals(Vec<(u16, BTreeSet<&'static str>)>);

impl Refusals {
    /// The name under which these kinds stand.
    fn name(&mut self, status: u16, kinds: BTreeSet<&'static str>) -> String {
        let known = self.0.iter().position(|(other, known)| (*other, known) == (status, &kinds));
        let at = known.unwrap_or(self.0.len());
        if known.is_none() {
            self.0.push((status, kinds));
        }
        self.name_at(at)
    }

    fn name_at(&self, at: usize) -> String {
        let (status, _) = self.0[at];
        let before = self.0[..at].iter().filter(|(other, _)| *other == status).count();
        format!("Refused{status}_{}", before + 1)
    }

    fn responses(&self, schemas: &mut Schemas) -> Value {
        let told = |(at, (_, kinds)): (usize, &(u16, BTreeSet<&str>))| (self.name_at(at), refusal(kinds, schemas));
        self.0.iter().enumerate().map(told).collect::<Map<_, _>>().into()
    }
}

/// A refusal of one of these kinds.
fn refusal(kinds: &BTreeSet<&str>, schemas: &mut Schemas) -> Value {
    let problem = schemas.answered::<Problem>();
    let kinds = ProblemKind::ALL.iter().filter(|kind| kinds.contains(kind.urn()));
    let lines: Vec<String> = kinds.clone().map(|kind| format!("- `{}`: {}", kind.urn(), kind.title())).collect();
    let urns: Vec<&str> = kinds.map(|kind| kind.urn()).collect();
    let schema = json!({"allOf": [problem, {"properties": {"type": {"enum": urns}}}]});
    json!({"description": lines.join("\n"), "content": {"application/problem+json": {"schema": schema}}})
}
