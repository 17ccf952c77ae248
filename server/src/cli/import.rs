//! `umleitung import`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow, bail, ensure};
use clap::{Args, ValueEnum};
use domain::{
    access::Context as CommandContext,
    decide::decide,
    notice::{self, Imported},
    record::{Command, Event},
    rejection::Rejection,
    state::State,
    text::Language,
    words::{NoticeId, PortalId, ServiceId},
};
use engine::Publisher;
use import::{Batch, Found, Here, Left, Tool, Zone, read};
use ipnet::IpNet;

use super::{
    data::{Data, Force, operator, submit},
    monitors,
    serve::network,
};
use crate::reactors::{Network, Visitor};

/// Where Statuspage answers what was.
const DOCUMENTS: [&str; 2] = ["/api/v2/incidents.json", "/api/v2/scheduled-maintenances.json"];

/// Take over from another tool what is over, or what it looks at: each thing once, however often it is asked.
#[derive(Args)]
pub(super) struct Import {
    /// The tool.
    #[arg(value_enum)]
    tool: Kind,
    /// What it has kept: a file, a folder of such files, or for Statuspage the address of the page.
    from: String,
    /// The portal that goes on telling it; the only one where there is one.
    #[arg(long, value_name = "ID")]
    portal: Option<String>,
    /// What a service is called there, as its id or name, and its id here; may be given several times.
    #[arg(long = "service", value_name = "THEIRS=OURS")]
    services: Vec<String>,
    /// The language in which it was told; the portal's first where nothing else is said.
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// The time zone of instants that name none; the portal's where nothing else is said.
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Only say what would be taken.
    #[arg(long)]
    dry_run: bool,
    /// Also ask addresses in this network, which is not the open internet; may be given several times.
    #[arg(long, value_name = "CIDR", value_parser = network)]
    allow: Vec<IpNet>,
    #[command(flatten)]
    force: Force,
    #[command(flatten)]
    data: Data,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Statuspage,
    Cachet,
    Cstate,
    Upptime,
    UptimeKuma,
}

impl Kind {
    /// The tool that has told notices; `None`: it has monitors.
    const fn tool(self) -> Option<Tool> {
        Some(match self {
            Self::Statuspage => Tool::Statuspage,
            Self::Cachet => Tool::Cachet,
            Self::Cstate => Tool::Cstate,
            Self::Upptime => Tool::Upptime,
            Self::UptimeKuma => return None,
        })
    }
}

/// What becomes of what was found.
#[derive(Default)]
struct Outcome {
    new: Vec<Imported>,
    known: BTreeMap<NoticeId, Imported>,
    left: Vec<Left>,
    /// What was touched and nothing here is called.
    unknown: BTreeSet<String>,
}

impl Import {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let publisher = self.data.publisher().await?;
        let (here, zone) = publisher.read(|state, _| self.here(state)).await??;
        let Some(tool) = self.tool.tool() else {
            let files = self.sources().await?;
            let catalogue = publisher.read(|state, _| state.catalogue().clone()).await?;
            let taken = monitors::taken(&catalogue, &here, &files)?;
            self.force.confirm(&publisher).await?;
            return taken.carry_out(&publisher, self.dry_run).await;
        };
        let mut batches = Vec::new();
        for (called, bytes) in self.sources().await? {
            let stem = Path::new(&called).file_stem().unwrap_or_default().to_string_lossy();
            batches.push(read(tool, &bytes, &stem, &zone).map_err(|why| anyhow!("{called} {why}; nothing has changed"))?);
        }
        let remarks: Vec<String> = batches.iter().flat_map(|batch| batch.remarks.clone()).collect();
        let outcome = publisher
            .read(|state, now| judged(state, &CommandContext { now, actor: operator() }, &here, batches))
            .await?;
        self.force.confirm(&publisher).await?;
        let ids = self.take(&publisher, &outcome.new).await?;
        report(&outcome, &ids, self.dry_run)?;
        for remark in remarks {
            say!("{remark}");
        }
        Ok(())
    }

    /// Where it belongs, and how its instants are read.
    fn here(&self, state: &State) -> anyhow::Result<(Here, Zone)> {
        let catalogue = state.catalogue();
        let portal = match (&self.portal, catalogue.portals.as_slice()) {
            (Some(id), portals) => {
                let found = portals.iter().find(|portal| portal.id.as_str() == id);
                found.ok_or_else(|| anyhow!("--portal {id}: there is no such portal in the catalogue"))?
            }
            (None, [only]) => only,
            (None, []) => bail!("there is no portal yet that could tell it; load a catalogue first (umleitung catalogue apply)"),
            (None, _) => bail!("--portal is missing; there are several, and one of them goes on telling it"),
        };
        let language = match &self.language {
            Some(tag) => {
                let language = Language::parse(tag).map_err(|why| anyhow!("--language {tag} {why}"))?;
                let spoken = portal.languages.contains(&language);
                ensure!(spoken, "--language {tag} is none of the languages of the portal {}", portal.id);
                language
            }
            None => portal.languages.first().context("the portal has no language")?.clone(),
        };
        let zone = self.time_zone.as_ref().unwrap_or(&portal.time_zone);
        let zone = Zone::named(zone).map_err(|why| anyhow!("--time-zone {zone} {why}"))?;
        let id: PortalId = portal.id.clone();
        let mut here = Here::new(id, language, catalogue.services.iter());
        for pair in &self.services {
            let parts = pair.rsplit_once('=').map(|(theirs, ours)| (theirs, ServiceId::parse(ours)));
            let Some((theirs, Ok(ours))) = parts else {
                bail!("--service {pair}: write what it is called there, =, and the id of the service here");
            };
            let is_there = catalogue.services.iter().any(|service| service.id == ours);
            ensure!(is_there, "--service {pair}: there is no service `{ours}` in the catalogue");
            here = here.with(theirs, ours);
        }
        Ok((here, zone))
    }

    /// What is to be read, each with its name.
    async fn sources(&self) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        if self.from.starts_with("https://") || self.from.starts_with("http://") {
            return self.fetched().await;
        }
        let place = Path::new(&self.from);
        let files = if place.is_dir() { files(place)? } else { vec![place.to_owned()] };
        ensure!(!files.is_empty(), "{} has no file of this tool", self.from);
        let read = |file: PathBuf| {
            let bytes = std::fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            Ok((file.display().to_string(), bytes))
        };
        files.into_iter().map(read).collect()
    }

    async fn fetched(&self) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        ensure!(
            matches!(self.tool, Kind::Statuspage),
            "only a Statuspage can be asked under its address; save what this tool answers as a file"
        );
        let visitor = Visitor::new(String::new(), Network::to_read(self.allow.clone()));
        let page = self.from.trim_end_matches('/');
        let addresses = if page.ends_with(".json") {
            vec![page.to_owned()]
        } else {
            DOCUMENTS.map(|path| format!("{page}{path}")).to_vec()
        };
        let mut read = Vec::new();
        for address in addresses {
            let came = visitor.get(&address).await;
            let came = came.map_err(|obstacle| anyhow!("{address} cannot be read: {}; nothing has changed", obstacle.detail))?;
            read.push((address, came.body));
        }
        Ok(read)
    }

    /// Takes what is new; in the order in which it came.
    async fn take(&self, publisher: &Publisher, new: &[Imported]) -> anyhow::Result<Vec<NoticeId>> {
        if self.dry_run || new.is_empty() {
            return Ok(Vec::new());
        }
        let events = submit(publisher, operator(), Command::Import(new.to_vec())).await?;
        let id = |event: Event| match event {
            Event::Notice(notice::Event::Imported { id, .. }) => Some(id),
            _ => None,
        };
        Ok(events.into_iter().filter_map(id).collect())
    }
}

