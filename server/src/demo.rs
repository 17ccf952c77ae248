//! The demo: a fictitious city with its catalogue and three outages of the past.

use std::{sync::Arc, time::Duration};

use domain::{
    catalogue::Catalogue,
    command::{Actor, Change, Command, Intent},
    event::Event,
    notice::{Content, Transition},
    role::Role,
    text::Localized,
    vocabulary::Stage,
};
use jiff::Timestamp;
use serde::Deserialize;

use crate::{
    clock::{Clock, Wait},
    journal::{Journal, SqliteJournal},
    publisher::Publisher,
};

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

/// The clock of a story: it stands where the teller puts it.
struct StoryClock(Timestamp);

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        self.0
    }

    fn steady(&self) -> Duration {
        Duration::ZERO
    }

    fn wait_until(&self, _: Timestamp) -> Wait {
        Box::pin(std::future::pending())
    }
}

/// Where the links in the demo's catalogue point, unless the server is somewhere else.
const USUAL_ADDRESS: &str = "http://127.0.0.1:8080";

/// Fills an empty journal with the demo; leaves any other alone. `public_url` is where the demo portal will be found.
///
/// # Errors
/// When the journal fails, or the demo breaks a rule of its own product.
pub(crate) async fn seed(journal: &SqliteJournal, public_url: &str) -> anyhow::Result<()> {
    if journal.head().await? > 0 {
        return Ok(());
    }
    let past: Vec<PastOutage> = serde_json::from_str(HISTORY)?;
    let catalogue: Catalogue = toml::from_str(&CATALOGUE.replace(USUAL_ADDRESS, public_url))?;
    // The catalogue was there before the first outage.
    let first = past.iter().map(|outage| outage.at).min().unwrap_or(Timestamp::UNIX_EPOCH);
    tell(
        journal,
        first,
        Command::ApplyCatalogue {
            catalogue: Box::new(catalogue),
        },
    )
    .await?;
    for outage in past {
        let created = tell(
            journal,
            outage.at,
            Command::CreateNotice {
                content: Box::new(outage.notice),
                intent: Intent::Publish,
            },
        )
        .await?;
        let Some(id) = created.iter().find_map(Event::subject).cloned() else {
            continue;
        };
        for update in outage.updates {
            let change = Change {
                text: update.text,
                stage: update.stage,
                ..Change::default()
            };
            tell(journal, update.at, Command::AddUpdate { id: id.clone(), change }).await?;
        }
        let change = Change {
            text: outage.resolved.text,
            ..Change::default()
        };
        tell(
            journal,
            outage.resolved.at,
            Command::MakeTransition {
                id,
                transition: Transition::Resolve,
                change,
            },
        )
        .await?;
    }
    Ok(())
}

async fn tell(journal: &SqliteJournal, at: Timestamp, command: Command) -> anyhow::Result<Vec<Event>> {
    let publisher = Publisher::open(journal.clone(), Arc::new(StoryClock(at))).await?;
    Ok(publisher
        .submit(
            Actor {
                id: "demo".to_owned(),
                role: Role::Admin,
            },
            command,
        )
        .await?)
}
