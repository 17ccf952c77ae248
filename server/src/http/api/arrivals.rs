//! `/api/v1/arrivals`: whether notices have arrived where people read.

use std::sync::Arc;

use api::{Arrivals, NoticeArrival, Obstacle, Place, PortalArrival};
use axum::{Json, extract::State};
use domain::{
    access::{Role, Where},
    words::{NoticeId, PortalId},
};
use store::arrivals;

use crate::{
    http::{answer::problem::Problem, ask::authentication::Known, site::Site},
    reactors::mark,
};

pub(crate) async fn list(State(site): State<Arc<Site>>, Known(identity): Known) -> Result<Json<Arrivals>, Problem> {
    let looked = site.arrivals.all().await.map_err(|error| Problem::internal(&error));
    let mut looked = if site.visitor.is_some() { looked? } else { Vec::new() };
    let (state, now) = site.publisher.present();
    let grants = &identity.actor.grants;
    let readable = state.portal_positions().map(|(portal, _)| portal);
    let readable = readable.filter(|portal| grants.may(Role::Viewer, Where::On(portal)));
    let portals = readable.filter_map(|portal| {
        let shown = site.windows.snapshot(portal.as_str())?;
        let notices = shown.state.notices.iter();
        let sought =
            notices.filter_map(|notice| Some((NoticeId::parse(&notice.id).ok()?, mark(&notice.id, notice.revision, notice.stage))));
        let places = looked.extract_if(.., |place| place.portal == portal.as_str());
        Some(told(portal, &sought.collect::<Vec<_>>(), places.collect())).filter(|told| !told.notices.is_empty())
    });
    Ok(Json(Arrivals {
        looks: site.visitor.is_some(),
        portals: portals.collect(),
        now,
    }))
}

/// What was seen of a portal that is to show these notices, each with its mark.
fn told(portal: &PortalId, sought: &[(NoticeId, String)], places: Vec<arrivals::Place>) -> PortalArrival {
    let since = |mark: &String| {
        let seen = places.iter().map(|place| place.seen.get(mark).copied());
        // At each of them, and there is one.
        seen.collect::<Option<Vec<_>>>()?.into_iter().max()
    };
    PortalArrival {
        portal: portal.clone(),
        notices: sought
            .iter()
            .map(|(notice, mark)| NoticeArrival {
                notice: notice.clone(),
                since: since(mark),
            })
            .collect(),
        places: places
            .iter()
            .map(|place| Place {
                kind: place.kind,
                address: place.address.clone(),
                looked_at: place.looked_at,
                missing: sought
                    .iter()
                    .filter(|(_, mark)| !place.seen.contains_key(mark))
                    .map(|(notice, _)| notice.clone())
                    .collect(),
                obstacle: place.obstacle.clone().map(|met| Obstacle {
                    kind: met.kind,
                    at: met.at,
                    detail: met.detail,
                }),
            })
            .collect(),
    }
}
