//! `umleitung catalogue`.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context, anyhow, bail};
use domain::{
    access::Context as CommandContext,
    catalogue::{self, Catalogue as Content},
    decide::decide,
    record::Command,
    rejection::Rejection,
};

use super::{
    catalogue_file::{CatalogueFile, readable},
    data::{Data, Force, operator, submit},
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
        for line in difference(&before, catalogue)? {
            say!("{line}");
        }
    }
    Ok(())
}

/// What changes, one line each: `+` new, `-` gone, `~` changed.
fn difference(before: &Content, after: &Content) -> anyhow::Result<Vec<String>> {
    let (before, after) = (entries(before)?, entries(after)?);
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let sign = |name: &String| match (before.get(name), after.get(name)) {
        (None, Some(_)) => Some('+'),
        (Some(_), None) => Some('-'),
        (old, new) if old != new => Some('~'),
        _ => None,
    };
    Ok(names
        .into_iter()
        .filter_map(|name| sign(name).map(|sign| format!("{sign} {name}")))
        .collect())
}

fn entries(catalogue: &Content) -> anyhow::Result<BTreeMap<String, serde_json::Value>> {
    let mut entries = BTreeMap::new();
    let lists = serde_json::to_value(catalogue)?;
    for (kind, list) in lists.as_object().into_iter().flatten() {
        for entry in list.as_array().into_iter().flatten() {
            let id = entry.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
            entries.insert(format!("{kind} {id}"), entry.clone());
        }
    }
    Ok(entries)
}
