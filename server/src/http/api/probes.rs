//! `/api/v1/probes`: what the server itself looks at; `…/try` looks once, `…/{id}/availability` tells how well it worked.

use std::{sync::Arc, time::Duration};

use api::{MonthQuery, ProbeFinding, ProbeLook, Probed, Probes, ProblemKind};
use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    access::{Role, Where},
    catalogue::{Probe, probe_faults},
    project::planned_windows,
    watch::{Availability, Finding, Span},
    words::{Code, Faults, ProbeId},
};
use jiff::{ToSpan, civil::Date, tz::TimeZone};

use crate::{
    http::{
        answer::problem::Problem,
        ask::{
            authentication::{Admin, Known},
            json_body::JsonBody,
            parameters::Parameters,
        },
        site::Site,
    },
    sensors::Seen,
};

/// For how long one waits for one's turn.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) async fn list(State(site): State<Arc<Site>>, Known(by): Known) -> Result<Json<Probes>, Problem> {
    let (state, _) = site.publisher.present();
    let findings = site.prober.findings().await?;
    let probes = state.readable_catalogue(&by.actor.grants).probes.into_iter();
    let probes = probes.map(|probe| Probed {
        found: findings.iter().filter(|found| found.last.probe == probe.id).map(told).collect(),
        id: probe.id,
        name: probe.name,
        service: probe.service,
    });
    Ok(Json(Probes { probes: probes.collect() }))
}

fn told(Finding { last, since }: &Finding) -> ProbeFinding {
    ProbeFinding {
        node: last.node.clone(),
        looked_at: last.at,
        since: *since,
        outcome: last.outcome,
        milliseconds: last.milliseconds,
        failure: last.failure.clone(),
        certificate_until: last.certificate_until,
    }
}

/// What this server reaches is nobody's business who does not see to all of it.
pub(crate) async fn look(State(site): State<Arc<Site>>, Admin(by): Admin, body: JsonBody) -> Result<Json<ProbeLook>, Problem> {
    if !by.actor.grants.may(Role::Admin, Where::Everywhere) {
        let detail = "Probes are tried by administrators of all portals.";
        return Err(Problem::new(ProblemKind::RoleElsewhere, detail));
    }
    let probe: Probe = body.read()?;
    let (state, _) = site.publisher.present();
    probe_faults(state.catalogue(), &probe)
        .into_result()
        .map_err(|faults| Problem::invalid(faults.into_vec()))?;
    let Ok(Ok(_turn)) = tokio::time::timeout(PATIENCE, site.probing.acquire()).await else {
        return Err(Problem::new(
            ProblemKind::Unavailable,
            "Others are trying theirs; try again in half a minute.",
        ));
    };
    let Seen {
        outcome,
        milliseconds,
        failure,
        certificate_until,
    } = site.prober.look(&probe).await;
    Ok(Json(ProbeLook {
        outcome,
        milliseconds,
        failure,
        certificate_until,
    }))
}

pub(crate) async fn availability(
    State(site): State<Arc<Site>>,
    Known(by): Known,
    Path(id): Path<String>,
    Parameters(asked): Parameters<MonthQuery>,
) -> Result<Json<api::Availability>, Problem> {
    let (state, now) = site.publisher.present();
    let readable = state.readable_catalogue(&by.actor.grants);
    let no_probe = || {
        Problem::new(
            ProblemKind::NoProbe,
            format!("There is no probe `{}`.", id.chars().take(100).collect::<String>()),
        )
    };
    let id = ProbeId::parse(&id).map_err(|_| no_probe())?;
    let probe = readable.probes.iter().find(|probe| probe.id == id).ok_or_else(no_probe)?;
    let zone = match &asked.portal {
        None => TimeZone::UTC,
        Some(portal) => {
            let known = readable.portals.iter().find(|known| known.id.as_str() == portal);
            let known = known.ok_or_else(|| Problem::no_portal(portal))?;
            TimeZone::get(&known.time_zone).unwrap_or(TimeZone::UTC)
        }
    };
    let (from, to) = month(&asked.month, &zone).ok_or_else(|| {
        let detail = "is no month; write it as `2026-03`";
        Problem::invalid(Faults::one("/month", Code::Malformed, detail).into_vec())
    })?;
    let planned = probe.service.iter().flat_map(|service| planned_windows(&state, service, now));
    let planned: Vec<Span> = planned.collect();
    let samples = site.prober.probing().samples(&probe.id, (from, to)).await?;
    let found = Availability::of(samples, (from, to), &planned);
    Ok(Json(api::Availability {
        probe: id,
        from,
        to,
        good: found.good,
        slow: found.slow,
        bad: found.bad,
        planned: found.planned,
        percent: found.share().map(|hundredths| f64::from(hundredths) / 100.0),
        median_milliseconds: found.median_milliseconds,
        p95_milliseconds: found.p95_milliseconds,
    }))
}

/// A month as it is by a time zone. An hour more or less, where a clock is changed in it.
fn month(text: &str, zone: &TimeZone) -> Option<Span> {
    let first: Date = format!("{text}-01").parse().ok()?;
    let behind = first.checked_add(1.month()).ok()?;
    let midnight = |day: Date| Some(day.to_zoned(zone.clone()).ok()?.timestamp());
    (text.len() == "2026-03".len()).then_some((midnight(first)?, midnight(behind)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_as_long_as_the_clocks_there_say() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let hours = |text: &str| month(text, &berlin).map(|(from, to)| to.duration_since(from).as_hours());
        assert_eq!(hours("2026-03"), Some(31 * 24 - 1));
        assert_eq!(hours("2026-10"), Some(31 * 24 + 1));
        assert_eq!(hours("2026-12"), Some(31 * 24));
        let (from, _) = month("2026-04", &berlin).unwrap();
        assert_eq!(from.to_string(), "2026-03-31T22:00:00Z");
        for text in ["2026", "2026-13", "2026-3", "2026-03-01", "", "03-2026"] {
            assert_eq!(hours(text), None, "{text}");
        }
    }
}
