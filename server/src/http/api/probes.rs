//! `/api/v1/probes`: what the server itself looks at; `…/try` looks once, `…/{id}/availability` tells how well it worked.

use std::{sync::Arc, time::Duration};

use api::{Looks, MonthQuery, ProbeFinding, ProbeLook, Probed, Probes, ProblemKind};
use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    access::{Role, Where},
    catalogue::{Probe, probe_faults},
    project::planned_windows,
    time::{InvalidMonth, Month},
    watch::{Availability, Finding, Span},
    words::{Code, ProbeId},
};
use jiff::tz::TimeZone;

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
    let Ok(Ok(_turn)) = tokio::time::timeout(PATIENCE, site.turns.probing.acquire()).await else {
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
    let month = asked.month.parse::<Month>().ok().and_then(|month| month.span(&zone));
    let (from, to) = month.ok_or_else(|| Problem::field("/month", Code::Malformed, &InvalidMonth.to_string()))?;
    let planned = probe.service.iter().flat_map(|service| planned_windows(&state, service, now));
    let planned: Vec<Span> = planned.collect();
    let samples = site.prober.probing().samples(&probe.id, (from, to)).await?;
    let found = Availability::of(samples, (from, to), &planned);
    Ok(Json(api::Availability {
        probe: id,
        from,
        to,
        looks: Looks::of(&found),
    }))
}
