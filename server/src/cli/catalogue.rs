//! `umleitung catalogue`.

use std::path::PathBuf;

use anyhow::{Context, anyhow};
use api::{Becomes, CatalogueChange};
use domain::{access::Context as CommandContext, catalogue::Command};

use super::data::{Data, Force, operator, submit};
use crate::catalogue_file::{CatalogueFile, readable};

/// Load or print the catalogue.
#[derive(clap::Subcommand)]
pub(super) enum Catalogue {
    /// Load a catalogue file (TOML), whole or not at all, and show what changes.
    Apply {
        file: PathBuf,
        #[command(flatten)]
        force: Force,
        #[command(flatten)]
        data: Data,
    },
    /// Print the catalogue in force.
    Export {
        #[command(flatten)]
        data: Data,
    },
}

impl Catalogue {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Apply { file, force, data } => apply(&file, &force, &data).await,
            Self::Export { data } => {
                let catalogue = data.publisher().await?.read(|state, _| state.catalogue().clone()).await?;
                say!("{}", toml::to_string_pretty(&catalogue)?.trim_end());
                Ok(())
            }
        }
    }
}

async fn apply(file: &std::path::Path, force: &Force, data: &Data) -> anyhow::Result<()> {
    let shown = file.display();
    let bytes = std::fs::read(file).with_context(|| format!("{shown} cannot be read"))?;
    let source = readable(&bytes).map_err(|reason| anyhow!("{shown} {reason}; nothing has changed"))?;
    let read = CatalogueFile::read(source);
    let publisher = data.publisher().await?;
    let judged = publisher.read(|state, now| {
        let actor = operator();
        read.judged(state, &CommandContext { now, actor })
    });
    let refused = |faults: Vec<String>| anyhow!("{shown} is refused; nothing has changed:\n{}", faults.join("\n"));
    let catalogue = judged.await?.map_err(refused)?;
    force.confirm(&publisher).await?;
    let before = publisher.read(|state, _| state.catalogue().clone()).await?;
    let changes = CatalogueChange::between(&before, &catalogue);
    if submit(&publisher, operator(), Command::Apply { catalogue }).await?.is_empty() {
        say!("The catalogue is the same already.");
    } else {
        for change in changes {
            let sign = match change.what {
                Becomes::Added => '+',
                Becomes::Removed => '-',
                Becomes::Changed => '~',
            };
            say!("{sign} {} {}", change.kind, change.id);
        }
    }
    Ok(())
}
