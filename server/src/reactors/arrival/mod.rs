//! Looks whether what was published has arrived where people read: on each portal's page, its mirrors, and under this server's own public
//! address, the way a visitor comes. It looks again until all show it.
//!
//! A level reactor: a task for each portal on which something is on show and was not seen yet. What it has seen is measured, and no record
//! ([`store::arrivals`]).

mod eyes;
mod marks;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use domain::{project::told, record::Entry, state::State, words::PortalId};
use engine::reactor::{Outcome, Reactor, Task, Turn};
use jiff::{SignedDuration, Timestamp};
use store::{
    arrivals::{Arrivals, Look, Place},
    tables::TableError,
};

use self::eyes::{Eyes, Sought};
pub(crate) use self::marks::mark;
use self::marks::marks;
use super::visitor::Visitor;
use crate::http::Everything;

/// How soon it is looked again whether a portal shows what it is to show.
const SOON: SignedDuration = SignedDuration::from_millis(50);

/// So many portals are looked at side by side.
const LANES: usize = 8;

/// Between the beginnings of two looks lies at least this: whoever publishes on hundreds of portals is not to wait for a machine that looks at
/// all of them at once.
const BETWEEN: Duration = Duration::from_millis(50);

/// For so long nothing is written about a portal at which nothing has changed.
const FRESH: SignedDuration = SignedDuration::from_secs(20);

/// Looks whether notices have arrived.
pub(crate) struct Arrival {
    everything: Everything,
    arrivals: Arrivals,
    eyes: Eyes,
    /// What was seen at each portal, at all of its places, by the last look.
    seen: Mutex<BTreeMap<String, BTreeSet<String>>>,
    /// What time has asked for at each portal since this process began to see to it.
    asked: Mutex<BTreeMap<String, BTreeSet<String>>>,
    /// What was noted last of each portal, and when.
    noted: Mutex<BTreeMap<String, (Vec<Look>, Timestamp)>>,
    /// Whose turn it is to begin a look.
    beginning: tokio::sync::Mutex<()>,
}

impl Arrival {
    /// It looks with the eyes of this visitor.
    pub(crate) fn new(everything: Everything, arrivals: Arrivals, visitor: Arc<Visitor>) -> Self {
        Self {
            everything,
            arrivals,
            eyes: Eyes::new(visitor),
            seen: Mutex::default(),
            asked: Mutex::default(),
            noted: Mutex::default(),
            beginning: tokio::sync::Mutex::default(),
        }
    }

    /// Whether all that a portal is to show was seen at each of its places, and nothing else.
    fn has_arrived(&self, portal: &PortalId, sought: &BTreeSet<String>) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match seen.get(portal.as_str()) {
            Some(seen) => seen == sought,
            None => sought.is_empty(),
        }
    }

    /// Whether this is looked for the first time; it is then taken for asked for.
    fn is_news(&self, portal: &PortalId, sought: BTreeSet<String>) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let before = asked.insert(portal.to_string(), sought.clone());
        before != Some(sought)
    }

    /// What a portal is to show, and until when by time alone: mostly as it is shown already, else worked out.
    fn marks_of(&self, state: &State, portal: &PortalId, position: u64, now: Timestamp) -> Option<(BTreeSet<String>, Option<Timestamp>)> {
        if let Some((shown, until)) = self.everything.windows().current(portal, position, now) {
            return Some((marks(&shown.state), until));
        }
        let told = told(state, portal, now)?;
        Some((marks(&told.what), told.until))
    }

    /// Notes what was seen; where that is what was seen a moment ago, only now and then.
    async fn note(&self, portal: &PortalId, looks: &[Look]) -> Result<(), TableError> {
        let now = self.everything.publisher().clock().now();
        let is_known = {
            let noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
            let last = noted.get(portal.as_str());
            last.is_some_and(|(known, at)| known == looks && (*at..at.saturating_add(FRESH).unwrap_or(*at)).contains(&now))
        };
        if is_known {
            return Ok(());
        }
        self.arrivals.note(portal.as_str(), looks, now).await?;
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.insert(portal.to_string(), (looks.to_vec(), now));
        Ok(())
    }

    /// Waits until another look may begin.
    async fn turn_to_begin(&self) {
        let _turn = self.beginning.lock().await;
        tokio::time::sleep(BETWEEN).await;
    }

    async fn look_at(&self, portal: &PortalId, attempts: u32) -> Result<Outcome, TableError> {
        // Before anything else: to find that it is not shown yet costs whoever publishes meanwhile as much as to look.
        self.turn_to_begin().await;
        let (state, now) = self.everything.publisher().present();
        let known = state.portal(portal).map(|known| known.links.home.clone());
        let Some((page, position)) = known.zip(state.portal_position(portal)) else {
            self.arrivals.note(portal.as_str(), &[], now).await?;
            return Ok(Outcome::Done);
        };
        let Some((shown, _)) = self.everything.windows().current(portal, position, now) else {
            return Ok(Outcome::NotYet(SOON, "the portal does not show yet what it is to show".to_owned()));
        };
        drop(state);
        let sought = marks(&shown.state);
        let looks = self
            .eyes
            .look(Sought {
                portal: portal.as_str(),
                page: &page,
                marks: &sought,
            })
            .await;
        self.note(portal, &looks).await?;
        // Where nothing is on show, nobody misses what does not answer.
        let missing = looks.iter().filter(|look| look.seen != sought);
        let told = missing.filter_map(|look| look.obstacle.as_ref());
        let told: Vec<String> = told
            .map(|met| format!("{} at {} {}", met.kind.word(), met.at, met.detail))
            .collect();
        if told.is_empty() {
            return Ok(Outcome::Done);
        }
        Ok(Outcome::NotYet(pause(attempts), told.join("; ")))
    }
}

