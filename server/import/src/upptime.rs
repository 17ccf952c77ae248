//! Issues of an Upptime repository, as GitHub's API gives them (`created_at`) or its command line (`createdAt`, with comments).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use wire::{Kind, Severity, Stage};

use crate::{
    found::{Batch, Found, Left, Told},
    json::from_json,
};

#[derive(Deserialize)]
struct Issue {
    number: u64,
    title: String,
    #[serde(default)]
    body: Option<String>,
    #[serde(alias = "createdAt")]
    created_at: Timestamp,
    #[serde(default, alias = "updatedAt")]
    updated_at: Option<Timestamp>,
    #[serde(default, alias = "closedAt")]
    closed_at: Option<Timestamp>,
    #[serde(default)]
    labels: Vec<Label>,
    /// A list from the command line, a number from the API.
    #[serde(default)]
    comments: Value,
    #[serde(default, alias = "url")]
    html_url: Option<String>,
}

#[derive(Deserialize)]
struct Label {
    name: String,
}

#[derive(Deserialize)]
struct Comment {
    body: String,
    #[serde(alias = "createdAt")]
    created_at: Timestamp,
}

/// The label of what is an incident.
const INCIDENT: &str = "status";

/// The label of what is planned.
const PLANNED: &str = "maintenance";

pub(crate) fn read(bytes: &[u8]) -> Result<Batch, String> {
    let issues: Vec<Value> = from_json(bytes, "list of issues as GitHub gives it")?;
    let mut batch = Batch {
        tool: "upptime",
        ..Batch::default()
    };
    for issue in issues {
        let id = issue["number"].to_string();
        match serde_json::from_value::<Issue>(issue) {
            Ok(issue) if !issue.is_told() => batch.left.push(Left::new(id, format!("has no label `{INCIDENT}` or `{PLANNED}`"))),
            Ok(issue) => {
                batch.page = issue.repository().or(batch.page.take());
                match issue.found() {
                    Ok(found) => batch.found.push(found),
                    Err(why) => batch.left.push(Left::new(id, why)),
                }
            }
            Err(error) => batch.left.push(Left::new(id, format!("cannot be read: {error}"))),
        }
    }
    Ok(batch)
}

impl Issue {
    fn is(&self, label: &str) -> bool {
        self.labels.iter().any(|given| given.name == label)
    }

    fn is_told(&self) -> bool {
        self.is(INCIDENT) || self.is(PLANNED)
    }

    /// `owner/name`, by the address of the issue.
    fn repository(&self) -> Option<String> {
        let path = self.html_url.as_deref()?.split_once("://")?.1.split_once('/')?.1;
        Some(path.split('/').take(2).collect::<Vec<_>>().join("/"))
    }

    fn found(self) -> Result<Found, String> {
        let body = self.body.clone().unwrap_or_default().replace("\r\n", "\n");
        let (text, hidden) = without_comment(&body);
        let is_planned = self.is(PLANNED);
        let kind = if is_planned { Kind::Maintenance } else { Kind::Outage };
        let planned = |name: &str| hidden_fact(&hidden, name).and_then(|written| written.parse().ok());
        let window = planned("start").zip(planned("end"));
        if is_planned && window.is_none() {
            return Err("is planned, and names no `start` and `end` in a hidden comment".to_owned());
        }
        let named = hidden_fact(&hidden, "expectedDown")
            .into_iter()
            .chain(hidden_fact(&hidden, "expectedDegraded"));
        let named = named.flat_map(|names| names.split(',')).map(|name| name.trim().to_owned());
        let labels = self.labels.iter().map(|label| label.name.clone());
        let labels = labels.filter(|label| ![INCIDENT, PLANNED].contains(&label.as_str()));
        let mut components: Vec<Vec<String>> = named.chain(labels).filter(|name| !name.is_empty()).map(|name| vec![name]).collect();
        components.sort();
        components.dedup();
        let (starts_at, planned_until) = window.map_or((self.created_at, None), |(start, end): (Timestamp, Timestamp)| (start, Some(end)));
        let over = self
            .closed_at
            .map(|closed| planned_until.map_or(closed, |until| closed.min(until).max(starts_at)));
        let opening = if is_planned { Stage::Scheduled } else { Stage::Investigating };
        let mut updates = vec![Told::new(self.created_at, Some(opening), text.trim().to_owned())];
        for comment in serde_json::from_value::<Vec<Comment>>(self.comments).unwrap_or_default() {
            let said = comment.body.replace("\r\n", "\n").trim().to_owned();
            let ends = said.starts_with("**Resolved") && !is_planned;
            updates.push(Told::new(comment.created_at, ends.then_some(Stage::Resolved), said));
        }
        let title = self.title.trim_start_matches(|c: char| !c.is_alphanumeric()).trim().to_owned();
        let severity = match title.as_str() {
            title if title.ends_with("degraded performance") => Severity::Degraded,
            title if title.ends_with("down") => Severity::Outage,
            _ => Severity::Degraded,
        };
        Ok(Found {
            id: self.number.to_string(),
            title,
            kind,
            severity,
            components,
            starts_at,
            planned_until,
            published_at: self.created_at,
            updated_at: self.updated_at.or(self.closed_at).unwrap_or(self.created_at),
            ended_at: over,
            updates,
        }
        .in_order())
    }
}

/// A text without what it hides, and that.
fn without_comment(body: &str) -> (String, String) {
    let Some((before, behind)) = body.split_once("<!--") else {
        return (body.to_owned(), String::new());
    };
    let (hidden, after) = behind.split_once("-->").unwrap_or((behind, ""));
    (format!("{before}{after}"), hidden.to_owned())
}

fn hidden_fact<'a>(hidden: &'a str, name: &str) -> Option<&'a str> {
    let is_meant = |line: &&str| line.trim().strip_prefix(name).is_some_and(|rest| rest.starts_with(':'));
    Some(hidden.lines().find(is_meant)?.split_once(':')?.1.trim())
}
