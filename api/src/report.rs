//! How a portal did in a month.

use domain::{
    project::report::{self, Trouble},
    text::Localized,
    words::{FreezeId, NoticeId, PortalId, ProbeId, ServiceId, Share},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use wire::{Kind, Severity};

/// Of which months there are reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reports {
    pub portals: Vec<PortalReports>,
}

/// How a report is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReportQuery {
    /// The language of a page or a table, a tag; left out, or one that the portal has not: the portal's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// Those of a portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PortalReports {
    pub portal: PortalId,
    pub name: Localized,
    /// Whether those of months that are over are for everyone.
    pub public: bool,
    /// Such as `2026-03`, the latest first.
    pub months: Vec<String>,
}

/// How a portal did in a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    pub portal: PortalId,
    /// Such as `2026-03`.
    pub month: String,
    /// The first instant of which anything is known: of the month, or when the record first knew of the portal.
    pub from: Timestamp,
    /// The first instant behind what is known: behind the month, or now.
    pub to: Timestamp,
    /// In the order of the portal.
    pub services: Vec<ServiceReport>,
    /// The outages that people saw, and the planned work, in the order in which they began.
    pub notices: Vec<NoticeReport>,
    /// The works that were planned in frozen time, in the order of the decisions. Only for staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overrides: Option<Vec<OverrideReport>>,
}

/// How a service did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceReport {
    pub service: ServiceId,
    /// For which share of the time it is agreed to work, in per cent; `null`: nothing is agreed.
    pub target_percent: Option<f64>,
    /// For which it did, planned work left out: as the worst of its probes has measured, else as people were told. `null`: nothing is known.
    pub percent: Option<f64>,
    /// Whether that is what is agreed.
    pub kept: Option<bool>,
    /// What people were told.
    pub told: TroubleReport,
    /// What was measured, by each probe.
    pub measured: Vec<MeasuredReport>,
    /// Each day, in the portal's time zone.
    pub days: Vec<DayReport>,
}

/// For how long something was in trouble, in seconds. The gravest counts where there were several, and none in planned work.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TroubleReport {
    pub outage_seconds: i64,
    pub partial_outage_seconds: i64,
    pub degraded_seconds: i64,
    /// Planned work, up to its announced end.
    pub planned_seconds: i64,
    /// The share of the time, planned work left out, in which it was not down, in per cent; `null`: there was no such time.
    pub percent: Option<f64>,
}

/// A day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DayReport {
    pub date: Date,
    #[serde(flatten)]
    pub told: TroubleReport,
}

/// What a probe has measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MeasuredReport {
    /// Which one. Only for staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe: Option<ProbeId>,
    #[serde(flatten)]
    pub whole: Looks,
    /// Each day, as `days` of the service.
    pub days: Vec<Looks>,
}

/// How well something worked, by what was measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Looks {
    /// How many looks were answered as they have to be.
    pub good: u64,
    /// How many were, and took longer than they may.
    pub slow: u64,
    /// How many failed.
    pub bad: u64,
    /// How many fell into planned work, and count for nothing.
    pub planned: u64,
    /// The share of answered looks outside of planned work, in per cent, rounded down to hundredths; `null`: there was none.
    pub percent: Option<f64>,
    /// How long half of the answers took at the most, in milliseconds.
    pub median_milliseconds: Option<u32>,
    /// How long 95 of 100 answers took at the most, in milliseconds.
    pub p95_milliseconds: Option<u32>,
}

/// An outage, or planned work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NoticeReport {
    pub id: NoticeId,
    pub kind: Kind,
    pub severity: Severity,
    pub title: Localized,
    /// Those of the portal that it touched.
    pub services: Vec<ServiceId>,
    pub from: Timestamp,
    /// `null`: it goes on.
    pub to: Option<Timestamp>,
    /// For how long it was within the month, in seconds.
    pub seconds: i64,
    /// Until when it was to last, as people were told first; `null`: they were not.
    pub told_end: Option<Timestamp>,
    /// Whether it was over by then; `null`: nothing was said, there is still time, or that lies in another month.
    pub end_kept: Option<bool>,
    /// How often people heard more when they were to, and how often they did not, of what fell due in the month.
    pub news_kept: usize,
    pub news_broken: usize,
}

/// Work that was planned in frozen time nevertheless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OverrideReport {
    pub freeze: FreezeId,
    pub notice: NoticeId,
    pub at: Timestamp,
    /// Why, in the words of whoever decided it.
    pub reason: String,
}

/// Who reads a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Whoever works with it: all that there is.
    Staff,
    /// No reasons, no names of probes.
    Everyone,
}

impl Report {
    /// A report as these people read it.
    pub fn of(found: &report::Report, month: String, readers: Readers) -> Self {
        let overrides = found.overrides.iter().map(|(freeze, found)| OverrideReport {
            freeze: freeze.clone(),
            notice: found.notice.clone(),
            at: found.at,
            reason: found.reason.clone(),
        });
        Self {
            portal: found.portal.clone(),
            month,
            from: found.known.0,
            to: found.known.1,
            services: found.services.iter().map(|service| ServiceReport::of(service, readers)).collect(),
            notices: found.notices.iter().map(NoticeReport::of).collect(),
            overrides: (readers == Readers::Staff).then(|| overrides.collect()),
        }
    }
}

impl ServiceReport {
    fn of(found: &report::OfService, readers: Readers) -> Self {
        let measured = found.measured.iter().map(|measured| MeasuredReport {
            probe: (readers == Readers::Staff).then(|| measured.probe.clone()),
            whole: Looks::of(&measured.whole),
            days: measured.days.iter().map(Looks::of).collect(),
        });
        let days = found.days.iter().map(|(date, told)| DayReport {
            date: *date,
            told: TroubleReport::of(told),
        });
        Self {
            service: found.service.clone(),
            target_percent: found.target.map(Share::percent),
            percent: found.share().map(Share::percent),
            kept: found.is_kept(),
            told: TroubleReport::of(&found.told),
            measured: measured.collect(),
            days: days.collect(),
        }
    }
}

impl TroubleReport {
    fn of(found: &Trouble) -> Self {
        Self {
            outage_seconds: found.outage.as_secs(),
            partial_outage_seconds: found.partial.as_secs(),
            degraded_seconds: found.degraded.as_secs(),
            planned_seconds: found.planned.as_secs(),
            percent: found.share().map(Share::percent),
        }
    }
}

impl Looks {
    /// As they are told.
    pub fn of(found: &domain::watch::Availability) -> Self {
        Self {
            good: found.good,
            slow: found.slow,
            bad: found.bad,
            planned: found.planned,
            percent: found.share().map(Share::percent),
            median_milliseconds: found.median_milliseconds,
            p95_milliseconds: found.p95_milliseconds,
        }
    }
}

impl NoticeReport {
    fn of(found: &report::OfNotice) -> Self {
        Self {
            id: found.id.clone(),
            kind: found.kind,
            severity: found.severity,
            title: found.title.clone(),
            services: found.services.clone(),
            from: found.from,
            to: found.to,
            seconds: found.length.as_secs(),
            told_end: found.told_end,
            end_kept: found.end_kept,
            news_kept: found.news_kept,
            news_broken: found.news_broken,
        }
    }
}
