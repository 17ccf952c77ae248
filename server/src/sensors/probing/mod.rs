//! Looks at what the catalogue says is to be looked at. Every node does: what fails for one of them may be its own trouble. What was found is measured, and
//! what fires by it goes the way of all alerts.

mod eyes;
mod names;
mod reach;
mod web;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

pub(crate) use eyes::{Eyes, Seen};
pub(crate) use reach::certificate_shown;

use domain::{
    catalogue::Probe,
    project::calm,
    watch::{Finding, Look, Report, due, firing},
    words::ProbeId,
};
use engine::{Publisher, driver};
use futures::future;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use store::{
    alerts::{Alerts, Known, Noted, Says, Speaker},
    probing::Probing,
    tables::TableError,
};
use tokio::{task::JoinSet, time::sleep};

/// So many probes are looked at at once.
const AT_ONCE: usize = 64;

/// So many looks wait at the most for a database that takes nothing; beyond, the oldest are lost.
const MOST_WAITING: usize = 10_000;

/// So often it is told again what fires, where other nodes find something else meanwhile.
const ROUNDS: usize = 5;

/// After how long something is tried again that the database refused.
const REST: Duration = Duration::from_secs(5);

/// Looks, from time to time, for as long as the server runs.
pub(crate) struct Prober {
    publisher: Arc<Publisher>,
    probing: Probing,
    alerts: Alerts,
    report: Arc<driver::Report>,
    eyes: Arc<Eyes>,
    /// By what this node is known among those on one database.
    node: String,
}

/// What a prober remembers.
#[derive(Default)]
struct Memory {
    /// When each was looked at last.
    looked: BTreeMap<ProbeId, Timestamp>,
    /// Those that are being looked at.
    busy: BTreeSet<ProbeId>,
    /// What is not noted yet.
    waiting: Vec<Look>,
    /// It is not known what became of what was noted last.
    is_unsettled: bool,
    /// The probes by which it was told last what fires.
    told: Option<Vec<Probe>>,
    /// The day on which old looks were last forgotten.
    swept: Option<Date>,
}

impl Prober {
    pub(crate) fn new(
        publisher: Arc<Publisher>,
        probing: Probing,
        alerts: Alerts,
        report: Arc<driver::Report>,
        eyes: Eyes,
        node: String,
    ) -> Self {
        Self {
            publisher,
            probing,
            alerts,
            report,
            eyes: Arc::new(eyes),
            node,
        }
    }