/// After how long it is looked again: often for the first minute, now and then for the next ten.
const fn pause(attempts: u32) -> SignedDuration {
    match attempts {
        0..12 => SignedDuration::from_secs(5),
        12..32 => SignedDuration::from_secs(30),
        _ => SignedDuration::from_mins(5),
    }
}

fn task(portal: &PortalId) -> Task {
    Task {
        lane: portal.to_string(),
        key: String::new(),
        payload: String::new(),
    }
}

/// What was seen at each portal, at all of its places.
fn seen_everywhere(places: Vec<Place>) -> BTreeMap<String, BTreeSet<String>> {
    let mut seen = BTreeMap::new();
    for place in places {
        let marks: BTreeSet<String> = place.seen.into_keys().collect();
        // Two places that show two things: what was seen is neither of them.
        seen.entry(place.portal)
            .and_modify(|known: &mut BTreeSet<String>| {
                if *known != marks {
                    *known = [String::new()].into();
                }
            })
            .or_insert(marks);
    }
    seen
}

#[async_trait]
impl Reactor for Arrival {
    fn name(&self) -> &'static str {
        "arrival"
    }

    fn after(&self, before: &State, state: &State, entry: &Entry) -> Vec<Task> {
        let touched = state.portal_positions().filter(|(_, position)| *position >= entry.seq);
        let touched = touched.filter(|(portal, _)| before.shows_notices(portal) || state.shows_notices(portal));
        touched.map(|(portal, _)| task(portal)).collect()
    }

    fn turn(&self, state: &State, now: Timestamp) -> Turn {
        let mut turn = Turn::default();
        for (portal, position) in state.portal_positions().filter(|(portal, _)| state.shows_notices(portal)) {
            let Some((shown, until)) = self.everything.windows().current(portal, position, now) else {
                // It is being shown just now; to work it out once more would keep whoever publishes waiting.
                turn.next = turn.next.into_iter().chain(now.checked_add(SOON).ok()).min();
                continue;
            };
            let sought = marks(&shown.state);
            turn.next = [turn.next, until].into_iter().flatten().min();
            // What is looked for already is not looked for anew, which would be often, for each turn of any portal.
            if !self.has_arrived(portal, &sought) && self.is_news(portal, sought) {
                turn.tasks.push(task(portal));
            }
        }
        turn
    }

    fn rests(&self) -> bool {
        // What is over for good is seen to be gone, and then nobody has to look.
        let (state, now) = self.everything.publisher().present();
        let portals = state.portal_positions().filter(|(portal, _)| state.shows_notices(portal));
        let mut told = portals.filter_map(|(portal, position)| Some((portal, self.marks_of(&state, portal, position, now)?.0)));
        told.all(|(portal, sought)| sought.is_empty() && self.has_arrived(portal, &sought))
    }

    fn begin(&self) {
        // Another process may have noted something meanwhile.
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn look(&self) -> Result<(), TableError> {
        let seen = seen_everywhere(self.arrivals.all().await?);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = seen;
        Ok(())
    }

    async fn perform(&self, task: &Task, attempts: u32) -> Outcome {
        let Ok(portal) = PortalId::parse(&task.lane) else {
            return Outcome::GivenUp(format!("`{}` is no portal", task.lane));
        };
        match self.look_at(&portal, attempts).await {
            Ok(outcome) => outcome,
            Err(error) => Outcome::Again(None, error.to_string()),
        }
    }

    fn lanes(&self) -> usize {
        LANES
    }
}
