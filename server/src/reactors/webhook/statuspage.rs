//! A notice as receivers of Statuspage's webhooks know it: `incident`, with what it touches as components. Texts are in the portal's default
//! language, without formatting.

use serde_json::{Value, json};
use wire::{ByLanguage, Kind, Node, Notice, PublicState, RichText, Severity, Stage, Status, Text, Update};

/// The body of a message: the notice of this document, and how the portal as a whole does, in at most so many bytes.
pub(super) fn body(document: &PublicState, status: Status, origin: &str, limit: usize) -> Value {
    cut(whole(document, status, origin), limit)
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

fn whole(document: &PublicState, status: Status, origin: &str) -> Value {
    let language = document.languages.first().map_or("", String::as_str);
    let (indicator, description) = indicator(status);
    let page = format!("{origin}/p/{}/", document.portal);
    json!({
        "meta": {
            // Receivers are managed by staff; there is no link by which anybody could end it.
            "unsubscribe": page,
            "documentation": page,
            "generated_at": document.generated_at,
        },
        "page": {
            "id": document.portal,
            "status_indicator": indicator,
            "status_description": description,
        },
        "incident": document.notices.first().map(|notice| incident(document, notice, language, origin)),
    })
}

fn incident(document: &PublicState, notice: &Notice, language: &str, origin: &str) -> Value {
    let is_planned = notice.kind == Kind::Maintenance;
    let since = |stage: Stage| {
        notice
            .updates
            .iter()
            .rev()
            .find(|update| update.stage == Some(stage))
            .map(|update| &update.at)
    };
    let over = notice.stage.is_final().then_some(notice.ends_at.as_ref()).flatten();
    let updates: Vec<Value> = notice.updates.iter().map(|update| told(notice, update, language)).collect();
    let first = json!({
        "id": format!("{}-0", notice.id),
        "incident_id": notice.id,
        "status": stage(if is_planned { Stage::Scheduled } else { Stage::Investigating }),
        "body": plain(&notice.impact, language),
        "created_at": notice.published_at,
        "updated_at": notice.published_at,
        "display_at": notice.published_at,
        "affected_components": affected(notice, language),
        "deliver_notifications": true,
    });
    let components = notice.affected.iter().enumerate().map(|(position, affected)| {
        json!({
            "id": affected.id,
            "name": chosen(&affected.name, language),
            "status": component(affected.status),
            "position": position + 1,
            "page_id": document.portal,
            "created_at": notice.published_at,
            "updated_at": notice.updated_at,
            "description": null,
            "showcase": false,
            "group": false,
            "group_id": null,
            "only_show_if_degraded": false,
        })
    });
    let mut incident = json!({
        "id": notice.id,
        "name": chosen(&notice.title, language),
        "status": stage(notice.stage),
        "impact": impact(notice),
        "created_at": notice.published_at,
        "started_at": notice.starts_at,
        "updated_at": notice.updated_at,
        "monitoring_at": since(Stage::Monitoring),
        "resolved_at": over,
        "shortlink": format!("{origin}{}", notice.url),
        "page_id": document.portal,
        "incident_updates": updates.into_iter().chain([first]).collect::<Vec<_>>(),
        "components": components.collect::<Vec<_>>(),
    });
    if is_planned {
        incident["scheduled_for"] = json!(notice.starts_at);
        incident["scheduled_until"] = json!(notice.ends_at);
    }
    incident
}

fn told(notice: &Notice, update: &Update, language: &str) -> Value {
    json!({
        "id": format!("{}-{}", notice.id, update.at),
        "incident_id": notice.id,
        "status": stage(update.stage.unwrap_or(notice.stage)),
        "body": plain(&update.text, language),
        "created_at": update.at,
        "updated_at": update.at,
        "display_at": update.at,
        "affected_components": affected(notice, language),
        "deliver_notifications": true,
    })
}

fn affected(notice: &Notice, language: &str) -> Vec<Value> {
    let one = |affected: &wire::Affected| {
        let status = component(affected.status);
        json!({"code": affected.id, "name": chosen(&affected.name, language), "old_status": status, "new_status": status})
    };
    notice.affected.iter().map(one).collect()
}

/// Its words know no information, no end by being called off or withdrawn, and no window that is overrun.
const fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Investigating => "investigating",
        Stage::Identified => "identified",
        Stage::Monitoring | Stage::Published => "monitoring",
        Stage::Resolved | Stage::Withdrawn => "resolved",
        Stage::Scheduled => "scheduled",
        Stage::InProgress | Stage::Overrunning => "in_progress",
        Stage::Completed | Stage::Cancelled => "completed",
    }
}

const fn impact(notice: &Notice) -> &'static str {
    match (notice.kind, notice.severity) {
        (Kind::Maintenance, _) => "maintenance",
        (_, Severity::Information) => "none",
        (_, Severity::Degraded) => "minor",
        (_, Severity::PartialOutage) => "major",
        (_, Severity::Outage) => "critical",
    }
}

const fn component(status: Status) -> &'static str {
    match status {
        Status::Operational | Status::Information => "operational",
        Status::Maintenance => "under_maintenance",
        Status::Degraded => "degraded_performance",
        Status::PartialOutage => "partial_outage",
        Status::Outage => "major_outage",
    }
}

const fn indicator(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Operational | Status::Information => ("none", "All Systems Operational"),
        Status::Maintenance => ("maintenance", "Service Under Maintenance"),
        Status::Degraded => ("minor", "Minor Service Outage"),
        Status::PartialOutage => ("major", "Partial System Outage"),
        Status::Outage => ("critical", "Major Service Outage"),
    }
}

fn variant<'a, T>(of: &'a ByLanguage<T>, language: &str) -> Option<&'a T> {
    of.lookup(language).or(of.0.first()).map(|(_, variant)| variant)
}

fn chosen<'a>(text: &'a Text, language: &str) -> &'a str {
    variant(text, language).map_or("", String::as_str)
}

/// A text without its formatting.
fn plain(text: &RichText, language: &str) -> String {
    let nodes = variant(text, language).map_or(&[][..], Vec::as_slice);
    nodes.iter().map(in_words).collect::<Vec<_>>().join("\n\n")
}

fn in_words(node: &Node) -> String {
    match node {
        Node::Text { s } | Node::Strong { s } => s.clone(),
        Node::Link { s, href } if s == href => s.clone(),
        Node::Link { s, href } => format!("{s} ({href})"),
        Node::Paragraph { c } => c.iter().map(in_words).collect(),
        Node::List { ordered, items } => {
            let item = |(at, item): (usize, &Vec<Node>)| {
                let mark = if *ordered { format!("{}.", at + 1) } else { "-".to_owned() };
                format!("{mark} {}", item.iter().map(in_words).collect::<String>())
            };
            items.iter().enumerate().map(item).collect::<Vec<_>>().join("\n")
        }
    }
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
