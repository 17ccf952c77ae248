//! `POST /api/v1/preview`: what a portal would show if a draft were published now. Nothing is stored: the same rules and the same projection
//! run on a copy of the state.

use std::sync::Arc;

use axum::{Json, extract::State as Shared};
use domain::{
    access::{Actor, Context, Role, Where},
    notice::{self, Content, Intent},
    project::project_notice,
    record::Command,
    rejection::{Rejection, need},
    state::State,
    step::step,
    words::{Code, Fault, PortalId},
};
use jiff::Timestamp;
use serde_json::Value;
use wire::{Kind, PublicState};

use crate::{
    http::{
        answer::problem::Problem,
        ask::{authentication::Known, json_body::JsonBody},
        site::Site,
    },
    show::snapshot::tell,
};

pub(crate) async fn preview(
    Shared(site): Shared<Arc<Site>>,
    Known(identity): Known,
    mut body: JsonBody,
) -> Result<Json<PublicState>, Problem> {
    body.take("publish");
    for said in ["freeze_reason", "ask_approval", "break_glass"] {
        body.take(said);
    }
    let portal = body.take("portal");
    let mut content: Content = body.read()?;
    let portal = match portal {
        None => None,
        Some(Value::String(id)) => Some(PortalId::parse(&id).map_err(|_| Problem::no_portal(&id))?),
        Some(_) => {
            return Err(Problem::invalid(vec![Fault {
                pointer: "/portal".to_owned(),
                code: Code::Malformed,
                detail: "is not a portal's id".to_owned(),
            }]));
        }
    };
    let shown = site.publisher.read(move |state, now| {
        // What is announced later is shown in the preview at once.
        content.announce_from = (content.kind == Kind::Information).then_some(now);
        let mut portals = state.concerned_portals(&content);
        // A portal of others is for the caller as one that there is not.
        if let Some(portal) = portal {
            portals.retain(|concerned| *concerned == portal);
        }
        let context = Context {
            now,
            actor: identity.actor,
        };
        if !portals.is_empty() {
            need(Role::Viewer, Where::OnOne(&portals), &context)?;
        }
        let may_see = |portal: &PortalId| context.actor.grants.may(Role::Viewer, Where::On(portal));
        let portal = portals.into_iter().find(may_see);
        if_published(state, now, content, portal.as_ref())
    });
    let nowhere = || {
        let detail = "concern no portal, so nobody would see this notice".to_owned();
        Problem::invalid(vec![Fault {
            pointer: "/services".to_owned(),
            code: Code::NothingConcerned,
            detail,
        }])
    };
    shown.await??.map(Json).ok_or_else(nowhere)
}

/// What a portal would show of this content; `None`: it does not concern the portal.
pub(crate) fn if_published(
    state: &State,
    now: Timestamp,
    content: Content,
    portal: Option<&PortalId>,
) -> Result<Option<PublicState>, Rejection> {
    let actor = Actor::new("preview", Role::Publisher);
    let command = Command::Notice(notice::Command::Create {
        content: Box::new(content),
        intent: Intent::Publish,
    });
    let context = Context { now, actor };
    let mut published = state.rehearsal();
    let entries = step(&mut published, command, &context)?;
    let subject = entries.first().map(|entry| entry.event.subject()).unwrap_or_default();
    let shown = portal
        .zip(subject.notice())
        .and_then(|(portal, id)| project_notice(&published, portal, id, now));
    Ok(shown.map(tell))
}
