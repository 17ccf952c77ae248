//! A notice as receivers of Statuspage's webhooks know it: `incident`, with what it touches as components. Texts are in the portal's default
//! language, without formatting.

use api::statuspage::Incident;
use serde_json::{Value, json};

use crate::statuspage::Reading;

/// The body of a message: the notice, and how the portal as a whole does, in at most so many bytes.
pub(super) fn body(reading: &Reading<'_>, incident: &Incident, limit: usize) -> Value {
    cut(whole(reading, incident), limit)
}

/// Leaves out what makes a body longer than that: the oldest updates, then what they touched, then components, then words.
fn cut(mut body: Value, limit: usize) -> Value {
    let is_too_long = |body: &Value| body.to_string().len() > limit;
    for (list, least) in [
        ("/incident/incident_updates", 1),
        ("/incident/incident_updates/0/affected_components", 0),
        ("/incident/components", 0),
    ] {
        while is_too_long(&body)
            && let Some(list) = body.pointer_mut(list).and_then(Value::as_array_mut)
            && list.len() > least
        {
            list.pop();
        }
    }
    for words in ["/incident/incident_updates/0/body", "/incident/name"] {
        while is_too_long(&body)
            && let Some(Value::String(text)) = body.pointer_mut(words)
            && let Some((half, _)) = text.char_indices().nth(text.chars().count() / 2)
            && half > 0
        {
            text.truncate(half);
        }
    }
    body
}

fn whole(reading: &Reading<'_>, incident: &Incident) -> Value {
    let (page, overall) = (reading.page(), reading.overall());
    json!({
        "meta": {
            // Receivers are managed by staff; there is no link by which anybody could end it.
            "unsubscribe": page.url,
            "documentation": page.url,
            "generated_at": page.updated_at,
        },
        "page": {
            "id": page.id,
            "status_indicator": overall.indicator,
            "status_description": overall.description,
        },
        "incident": incident,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_is_too_long_loses_the_oldest_first_and_stays_a_body() {
        let update = |number: usize| json!({"body": format!("{number} {}", "ä".repeat(600)), "affected_components": vec!["x"; 50]});
        let updates: Vec<Value> = (0..40).rev().map(update).collect();
        let whole =
            json!({"incident": {"id": "2026-0001", "name": "n".repeat(300), "incident_updates": updates, "components": vec!["x"; 50]}});
        let length = whole.to_string().len();
        assert_eq!(cut(whole.clone(), length), whole);
        for limit in [40_000, 20_000, 2_200, 1_700, 1_400, 500] {
            let cut = cut(whole.clone(), limit);
            assert!(cut.to_string().len() <= limit, "{limit}: {cut}");
            let incident = &cut["incident"];
            assert_eq!(incident["id"], "2026-0001");
            let newest = incident["incident_updates"][0]["body"].as_str().unwrap();
            assert!(newest.starts_with("39"), "{limit}: {newest}");
            assert_eq!(incident["components"].as_array().unwrap().len() == 50, limit > 2_000, "{limit}");
        }
    }
}
