//! Reports: how a portal did in a month, by the record and by what was measured.

use std::{fmt, str::FromStr};

use api::{Readers, Report};
use domain::{
    notice::Notice,
    project::report::{report, reported_months},
    state::State,
    time::Month,
    watch::Span,
    words::PortalId,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use store::{probing::KEPT_DAYS, tables::TableError};

use crate::http::Site;

/// A form in which there is a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Page,
    /// A PDF.
    Paper,
    Table,
    Json,
}

impl Form {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Page, Self::Paper, Self::Table, Self::Json];
}

/// A report as its address names it: `2026-03.html`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) month: Month,
    pub(crate) form: Form,
}

impl FromStr for File {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        let (month, ending) = name.split_once('.').ok_or(())?;
        let form = match ending {
            "html" => Form::Page,
            "pdf" => Form::Paper,
            "csv" => Form::Table,
            "json" => Form::Json,
            _ => return Err(()),
        };
        let month = month.parse().map_err(|_| ())?;
        Ok(Self { month, form })
    }
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ending = match self.form {
            Form::Page => "html",
            Form::Paper => "pdf",
            Form::Table => "csv",
            Form::Json => "json",
        };
        write!(f, "{}.{ending}", self.month)
    }
}

/// The months of which these people read a report, the latest first: what is public is over.
pub(crate) fn months((state, now): (&State, Timestamp), portal: &PortalId, readers: Readers) -> Vec<Month> {
    let Some(known) = state.portal(portal) else { return Vec::new() };
    let months = reported_months(state, portal, now);
    match readers {
        Readers::Staff => months,
        Readers::Everyone if !known.public_reports => Vec::new(),
        // The first one goes on.
        Readers::Everyone => months.into_iter().skip(1).collect(),
    }
}

/// A report as these people read it; `None`: there is none of this month.
///
/// # Errors
/// When the database fails.
pub(crate) async fn gather(site: &Site, portal: &PortalId, month: Month, readers: Readers) -> Result<Option<Report>, TableError> {
    let (state, now) = site.publisher.present();
    if !months((&state, now), portal, readers).contains(&month) {
        return Ok(None);
    }
    let Some(mut found) = span(&state, portal, month).and_then(|span| report(&state, portal, span, now)) else {
        return Ok(None);
    };
    let known = found.known;
    // Of a month of which only a part is still known, nothing measured is said.
    let kept = SignedDuration::from_hours(24 * KEPT_DAYS);
    if now.duration_since(known.0) > kept {
        return Ok(Some(Report::of(&found, month.to_string(), readers)));
    }
    for service in &mut found.services {
        let of_it = |probe: &&domain::catalogue::Probe| probe.service.as_ref() == Some(&service.service);
        let probes: Vec<_> = state
            .catalogue()
            .probes
            .iter()
            .filter(of_it)
            .map(|probe| probe.id.clone())
            .collect();
        // One after the other: a month of looks at all of them is much.
        for probe in probes {
            let samples = site.prober.probing().samples(&probe, known).await?;
            service.measure(probe, samples, known);
        }
    }
    Ok(Some(Report::of(&found, month.to_string(), readers)))
}

/// The entry of the journal by which a month became what it is, as far as its notices go.
pub(crate) fn told_by(state: &State, portal: &PortalId, month: Month) -> u64 {
    let Some((from, to)) = span(state, portal, month) else { return 0 };
    let within = |notice: &&Notice| notice.starts_at() < to && notice.ended_at(Timestamp::MAX).is_none_or(|ended| ended > from);
    state.notices().filter(within).map(|notice| notice.position).max().unwrap_or(0)
}

/// Whether nothing of a month goes on any more.
pub(crate) fn is_over(state: &State, portal: &PortalId, month: Month, now: Timestamp) -> bool {
    let to = span(state, portal, month).map_or(now, |(_, to)| to);
    let mut begun = state
        .notices()
        .filter(|notice| notice.published_at.is_some() && notice.starts_at() < to);
    begun.all(|notice| notice.ended_at(now).is_some())
}

/// A month by the clocks of a portal.
fn span(state: &State, portal: &PortalId, month: Month) -> Option<Span> {
    let zone = TimeZone::get(&state.portal(portal)?.time_zone);
    month.span(&zone.unwrap_or(TimeZone::UTC))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_known_by_its_month_and_form() {
        for name in ["2026-03.html", "2026-03.pdf", "2026-03.csv", "2026-03.json"] {
            assert_eq!(name.parse::<File>().unwrap().to_string(), name);
        }
        for name in ["2026-03", "2026-3.html", "2026-03.xml", "2026-03.html.html", ".html", ""] {
            assert!(name.parse::<File>().is_err(), "{name}");
        }
    }
}
