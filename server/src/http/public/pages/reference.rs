//! `GET /api/`: all calls and types, as a page for those who write programs. It is made of `openapi.json` and says nothing beside it. In English,
//! as the names in it are.

use std::{fmt::Write, sync::LazyLock};

use axum::{http::HeaderMap, response::Response};
use serde_json::{Map, Value};

use super::frame::{self, Style};
use crate::{assets, document::Document, http::answer::serving::public};
use paper::escape;

pub(crate) async fn reference(headers: HeaderMap) -> Response {
    static PAGE: LazyLock<Document> = LazyLock::new(page);
    public(&headers, &PAGE)
}

/// How the page differs from those for citizens.
const LOOK: &str = include_str!("reference.css");

fn page() -> Document {
    let file = assets::find("contract/openapi.json")
        .map(assets::Embedded::plain)
        .unwrap_or_default();
    let api: Value = serde_json::from_slice(file).unwrap_or_default();
    let style = Style::new(&[view::STYLE, frame::PAGE, LOOK]).unframed();
    let mut body = format!(
        "<h1>The HTTP interface of Umleitung</h1><p>{}</p><p>All of this, for programs: <a href=\"../openapi.json\">openapi.json</a> (OpenAPI 3.1).</p>",
        prose(&api["info"]["description"])
    );
    let groups: Vec<&Value> = api["tags"].as_array().into_iter().flatten().collect();
    body.push_str("<nav class=\"contents\" aria-label=\"Contents\"><ul>");
    for (at, group) in groups.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(body, "<li><a href=\"#group-{at}\">{}</a></li>", text(&group["name"]));
    }
    body.push_str("<li><a href=\"#types\">Types</a></li></ul></nav>");
    for (at, group) in groups.iter().enumerate() {
        let _ = write!(
            body,
            "<h2 id=\"group-{at}\">{}</h2><p>{}</p>",
            text(&group["name"]),
            prose(&group["description"])
        );
        let calls: Vec<(&String, &String, &Value)> = fields(&api["paths"])
            .flat_map(|(path, methods)| fields(methods).map(move |(method, call)| (path, method, call)))
            .filter(|(_, _, call)| call["tags"][0] == group["name"])
            .collect();
        body.push_str("<ul>");
        for (_, _, call) in &calls {
            let _ = write!(
                body,
                "<li><a href=\"#{}\">{}</a></li>",
                text(&call["operationId"]),
                text(&call["summary"])
            );
        }
        body.push_str("</ul>");
        for (path, method, call) in calls {
            body.push_str(&section(&api, path, method, call));
        }
    }
    body.push_str("<h2 id=\"types\">Types</h2>");
    for (name, schema) in fields(&api["components"]["schemas"]) {
        let _ = write!(body, "<section><h3 id=\"{name}\">{name}</h3>{}</section>", shape(schema));
    }
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>The HTTP interface of Umleitung</title><meta name=\"color-scheme\" content=\"light dark\"><style>{css}</style></head><body>\
         <a class=\"skip\" href=\"#content\">Skip to content</a><main id=\"content\" class=\"sheet\">{body}</main></body></html>\n",
        css = style.css,
    );
    frame::document(html, &style)
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// A call: who may, what it takes, what comes back.
fn section(api: &Value, path: &str, method: &str, call: &Value) -> String {
    let mut html = format!(
        "<section><h3 id=\"{id}\">{summary}</h3><p class=\"call\"><code><b>{method}</b> {path}</code></p><p>{detail}</p>",
        id = text(&call["operationId"]),
        summary = text(&call["summary"]),
        method = method.to_ascii_uppercase(),
        path = escape(path),
        detail = prose(&call["description"]),
    );
    if let Some(role) = call["x-role"].as_str() {
        let _ = write!(html, "<p>For the role <code>{role}</code>, by a token or a session.</p>");
    }
    let parameters: Vec<&Value> = call["parameters"].as_array().into_iter().flatten().collect();
    if !parameters.is_empty() {
        html.push_str("<h4>Parameters</h4><dl>");
        for parameter in parameters {
            let required = if parameter["required"] == true { ", required" } else { "" };
            let _ = write!(
                html,
                "<dt><code>{}</code> <span>{}{required}, in the {}</span></dt><dd>{}</dd>",
                text(&parameter["name"]),
                kind(&parameter["schema"]),
                text(&parameter["in"]),
                prose(&parameter["description"]),
            );
        }
        html.push_str("</dl>");
    }
    if let Some((_, body)) = fields(&call["requestBody"]["content"]).next() {
        let _ = write!(html, "<h4>Takes</h4><p>{}</p>", kind(&body["schema"]));
    }
    html.push_str("<h4>Answers</h4><dl>");
    for (status, answer) in fields(&call["responses"]) {
        let answer = answer["$ref"]
            .as_str()
            .and_then(|place| api.pointer(place.trim_start_matches('#')))
            .unwrap_or(answer);
        let content = fields(&answer["content"])
            .next()
            .map(|(media, content)| format!(" <span>{}, {}</span>", kind(&content["schema"]), escape(media)));
        let _ = write!(
            html,
            "<dt><code>{status}</code>{}</dt><dd>{}</dd>",
            content.unwrap_or_default(),
            prose(&answer["description"])
        );
    }
    html.push_str("</dl></section>");
    html
}

