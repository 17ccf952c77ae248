//! `umleitung catalogue`.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, anyhow, ensure};
use api::{Becomes, CatalogueChange};
use domain::{
    access::{COMMAND_LINE, Context as CommandContext},
    catalogue::{Command, LARGEST_FORM},
};
use engine::Publisher;
use store::clock::{Clock, SystemClock};

use super::data::{Data, Force, operator, submit};
use crate::{
    catalogue_file::{CatalogueFile, readable},
    forms::{FormError, Forms},
};

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
    /// Upload a form that people can print (PDF), and print what a step of a procedure names as its `form`.
    Attach {
        file: PathBuf,
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
            Self::Attach { file, data } => attach(&file, &data).await,
            Self::Export { data } => {
                let catalogue = data.publisher().await?.read(|state, _| state.catalogue().clone()).await?;
                say!("{}", toml::to_string_pretty(&catalogue)?.trim_end());
                Ok(())
            }
        }
    }
}

async fn attach(file: &Path, data: &Data) -> anyhow::Result<()> {
    let shown = file.display();
    let content = std::fs::read(file).with_context(|| format!("{shown} cannot be read"))?;
    ensure!(
        content.len() <= LARGEST_FORM,
        "{shown} has more than {LARGEST_FORM} bytes (5 MiB), which is the most that a form may have; save it smaller"
    );
    let called = file.file_name().unwrap_or_default().to_string_lossy();
    let forms = Forms::new(data.store().await?.forms);
    let taken = forms.take(&called, content.into(), SystemClock.now(), COMMAND_LINE).await;
    let taken = taken.map_err(|error| match error {
        FormError::NotTaken(why) => anyhow!("{shown} {why}"),
        FormError::Storage(error) => error.into(),
    })?;
    say!("{}", taken.form);
    Ok(())
}

async fn apply(file: &Path, force: &Force, data: &Data) -> anyhow::Result<()> {
    let shown = file.display();
    let bytes = std::fs::read(file).with_context(|| format!("{shown} cannot be read"))?;
    let source = readable(&bytes).map_err(|reason| anyhow!("{shown} {reason}; nothing has changed"))?;
    let read = CatalogueFile::read(source);
    let store = data.store().await?;
    let forms = Forms::new(store.forms).digests().await?;
    let publisher = Publisher::open(store.journal, Arc::new(SystemClock), Arc::new(())).await?;
    let judged = publisher.read(|state, now| {
        let actor = operator();
        read.judged(state, &CommandContext { now, actor }, &forms)
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
