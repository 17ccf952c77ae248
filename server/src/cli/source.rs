//! `umleitung source`.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context;
use api::NewSource;
use clap::Args;
use domain::words::{SourceId, SourceKind};
use engine::Publisher;
use store::clock::SystemClock;

use super::{
    data::{Data, operator},
    terminal::{complain, shown},
};
use crate::sensors::{Intake, MOST_TOLD};

/// Hear programs that tell of alerts.
#[derive(clap::Subcommand)]
pub(super) enum Source {
    /// Hear a program from now on; prints the token that it has to send, alone.
    Add(Box<Add>),
    /// Show all sources: id, kind, when it was last heard of, and how many alerts fire.
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Give a source another token and print it; the one from before works no more.
    Token {
        id: String,
        #[command(flatten)]
        data: Data,
    },
    /// Hear a program no more.
    End {
        id: String,
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Args)]
pub(super) struct Add {
    /// What it is called, such as prometheus: it stands in the address to which it sends, and is the label `source` of its alerts.
    #[arg(value_parser = |text: &str| SourceId::parse(text))]
    id: SourceId,
    /// How it says what it says: alertmanager, grafana, uptime-kuma, json, or statuspage, which is read.
    #[arg(long)]
    kind: SourceKind,
    /// For json: a JSON file that says where in a message what stands.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// For statuspage: where it is, such as https://status.bundid.example. For alertmanager: where it is to be silent during planned work.
    #[arg(long, value_name = "URL")]
    address: Option<String>,
    #[command(flatten)]
    data: Data,
}

impl Source {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Add(add) => add.run().await?,
            Self::List { data } => {
                for source in intake(&data).await?.all().await? {
                    let firing = source.alerts.iter().filter(|alert| alert.silent_since.is_none()).count();
                    let more = if firing == MOST_TOLD { "+" } else { "" };
                    let heard = source.heard_at.map_or_else(|| "never heard".to_owned(), |at| format!("heard {at}"));
                    let failing = source
                        .failing_since
                        .map(|since| format!(", failing since {since}: {}", source.failure.as_deref().unwrap_or_default()));
                    let heard = shown(&format!("{heard}{}", failing.unwrap_or_default()));
                    say!("{}\t{}\t{heard}\t{firing}{more} firing", source.id, source.kind.word());
                }
            }
            Self::Token { id, data } => {
                let renewed = intake(&data).await?.renew(&id).await?;
                say!("{}", renewed.token.unwrap_or_default());
            }
            Self::End { id, data } => {
                intake(&data).await?.end(&id).await?;
                say!("Ended {}.", shown(&id));
            }
        }
        Ok(())
    }
}

impl Add {
    async fn run(self) -> anyhow::Result<()> {
        let mapping = match &self.mapping {
            None => None,
            Some(path) => {
                let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", shown(&path.to_string_lossy())))?;
                let read = serde_json::from_str(&text);
                Some(read.with_context(|| format!("{} is no mapping", shown(&path.to_string_lossy())))?)
            }
        };
        let new = NewSource {
            id: self.id,
            kind: self.kind,
            mapping,
            address: self.address,
        };
        let source = intake(&self.data).await?.add(&operator(), new).await?;
        let Some(token) = source.token else {
            complain(format_args!("{} is read once a minute from now on.", source.id));
            return Ok(());
        };
        say!("{token}");
        complain(format_args!(
            "What is printed is told only once. It is sent as `Authorization: Bearer …` to /api/v1/sources/{}/alerts.",
            source.id
        ));
        Ok(())
    }
}

async fn intake(data: &Data) -> anyhow::Result<Intake> {
    let store = data.existing_store().await?;
    let publisher = Publisher::open(store.journal.clone(), Arc::new(SystemClock), Arc::new(())).await?;
    Ok(Intake::of(Arc::new(publisher), &store))
}