/// A type: its fields, or the words that it may be.
fn shape(schema: &Value) -> String {
    let mut html = format!("<p>{}</p>", prose(&schema["description"]));
    let has_fields = schema["properties"].as_object().is_some_and(|fields| !fields.is_empty());
    if has_fields {
        let required: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        html.push_str("<dl>");
        for (name, field) in fields(&schema["properties"]) {
            let always = if required.contains(&name.as_str()) { ", always" } else { "" };
            let _ = write!(
                html,
                "<dt><code>{}</code> <span>{}{always}</span></dt><dd>{}</dd>",
                escape(name),
                kind(field),
                prose(&field["description"])
            );
        }
        html.push_str("</dl>");
    }
    let variants: Vec<&Value> = schema["oneOf"].as_array().into_iter().flatten().collect();
    if !variants.is_empty() {
        html.push_str("<dl>");
        for variant in variants {
            let _ = write!(html, "<dt>{}</dt><dd>{}</dd>", kind(variant), prose(&variant["description"]));
        }
        html.push_str("</dl>");
    }
    if !has_fields && schema["oneOf"].is_null() {
        let _ = write!(html, "<p>{}</p>", kind(schema));
    }
    html
}

/// What something is, in a few words, with links to the types that it is made of.
fn kind(schema: &Value) -> String {
    if let Some(place) = schema["$ref"].as_str() {
        let name = escape(place.rsplit('/').next().unwrap_or_default());
        return format!("<a href=\"#{name}\">{name}</a>");
    }
    if let Some(only) = schema["const"].as_str() {
        return format!("<code>{}</code>", escape(only));
    }
    let words = |words: &Vec<Value>| {
        let words = words.iter().map(|word| format!("<code>{}</code>", text(word)));
        words.collect::<Vec<_>>().join(", ")
    };
    if let Some(variants) = schema["enum"].as_array() {
        return words(variants);
    }
    if let Some(variants) = schema["anyOf"].as_array().or(schema["allOf"].as_array()) {
        let variants = variants
            .iter()
            .filter(|variant| variant["properties"].is_null() || !variant["type"].is_null());
        return variants.map(kind).collect::<Vec<_>>().join(" or ");
    }
    if let Some(constant) = schema["properties"]["type"]["const"]
        .as_str()
        .or(schema["properties"]["what"]["const"].as_str())
    {
        return format!("<code>{}</code>: {}", escape(constant), inner_fields(schema));
    }
    if !schema["items"].is_null() {
        return format!("list of {}", kind(&schema["items"]));
    }
    let named = match &schema["type"] {
        Value::Array(types) => types.iter().map(text).collect::<Vec<_>>().join(" or "),
        one => text(one),
    };
    match schema["format"].as_str() {
        Some(format) => format!("{named} ({})", escape(format)),
        None if named.is_empty() => "anything".to_owned(),
        None => named,
    }
}

fn inner_fields(schema: &Value) -> String {
    let fields = fields(&schema["properties"]).filter(|(_, field)| field["const"].is_null());
    let told = fields.map(|(name, field)| format!("<code>{}</code> {}", escape(name), kind(field)));
    told.collect::<Vec<_>>().join(", ")
}

fn text(value: &Value) -> String {
    escape(value.as_str().unwrap_or_default())
}

/// Sentences with `code` in them, and lists.
fn prose(value: &Value) -> String {
    let mut html = String::new();
    let mut is_code = false;
    for (at, part) in text(value).split('`').enumerate() {
        if at > 0 {
            html.push_str(if is_code { "</code>" } else { "<code>" });
            is_code = !is_code;
        }
        html.push_str(part);
    }
    let lines: Vec<&str> = html
        .split('\n')
        .map(|line| line.trim_start_matches("- "))
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("<br>")
}
