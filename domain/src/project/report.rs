//! How a portal and its services did in a span of time: what people were told, what was measured, and which promises were kept. A reading of the
//! record, so that it says tomorrow of last month what it says today; what was measured is given.

use std::iter::Sum;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use wire::{Kind, Severity, Stage};

use super::{
    planned::of_service,
    portal::{PortalView, was_shown},
};
use crate::{
    catalogue::dependencies::Reach,
    freeze::Override,
    notice::{Notice, Promise, minute_after},
    state::State,
    text::Localized,
    time::Month,
    watch::{Availability, Sample, Span, is_within, merged},
    words::{FreezeId, NoticeId, PortalId, ProbeId, ServiceId, Share},
};

/// How a portal did in a span of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub portal: PortalId,
    pub span: Span,
    /// Of which part of it anything is known: from when there was the portal, up to now.
    pub known: Span,
    /// In the order of the portal.
    pub services: Vec<OfService>,
    /// The outages that people saw, and the planned work, in the order in which they began.
    pub notices: Vec<OfNotice>,
    /// The works that were planned in frozen time, in the order of the decisions.
    pub overrides: Vec<(FreezeId, Override)>,
}

/// How a service did.
#[derive(Clone, Debug, PartialEq)]
pub struct OfService {
    pub service: ServiceId,
    /// What is agreed.
    pub target: Option<Share>,
    /// What people were told.
    pub told: Trouble,
    /// By day, in the portal's time zone.
    pub days: Vec<(Date, Trouble)>,
    /// What was measured, by each probe.
    pub measured: Vec<Measured>,
    planned: Vec<Span>,
    spans: Vec<Span>,
}

/// For how long something was in trouble. The gravest counts where there were several, and none in planned work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    pub outage: SignedDuration,
    pub partial: SignedDuration,
    pub degraded: SignedDuration,
    /// Planned work, up to its announced end.
    pub planned: SignedDuration,
    /// All in all.
    pub whole: SignedDuration,
}

impl Trouble {
    /// The share of the time, without planned work, in which it was not down; `None`: there was no such time.
    pub fn share(&self) -> Option<Share> {
        let seconds = |duration: SignedDuration| u64::try_from(duration.as_secs()).unwrap_or_default();
        let whole = seconds(self.whole - self.planned);
        Share::of(whole.saturating_sub(seconds(self.outage)), whole)
    }

    fn add(&mut self, found: Option<Found>, length: SignedDuration) {
        self.whole += length;
        match found {
            Some(Found::Planned) => self.planned += length,
            Some(Found::Severity(Severity::Outage)) => self.outage += length,
            Some(Found::Severity(Severity::PartialOutage)) => self.partial += length,
            Some(Found::Severity(Severity::Degraded)) => self.degraded += length,
            Some(Found::Severity(Severity::Information)) | None => {}
        }
    }
}

impl Sum for Trouble {
    fn sum<I: Iterator<Item = Self>>(days: I) -> Self {
        days.fold(Self::default(), |sum, day| Self {
            outage: sum.outage + day.outage,
            partial: sum.partial + day.partial,
            degraded: sum.degraded + day.degraded,
            planned: sum.planned + day.planned,
            whole: sum.whole + day.whole,
        })
    }
}

/// What holds for a service at an instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    Severity(Severity),
    Planned,
}

/// What one probe has measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    pub probe: ProbeId,
    pub whole: Availability,
    /// By day, as [`OfService::days`].
    pub days: Vec<Availability>,
}

/// An outage, or planned work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfNotice {
    pub id: NoticeId,
    pub kind: Kind,
    pub severity: Severity,
    pub title: Localized,
    /// Those of the portal that it touched.
    pub services: Vec<ServiceId>,
    pub from: Timestamp,
    /// `None`: it goes on.
    pub to: Option<Timestamp>,
    /// Until when it was to last, as people were told first.
    pub told_end: Option<Timestamp>,
    /// Whether it was over by then; `None`: nothing was said, or there is still time.
    pub end_kept: Option<bool>,
    /// For how long it lasted within the span.
    pub length: SignedDuration,
    /// How often people heard more when they were to, and how often they did not, of what fell due in the span.
    pub news_kept: usize,
    pub news_broken: usize,
}

impl OfService {
    /// Takes what a probe has measured.
    pub fn measure(&mut self, probe: ProbeId, mut samples: Vec<Sample>, span: Span) {
        samples.sort_unstable_by_key(|sample| sample.at);
        let since = |instant: Timestamp| samples.partition_point(|sample| sample.at < instant);
        let days = self.spans.iter().map(|day| {
            let of_day = samples.get(since(day.0)..since(day.1)).unwrap_or_default();
            Availability::of(of_day.iter().copied(), *day, &self.planned)
        });
        let days = days.collect();
        self.measured.push(Measured {
            probe,
            whole: Availability::of(samples, span, &self.planned),
            days,
        });
    }

