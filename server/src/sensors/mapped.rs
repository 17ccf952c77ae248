//! Any JSON, read by a small mapping.

use domain::{
    catalogue::Labels,
    watch::Report,
    words::{Fault, Mapping},
};
use serde_json::Value;

use super::reading::{by_labels, malformed, no_message};

pub(super) fn read(mapping: &Mapping, body: &[u8]) -> Result<Vec<Report>, Fault> {
    let message: Value = serde_json::from_slice(body).map_err(|error| no_message(&error))?;
    let alerts = match &mapping.alerts {
        None => std::slice::from_ref(&message),
        Some(pointer) => match message.pointer(pointer) {
            Some(Value::Array(alerts)) => alerts,
            _ => {
                return Err(malformed(format!(
                    "has no array at `{pointer}`, where the mapping looks for alerts"
                )));
            }
        },
    };
    alerts.iter().map(|alert| report(mapping, alert)).collect()
}

fn report(mapping: &Mapping, alert: &Value) -> Result<Report, Fault> {
    let text = |pointer: &String| alert.pointer(pointer).and_then(text);
    let Some(state) = text(&mapping.state) else {
        let detail = format!("has nothing at `{}`, where the mapping looks whether it fires", mapping.state);
        return Err(malformed(detail));
    };
    let named = |(name, pointer): (&String, &String)| Some((name.clone(), text(pointer)?));
    let labels: Labels = mapping.labels.iter().filter_map(named).collect();
    let identity = mapping.identity.as_ref().and_then(text);
    Ok(Report {
        identity: identity.unwrap_or_else(|| by_labels(&labels)),
        fires: mapping.firing.contains(&state),
        began_at: mapping.began_at.as_ref().and_then(text).and_then(|text| text.parse().ok()),
        labels,
    })
}

/// What stands there, as a text; neither a list nor an object is one.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn told(mapping: Value, body: &Value) -> Result<Vec<(String, bool, Labels)>, String> {
        let mapping: Mapping = serde_json::from_value(mapping).unwrap();
        let reports = read(&mapping, body.to_string().as_bytes()).map_err(|fault| fault.detail)?;
        Ok(reports.into_iter().map(|one| (one.identity, one.fires, one.labels)).collect())
    }

    #[test]
    fn a_message_is_read_as_its_mapping_says() {
        let mapping = json!({"alerts": "/checks", "identity": "/id", "state": "/up", "firing": ["false", "0"], "labels": {"check": "/name", "team": "/meta/team"}});
        let message = json!({"checks": [
            {"id": 7, "up": false, "name": "kfz", "meta": {"team": "a"}},
            {"id": 8, "up": 1, "name": "wohnsitz", "meta": []},
        ]});
        let labels = |pairs: &[(&str, &str)]| -> Labels {
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        assert_eq!(
            told(mapping, &message),
            Ok(vec![
                ("7".to_owned(), true, labels(&[("check", "kfz"), ("team", "a")])),
                ("8".to_owned(), false, labels(&[("check", "wohnsitz")])),
            ])
        );
    }

    #[test]
    fn what_is_not_there_is_named() {
        let mapping = json!({"state": "/state", "firing": ["down"], "labels": {"check": "/name"}});
        let told_of = |body| told(mapping.clone(), body).unwrap_err();
        assert!(told_of(&json!({"name": "kfz"})).contains("`/state`"));
        let lists = json!({"alerts": "/checks", "state": "/state", "firing": ["down"], "labels": {}});
        assert!(told(lists, &json!({"checks": {}})).unwrap_err().contains("`/checks`"));
    }
}