/// The files of a folder, by name; Hugo's own begin with an underscore.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let listed = std::fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut files: Vec<PathBuf> = listed.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    files.retain(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        file.is_file() && !name.starts_with(['_', '.']) && (name.ends_with(".md") || name.ends_with(".json"))
    });
    files.sort();
    Ok(files)
}

/// What is new, what is here already, and what the rules do not take: each is judged alone, so that one keeps out no other.
fn judged(state: &State, context: &CommandContext, here: &Here, batches: Vec<Batch>) -> Outcome {
    let mut outcome = Outcome::default();
    for mut batch in batches {
        outcome.left.append(&mut batch.left);
        for found in std::mem::take(&mut batch.found) {
            let id = found.id.clone();
            if let Err(why) = judge(state, context, here, &batch, found, &mut outcome) {
                outcome.left.push(Left { id, why });
            }
        }
    }
    // Those that people read first get the smaller numbers.
    outcome.new.sort_by_key(|notice| notice.published_at);
    outcome.new.dedup_by(|one, other| one.origin == other.origin);
    outcome
}

fn judge(state: &State, context: &CommandContext, here: &Here, batch: &Batch, found: Found, outcome: &mut Outcome) -> Result<(), String> {
    let placed = here.place(batch, found).ok_or("is not over; write it here by hand")?;
    let known = state.notices().find(|notice| notice.origin.as_ref() == Some(&placed.notice.origin));
    if let Some(known) = known {
        outcome.known.insert(known.id.clone(), placed.notice);
        return Ok(());
    }
    let alone = Command::Import(vec![placed.notice.clone()]);
    decide(state, alone, context).map_err(|rejection| match rejection {
        Rejection::Invalid(faults) => {
            let faults = faults.into_vec().into_iter();
            let worded = faults.map(|fault| format!("`{}` {}", fault.pointer.trim_start_matches("/0/"), fault.detail));
            worded.collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    })?;
    outcome.new.push(placed.notice);
    outcome.unknown.extend(placed.unknown);
    Ok(())
}

fn report(outcome: &Outcome, ids: &[NoticeId], is_dry: bool) -> anyhow::Result<()> {
    let title = |notice: &Imported| {
        notice
            .content
            .title
            .iter()
            .next()
            .map(|(_, title)| title.to_owned())
            .unwrap_or_default()
    };
    for (i, notice) in outcome.new.iter().enumerate() {
        let id = ids.get(i).map_or_else(|| "new".to_owned(), ToString::to_string);
        say!("+ {id}  {}  ({})", title(notice), notice.origin.id);
    }
    for (id, notice) in &outcome.known {
        say!("= {id}  {}  ({})", title(notice), notice.origin.id);
    }
    for Left { id, why } in &outcome.left {
        say!("- {id} {why}");
    }
    let (new, known, left) = (outcome.new.len(), outcome.known.len(), outcome.left.len());
    let taken = if is_dry { "would be taken" } else { "taken" };
    say!("{new} {taken}, {known} here already, {left} not taken.");
    if !outcome.unknown.is_empty() {
        let names: Vec<&str> = outcome.unknown.iter().map(String::as_str).collect();
        say!(
            "No service here is called: {}. What touched only these is told of the portal as a whole; --service \"{}=ID\" says which it is.",
            names.join(", "),
            names[0]
        );
    }
    Ok(())
}
