//! `POST /api/v1/preview`: what a portal would show if this were published now. Nothing is stored.

use std::sync::Arc;

use axum::{Json, extract::State};
use domain::{
    command::{Actor, Command, Context, Intent},
    decide::decide,
    event::Entry,
    fault::Fault,
    id::PortalId,
    notice::Content,
    project::project_notice,
    public::PublicState,
    role::Role,
    state::apply,
};
use serde_json::Value;

use super::{Site, authentication::Known, json_body::JsonBody, problem::Problem};

pub(super) async fn preview(State(site): State<Arc<Site>>, _: Known, mut body: JsonBody) -> Result<Json<PublicState>, Problem> {
    body.take("publish");
    let portal = body.take("portal");
    let mut content: Content = body.read()?;
    // What is announced later is shown in the preview at once.
    content.announce_from = None;
    let portal = match portal {
        None => None,
        Some(Value::String(id)) => Some(PortalId::parse(&id).map_err(|_| Problem::no_portal(&id))?),
        Some(_) => {
            return Err(Problem::invalid(vec![Fault {
                pointer: "/portal".to_owned(),
                detail: "is not a portal's id".to_owned(),
            }]));
        }
    };
    let shown = site.publisher.read(move |state, now| {
        // The very rules and the very projection, on a copy of the state.
        let actor = Actor {
            id: "preview".to_owned(),
            role: Role::Publisher,
        };
        let portal = portal.or_else(|| state.concerned_portals(&content).into_iter().next());
        let events = decide(
            state,
            Command::CreateNotice {
                content: Box::new(content),
                intent: Intent::Publish,
            },
            &Context { now, actor: actor.clone() },
        )?;
        let mut state = state.clone();
        let mut shown = None;
        for event in events {
            let subject = event.subject().cloned();
            let entry = Entry {
                seq: state.position() + 1,
                at: now,
                actor: actor.id.clone(),
                subject: subject.clone(),
                event: Some(event),
            };
            apply(&mut state, &entry);
            shown = portal
                .as_ref()
                .zip(subject)
                .and_then(|(portal, id)| project_notice(&state, portal, &id, now));
        }
        Ok::<_, Problem>(shown)
    });
    let nowhere = || {
        let detail = "concern no portal, so nobody would see this notice".to_owned();
        Problem::invalid(vec![Fault {
            pointer: "/services".to_owned(),
            detail,
        }])
    };
    shown.await??.map(Json).ok_or_else(nowhere)
}
