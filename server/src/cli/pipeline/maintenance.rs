//! `umleitung maintenance`.

use std::process::ExitCode;

use anyhow::ensure;
use api::{Answer, Check, Reason, Related, What};
use clap::{Args, Subcommand};
use domain::{
    freeze::Level,
    notice::Transition,
    words::{NoticeId, ServiceId},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Map;
use store::clock::{Clock, SystemClock};
use url::form_urlencoded::Serializer;

use super::{
    notice::{Step, write},
    remote::{Once, Remote},
    written::{Written, instant, length},
};
use crate::cli::terminal::shown;

/// Announce planned work on a server, begin and end it, and ask when it may be.
#[derive(Subcommand)]
pub(in crate::cli) enum Maintenance {
    /// Announce planned work; prints the notice's id.
    Schedule(Box<Schedule>),
    /// Begin planned work now.
    Start(Step),
    /// Say that planned work is done.
    Complete(Step),
    /// Ask whether work may be done. Exit status 0: yes; 3: not then, but at the time that is printed; 4: not within 90 days.
    Check(Asked),
}

#[derive(Args)]
pub(in crate::cli) struct Schedule {
    #[command(flatten)]
    written: Written,
    /// When it begins.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    starts_at: Timestamp,
    /// When it ends.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    ends_at: Timestamp,
    /// From when on people are told; left out: now.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    announce_from: Option<Timestamp>,
    /// Wait for `maintenance complete` at the end, instead of ending by itself.
    #[arg(long)]
    confirm_end: bool,
    /// How long rolling back takes, such as 45m: so long before the end the admin page asks whether the work goes on.
    #[arg(long, value_name = "LENGTH", value_parser = length)]
    rollback: Option<SignedDuration>,
    #[command(flatten)]
    once: Once,
    #[command(flatten)]
    remote: Remote,
}

#[derive(Args)]
pub(in crate::cli) struct Asked {
    /// A service on which work would be done; may be given several times.
    #[arg(long = "service", value_name = "ID", required = true, value_parser = service)]
    services: Vec<ServiceId>,
    /// When it would begin; left out: now.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    from: Option<Timestamp>,
    /// When it would be over.
    #[arg(long, value_name = "INSTANT", value_parser = instant, required_unless_present = "length")]
    to: Option<Timestamp>,
    /// How long it would take, such as 90m, instead of --to.
    #[arg(long = "for", value_name = "LENGTH", value_parser = length, conflicts_with = "to")]
    length: Option<SignedDuration>,
    /// The notice of the work itself, where there is one: it is not in its own way.
    #[arg(long, value_name = "ID", value_parser = notice)]
    notice: Option<NoticeId>,
    #[command(flatten)]
    remote: Remote,
}

fn service(given: &str) -> Result<ServiceId, String> {
    ServiceId::parse(given).map_err(|error| error.to_string())
}

fn notice(given: &str) -> Result<NoticeId, String> {
    NoticeId::parse(given).map_err(|error| error.to_string())
}

impl Maintenance {
    pub(in crate::cli) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Schedule(planned) => {
                let mut more = Map::new();
                if let Some(at) = planned.announce_from {
                    more.insert("announce_from".to_owned(), at.to_string().into());
                }
                if planned.confirm_end {
                    more.insert("at_end".to_owned(), "confirm".into());
                }
                if let Some(takes) = planned.rollback {
                    more.insert("rollback_minutes".to_owned(), takes.as_mins().into());
                }
                let times = [("starts_at", Some(planned.starts_at)), ("ends_at", Some(planned.ends_at))];
                write("maintenance", planned.written, times, more, &planned.once, &planned.remote).await
            }
            Self::Start(step) => step.take(Transition::Start.word(), Map::new()).await,
            Self::Complete(step) => step.take(Transition::Complete.word(), Map::new()).await,
            Self::Check(asked) => asked.run().await,
        }
    }
}

impl Asked {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let from = self.from.unwrap_or_else(|| SystemClock.now());
        let to = match (self.to, self.length) {
            (Some(to), _) => to,
            (None, length) => from.checked_add(length.unwrap_or_default())?,
        };
        ensure!(to > from, "--to is not after --from");
        let services: Vec<&str> = self.services.iter().map(ServiceId::as_str).collect();
        let mut query = Serializer::new(String::new());
        query.append_pair("service", &services.join(","));
        query.append_pair("from", &from.to_string()).append_pair("to", &to.to_string());
        if let Some(notice) = &self.notice {
            query.append_pair("notice", notice.as_str());
        }
        let query = query.finish();
        let (check, answer) = self.remote.get::<Check>(&format!("/api/v1/check?{query}")).await?;
        let (word, status) = match check.verdict {
            Answer::Go => ("go", 0),
            Answer::Wait => ("wait", 3),
            Answer::No => ("no", 4),
        };
        let mut lines = vec![word.to_owned()];
        lines.extend(check.reasons.iter().map(line));
        if let Some(free) = check.next_free.filter(|_| check.verdict == Answer::Wait) {
            lines.push(format!("free\t{}\t{}", free.from, free.to));
        }
        self.remote.tell(&answer, &lines.join("\n"))?;
        Ok(ExitCode::from(status))
    }
}

/// Something that is in the way, as a line.
fn line(reason: &Reason) -> String {
    let what = match &reason.what {
        What::Freeze { id, name, level } => {
            let takes = match level {
                Level::Hint => "a hint",
                Level::Reason => "takes a reason",
                Level::SecondPerson => "takes a second person",
            };
            let name = name.as_deref().map(|name| format!(" `{}`", shown(name))).unwrap_or_default();
            format!("freeze {}{name}, {takes}", named(id.as_ref()))
        }
        What::Notice { id, relation } => format!("work {} {}", named(id.as_ref()), related(*relation)),
        What::Occurrence {
            series,
            original,
            relation,
        } => format!("planned work {} of {original} {}", named(series.as_ref()), related(*relation)),
    };
    format!("busy\t{}\t{}\t{what}", reason.from, reason.to)
}

fn named(id: Option<&impl ToString>) -> String {
    id.map_or_else(|| "of another portal".to_owned(), ToString::to_string)
}

const fn related(relation: Related) -> &'static str {
    match relation {
        Related::Same => "on the same service",
        Related::Needed => "on something that this service needs",
        Related::Needing => "on something that needs this service",
    }
}
