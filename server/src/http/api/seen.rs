//! `GET /api/v1/portals/{id}/seen?at=INSTANT`: what people saw of a portal, made of the record up to that instant.

use std::{sync::Arc, time::Duration};

use api::{ProblemKind, SeenQuery};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::Response,
};
use domain::{
    access::{Role, Where},
    words::{Code, PortalId},
};

use crate::http::{
    answer::{problem::Problem, serving::public},
    ask::{authentication::Known, parameters::Parameters},
    public::pages,
    site::Site,
};

/// For how long one waits for one's turn.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) async fn seen(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(id): Path<String>,
    Parameters(query): Parameters<SeenQuery>,
) -> Result<Response, Problem> {
    let portal = PortalId::parse(&id).map_err(|_| Problem::no_portal(&id))?;
    if !identity.actor.grants.may(Role::Viewer, Where::On(&portal)) {
        return Err(Problem::no_portal(&id));
    }
    let (_, now) = site.publisher.present();
    if query.at > now {
        return Err(Problem::field(
            "/at",
            Code::Future,
            "lies in the future; nobody has seen anything then",
        ));
    }
    // One at a time: it reads the whole record up to then.
    let Ok(Ok(_turn)) = tokio::time::timeout(PATIENCE, site.turns.looking_back.acquire()).await else {
        let detail = "Others are looking back; try again in a moment.";
        return Err(Problem::new(ProblemKind::Unavailable, detail));
    };
    let state = site.publisher.past(query.at).await?;
    let page = pages::past(&site, state, &portal, query.lang.as_deref(), query.at);
    let page = page.ok_or_else(|| Problem::no_portal(&id))?;
    let mut response = public(&HeaderMap::new(), &page);
    // It is for those who may look back, and not for pages of others.
    response.headers_mut().remove(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    Ok(response)
}
