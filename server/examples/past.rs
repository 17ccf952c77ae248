//! A long past for `cargo xtask bench`: reads an exported journal, takes its catalogue, and writes a journal of as many entries as
//! asked for, made by the same rules that a server follows: `past COUNT < EXPORT > JSON-LINES`.

use std::io::{BufWriter, Write};

use anyhow::{Context as _, bail};
use domain::{
    access::{Actor, COMMAND_LINE, Context, Role},
    catalogue::{self, Catalogue},
    notice::{self, Change, Content, Intent},
    record::{Command, Event, chain::GENESIS},
    state::State,
    step::step,
    text::{Language, Localized},
    words::NoticeId,
};
use jiff::{SignedDuration, Timestamp};
use store::journal::{Record, chain::seal};
use wire::Stage;

/// When the past begins; twenty thousand notices later it still lies behind us.
const BEGIN: &str = "2020-01-01T00:00:00Z";
const BETWEEN_NOTICES: SignedDuration = SignedDuration::from_hours(2);
const BETWEEN_STEPS: SignedDuration = SignedDuration::from_mins(20);

fn main() -> anyhow::Result<()> {
    let count: u64 = std::env::args()
        .nth(1)
        .context("COUNT is missing")?
        .parse()
        .context("COUNT is no number")?;
    let catalogue = catalogue(std::io::stdin().lock())?;
    let services: Vec<String> = catalogue.services.iter().map(|service| service.id.to_string()).collect();
    if services.is_empty() {
        bail!("the catalogue has no services");
    }
    let mut past = Past::new(BufWriter::new(std::io::stdout().lock()));
    let begin: Timestamp = BEGIN.parse()?;
    past.carry_out(
        Command::Catalogue(catalogue::Command::Apply {
            catalogue: Box::new(catalogue),
        }),
        begin,
    )?;
    let mut at = begin;
    for service in services.iter().cycle() {
        at += BETWEEN_NOTICES;
        let id = past.next_id(at);
        for (step, command) in outage(&id, service)?.into_iter().enumerate() {
            if past.state.position() >= count {
                return Ok(past.out.flush()?);
            }
            past.carry_out(command, at + BETWEEN_STEPS * i32::try_from(step)?)?;
        }
    }
    Ok(())
}

fn catalogue(export: impl std::io::BufRead) -> anyhow::Result<Catalogue> {
    let mut found = None;
    for line in export.lines() {
        let record: Record = serde_json::from_str(&line?).context("the export holds a line that is no entry")?;
        if let Some(Event::Catalogue(catalogue::Event::Applied { catalogue })) = record.entry()?.event {
            found = Some(*catalogue);
        }
    }
    found.context("the export holds no catalogue")
}

/// What ops staff do about one outage, from the first notice to its end.
fn outage(id: &NoticeId, service: &str) -> anyhow::Result<Vec<Command>> {
    let content: Content = serde_json::from_value(serde_json::json!({
        "kind": "outage", "severity": "partial_outage", "services": [service], "portals": [],
        "title": {"de": "Anmeldung nicht möglich", "en": "Signing in is not possible"},
        "impact": {"de": "Sie können sich seit heute früh nicht anmelden.", "en": "You have not been able to sign in since this morning."},
        "guidance": {"de": "Bitte rufen Sie uns an oder kommen Sie ins **Bürgerbüro**.", "en": "Please call us or come to the **citizens' office**."},
        "entries": "saved",
    }))?;
    let german = Language::parse("de")?;
    let update = |text: &str, stage| {
        let text = Localized::default().with(german.clone(), text);
        Command::Notice(notice::Command::Update {
            id: id.clone(),
            change: Change {
                text,
                stage,
                ..Change::default()
            },
        })
    };
    Ok(vec![
        Command::Notice(notice::Command::Create {
            content: Box::new(content),
            intent: Intent::Publish,
        }),
        update("Wir haben die Ursache gefunden.", Some(Stage::Identified)),
        update("Der Fehler ist behoben, wir beobachten den Betrieb.", Some(Stage::Monitoring)),
        update("Bisher sind keine neuen Fehler aufgetreten.", None),
        update("Die Störung ist beendet.", Some(Stage::Resolved)),
    ])
}

/// A journal in the making.
struct Past<W> {
    state: State,
    last_hash: String,
    out: W,
}

impl<W: Write> Past<W> {
    fn new(out: W) -> Self {
        Self {
            state: State::default(),
            last_hash: GENESIS.to_owned(),
            out,
        }
    }

    fn next_id(&self, at: Timestamp) -> NoticeId {
        self.state.next_id(at)
    }

    fn carry_out(&mut self, command: Command, at: Timestamp) -> anyhow::Result<()> {
        let actor = Actor::new(COMMAND_LINE, Role::Admin);
        for entry in step(&mut self.state, command, &Context { now: at, actor })? {
            let record = seal(std::mem::take(&mut self.last_hash), &entry)?;
            self.last_hash.clone_from(&record.hash);
            serde_json::to_writer(&mut self.out, &record)?;
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }
}
