//! `umleitung catalogue`.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context, bail};
use domain::{
    catalogue::Catalogue as Content,
    command::{Actor, Command},
    decide::Rejection,
    event::Event,
    fault::Fault,
};

use super::{Data, operator};
use crate::publisher::{Publisher, SubmitError};

/// Load or print the catalogue.
#[derive(clap::Subcommand)]
pub(super) enum Catalogue {
    /// Load a catalogue file (TOML), whole or not at all, and show what changes.
    Apply {
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
            Self::Apply { file, data } => apply(&file, &data).await,
            Self::Export { data } => {
                let catalogue = data.publisher().await?.read(|state, _| state.catalogue().clone()).await?;
                print!("{}", toml::to_string_pretty(&catalogue)?);
                Ok(())
            }
        }
    }
}

async fn apply(file: &std::path::Path, data: &Data) -> anyhow::Result<()> {
    let shown = file.display();
    let source = std::fs::read_to_string(file).with_context(|| format!("{shown} cannot be read"))?;
    let catalogue: Content = toml::from_str(&source).with_context(|| format!("{shown} is refused; nothing has changed"))?;
    let publisher = data.publisher().await?;
    let before = publisher.read(|state, _| state.catalogue().clone()).await?;
    let after = catalogue.clone();
    let events = publisher
        .submit(
            operator(),
            Command::ApplyCatalogue {
                catalogue: Box::new(catalogue),
            },
        )
        .await;
    match events {
        Err(SubmitError::Rejected(Rejection::Invalid(faults))) => {
            let lines: Vec<String> = faults.into_vec().iter().map(|fault| located(fault, &source)).collect();
            bail!("{shown} is refused; nothing has changed:\n{}", lines.join("\n"))
        }
        Err(error) => Err(error.into()),
        Ok(events) if events.is_empty() => {
            println!("The catalogue is the same already.");
            Ok(())
        }
        Ok(_) => {
            for line in difference(&before, &after)? {
                println!("{line}");
            }
            Ok(())
        }
    }
}

/// Carries out a command and words a refusal for the terminal.
pub(super) async fn submit(publisher: &Publisher, actor: Actor, command: Command) -> anyhow::Result<Vec<Event>> {
    match publisher.submit(actor, command).await {
        Err(SubmitError::Rejected(Rejection::Invalid(faults))) => {
            let faults = faults.into_vec();
            bail!(
                "{}",
                faults
                    .iter()
                    .map(|fault| format!("{} {}", fault.pointer.trim_start_matches('/'), fault.detail))
                    .collect::<Vec<_>>()
                    .join("\n")
            )
        }
        done => Ok(done?),
    }
}

/// A fault with the line where its field stands.
fn located(fault: &Fault, source: &str) -> String {
    let field = fault.pointer.trim_start_matches('/').replace('/', ".");
    match line_of(&fault.pointer, source) {
        Some(line) => format!("  line {line}: {field} {}", fault.detail),
        None => format!("  {field} {}", fault.detail),
    }
}

/// The line, from 1, of the field that a JSON Pointer means, or of the nearest thing around it.
fn line_of(pointer: &str, source: &str) -> Option<usize> {
    use toml::de::{DeTable, DeValue};
    let table = DeTable::parse(source).ok()?;
    let mut offset = None;
    let mut here: Option<&DeValue<'_>> = None;
    for (depth, name) in pointer.split('/').skip(1).enumerate() {
        let next = if depth == 0 {
            table.get_ref().get(name)
        } else {
            match here {
                Some(DeValue::Table(table)) => table.get(name),
                Some(DeValue::Array(array)) => name.parse::<usize>().ok().and_then(|index| array.get(index)),
                _ => None,
            }
        };
        let Some(next) = next else { break };
        offset = Some(next.span().start);
        here = Some(next.get_ref());
    }
    offset.map(|offset| source.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_found_in_its_line() {
        let source = "[[service]]\nid = \"a\"\nname = { de = \"A\" }\n\n[[service]]\nid = \"b\"\nname = { de = \"B\" }\nrequires = [\n  \"a\",\n  \"x\",\n]\n";
        assert_eq!(line_of("/service/1/requires/1", source), Some(10));
        assert_eq!(line_of("/service/0/id", source), Some(2));
        assert_eq!(line_of("/service/1/name/en", source), Some(7));
    }
}
