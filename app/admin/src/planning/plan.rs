//! What is planned, as this page knows it, and the one thing about which somebody is just deciding.

use std::collections::BTreeSet;

use api::{AllSeries, Approval, Call, Freeze, Freezes, Occurrence, Series};
use domain::{
    approval::Standing,
    words::{PortalId, SeriesId, ServiceId},
};
use jiff::{Timestamp, civil::Date};
use leptos::{prelude::*, task::spawn_local};

use crate::{calls, clock::Zone, desk::Desk, failure::Failure};

/// A day of a series about which something can be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) series: SeriesId,
    pub(super) original: Date,
    /// The clock by which the series goes.
    pub(super) zone: Zone,
    /// When it takes place; `None`: not at all.
    pub(super) window: Option<(Timestamp, Timestamp)>,
    pub(super) is_announced: bool,
    /// Whether it lies in frozen time, and waits.
    pub(super) is_frozen: bool,
}

impl Day {
    /// The day of an occurrence.
    pub(super) fn of(series: &Series, occurrence: &Occurrence) -> Self {
        Self {
            window: Some((occurrence.starts_at, occurrence.ends_at)),
            is_announced: occurrence.notice.is_some(),
            is_frozen: !occurrence.frozen.is_empty(),
            ..Self::without(series, occurrence.original)
        }
    }

    /// A day on which nothing is shown to take place.
    pub(super) fn without(series: &Series, original: Date) -> Self {
        Self {
            series: series.id.clone(),
            original,
            zone: Zone::new(&series.recurrence.time_zone),
            window: None,
            is_announced: false,
            is_frozen: false,
        }
    }

    /// What tells it from the others.
    pub(super) fn key(&self) -> String {
        key_of(&self.series, self.original)
    }
}

/// What may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Skip,
    Hold,
    Announce,
    TakeBack,
}

/// What is planned, as the server told it last.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    pub(super) desk: Desk,
    pub(super) series: RwSignal<Vec<Series>>,
    pub(super) freezes: RwSignal<Vec<Freeze>>,
    /// For which occurrences and notices a change waits for a second person's answer, by their keys.
    pub(super) waiting: RwSignal<BTreeSet<String>>,
    pub(super) is_known: RwSignal<bool>,
    /// For which day a form is open, and for what. There is one at a time.
    pub(super) open: RwSignal<Option<(String, Act)>>,
    /// How often something was decided here: what was asked of far days before may have changed.
    pub(super) decided: RwSignal<u32>,
}

/// The key of the occurrence, or of the notice, that would be changed by what waits.
fn concerned(approval: &Approval) -> Option<String> {
    let request = approval.request.as_ref().filter(|_| approval.standing == Standing::Waiting)?;
    match (&request.series, request.day, &request.notice) {
        (Some(series), Some(day), _) => Some(key_of(series, day)),
        (.., notice) => notice.as_ref().map(ToString::to_string),
    }
}

fn key_of(series: &SeriesId, original: Date) -> String {
    format!("{series}-{original}")
}

impl Plan {
    pub(super) fn new(desk: Desk) -> Self {
        Self {
            desk,
            series: RwSignal::new(Vec::new()),
            freezes: RwSignal::new(Vec::new()),
            waiting: RwSignal::new(BTreeSet::new()),
            is_known: RwSignal::new(false),
            open: RwSignal::new(None),
            decided: RwSignal::new(0),
        }
    }

    /// Asks now and with every tick.
    pub(super) fn follow(self) {
        Effect::new(move |_| {
            self.desk.tick.track();
            spawn_local(async move {
                match (
                    calls::get::<AllSeries>(Call::AllSeries).await,
                    calls::get::<Freezes>(Call::Freezes).await,
                ) {
                    (Ok(all), Ok(freezes)) => {
                        self.series.try_set(all.series);
                        self.freezes.try_set(freezes.freezes);
                        self.is_known.try_set(true);
                    }
                    (Err(Failure::SignedOut), _) | (_, Err(Failure::SignedOut)) => self.desk.failed(&Failure::SignedOut),
                    _ => {}
                }
            });
        });
        Effect::new(move |_| {
            self.desk.tick.track();
            if self.desk.waiting.get() == 0 {
                return self.waiting.set(BTreeSet::new());
            }
            spawn_local(async move {
                if let Ok(all) = calls::approvals().await {
                    self.waiting.try_set(all.iter().filter_map(concerned).collect());
                }
            });
        });
    }

    /// Takes a freeze as it is now.
    pub(super) fn froze(self, freeze: Freeze) {
        self.freezes.update(|all| match all.iter_mut().find(|old| old.id == freeze.id) {
            Some(old) => *old = freeze,
            None => all.push(freeze),
        });
        // What lies in it waits, or does no longer.
        self.decided.update(|decided| *decided += 1);
        self.desk.refresh_all();
    }

    /// Takes a series as it is now, and says what was done.
    pub(super) fn changed(self, series: Series, done: String) {
        self.series.update(|all| {
            if let Some(old) = all.iter_mut().find(|old| old.id == series.id) {
                *old = series;
            }
        });
        self.decided.update(|decided| *decided += 1);
        self.desk.refresh_all();
        self.desk.say(done);
    }
}

/// These services and portals by their names.
pub(super) fn names(desk: Desk, portals: &BTreeSet<PortalId>, services: &BTreeSet<ServiceId>) -> String {
    let services = services.iter().map(|id| desk.service_name(id));
    let portals = portals.iter().map(|id| desk.portal_name(id));
    services.chain(portals).collect::<Vec<_>>().join(", ")
}
