//! `/api/v1/reports`: how portals did, month by month, for their staff.

use std::{sync::Arc, time::Duration};

use api::{PortalReports, ProblemKind, Readers, ReportQuery, Reports};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::Response,
};
use domain::{
    access::{Role, Where},
    words::PortalId,
};

use crate::{
    http::{
        answer::{problem::Problem, serving::public},
        ask::{authentication::Known, parameters::Parameters},
        public::pages::{self, Scene},
        site::Site,
    },
    reports::{File, gather, months},
};

/// For how long one waits for one's turn.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) async fn list(State(site): State<Arc<Site>>, Known(by): Known) -> Json<Reports> {
    let (state, now) = site.publisher.present();
    let portals = state.readable_catalogue(&by.actor.grants).portals.into_iter();
    let portals = portals.map(|portal| PortalReports {
        months: months((&state, now), &portal.id, Readers::Staff)
            .iter()
            .map(ToString::to_string)
            .collect(),
        public: portal.public_reports,
        portal: portal.id,
        name: portal.name,
    });
    Json(Reports {
        portals: portals.collect(),
    })
}

pub(crate) async fn one(
    State(site): State<Arc<Site>>,
    Known(by): Known,
    Path((portal, name)): Path<(String, String)>,
    Parameters(query): Parameters<ReportQuery>,
) -> Result<Response, Problem> {
    let id = PortalId::parse(&portal).map_err(|_| Problem::no_portal(&portal))?;
    if !by.actor.grants.may(Role::Viewer, Where::On(&id)) {
        return Err(Problem::no_portal(&portal));
    }
    let none = || {
        let detail = "There is no such report. One is named by its month and its form: `2026-03.html`, `2026-03.pdf`, `2026-03.csv`, `2026-03.json`.";
        Problem::new(ProblemKind::NoReport, detail)
    };
    let file: File = name.parse().map_err(|()| none())?;
    // One at a time: it reads all that was measured in a month.
    let Ok(Ok(_turn)) = tokio::time::timeout(PATIENCE, site.turns.reporting_to_staff.acquire()).await else {
        return Err(Problem::new(
            ProblemKind::Unavailable,
            "Others are reading reports; try again in a moment.",
        ));
    };
    let mut report = gather(&site, &id, file.month, Readers::Staff).await?.ok_or_else(none)?;
    let (state, _) = site.publisher.present();
    // Reasons are for those who may read the freeze.
    if let Some(overrides) = &mut report.overrides {
        let may_read = |freeze| state.may_read_freeze(&by.actor.grants, freeze);
        overrides.retain(|found| state.freeze(&found.freeze).is_some_and(may_read));
    }
    let spoken = state.portal(&id).map(|portal| portal.languages.clone()).unwrap_or_default();
    let wished = spoken.iter().find(|language| Some(language.as_str()) == query.lang.as_deref());
    let language = wished.or(spoken.first()).ok_or_else(|| Problem::no_portal(&portal))?;
    let scene = Scene::new(&site, &id, language.as_str()).ok_or_else(|| Problem::no_portal(&portal))?;
    // It is drawn beside those who are answered meanwhile.
    let up = format!("../../../../p/{id}/");
    let page = tokio::task::spawn_blocking(move || pages::report(&scene, &report, file, &up)).await;
    let page = page
        .map_err(|_| Problem::new(ProblemKind::Unavailable, "The report could not be made."))?
        .ok_or_else(none)?;
    let mut response = public(&HeaderMap::new(), &page.document);
    // It is for staff, and not for pages of others.
    response.headers_mut().remove(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    Ok(response)
}