    /// What each node found last.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn findings(&self) -> Result<Vec<Finding>, TableError> {
        self.probing.findings().await
    }

    /// What was measured.
    pub(crate) const fn probing(&self) -> &Probing {
        &self.probing
    }

    /// Looks once, for whoever wants to know now. Nothing is noted.
    pub(crate) async fn look(&self, probe: &Probe) -> Seen {
        self.eyes.look(probe).await
    }

    /// Looks until it is dropped.
    pub(crate) async fn run(&self) {
        let mut memory = Memory::default();
        match self.probing.findings().await {
            Ok(findings) => {
                // A node goes on where it was.
                let own = findings.iter().filter(|finding| finding.last.node == self.node);
                memory.looked = own.map(|finding| (finding.last.probe.clone(), finding.last.at)).collect();
                // Of probes that are gone something may still fire.
                memory.told = findings.is_empty().then(Vec::new);
            }
            Err(error) => tracing::warn!(%error, "it is not known what was looked at last"),
        }
        // Each by itself: it goes on while the database is waited for.
        let mut looking: JoinSet<Look> = JoinSet::new();
        let mut changes = self.publisher.changes();
        loop {
            changes.mark_unchanged();
            let (state, _) = self.publisher.present();
            let probes = &state.catalogue().probes;
            if memory.told.as_ref() != Some(probes) {
                self.tell(&mut memory, probes).await;
            }
            let now = self.publisher.clock().now();
            let (begin, next) = plan(&self.node, &memory, probes, now, AT_ONCE.saturating_sub(looking.len()));
            for probe in begin {
                memory.looked.insert(probe.id.clone(), now);
                memory.busy.insert(probe.id.clone());
                looking.spawn(one(self.eyes.clone(), probe.clone(), self.node.clone(), now));
            }
            let time = async {
                match next {
                    Some(instant) => self.publisher.clock().wait_until(instant).await,
                    None => future::pending().await,
                }
            };
            tokio::select! {
                () = time => {}
                _ = changes.changed() => {}
                () = sleep(REST), if memory.told.is_none() => {}
                Some(look) = looking.join_next() => {
                    let mut looks = vec![look];
                    looks.extend(std::iter::from_fn(|| looking.try_join_next()));
                    for look in looks {
                        match look {
                            Ok(look) => {
                                memory.busy.remove(&look.probe);
                                memory.waiting.push(look);
                            }
                            Err(error) => {
                                tracing::error!(%error, "a look has failed in a way that nobody foresaw");
                                memory.busy.clear();
                            }
                        }
                    }
                    self.note(&mut memory).await;
                }
            }
        }
    }

    /// Notes what waits, and what fires by it.
    async fn note(&self, memory: &mut Memory) {
        let (state, now) = self.publisher.present();
        let today = TimeZone::UTC.to_datetime(now).date();
        // A clock that cannot be right says nothing about what is old.
        if memory.swept != Some(today) && self.publisher.doubt().is_none() {
            match self.probing.forget(now).await {
                Ok(()) => memory.swept = Some(today),
                Err(error) => tracing::warn!(%error, "old looks are still kept"),
            }
        }
        match self.note_waiting(memory).await {
            Ok(()) => {
                memory.waiting.clear();
                self.tell(memory, &state.catalogue().probes).await;
            }
            Err(error) => {
                memory.is_unsettled |= error.is_unsettled();
                let lost = memory.waiting.len().saturating_sub(MOST_WAITING);
                memory.waiting.drain(..lost);
                tracing::warn!(%error, waiting = memory.waiting.len(), lost, "what was looked at is not noted yet");
            }
        }
    }

    async fn note_waiting(&self, memory: &mut Memory) -> Result<(), TableError> {
        if memory.is_unsettled {
            // What is there is not noted once more.
            let findings = self.probing.findings().await?;
            let is_there = |look: &Look| {
                let is_own = |finding: &&Finding| finding.last.probe == look.probe && finding.last.node == look.node;
                findings.iter().find(is_own).is_some_and(|finding| look.at <= finding.last.at)
            };
            memory.waiting.retain(|look| !is_there(look));
            memory.is_unsettled = false;
        }
        self.probing.note(&memory.waiting).await
    }

    /// Tells what fires by what was found, by whichever node; tried again where the database fails. It is looked at once more afterwards: another node
    /// may have found something else meanwhile.
    async fn tell(&self, memory: &mut Memory, probes: &[Probe]) {
        memory.told = None;
        for _ in 0..ROUNDS {
            match self.is_told(probes).await {
                Ok(true) => {
                    memory.told = Some(probes.to_vec());
                    return;
                }
                Ok(false) => {}
                Err(error) => return tracing::warn!(%error, "what fires is not noted yet"),
            }
        }
    }

    /// Whether it is known what fires; it is told, where not.
    async fn is_told(&self, probes: &[Probe]) -> Result<bool, TableError> {
        let (state, now) = self.publisher.present();
        let (findings, known) = (self.probing.findings().await?, self.alerts.all().await?);
        let reports = reports(probes, &findings, &known, now);
        let fires: BTreeMap<_, _> = firing_of(&known).map(|known| (&known.identity, &known.alert.labels)).collect();
        let is_so: BTreeMap<_, _> = reports.iter().map(|report| (&report.identity, &report.labels)).collect();
        if fires == is_so {
            return Ok(true);
        }
        let noted = self
            .alerts
            .note(Speaker::Probes, reports, Says::Everything, now, |labels| calm(&state, labels));
        if noted.await? != Noted::Noted {
            tracing::error!("more fires than can be kept");
        }
        self.report.look_again();
        Ok(false)
    }
}

/// Which are to be looked at now, so many at the most, and when to ask again; `None`: not because of time.
fn plan<'a>(node: &str, memory: &Memory, probes: &'a [Probe], now: Timestamp, room: usize) -> (Vec<&'a Probe>, Option<Timestamp>) {
    let mut due_now = Vec::new();
    let mut next = None;
    for probe in probes.iter().filter(|probe| !memory.busy.contains(&probe.id)) {
        // What was never looked at, or at a time that has not come because a clock was set back, is looked at now.
        let last = memory.looked.get(&probe.id).filter(|last| **last <= now);
        match last.map(|last| due(probe, node, *last)) {
            Some(later) if later > now => next = [next, Some(later)].into_iter().flatten().min(),
            since => due_now.push((since, probe)),
        }
    }
    // Who has been waiting for longest comes first; whoever ends first makes room for the others.
    due_now.sort_by_key(|(since, _)| *since);
    (due_now.into_iter().map(|(_, probe)| probe).take(room).collect(), next)
}

/// What fires because the server has looked, as far as it was told.
fn firing_of(known: &[Known]) -> impl Iterator<Item = &Known> {
    let is_own = |known: &&Known| known.source == Speaker::Probes.name() && known.alert.silent_since.is_none();
    known.iter().filter(is_own)
}

