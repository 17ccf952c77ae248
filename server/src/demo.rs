//! The demo: a fictitious city with its catalogue and three outages of the past.

use domain::{
    access::{Actor, Context, Role},
    catalogue::{self, Catalogue},
    notice::{self, Change, Content, Intent, Transition},
    record::{Command, NewEntry},
    state::State,
    step::step,
    text::Localized,
    words::Subject,
};
use jiff::Timestamp;
use serde::Deserialize;
use wire::Stage;

use store::journal::{Journal, JournalError};

const CATALOGUE: &str = include_str!("../demo/catalogue.toml");
const HISTORY: &str = include_str!("../demo/history.json");

/// An outage of the past, with the instants at which its entries are recorded.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PastOutage {
    at: Timestamp,
    notice: Content,
    #[serde(default)]
    updates: Vec<PastUpdate>,
    resolved: PastEnd,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PastUpdate {
    at: Timestamp,
    text: Localized,
    #[serde(default)]
    stage: Option<Stage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PastEnd {
    at: Timestamp,
    text: Localized,
}

/// Whether the demo portal is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demo {
    Shown,
    Absent,
}

/// The actor who has written the demo's past, by id and by name.
pub(crate) const AUTHOR: &str = "demo";

/// Where the links in the demo's catalogue point, unless the server is somewhere else.
const USUAL_ADDRESS: &str = "http://127.0.0.1:8080";

/// Fills an empty journal with the demo; leaves any other alone. `public_url` is where the demo portal will be found.
///
/// # Errors
/// When the journal fails, or the demo breaks a rule of its own product.
pub(crate) async fn seed(journal: &dyn Journal, public_url: &str) -> anyhow::Result<()> {
    if journal.head().await? > 0 {
        return Ok(());
    }
    match journal.append(&story(public_url)?, None).await {
        // Another server on the same data was faster.
        Err(JournalError::Conflict) => Ok(()),
        told => Ok(told.map(drop)?),
    }
}

/// All that has happened in the city so far.
fn story(public_url: &str) -> anyhow::Result<Vec<NewEntry>> {
    let past: Vec<PastOutage> = serde_json::from_str(HISTORY)?;
    let catalogue: Catalogue = toml::from_str(&CATALOGUE.replace(USUAL_ADDRESS, public_url))?;
    let mut story = Story::default();
    // The catalogue was there before the first outage.
    let first = past.iter().map(|outage| outage.at).min().unwrap_or(Timestamp::UNIX_EPOCH);
    let catalogue = Box::new(catalogue);
    story.tell(first, catalogue::Command::Apply { catalogue })?;
    for outage in past {
        let content = Box::new(outage.notice);
        let intent = Intent::Publish;
        let Subject::Notice(id) = story.tell(outage.at, notice::Command::Create { content, intent })? else {
            continue;
        };
        for update in outage.updates {
            let change = Change {
                text: update.text,
                stage: update.stage,
                ..Change::default()
            };
            story.tell(update.at, notice::Command::Update { id: id.clone(), change })?;
        }
        let transition = Transition::Resolve;
        let change = Change {
            text: outage.resolved.text,
            ..Change::default()
        };
        story.tell(outage.resolved.at, notice::Command::Transit { id, transition, change })?;
    }
    Ok(story.entries)
}

/// A story in the making. It is not submitted to a publisher: no clock has to be right for it.
#[derive(Default)]
struct Story {
    state: State,
    entries: Vec<NewEntry>,
}

impl Story {
    /// Carries out a command at its own time; gives what it is about.
    fn tell(&mut self, at: Timestamp, command: impl Into<Command>) -> anyhow::Result<Subject> {
        let actor = Actor::new(AUTHOR, Role::Admin);
        let entries = step(&mut self.state, command.into(), &Context { now: at, actor })?;
        let subject = entries.first().map(|entry| entry.event.subject()).unwrap_or_default();
        self.entries.extend(entries);
        Ok(subject)
    }
}
