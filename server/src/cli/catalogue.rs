//! `umleitung catalogue`.

use std::path::PathBuf;

use anyhow::{Context, anyhow, bail};
use api::{Becomes, CatalogueChange};
use domain::{
    access::Context as CommandContext,
    catalogue::{self, Catalogue as Content},
    decide::decide,
    record::Command,
    rejection::Rejection,
};

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
    let command = |catalogue: &Content| {
        Command::Catalogue(catalogue::Command::Apply {
            catalogue: Box::new(catalogue.clone()),
        })
    };
    let mut meaning = Vec::new();
    if let Some(catalogue) = &read.catalogue {
        let actor = operator();
        let decided = publisher.read(|state, now| decide(state, command(catalogue), &CommandContext { now, actor }));
        if let Err(Rejection::Invalid(faults)) = decided.await? {
            meaning = faults.into_vec();
        }
    }
    let faults = read.told(meaning);
    let catalogue = match &read.catalogue {
        Some(catalogue) if faults.is_empty() => catalogue,
        _ => bail!("{shown} is refused; nothing has changed:\n{}", faults.join("\n")),
    };
    force.confirm(&publisher).await?;
    let before = publisher.read(|state, _| state.catalogue().clone()).await?;
    if submit(&publisher, operator(), command(catalogue)).await?.is_empty() {
        say!("The catalogue is the same already.");
    } else {
        for change in CatalogueChange::between(&before, catalogue) {
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
