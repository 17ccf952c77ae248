//! The demo: a fictitious city with its catalogue and three outages of the past.

use domain::{
    catalogue::Catalogue,
    command::{Actor, Change, Command, Context, Intent},
    decide::decide,
    event::Event,
    notice::{Content, Transition},
    role::Role,
    state::{State, apply},
    text::Localized,
};
use jiff::Timestamp;
use serde::Deserialize;
use wire::Stage;

use crate::journal::{Journal, NewEntry, SqliteJournal};

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

/// The actor who has written the demo's past, by id and by name.
pub(crate) const AUTHOR: &str = "demo";

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
    let mut state = State::default();
    // The catalogue was there before the first outage.
    let first = past.iter().map(|outage| outage.at).min().unwrap_or(Timestamp::UNIX_EPOCH);
    tell(
        (journal, &mut state),
        first,
        Command::ApplyCatalogue {
            catalogue: Box::new(catalogue),
        },
    )
    .await?;
    for outage in past {
        let created = tell(
            (journal, &mut state),
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
            tell((journal, &mut state), update.at, Command::AddUpdate { id: id.clone(), change }).await?;
        }
        let change = Change {
            text: outage.resolved.text,
            ..Change::default()
        };
        tell(
            (journal, &mut state),
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

/// Carries out a command of the story, at its own time. It is not submitted to a publisher: no clock has to be right for a story.
async fn tell((journal, state): (&SqliteJournal, &mut State), at: Timestamp, command: Command) -> anyhow::Result<Vec<Event>> {
    let actor = Actor {
        id: AUTHOR.to_owned(),
        role: Role::Admin,
    };
    let context = Context { now: at, actor };
    let events = decide(state, command, &context)?;
    for event in &events {
        let entry = NewEntry {
            at,
            actor: context.actor.id.clone(),
            event: event.clone(),
        };
        let record = journal.append(state.position(), entry).await?;
        apply(state, &record.entry()?);
    }
    Ok(events)
}
