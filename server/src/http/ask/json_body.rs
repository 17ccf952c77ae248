//! Reads a JSON body and, when it is not what is asked for, says which field and why.

use api::ProblemKind;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderName, StatusCode, header},
};
use domain::{
    record::{Grounds, Second},
    words::{Code, Fault},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::http::{
    answer::problem::Problem,
    ask::json_text::{self, NotTaken},
};

/// The most that a request may carry, in bytes: far more than any notice, so that a text that is too long is told so by name.
pub(crate) const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// The body of a request, parsed but not yet read as anything in particular.
pub(crate) struct JsonBody(Value);

impl JsonBody {
    /// The body as it came.
    pub(crate) const fn value(&self) -> &Value {
        &self.0
    }

    /// The body as a value.
    pub(crate) fn into_value(self) -> Value {
        self.0
    }

    /// Takes a field out that is not part of the document proper.
    pub(crate) fn take(&mut self, field: &str) -> Option<Value> {
        self.0.as_object_mut()?.remove(field).filter(|value| !value.is_null())
    }

    /// Takes out what is said for it beside what is asked for.
    ///
    /// # Errors
    /// When something of it is of another type, or both ways to deal with a second person are taken.
    pub(crate) fn take_grounds(&mut self) -> Result<Grounds, Problem> {
        let freeze_reason = self.take_text("freeze_reason", "say in a text why the work has to be then")?;
        let emergency = self.take_text("break_glass", "say in a text why it cannot wait for a second person")?;
        let is_asked = match self.take("ask_approval") {
            None => false,
            Some(Value::Bool(is_asked)) => is_asked,
            Some(_) => return Err(Problem::field("/ask_approval", Code::Malformed, "is neither true nor false")),
        };
        let second = match (is_asked, emergency) {
            (true, Some(_)) => {
                let detail = "goes not with `ask_approval`: either it waits for a second person, or it cannot";
                return Err(Problem::field("/break_glass", Code::Malformed, detail));
            }
            (true, None) => Second::Asked,
            (false, Some(emergency)) => Second::Bypassed(emergency),
            (false, None) => Second::Unasked,
        };
        Ok(Grounds { freeze_reason, second })
    }

    fn take_text(&mut self, name: &str, instead: &str) -> Result<Option<String>, Problem> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => {
                let detail = format!("is {}; {instead}", shape(&other));
                Err(Problem::field(&format!("/{name}"), Code::Malformed, &detail))
            }
        }
    }

    /// Reads the body as a document.
    pub(crate) fn read<T: DeserializeOwned>(self) -> Result<T, Problem> {
        read(self.0)
    }
}

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        check_encoding(request.headers())?;
        check_type(request.headers())?;
        let bytes = Bytes::from_request(request, state).await.map_err(|error| {
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
                let detail = format!("It has more than {BODY_LIMIT} bytes (2 MiB), which is the most that is read.");
                return Problem::new(ProblemKind::BodyTooLarge, detail);
            }
            Problem::new(ProblemKind::UnreadableBody, error.body_text())
        })?;
        json_text::parse(&bytes).map(Self).map_err(|refused| match refused {
            NotTaken::Malformed(fault) => Problem::malformed(fault),
            NotTaken::Ambiguous(faults) => Problem::invalid(faults),
        })
    }
}

fn unsupported(detail: String) -> Problem {
    Problem::new(ProblemKind::NotPlainJson, detail)
}

/// All values of a header, as they were sent.
fn sent(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<_> = headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    (!values.is_empty()).then(|| values.join(", ").chars().take(80).collect())
}

/// A compressed body is small on the way and may be endless when it is unpacked; no notice is long enough to need it.
fn check_encoding(headers: &HeaderMap) -> Result<(), Problem> {
    match sent(headers, &header::CONTENT_ENCODING) {
        Some(coding)
            if !coding
                .split(',')
                .all(|one| matches!(one.trim().to_ascii_lowercase().as_str(), "" | "identity")) =>
        {
            Err(unsupported(format!(
                "`Content-Encoding` is `{coding}`; send the body as it is, without compression."
            )))
        }
        _ => Ok(()),
    }
}

fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    const RIGHT: &str = "send `Content-Type: application/json`.";
    let Some(sent) = sent(headers, &header::CONTENT_TYPE) else {
        return Err(unsupported(format!("`Content-Type` is missing; {RIGHT}")));
    };
    let mut parts = sent.split(';').map(|part| part.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    if !matches!(essence.as_str(), "application/json" | "application/merge-patch+json") {
        return Err(unsupported(format!("`Content-Type` is `{sent}`; {RIGHT}")));
    }
    let charset = parts.find_map(|part| Some(part.strip_prefix("charset=")?.trim_matches('"').to_owned()));
    match charset {
        Some(charset) if charset != "utf-8" && charset != "utf8" => Err(unsupported(format!(
            "`Content-Type` names the character set `{charset}`; JSON is UTF-8."
        ))),
        _ => Ok(()),
    }
}

