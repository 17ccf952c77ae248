//! What the API of Cachet answers: version 2 (`/api/v1/incidents`), and version 3 (`/api/incidents?include=components,updates`, and schedules), which is
//! JSON:API.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use tag::plain;
use wire::{Kind, Severity, Stage};

use crate::{
    found::{Batch, Found, Left, Told},
    json::from_json,
    times::Zone,
};

#[derive(Deserialize)]
struct Answer {
    data: Vec<Value>,
    /// What the entries refer to (version 3).
    #[serde(default)]
    included: Vec<Value>,
    #[serde(default)]
    meta: Value,
    #[serde(default)]
    links: Value,
}

pub(crate) fn read(bytes: &[u8], zone: &Zone) -> Result<Batch, String> {
    let answer: Answer = from_json(bytes, "answer of Cachet's API about incidents or schedules")?;
    let mut batch = Batch {
        tool: "cachet",
        ..Batch::default()
    };
    let is_more = !answer.links["next"].is_null() || !answer.meta["pagination"]["links"]["next_page"].is_null();
    if is_more {
        batch
            .remarks
            .push("There is another page of it; ask for all with ?per_page=1000, or import the pages one by one.".to_owned());
    }
    let included = Included::of(&answer.included);
    for entry in &answer.data {
        let id = entry["id"].as_str().map_or_else(|| entry["id"].to_string(), str::to_owned);
        let read = if entry["attributes"].is_object() {
            of_three(entry, &id, &included, zone)
        } else {
            of_two(entry, &id, zone)
        };
        match read {
            Ok(found) => batch.found.push(found),
            Err(why) => batch.left.push(Left::new(id, why)),
        }
    }
    Ok(batch)
}

/// What stands beside the entries, by kind and id.
struct Included<'a>(BTreeMap<(&'a str, &'a str), &'a Value>);

impl<'a> Included<'a> {
    fn of(included: &'a [Value]) -> Self {
        let named = included
            .iter()
            .filter_map(|one| Some(((one["type"].as_str()?, one["id"].as_str()?), &one["attributes"])));
        Self(named.collect())
    }

    /// What an entry refers to under a name.
    fn behind(&self, entry: &Value, name: &str) -> Vec<&'a Value> {
        let references = entry["relationships"][name]["data"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let behind = |reference: &Value| self.0.get(&(reference["type"].as_str()?, reference["id"].as_str()?)).copied();
        references.iter().filter_map(behind).collect()
    }
}

fn instant(written: &Value, what: &str, zone: &Zone) -> Result<Option<Timestamp>, String> {
    let read = |written| {
        zone.read(written)
            .ok_or_else(|| format!("has a `{what}` that is no instant: {written}"))
    };
    written.as_str().filter(|written| !written.is_empty()).map(read).transpose()
}

/// The stage of an incident: 1 to 4.
fn stage(status: i64) -> Option<Stage> {
    match status {
        1 => Some(Stage::Investigating),
        2 => Some(Stage::Identified),
        3 => Some(Stage::Monitoring),
        4 => Some(Stage::Resolved),
        _ => None,
    }
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn text(value: &Value) -> String {
    plain(value.as_str().unwrap_or_default())
}

fn is_hidden(visible: &Value) -> bool {
    number(visible) == Some(0) || visible.as_bool() == Some(false)
}

fn of_two(entry: &Value, id: &str, zone: &Zone) -> Result<Found, String> {
    if is_hidden(&entry["visible"]) {
        return Err("is not public there".to_owned());
    }
    let title = entry["name"].as_str().ok_or("has no `name`")?.to_owned();
    let created = instant(&entry["created_at"], "created_at", zone)?.ok_or("has no `created_at`")?;
    let occurred = instant(&entry["occurred_at"], "occurred_at", zone)?.unwrap_or(created);
    let changed = instant(&entry["updated_at"], "updated_at", zone)?.unwrap_or(created);
    let planned = instant(&entry["scheduled_at"], "scheduled_at", zone)?;
    let kind = if planned.is_some() { Kind::Maintenance } else { Kind::Outage };
    let status = number(&entry["latest_status"])
        .or_else(|| number(&entry["status"]))
        .unwrap_or_default();
    let said = entry["updates"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut updates = Vec::new();
    for update in said {
        let at = instant(&update["created_at"], "created_at", zone)?.unwrap_or(created);
        let stage = number(&update["status"]).and_then(stage).filter(|_| planned.is_none());
        updates.push(Told::new(at, stage, text(&update["message"])));
    }
    let fixed = Found::end_told(kind, &updates);
    let first = number(&entry["status"])
        .and_then(stage)
        .filter(|stage| !stage.is_final() && planned.is_none());
    updates.push(Told::new(occurred, first, text(&entry["message"])));
    let component = number(&entry["component_id"]).filter(|id| *id != 0);
    // Version 2 knows no end of what is planned: it was over when it was marked as fixed.
    let found = Found {
        id: id.to_owned(),
        title,
        kind,
        severity: Severity::Degraded,
        components: component.map(|id| vec![id.to_string()]).into_iter().collect(),
        starts_at: planned.unwrap_or(occurred),
        planned_until: None,
        published_at: created.min(occurred),
        updated_at: changed,
        ended_at: (status == 4).then(|| fixed.unwrap_or(changed)),
        updates,
    };
    Ok(found.in_order())
}

fn of_three(entry: &Value, id: &str, included: &Included<'_>, zone: &Zone) -> Result<Found, String> {
    let facts = &entry["attributes"];
    if is_hidden(&facts["visible"]) {
        return Err("is not public there".to_owned());
    }
    let title = facts["name"].as_str().ok_or("has no `name`")?.to_owned();
    let at = |name: &str| instant(&facts[name]["string"], name, zone);
    let created = at("created")?.ok_or("has no `created`")?;
    let (planned, completed) = (at("scheduled")?, at("completed")?);
    let starts_at = planned.or(at("occurred")?).unwrap_or(created);
    let changed = at("updated")?.unwrap_or(created);
    let kind = if planned.is_some() { Kind::Maintenance } else { Kind::Outage };
    let mut updates = vec![Told::new(created.min(starts_at), None, text(&facts["message"]))];
    for update in included.behind(entry, "updates") {
        let at = instant(&update["created"]["string"], "created", zone)?.unwrap_or(created);
        let stage = number(&update["status"]["value"]).and_then(stage).filter(|_| planned.is_none());
        updates.push(Told::new(at, stage, text(&update["message"])));
    }
    let fixed = Found::end_told(kind, &updates);
    let is_over = planned.is_none() && number(&facts["status"]["value"]) == Some(4);
    let components = included.behind(entry, "components").into_iter();
    let named = |facts: &Value| [facts["id"].to_string(), facts["name"].as_str().unwrap_or_default().to_owned()];
    let found = Found {
        id: if planned.is_some() {
            format!("schedule {id}")
        } else {
            id.to_owned()
        },
        title,
        kind,
        severity: Severity::Degraded,
        components: components.map(|facts| named(facts).into()).collect(),
        starts_at,
        planned_until: completed.filter(|until| *until > starts_at),
        published_at: created.min(starts_at),
        updated_at: changed,
        ended_at: completed.or_else(|| is_over.then(|| fixed.unwrap_or(changed))),
        updates,
    };
    Ok(found.in_order())
}
