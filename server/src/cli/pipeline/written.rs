//! What is written on the command line of a notice: texts by their language, instants, lengths of time.

use std::{
    fs,
    io::{self, Read},
    path::PathBuf,
};

use anyhow::{Context, bail};
use clap::Args;
use domain::catalogue::Catalogue;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::remote::Remote;

/// A text in one language, as in `de=Wartung`.
#[derive(Clone, Debug)]
pub(super) struct Text {
    language: String,
    text: String,
}

/// Reads a text with its language before it.
///
/// # Errors
/// When there is no language.
pub(super) fn text(given: &str) -> Result<Text, String> {
    match given.split_once('=') {
        Some((language, text)) if !language.is_empty() && language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') => Ok(Text {
            language: language.to_owned(),
            text: text.to_owned(),
        }),
        _ => Err("write the language before the text, as in `de=Wartung`".to_owned()),
    }
}

/// Reads an instant.
///
/// # Errors
/// When it is none, or says nothing of its time zone.
pub(super) fn instant(given: &str) -> Result<Timestamp, String> {
    given
        .parse()
        .map_err(|_| "is no instant with its offset, such as 2026-12-01T22:00:00+01:00".to_owned())
}

/// Reads a length of time.
///
/// # Errors
/// When it is none, or none at all.
pub(super) fn length(given: &str) -> Result<SignedDuration, String> {
    let read = given.parse::<SignedDuration>().ok().filter(|length| length.is_positive());
    read.ok_or_else(|| "is no length of time such as 90m or 1h30m".to_owned())
}

/// Texts as they travel: by language.
pub(super) fn localized(texts: Vec<Text>) -> Value {
    let texts = texts.into_iter().map(|text| (text.language, Value::String(text.text)));
    Value::Object(texts.collect())
}

/// What a notice says, on the command line, from a template of the catalogue or from a file.
#[derive(Args)]
pub(super) struct Written {
    /// A service that it is about; may be given several times.
    #[arg(long = "service", value_name = "ID")]
    services: Vec<String>,
    /// A portal that it is about as a whole; may be given several times.
    #[arg(long = "portal", value_name = "ID")]
    portals: Vec<String>,
    /// How bad it is: information, degraded, partial_outage or outage.
    #[arg(long, value_name = "WORD")]
    severity: Option<String>,
    /// Its title, with the language before it: --title de=Wartung --title en=Maintenance.
    #[arg(long = "title", value_name = "LANG=TEXT", value_parser = text)]
    titles: Vec<Text>,
    /// What it means for people.
    #[arg(long = "impact", value_name = "LANG=TEXT", value_parser = text)]
    impacts: Vec<Text>,
    /// Begin with a template of the catalogue.
    #[arg(long, value_name = "ID", conflicts_with = "file")]
    template: Option<String>,
    /// Begin with a notice as the API takes it, in a file; - reads it from standard input.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Write a draft, which nobody sees yet.
    #[arg(long)]
    draft: bool,
    #[command(flatten)]
    grounds: Grounds,
}

/// What is said for a change where a rule is in its way.
#[derive(Args)]
pub(super) struct Grounds {
    /// Why planned work may be in frozen time.
    #[arg(long, value_name = "TEXT")]
    freeze_reason: Option<String>,
    /// Have it wait where it takes a second person; it is told under which name, with the exit status 3.
    #[arg(long, conflicts_with = "break_glass")]
    ask_approval: bool,
    /// Why it cannot wait for a second person, where it takes one.
    #[arg(long, value_name = "TEXT")]
    break_glass: Option<String>,
}

impl Grounds {
    /// Puts it into a request.
    pub(super) fn add_to(self, body: &mut Map<String, Value>) {
        let given = [
            ("freeze_reason", self.freeze_reason.map(Value::from)),
            ("ask_approval", self.ask_approval.then_some(Value::Bool(true))),
            ("break_glass", self.break_glass.map(Value::from)),
        ];
        let given = given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        body.extend(given);
    }
}

impl Written {
    /// The notice, of a kind, as the API takes it.
    pub(super) async fn into_body(self, kind: &str, remote: &Remote) -> anyhow::Result<Map<String, Value>> {
        let mut body = self.beginning(remote).await?;
        let mut put = |name: &str, value: Value| drop(body.insert(name.to_owned(), value));
        put("kind", kind.into());
        if !self.services.is_empty() {
            put("services", json!(self.services));
        }
        if !self.portals.is_empty() {
            put("portals", json!(self.portals));
        }
        if let Some(severity) = self.severity {
            put("severity", severity.into());
        }
        for (name, texts) in [("title", self.titles), ("impact", self.impacts)] {
            if !texts.is_empty() {
                put(name, localized(texts));
            }
        }
        if self.draft {
            put("publish", false.into());
        }
        self.grounds.add_to(&mut body);
        // A file may say it otherwise.
        body.entry("publish").or_insert(true.into());
        body.entry("severity").or_insert_with(|| "outage".into());
        Ok(body)
    }

    async fn beginning(&self, remote: &Remote) -> anyhow::Result<Map<String, Value>> {
        if let Some(id) = &self.template {
            let (catalogue, _) = remote.get::<Catalogue>("/api/v1/catalogue").await?;
            let Some(template) = catalogue.templates.iter().find(|template| template.id.as_str() == id) else {
                let known: Vec<&str> = catalogue.templates.iter().map(|template| template.id.as_str()).collect();
                bail!("there is no template `{id}`; there are: {}", known.join(", "));
            };
            return Ok(serde_json::from_value(serde_json::to_value(&template.notice)?)?);
        }
        let Some(file) = &self.file else { return Ok(Map::new()) };
        let name = file.display();
        let text = if file.as_os_str() == "-" {
            let mut text = String::new();
            io::stdin().lock().read_to_string(&mut text).map(|_| text)
        } else {
            fs::read_to_string(file)
        };
        let text = text.with_context(|| format!("cannot read {name}"))?;
        serde_json::from_str(&text).with_context(|| format!("{name} has no JSON object"))
    }
}
