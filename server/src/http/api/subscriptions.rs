//! `/api/v1/subscriptions`: how many people are told by mail; `…/find` says what is stored of one who asks, and `…/{id}/end` forgets it.

use std::sync::Arc;

use api::{FoundSubscriptions, PortalSubscriptions, ProblemKind, Subscription, SubscriptionSearch, Subscriptions};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    access::{Grants, Role, Where},
    words::PortalId,
};
use store::subscriptions::{self, Count};

use crate::{
    http::{
        answer::problem::Problem,
        ask::{authentication::Admin, json_body::JsonBody},
        site::Site,
    },
    subscribers::address,
};

fn may_manage(by: &Grants, portal: &PortalId) -> bool {
    by.may(Role::Admin, Where::On(portal))
}

pub(crate) async fn list(State(site): State<Arc<Site>>, Admin(by): Admin) -> Result<Json<Subscriptions>, Problem> {
    let grants = &by.actor.grants;
    let counts = site.subscribers.count().await?;
    let (state, _) = site.publisher.present();
    let of_portal = |portal: &PortalId| {
        let Count {
            confirmed,
            unconfirmed,
            failing,
        } = counts.get(portal.as_str()).copied().unwrap_or_default();
        PortalSubscriptions {
            portal: portal.clone(),
            confirmed,
            unconfirmed,
            failing,
        }
    };
    let managed = state.catalogue().portals.iter().map(|portal| &portal.id);
    Ok(Json(Subscriptions {
        sends: site.subscribers.can_be_told(),
        portals: managed.filter(|portal| may_manage(grants, portal)).map(of_portal).collect(),
    }))
}

pub(crate) async fn find(State(site): State<Arc<Site>>, Admin(by): Admin, body: JsonBody) -> Result<Json<FoundSubscriptions>, Problem> {
    let asked: SubscriptionSearch = body.read()?;
    let found = match address(&asked.address) {
        Some(address) => site.subscribers.of_address(&address).await?,
        None => Vec::new(),
    };
    if !found.is_empty() {
        tracing::info!(by = by.actor.id, "it was looked up what is stored of an address");
    }
    let managed = found.into_iter().filter(|found| may_manage(&by.actor.grants, &found.portal));
    Ok(Json(FoundSubscriptions {
        found: managed.map(told).collect(),
    }))
}

fn told(found: subscriptions::Subscription) -> Subscription {
    Subscription {
        id: found.id,
        portal: found.portal,
        address: found.address,
        language: found.language,
        wanted: found.wanted,
        created_at: found.created_at,
        agreed_to: found.agreed_to,
        confirmed_at: found.confirmed_at,
        failing_since: found.failing_since,
        failure: found.failure,
    }
}

pub(crate) async fn end(State(site): State<Arc<Site>>, Admin(by): Admin, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let found = site.subscribers.get(&id).await?;
    if !found.is_some_and(|found| may_manage(&by.actor.grants, &found.portal)) {
        let id: String = id.chars().take(100).collect();
        return Err(Problem::new(
            ProblemKind::NoSubscription,
            format!("There is no subscription `{id}`."),
        ));
    }
    site.subscribers.end(&id).await?;
    tracing::info!(by = by.actor.id, subscription = id, "somebody is told by mail no more");
    Ok(StatusCode::NO_CONTENT)
}
