//! `POST /api/v1/portals/{id}/examination`: whether a portal embeds the notices as it is to.

use std::{sync::Arc, time::Duration};

use api::{Examination, ProblemKind};
use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    access::{Context, Role, Where},
    rejection::need,
    words::PortalId,
};

use crate::{
    examination::examine,
    http::{answer::problem::Problem, ask::authentication::Known, site::Site},
};

/// For how long one waits for one's turn.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) async fn make(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(id): Path<String>,
) -> Result<Json<Examination>, Problem> {
    let no_portal = || Problem::no_portal(&id);
    let portal = PortalId::parse(&id).map_err(|_| no_portal())?;
    let (state, now) = site.publisher.present();
    let context = Context {
        now,
        actor: identity.actor.clone(),
    };
    need(Role::Admin, Where::Somewhere, &context)?;
    let known = state
        .portal(&portal)
        .filter(|_| identity.actor.grants.may(Role::Viewer, Where::On(&portal)));
    let known = known.ok_or_else(no_portal)?;
    need(Role::Admin, Where::On(&portal), &context)?;
    let Some(visitor) = &site.visitor else {
        return Ok(Json(Examination {
            looks: false,
            pages: Vec::new(),
        }));
    };
    // One at a time: each asks others' servers for a dozen pages.
    let Ok(Ok(_turn)) = tokio::time::timeout(PATIENCE, site.turns.examining.acquire()).await else {
        let detail = "Another portal is being looked at; try again in half a minute.";
        return Err(Problem::new(ProblemKind::Unavailable, detail));
    };
    Ok(Json(Examination {
        looks: true,
        pages: examine(visitor, known).await,
    }))
}
