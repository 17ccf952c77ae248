//! Has an Alertmanager be silent while planned work runs ([`domain::project::silences`]). A level reactor: whatever has changed, one look at what is
//! set there and what is to be says what to do; nothing about it is kept here. Silences of anybody else are not touched.

mod alertmanager;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use domain::{
    project::{Silence, silences},
    record::Entry,
    state::State,
    words::{SourceId, SourceKind},
};
use engine::{
    Publisher,
    reactor::{Outcome, Reactor, Task, Turn},
};
use jiff::Timestamp;
use store::{
    sources::{Source, Sources},
    tables::TableError,
};

use self::alertmanager::{Alertmanager, Wanted, matchers};
use super::network::Network;

/// The longest reason that is kept, in characters.
const LONGEST_FAILURE: usize = 300;

/// Keeps others silent.
pub(crate) struct Silencing {
    publisher: Arc<Publisher>,
    sources: Sources,
    alertmanager: Alertmanager,
    /// The address under which people reach the server, without a slash at the end.
    origin: String,
    /// Those that are to be told, as they were when it was last looked.
    known: Mutex<Arc<Vec<Source>>>,
    /// What each was told last by this process, by its id and when it was made, so that an alert that comes in asks for nothing.
    told: Mutex<BTreeMap<SourceId, (Timestamp, Vec<Wanted>)>>,
}

impl Silencing {
    pub(crate) fn new(publisher: Arc<Publisher>, sources: Sources, network: Network, origin: String) -> Self {
        Self {
            publisher,
            sources,
            alertmanager: Alertmanager::new(network, format!("Umleitung {origin}")),
            origin,
            known: Mutex::default(),
            told: Mutex::default(),
        }
    }

    fn known(&self) -> Arc<Vec<Source>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is to be set at a source.
    fn wanted(&self, state: &State, silences: &[Silence<'_>], source: &SourceId) -> Vec<Wanted> {
        let wanted = silences.iter().filter_map(|silence| {
            let content = &silence.work.content;
            // In the language of those who wrote it.
            let portal = state.concerned_portals(content).into_iter().next();
            let language = portal.and_then(|portal| state.portal(&portal)?.languages.first().cloned());
            let title = language.map_or_else(String::new, |language| content.title.get_or_any(&language).to_owned());
            Some(Wanted {
                key: format!("{} {} {source}", silence.work.id, silence.rule.id),
                comment: format!("{title} – {}", self.origin),
                matchers: matchers(silence.rule, source)?,
                from: silence.from,
                to: silence.to,
            })
        });
        wanted.collect()
    }

    /// The sources at which something else is to be set than was.
    fn asked(&self, state: &State, now: Timestamp) -> Turn {
        let known = self.known();
        if known.is_empty() {
            return Turn::default();
        }
        let (silences, next) = silences(state, now);
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = |source: &&Source| {
            let last = told.get(&source.id).filter(|(made, _)| *made == source.created_at);
            last.map(|(_, wanted)| wanted) != Some(&self.wanted(state, &silences, &source.id))
        };
        let task = |source: &Source| Task {
            lane: source.id.to_string(),
            key: String::new(),
            payload: String::new(),
        };
        Turn {
            tasks: known.iter().filter(is_new).map(task).collect(),
            next,
        }
    }

    async fn set(&self, id: &str) -> Result<Outcome, TableError> {
        self.look().await?;
        let known = self.known();
        // It may have ended since.
        let Some((source, address)) = known
            .iter()
            .find_map(|source| Some((source, source.address.as_ref()?)).filter(|_| source.id.as_str() == id))
        else {
            return Ok(Outcome::Done);
        };
        let (state, now) = self.publisher.present();
        let wanted = self.wanted(&state, &silences(&state, now).0, &source.id);
        if let Err(failure) = self.alertmanager.set(address, &source.id, &wanted, now).await {
            let failure: String = format!("its silences: {failure}").chars().take(LONGEST_FAILURE).collect();
            tracing::info!(source = id, failure, "silences cannot be set");
            self.sources.failed(&source.id, self.publisher.clock().now(), &failure).await?;
            return Ok(Outcome::Again(None, failure));
        }
        self.sources.reached(&source.id).await?;
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.insert(source.id.clone(), (source.created_at, wanted));
        Ok(Outcome::Done)
    }
}

#[async_trait]
impl Reactor for Silencing {
    fn name(&self) -> &'static str {
        "silence"
    }

    fn after(&self, _: &State, state: &State, entry: &Entry) -> Vec<Task> {
        if entry.subject.is_told() {
            self.asked(state, entry.at).tasks
        } else {
            Vec::new()
        }
    }

    fn turn(&self, state: &State, now: Timestamp) -> Turn {
        self.asked(state, now)
    }

    fn rests(&self) -> bool {
        self.known().is_empty()
    }

    fn measures(&self) -> bool {
        true
    }

    async fn look(&self) -> Result<(), TableError> {
        let mut sources = self.sources.all().await?;
        sources.retain(|source| source.kind == SourceKind::Alertmanager && source.address.is_some());
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(sources);
        Ok(())
    }

    /// Another process may have set others.
    fn begin(&self) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// One that does not answer keeps no other waiting.
    fn lanes(&self) -> usize {
        4
    }

    async fn perform(&self, task: &Task, _: u32) -> Outcome {
        self.set(&task.lane)
            .await
            .unwrap_or_else(|error| Outcome::Again(None, error.to_string()))
    }
}
