//! Looks at what the catalogue says is to be looked at. Every node does: what fails for one of them may be its own trouble. What was found is measured, and
//! what fires by it goes the way of all alerts.

mod eyes;
mod names;
mod reach;
mod web;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub(crate) use eyes::{Eyes, Seen};

use domain::{
    catalogue::Probe,
    project::calm,
    watch::{Finding, Look, due, firing},
    words::ProbeId,
};
use engine::{Publisher, driver};
use futures::{FutureExt, StreamExt, future, stream::FuturesUnordered};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use store::{
    alerts::{Alerts, Noted, Says, Speaker},
    probing::Probing,
    tables::TableError,
};

/// So many probes are looked at at once.
const AT_ONCE: usize = 32;

/// So many looks wait at the most for a database that takes nothing; beyond, the oldest are lost.
const MOST_WAITING: usize = 10_000;

/// Looks, from time to time, for as long as the server runs.
pub(crate) struct Prober {
    publisher: Arc<Publisher>,
    probing: Probing,
    alerts: Alerts,
    report: Arc<driver::Report>,
    eyes: Eyes,
    /// By what this node is known among those on one database; it stays so from start to start.
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
    /// The probes by which it was told last what fires.
    told: Option<Vec<Probe>>,
    /// The day on which old looks were last forgotten.
    swept: Option<Date>,
}

impl Prober {
    pub(crate) const fn new(
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
            eyes,
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
        let mut looking = FuturesUnordered::new();
        let mut changes = self.publisher.changes();
        loop {
            changes.mark_unchanged();
            let (state, now) = self.publisher.present();
            let probes = &state.catalogue().probes;
            if memory.told.as_ref() != Some(probes) {
                self.tell(&mut memory, probes).await;
            }
            let (begin, next) = self.plan(&memory, probes, now, AT_ONCE.saturating_sub(looking.len()));
            for probe in begin {
                memory.looked.insert(probe.id.clone(), now);
                memory.busy.insert(probe.id.clone());
                looking.push(self.one(probe.clone(), now));
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
                Some(look) = looking.next(), if !looking.is_empty() => {
                    let mut looks = vec![look];
                    while let Some(Some(look)) = looking.next().now_or_never() {
                        looks.push(look);
                    }
                    for look in looks {
                        memory.busy.remove(&look.probe);
                        memory.waiting.push(look);
                    }
                    self.note(&mut memory).await;
                }
            }
        }
    }

    /// Which are to be looked at now, so many at the most, and when to ask again; `None`: not because of time.
    fn plan<'a>(&self, memory: &Memory, probes: &'a [Probe], now: Timestamp, room: usize) -> (Vec<&'a Probe>, Option<Timestamp>) {
        let mut begin = Vec::new();
        let mut next = None;
        for probe in probes.iter().filter(|probe| !memory.busy.contains(&probe.id)) {
            // A clock that was set back does not keep it waiting, and what was never looked at is looked at now.
            let last = memory.looked.get(&probe.id).map(|last| (*last).min(now));
            match last.map(|last| due(probe, &self.node, last)) {
                Some(later) if later > now => next = [next, Some(later)].into_iter().flatten().min(),
                _ if begin.len() < room => begin.push(probe),
                // Whoever ends first makes room.
                _ => {}
            }
        }
        (begin, next)
    }

    async fn one(&self, probe: Probe, at: Timestamp) -> Look {
        let Seen {
            outcome,
            milliseconds,
            failure,
            certificate_until,
        } = self.eyes.look(&probe).await;
        Look {
            probe: probe.id,
            node: self.node.clone(),
            at,
            outcome,
            milliseconds,
            failure,
            certificate_until,
        }
    }

    /// Notes what waits, and what fires by it.
    async fn note(&self, memory: &mut Memory) {
        let (state, now) = self.publisher.present();
        let today = TimeZone::UTC.to_datetime(now).date();
        if memory.swept != Some(today) {
            match self.probing.forget(now).await {
                Ok(()) => memory.swept = Some(today),
                Err(error) => tracing::warn!(%error, "old looks are still kept"),
            }
        }
        match self.probing.note(&memory.waiting).await {
            Ok(()) => {
                memory.waiting.clear();
                self.tell(memory, &state.catalogue().probes).await;
            }
            Err(error) => {
                let lost = memory.waiting.len().saturating_sub(MOST_WAITING);
                memory.waiting.drain(..lost);
                tracing::warn!(%error, waiting = memory.waiting.len(), lost, "what was looked at is not noted yet");
            }
        }
    }

    /// Tells what fires by what was found, by whichever node; tried again with the next look where the database fails.
    async fn tell(&self, memory: &mut Memory, probes: &[Probe]) {
        let (state, now) = self.publisher.present();
        let told = async {
            let reports = firing(probes, &self.probing.findings().await?);
            let noted = self
                .alerts
                .note(Speaker::Probes, reports, Says::Everything, now, |labels| calm(&state, labels));
            noted.await
        };
        match told.await {
            Ok(Noted::Noted) => {
                memory.told = Some(probes.to_vec());
                self.report.look_again();
            }
            Ok(Noted::Gone | Noted::TooMany) => tracing::error!("more fires than can be kept"),
            Err(error) => {
                memory.told = None;
                tracing::warn!(%error, "what fires is not noted yet");
            }
        }
    }
}
