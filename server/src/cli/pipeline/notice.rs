//! `umleitung notice`.

use std::process::ExitCode;

use api::{Notice, NoticePage};
use clap::{Args, Subcommand};
use domain::notice::Transition;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    remote::{Once, Remote},
    written::{Grounds, Text, Written, instant, localized, text},
};
use crate::cli::terminal::shown;

/// Publish notices on a server, update and end them.
#[derive(Subcommand)]
pub(in crate::cli) enum NoticeCommand {
    /// Report an outage; prints the notice's id.
    Open(Box<Open>),
    /// Say something new about a notice.
    Update(Box<Update>),
    /// Give a notice another end.
    Extend(Box<Extend>),
    /// Give the all-clear.
    Resolve(Step),
    /// Show notices, the newest first: id, stage, severity and title.
    List {
        /// All that are kept, those included that are over.
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        remote: Remote,
    },
}

#[derive(Args)]
pub(in crate::cli) struct Open {
    #[command(flatten)]
    written: Written,
    /// When it began; left out: now.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    starts_at: Option<Timestamp>,
    /// When it is likely to be over; left out: nobody knows.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    ends_at: Option<Timestamp>,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    remote: Remote,
}

/// What is done to a notice that is there, with a text for people.
#[derive(Args)]
pub(in crate::cli) struct Step {
    /// The notice, such as 2026-0042.
    id: String,
    /// What people are told, with the language before it: --text de=Erledigt.
    #[arg(long = "text", value_name = "LANG=TEXT", value_parser = text)]
    texts: Vec<Text>,
    #[command(flatten)]
    grounds: Grounds,
    #[command(flatten)]
    pub(super) once: Once,
    #[command(flatten)]
    pub(super) remote: Remote,
}

#[derive(Args)]
pub(in crate::cli) struct Update {
    #[command(flatten)]
    step: Step,
    /// The stage that begins with it: investigating, identified, monitoring.
    #[arg(long, value_name = "WORD")]
    stage: Option<String>,
    /// When the next news is to come.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    next_update_at: Option<Timestamp>,
}

#[derive(Args)]
pub(in crate::cli) struct Extend {
    #[command(flatten)]
    step: Step,
    /// The new end.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    ends_at: Timestamp,
}

impl NoticeCommand {
    pub(in crate::cli) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Open(open) => {
                let times = [("starts_at", open.starts_at), ("ends_at", open.ends_at)];
                write("outage", open.written, times, Map::new(), &open.once, &open.remote).await
            }
            Self::Update(update) => {
                let mut more = Map::new();
                if let Some(stage) = update.stage {
                    more.insert("stage".to_owned(), stage.into());
                }
                if let Some(at) = update.next_update_at {
                    more.insert("next_update_at".to_owned(), at.to_string().into());
                }
                update.step.take("updates", more).await
            }
            Self::Extend(extend) => {
                let more = Map::from_iter([("ends_at".to_owned(), Value::from(extend.ends_at.to_string()))]);
                extend.step.take(Transition::Extend.word(), more).await
            }
            Self::Resolve(step) => step.take(Transition::Resolve.word(), Map::new()).await,
            Self::List { all, remote } => {
                let (mut lines, mut answers, mut after) = (Vec::new(), Vec::new(), String::new());
                loop {
                    let path = format!("/api/v1/notices?limit=500&open={}{after}", !all);
                    let (page, mut answer) = remote.get::<NoticePage>(&path).await?;
                    lines.extend(page.notices.iter().map(line));
                    answers.extend(answer["notices"].as_array_mut().map(std::mem::take).unwrap_or_default());
                    let Some(next) = page.next else { break };
                    after = format!("&after={next}");
                }
                remote.tell(&Value::Array(answers), &lines.join("\n"))?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

/// Writes a new notice of a kind and prints its id.
pub(super) async fn write(
    kind: &str,
    written: Written,
    times: [(&str, Option<Timestamp>); 2],
    more: Map<String, Value>,
    once: &Once,
    remote: &Remote,
) -> anyhow::Result<ExitCode> {
    let mut body = written.into_body(kind, remote).await?;
    let given = times
        .into_iter()
        .filter_map(|(name, at)| Some((name.to_owned(), at?.to_string().into())));
    body.extend(given.chain(more));
    if kind == "maintenance" {
        // A file or a template may say it otherwise.
        body.entry("at_end").or_insert("complete".into());
    }
    let id = |notice: &Notice| notice.id.to_string();
    remote.change("/api/v1/notices", &Value::Object(body), once, id).await
}

impl Step {
    /// Does it, and prints what has become of the notice.
    pub(super) async fn take(self, word: &str, mut more: Map<String, Value>) -> anyhow::Result<ExitCode> {
        if !self.texts.is_empty() {
            more.insert("text".to_owned(), localized(self.texts));
        }
        self.grounds.add_to(&mut more);
        let path = format!("/api/v1/notices/{}/{word}", in_address(&self.id));
        self.remote.change(&path, &Value::Object(more), &self.once, line).await
    }
}

/// An id as a part of an address; what is none keeps to its place.
fn in_address(id: &str) -> String {
    url::form_urlencoded::byte_serialize(id.as_bytes()).collect()
}

/// A notice as a line.
fn line(notice: &Notice) -> String {
    let stage = notice.current_stage.map_or("draft", wire::Stage::word);
    let title = notice.title.iter().next().map(|(_, title)| shown(title)).unwrap_or_default();
    format!("{}\t{stage}\t{}\t{title}", notice.id, notice.severity.word())
}
