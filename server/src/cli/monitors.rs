//! What another tool looks at becomes probes: for `umleitung import uptime-kuma`.

use std::collections::BTreeSet;

use anyhow::anyhow;
use domain::{
    catalogue::{Catalogue, Command, Probe, probe_faults},
    words::Fault,
};
use engine::Publisher;
use import::{Here, Left, Monitor, Monitors, monitors};

use super::data::{operator, submit};

/// What becomes of what was found.
pub(super) struct Taken {
    catalogue: Catalogue,
    new: Vec<Monitor>,
    known: Vec<Monitor>,
    left: Vec<Left>,
}

/// What is new in these files, what is here already by its id, and what may not be.
///
/// # Errors
/// When a file cannot be read as one of that tool.
pub(super) fn taken(catalogue: &Catalogue, here: &Here, files: &[(String, Vec<u8>)]) -> anyhow::Result<Taken> {
    let mut taken = Taken {
        catalogue: catalogue.clone(),
        new: Vec::new(),
        known: Vec::new(),
        left: Vec::new(),
    };
    let mut ids: BTreeSet<_> = catalogue.probes.iter().map(|probe| probe.id.clone()).collect();
    for (called, bytes) in files {
        let read = monitors(bytes, here.language()).map_err(|why| anyhow!("{called} {why}; nothing has changed"))?;
        let Monitors { found, mut left } = read;
        taken.left.append(&mut left);
        for mut monitor in found {
            monitor.probe.service = here.service(&monitor.name).cloned();
            if ids.contains(&monitor.probe.id) {
                taken.known.push(monitor);
                continue;
            }
            match probe_faults(catalogue, &monitor.probe).into_result() {
                Ok(()) => {
                    ids.insert(monitor.probe.id.clone());
                    taken.new.push(monitor);
                }
                Err(faults) => taken.left.push(Left {
                    id: monitor.name,
                    why: worded(faults.into_vec()),
                }),
            }
        }
    }
    Ok(taken)
}

fn worded(faults: Vec<Fault>) -> String {
    let worded = faults
        .into_iter()
        .map(|fault| format!("`{}` {}", fault.pointer.trim_start_matches('/'), fault.detail));
    worded.collect::<Vec<_>>().join("; ")
}

impl Taken {
    /// Takes what is new, as one change of the catalogue, and says all of it.
    pub(super) async fn carry_out(mut self, publisher: &Publisher, is_dry: bool) -> anyhow::Result<()> {
        if !is_dry && !self.new.is_empty() {
            self.catalogue.probes.extend(self.new.iter().map(|monitor| monitor.probe.clone()));
            let catalogue = Box::new(self.catalogue);
            submit(publisher, operator(), Command::Apply { catalogue }).await?;
        }
        for Monitor { name, probe, remarks } in &self.new {
            let Probe { id, service, .. } = probe;
            let about = service
                .as_ref()
                .map_or_else(|| "of no service".to_owned(), |service| format!("of {service}"));
            say!("+ {id}  {name}, {about}");
            for remark in remarks {
                say!("  {name} {remark}");
            }
        }
        for Monitor { name, probe, .. } in &self.known {
            say!("= {}  {name}", probe.id);
        }
        for Left { id, why } in &self.left {
            say!("- {id} {why}");
        }
        let (new, known, left) = (self.new.len(), self.known.len(), self.left.len());
        let word = if is_dry { "would be taken" } else { "taken" };
        say!("{new} {word}, {known} here already, {left} not taken.");
        if self.new.iter().any(|monitor| monitor.probe.service.is_none()) {
            say!("Which service a monitor is about says --service \"NAME=ID\". What becomes of what fails say the rules of the catalogue.");
        }
        Ok(())
    }
}