/// Reads a value as a document.
pub(crate) fn read<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    understood(value).map_err(|fault| Problem::invalid(vec![fault]))
}

fn understood<T: DeserializeOwned>(value: Value) -> Result<T, Fault> {
    if !value.is_object() {
        return Err(Fault {
            pointer: String::new(),
            code: Code::Malformed,
            detail: format!("is {}; send a JSON object", shape(&value)),
        });
    }
    let text = value.to_string();
    serde_json::from_str(&text).map_err(|error| {
        let mut fault = fault(&text, &error);
        if fault.detail == "expected value" {
            let there = value.pointer(&fault.pointer).map_or("nothing", shape);
            fault.detail = format!("is {there}, which it cannot be");
        }
        if let Some(last) = at_fault_in_the_end::<T>(&text, &error, value, &fault.pointer) {
            fault.pointer = last;
        }
        fault
    })
}

/// What refuses a text only once it has been read says not where; it is told at the end of the list or the object in which it stands, when it is the last there.
/// It is the last that is wrong, if without it the same is not said again.
fn at_fault_in_the_end<T: DeserializeOwned>(text: &str, error: &serde_json::Error, mut value: Value, pointer: &str) -> Option<String> {
    let reason = json_text::reason(error);
    let ends = |end: &str| text.get(..error.column()).is_some_and(|read| read.ends_with(end));
    if reason.starts_with("missing field `") || !(ends("]") || ends("}")) {
        return None;
    }
    let last = match value.pointer_mut(pointer)? {
        Value::Array(list) => {
            list.pop()?;
            list.len().to_string()
        }
        Value::Object(fields) => {
            let name = fields.keys().next_back()?.clone();
            fields.remove(&name);
            json_text::escaped(&name)
        }
        _ => return None,
    };
    let again = serde_json::from_str::<T>(&value.to_string());
    let is_said_again = again.is_err_and(|again| json_text::reason(&again) == reason);
    (!is_said_again).then(|| format!("{pointer}/{last}"))
}

/// What is wrong with a text of one line. A field that is missing or unknown is named in the reason, and not always where reading stopped.
fn fault(text: &str, error: &serde_json::Error) -> Fault {
    let detail = json_text::reason(error);
    let mut pointer = json_text::pointer_at(text, error.column());
    let named = |before: &str| detail.strip_prefix(before)?.split('`').next().map(json_text::escaped);
    let missing = named("missing field `");
    let unknown = named("unknown field `").filter(|name| !pointer.ends_with(&format!("/{name}")));
    for name in missing.iter().chain(&unknown) {
        pointer.push('/');
        pointer.push_str(name);
    }
    let code = match missing {
        Some(_) => Code::Missing,
        None => Code::Malformed,
    };
    Fault { pointer, code, detail }
}

fn shape(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use domain::words::ServiceId;
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "it is read, and never looked at")]
    struct Order {
        #[serde(default)]
        services: Vec<ServiceId>,
        #[serde(default)]
        names: Vec<String>,
        #[serde(default)]
        kind: Option<Kind>,
        #[serde(default)]
        parts: Vec<Part>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Large,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "it is read, and never looked at")]
    struct Part {
        id: ServiceId,
        #[serde(default)]
        note: String,
    }

    #[test]
    fn a_fault_is_where_it_stands_whatever_stands_around_it() {
        for (body, pointer) in [
            (json!({"services": ["BAD ID"]}), "/services/0"),
            (json!({"services": ["kfz", "BAD ID"]}), "/services/1"),
            (json!({"services": ["BAD ID", "kfz"]}), "/services/0"),
            (json!({"services": ["kfz", "BAD ID"], "names": ["a"]}), "/services/1"),
            (json!({"services": "kfz"}), "/services"),
            (json!({"names": ["a", {"id": "b"}]}), "/names/1"),
            (json!({"names": [["b"]]}), "/names/0"),
            (json!({"names": ["a", 1, "b"]}), "/names/1"),
            (json!({"parts": [{"id": "kfz"}, {"id": "BAD ID"}]}), "/parts/1/id"),
            (json!({"parts": [{"note": "x"}]}), "/parts/0/id"),
            (json!({"parts": [{"id": "kfz", "note": 1}]}), "/parts/0/note"),
            (json!({"parts": [{"id": "kfz", "colour/x": "red"}]}), "/parts/0/colour~1x"),
            (json!({"parts": {}}), "/parts"),
            (json!({"kind": "small"}), "/kind"),
            (json!({"kind": 5}), "/kind"),
            (json!({"services": [], "kind": [], "names": []}), "/kind"),
            (json!({"sorts": []}), "/sorts"),
        ] {
            let fault = understood::<Order>(body.clone()).unwrap_err();
            assert_eq!(fault.pointer, pointer, "{body}: {}", fault.detail);
        }
        let fault = understood::<Order>(json!({"kind": 5})).unwrap_err();
        assert!(fault.detail.contains("is a number"), "{}", fault.detail);
    }
}
