//! Incident files of cState: Markdown, its facts in front as YAML, and the instants of what was told in `track` shortcodes.

use jiff::Timestamp;
use wire::{Kind, Severity, Stage};
use yaml_rust2::{Yaml, YamlLoader};

use crate::{
    found::{Batch, Found, Left, Told},
    times::Zone,
};

/// What opens and closes the facts.
const FENCE: &str = "---";

pub(crate) fn read(bytes: &[u8], called: &str, zone: &Zone) -> Result<Batch, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())?;
    let mut batch = Batch {
        tool: "cstate",
        ..Batch::default()
    };
    match found(text, called, zone) {
        Ok(found) => batch.found.push(found),
        Err(why) => batch.left.push(Left::new(called, why)),
    }
    Ok(batch)
}

fn found(text: &str, called: &str, zone: &Zone) -> Result<Found, String> {
    let inside = text.trim_start_matches('\u{feff}').trim_start();
    let inside = inside.strip_prefix(FENCE).ok_or("has no facts in front, between lines of ---")?;
    let (facts, body) = inside.split_once("\n---").ok_or("has no line of --- behind its facts")?;
    let facts = YamlLoader::load_from_str(facts).map_err(|error| format!("has facts that cannot be read: {error}"))?;
    let facts = facts.into_iter().next().unwrap_or(Yaml::Null);
    let fact = |name: &str| facts[name].as_str().map(str::trim).filter(|fact| !fact.is_empty());
    if is_so(&facts["draft"]) {
        return Err("is a draft".to_owned());
    }
    let title = fact("title").ok_or("has no `title`")?.to_owned();
    let instant = |name: &str| {
        let read = |written| {
            zone.read(written)
                .ok_or_else(|| format!("has a `{name}` that is no instant: {written}"))
        };
        fact(name).map(read).transpose()
    };
    let date = instant("date")?.ok_or("has no `date`")?;
    let resolved = instant("resolvedWhen")?;
    let (kind, severity) = match fact("severity") {
        _ if is_so(&facts["informational"]) => (Kind::Information, Severity::Information),
        Some("down") => (Kind::Outage, Severity::Outage),
        Some("notice") => (Kind::Information, Severity::Information),
        _ => (Kind::Outage, Severity::Degraded),
    };
    let updates = told(body, kind, date, zone);
    let last = updates.iter().map(|told| told.at).max().unwrap_or(date);
    let is_over = is_so(&facts["resolved"]) || (kind == Kind::Information && is_so(&facts["informational"]));
    let ended_at = is_over.then(|| resolved.unwrap_or(last));
    let affected = facts["affected"].as_vec().map(Vec::as_slice).unwrap_or_default();
    let found = Found {
        id: called.to_owned(),
        title,
        kind,
        severity,
        components: affected.iter().filter_map(Yaml::as_str).map(|name| vec![name.to_owned()]).collect(),
        starts_at: date,
        planned_until: None,
        published_at: date,
        updated_at: ended_at.unwrap_or(last).max(last),
        ended_at,
        updates,
    };
    Ok(found.in_order())
}

/// Whether a fact says yes, as versions of YAML have it.
fn is_so(fact: &Yaml) -> bool {
    fact.as_bool() == Some(true) || matches!(fact.as_str(), Some("yes" | "true"))
}

/// What was told: a paragraph with an instant is of that instant, what stands without one was there from the beginning.
fn told(body: &str, kind: Kind, date: Timestamp, zone: &Zone) -> Vec<Told> {
    let mut told = Vec::new();
    let mut first = Vec::new();
    for paragraph in body.replace("\r\n", "\n").split("\n\n") {
        let (words, at) = without_shortcodes(paragraph, zone);
        let words = words.trim();
        match at {
            Some(at) => {
                let (stage, words) = stage(words, kind);
                told.push(Told::new(at, stage, words.to_owned()));
            }
            None if words.is_empty() => {}
            None => first.push(words.to_owned()),
        }
    }
    if !first.is_empty() {
        told.push(Told::new(date, None, first.join("\n\n")));
    }
    told
}

/// A paragraph without its shortcodes, and the instant that the last of them names.
fn without_shortcodes(paragraph: &str, zone: &Zone) -> (String, Option<Timestamp>) {
    let mut words = String::new();
    let mut at = None;
    let mut rest = paragraph;
    while let Some((before, behind)) = rest.split_once("{{<") {
        let Some((code, after)) = behind.split_once(">}}") else { break };
        words.push_str(before);
        if let Some(written) = code.trim().strip_prefix("track") {
            at = zone.read(written.trim().trim_matches(['"', '`'])).or(at);
        }
        rest = after;
    }
    words.push_str(rest);
    (words, at)
}

/// The stage with which a paragraph begins, in emphasis: `*Resolved* - …`.
fn stage(words: &str, kind: Kind) -> (Option<Stage>, &str) {
    let Some((word, rest)) = words.trim_start_matches('*').split_once('*').filter(|_| words.starts_with('*')) else {
        return (None, words);
    };
    let stage = match (kind, word.trim().to_lowercase().as_str()) {
        (Kind::Outage, "investigating") => Stage::Investigating,
        (Kind::Outage, "identified") => Stage::Identified,
        (Kind::Outage, "monitoring" | "watching") => Stage::Monitoring,
        (Kind::Outage, "resolved" | "fixed") => Stage::Resolved,
        (Kind::Information, "resolved" | "completed") => Stage::Withdrawn,
        _ => return (None, words),
    };
    (Some(stage), rest.trim_start_matches(['*', ' ', '-', '–', '—', ':']))
}