    /// For which share of the time it worked: as the worst of its probes has measured, else as people were told.
    pub fn share(&self) -> Option<Share> {
        let measured = self.measured.iter().filter_map(|measured| measured.whole.share()).min();
        measured.or_else(|| self.told.share())
    }

    /// Whether that is what is agreed; `None`: nothing is, or nothing is known.
    pub fn is_kept(&self) -> Option<bool> {
        Some(self.share()? >= self.target?)
    }
}

/// How a portal did in a span of time; `None`: there is no such portal. What was measured is still to be [added](OfService::measure).
pub fn report(state: &State, portal: &PortalId, span: Span, now: Timestamp) -> Option<Report> {
    let view = PortalView::new(state, portal, now)?;
    let from = state.catalogue.portal_since(portal).unwrap_or(now).max(span.0);
    let known = (from, span.1.min(now).max(from));
    let within = |notice: &&Notice| {
        let ended = notice
            .ended_at(now)
            .unwrap_or(Timestamp::MAX)
            .max(notice.content.ends_at.unwrap_or(Timestamp::MIN));
        // What was published by mistake was no trouble, and no work.
        let counts = notice.stage_at(now).is_some_and(|stage| stage != Stage::Withdrawn);
        counts && notice.published_at.is_some() && notice.starts_at() < known.1 && ended > known.0
    };
    // All the rest is worked out from these: of many years of notices, a month has few.
    let notices: Vec<&Notice> = state.notices().filter(within).collect();
    let zone = TimeZone::get(&view.portal.time_zone).unwrap_or(TimeZone::UTC);
    let days = days(known, &zone);
    let services = view.portal.services.iter().map(|service| {
        let planned = merged(&of_service(
            state,
            notices.iter().copied(),
            service,
            std::slice::from_ref(portal),
            now,
        ));
        of_service_in(&view, &notices, service, &days, planned, now)
    });
    let services = services.collect();
    let shown = notices.iter().filter(|notice| was_shown(notice, now) && view.is_concerned(notice));
    let mut told: Vec<OfNotice> = shown.filter_map(|notice| of_notice(&view, notice, known, now)).collect();
    told.sort_by_key(|notice| (notice.from, notice.id.clone()));
    let mut overrides: Vec<(FreezeId, Override)> = Vec::new();
    for freeze in state.freezes() {
        let of_here = |found: &&Override| state.notice(&found.notice).is_some_and(|notice| view.is_concerned(notice));
        let decided = freeze.overrides.iter().filter(|found| is_within(found.at, known)).filter(of_here);
        overrides.extend(decided.map(|found| (freeze.id.clone(), found.clone())));
    }
    overrides.sort_by_key(|(_, found)| found.at);
    Some(Report {
        portal: portal.clone(),
        span,
        known,
        services,
        notices: told,
        overrides,
    })
}

/// The days of a place that begin in a span, each with its instants; the last one ends with the span.
fn days((from, to): Span, zone: &TimeZone) -> Vec<(Date, Span)> {
    let mut days = Vec::new();
    let mut date = from.to_zoned(zone.clone()).date();
    let mut begin = from;
    while begin < to {
        let next = date
            .tomorrow()
            .ok()
            .and_then(|next| Some((next, next.to_zoned(zone.clone()).ok()?.timestamp())));
        let Some((next, midnight)) = next else { break };
        days.push((date, (begin, midnight.min(to))));
        (date, begin) = (next, midnight);
    }
    days
}

fn of_service_in(
    view: &PortalView<'_>,
    notices: &[&Notice],
    service: &ServiceId,
    days: &[(Date, Span)],
    planned: Vec<Span>,
    now: Timestamp,
) -> OfService {
    let troubles: Vec<(Span, Found)> = notices.iter().flat_map(|notice| trouble(view, notice, service, now)).collect();
    let all: Vec<(Span, Found)> = troubles
        .into_iter()
        .chain(planned.iter().map(|span| (*span, Found::Planned)))
        .collect();
    let state = view.state;
    let since = state.catalogue.service_since(service).unwrap_or(now);
    let of_day = |(date, (from, to)): &(Date, Span)| (*date, in_span(&all, (since.max(*from).min(*to), *to)));
    let by_day: Vec<(Date, Trouble)> = days.iter().map(of_day).collect();
    OfService {
        service: service.clone(),
        target: state.service(service).and_then(|known| known.availability),
        told: by_day.iter().map(|(_, day)| *day).sum(),
        days: by_day,
        measured: Vec::new(),
        planned,
        spans: days.iter().map(|(_, span)| *span).collect(),
    }
}