/// What fires by what was found. Where nobody has looked lately it is as it was. Of what fires already it is not said since when: it is the same
/// trouble, whoever sees it by now.
fn reports(probes: &[Probe], findings: &[Finding], known: &[Known], now: Timestamp) -> Vec<Report> {
    let fires = || firing_of(known);
    let mut reports = Vec::new();
    for probe in probes {
        match firing(probe, findings, now) {
            Some(found) => reports.extend(found.into_iter().map(|report| Report {
                began_at: report.began_at.filter(|_| !fires().any(|known| known.identity == report.identity)),
                ..report
            })),
            None => reports.extend(
                fires()
                    .filter(|known| known.alert.labels.get("probe").is_some_and(|id| id == probe.id.as_str()))
                    .map(|known| Report {
                        identity: known.identity.clone(),
                        labels: known.alert.labels.clone(),
                        fires: true,
                        began_at: None,
                    }),
            ),
        }
    }
    reports
}

async fn one(eyes: Arc<Eyes>, probe: Probe, node: String, at: Timestamp) -> Look {
    let Seen {
        outcome,
        milliseconds,
        failure,
        certificate_until,
    } = eyes.look(&probe).await;
    Look {
        probe: probe.id,
        node,
        at,
        outcome,
        milliseconds,
        failure,
        certificate_until,
    }
}

#[cfg(test)]
mod tests {
    use domain::{catalogue::Labels, watch::Alert, words::Outcome};
    use jiff::SignedDuration;
    use serde_json::json;

    use super::*;

    const NODE: &str = "a";

    fn probe(id: &str) -> Probe {
        serde_json::from_value(json!({"id": id, "name": {"de": id}, "kind": "tcp", "target": "kfz.example:443"})).unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        "2026-05-04T08:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn whoever_has_waited_for_longest_is_looked_at_first_and_no_clock_keeps_one_waiting() {
        let probes = ["one", "two", "three", "four"].map(probe);
        let looked = |times: [Option<i64>; 4]| Memory {
            looked: probes
                .iter()
                .zip(times)
                .filter_map(|(probe, time)| Some((probe.id.clone(), at(time?))))
                .collect(),
            ..Memory::default()
        };
        let begin = |memory: &Memory, room: usize| {
            let (begin, next) = plan(NODE, memory, &probes, at(600), room);
            (begin.iter().map(|probe| probe.id.as_str()).collect::<Vec<_>>().join(" "), next)
        };
        // What was never looked at, and what was looked at in a future that has not come, is looked at now.
        let memory = looked([Some(300), None, Some(0), Some(7_200)]);
        assert_eq!(begin(&memory, 9).0, "two four three one");
        assert_eq!(begin(&memory, 2).0, "two four");
        assert_eq!(begin(&memory, 0), (String::new(), None));
        // What was just looked at waits for its time.
        let first = probes.iter().map(|probe| due(probe, NODE, at(600))).min();
        assert_eq!(begin(&looked([Some(600); 4]), 9), (String::new(), first));
        // And what is being looked at is not looked at once more.
        let memory = Memory {
            busy: probes.iter().map(|probe| probe.id.clone()).collect(),
            ..looked([None; 4])
        };
        assert_eq!(begin(&memory, 9), (String::new(), None));
    }

    #[test]
    fn what_nobody_has_looked_at_lately_is_as_it_was_and_a_trouble_stays_the_same_one() {
        let fires = |id: &str| {
            let labels: Labels = [("probe".to_owned(), id.to_owned())].into();
            Known {
                source: Speaker::Probes.name().to_owned(),
                identity: format!("{id} down"),
                alert: Alert::new(labels, Some(at(0)), at(0)),
            }
        };
        let finding = |id: &str, seconds: i64| Finding {
            last: Look {
                probe: ProbeId::parse(id).unwrap(),
                node: NODE.to_owned(),
                at: at(seconds),
                outcome: Outcome::Bad,
                milliseconds: 1,
                failure: None,
                certificate_until: None,
            },
            since: at(seconds),
        };
        let told = |probes: &[Probe], findings: &[Finding], known: &[Known]| {
            let reports = reports(probes, findings, known, at(600));
            reports
                .into_iter()
                .map(|report| (report.identity, report.began_at))
                .collect::<Vec<_>>()
        };
        let (one, two) = (probe("one"), probe("two"));
        let probes = [one, two];
        // The first look at it in a while says nothing new; nobody has looked at the other.
        let known = [fires("one"), fires("two"), fires("gone")];
        let expected = [("one down".to_owned(), None), ("two down".to_owned(), None)];
        assert_eq!(told(&probes, &[finding("one", 590), finding("two", 0)], &known), expected);
        // What does not fire yet begins when it was seen.
        assert_eq!(told(&probes, &[finding("one", 590)], &[]), [("one down".to_owned(), Some(at(590)))]);
    }
}