/// From when to when a notice was trouble for a service, and which. Planned work is none but where it was not planned.
fn trouble(view: &PortalView<'_>, notice: &Notice, service: &ServiceId, now: Timestamp) -> Vec<(Span, Found)> {
    if notice.content.kind == Kind::Information || !was_shown(notice, now) {
        return Vec::new();
    }
    let dependents = view.state.dependents();
    let named = notice
        .content
        .services
        .iter()
        .filter_map(|root| dependents.reach(root, service))
        .max();
    // What concerns a whole portal concerns all that it has.
    let whole = notice.content.portals.contains(&view.portal.id) && notice.content.services.is_empty();
    let Some(reach) = named.or_else(|| whole.then_some(Reach::Full)) else {
        return Vec::new();
    };
    let found = Found::Severity(reach.soften_severity(notice.content.severity));
    let spans = lasted(notice, now, notice.ended_at(now).unwrap_or(now));
    spans.into_iter().map(|span| (span, found)).collect()
}

/// From when to when it lasted, up to an instant, without the time for which it was over.
fn lasted(notice: &Notice, now: Timestamp, until: Timestamp) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut begin = notice.starts_at();
    for (ended, again) in notice.rests.iter().filter(|(_, again)| *again <= now) {
        spans.push((begin, *ended));
        begin = begin.max(*again);
    }
    spans.push((begin, until));
    spans.retain(|(from, to)| from < to);
    spans
}

/// What was the gravest when, summed up.
fn in_span(all: &[(Span, Found)], (from, to): Span) -> Trouble {
    let here: Vec<&(Span, Found)> = all.iter().filter(|((begin, end), _)| *begin < to && *end > from).collect();
    let mut turns: Vec<Timestamp> = here
        .iter()
        .flat_map(|((begin, end), _)| [*begin.max(&from), *end.min(&to)])
        .collect();
    turns.extend([from, to]);
    turns.sort_unstable();
    turns.dedup();
    let mut sum = Trouble::default();
    for pair in turns.windows(2) {
        let [begin, end] = *pair else { continue };
        let holds = here.iter().filter(|(span, _)| is_within(begin, *span)).map(|(_, found)| *found);
        sum.add(holds.max(), end.duration_since(begin));
    }
    sum
}

fn of_notice(view: &PortalView<'_>, notice: &Notice, known: Span, now: Timestamp) -> Option<OfNotice> {
    let (from, to) = (notice.starts_at(), notice.ended_at(now));
    let is_over_unbegun = to.is_some_and(|to| to <= from);
    if notice.content.kind == Kind::Information || is_over_unbegun || to.is_some_and(|to| to <= known.0) {
        return None;
    }
    let told_end = notice.first_told_end();
    // It counts in the month in which it was to be.
    let due_end = told_end.filter(|told| is_within(*told, known));
    let end_kept = due_end.and_then(|told| match to {
        Some(to) => Some(to < minute_after(told)),
        None => (minute_after(told) <= now).then_some(false),
    });
    let within = lasted(notice, now, to.unwrap_or(now)).into_iter();
    let within = within.map(|(begin, end)| end.min(known.1).duration_since(begin.max(known.0)).max(SignedDuration::ZERO));
    let length = within.fold(SignedDuration::ZERO, |sum, one| sum + one);
    let due = notice.promises.iter().filter(|promise| is_within(promise.until, known));
    let kept: Vec<bool> = due
        .filter_map(|promise| {
            let kept_at = promise.kept_at.or(to);
            Promise { kept_at, ..*promise }.is_kept(now)
        })
        .collect();
    let touched = view.affected(notice).into_iter().map(|touched| touched.service.clone());
    Some(OfNotice {
        id: notice.id.clone(),
        kind: notice.content.kind,
        severity: notice.content.severity,
        title: notice.content.title.clone(),
        services: touched.collect(),
        from,
        to,
        told_end,
        end_kept,
        length,
        news_kept: kept.iter().filter(|kept| **kept).count(),
        news_broken: kept.iter().filter(|kept| !**kept).count(),
    })
}

/// The months of a portal of which there is a report, the latest first: from the one in which the record first knew of it up to the one of now.
pub fn reported_months(state: &State, portal: &PortalId, now: Timestamp) -> Vec<Month> {
    let known = state.portal(portal).zip(state.catalogue.portal_since(portal));
    let Some((portal, since)) = known else { return Vec::new() };
    let zone = TimeZone::get(&portal.time_zone).unwrap_or(TimeZone::UTC);
    let first = Month::of(since, &zone);
    let mut months = vec![Month::of(now, &zone)];
    while let Some(last) = months.last().copied().filter(|last| *last > first)
        && let Some(before) = last.before()
    {
        months.push(before);
    }
    months
}
