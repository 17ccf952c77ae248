//! What a portal would show if something were published now. Nothing is stored: the very rules and the very projection run on
//! a copy of the state. `POST /api/v1/preview` shows an author a draft, `GET /p/{portal}/sample.json` shows a portal's owner a sample.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State as Shared},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::{
    catalogue::Portal,
    command::{Actor, Command, Context, Intent},
    decide::{Rejection, decide},
    event::Entry,
    fault::Fault,
    id::PortalId,
    notice::Content,
    project::project_notice,
    public::PublicState,
    role::Role,
    state::{State, apply},
    vocabulary::Kind,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    Site,
    authentication::Known,
    json_body::{self, JsonBody},
    problem::Problem,
    serving::public,
};
use crate::snapshot::{Delivery, Document, tell};

/// Shown on nobody's page but that of someone who tries it out.
const SAMPLE: Delivery = Delivery {
    content_type: "application/json",
    cache: "public, max-age=5",
};

pub(super) async fn preview(Shared(site): Shared<Arc<Site>>, _: Known, mut body: JsonBody) -> Result<Json<PublicState>, Problem> {
    body.take("publish");
    let portal = body.take("portal");
    let mut content: Content = body.read()?;
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
        // What is announced later is shown in the preview at once.
        content.announce_from = (content.kind == Kind::Information).then_some(now);
        let portal = portal.or_else(|| state.concerned_portals(&content).into_iter().next());
        if_published(state, now, content, portal.as_ref())
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

/// An outage of the portal's first service, with the portal's own channels and procedures.
pub(super) async fn sample(Shared(site): Shared<Arc<Site>>, Path(portal): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let no_portal = || Problem::no_portal(&portal);
    let id = PortalId::parse(&portal).map_err(|_| no_portal())?;
    let (state, now) = site.publisher.present();
    let content = json_body::read(sample_outage(state.portal(&id).ok_or_else(no_portal)?))?;
    let shown = if_published(&state, now, content, Some(&id))?.ok_or_else(no_portal)?;
    let document = Document::new(serde_json::to_string(&shown).unwrap_or_default(), SAMPLE);
    Ok(public(&headers, &document).into_response())
}

fn sample_outage(portal: &Portal) -> Value {
    let mut title = json!({"en": "Example: sign-in not possible", "de": "Beispiel: Anmeldung nicht möglich", "de-simple": "Beispiel: Sie können sich nicht anmelden"});
    if let Some(default) = portal.languages.first() {
        let known = title.get(default.as_str()).unwrap_or(&title["en"]).clone();
        title[default.as_str()] = known;
    }
    json!({
        "kind": "outage", "severity": "outage", "services": portal.services.first().into_iter().collect::<Vec<_>>(), "portals": [portal.id], "title": title, "entries": "saved",
        "impact": {
            "en": "This is what a notice on your pages looks like.",
            "de": "So sieht eine Meldung auf Ihren Seiten aus.",
            "de-simple": "So sieht eine Meldung aus.",
        },
    })
}

/// What a portal would show of this content; `None`: it does not concern the portal.
fn if_published(state: &State, now: Timestamp, content: Content, portal: Option<&PortalId>) -> Result<Option<PublicState>, Rejection> {
    let actor = Actor {
        id: "preview".to_owned(),
        role: Role::Publisher,
    };
    let command = Command::CreateNotice {
        content: Box::new(content),
        intent: Intent::Publish,
    };
    let context = Context { now, actor: actor.clone() };
    let mut shown = None;
    for event in decide(state, command, &context)? {
        let subject = event.subject().cloned();
        let entry = Entry {
            seq: state.position() + 1,
            at: now,
            actor: actor.id.clone(),
            subject: subject.clone(),
            event: Some(event),
        };
        let mut copy = state.clone();
        apply(&mut copy, &entry);
        shown = portal.zip(subject).and_then(|(portal, id)| project_notice(&copy, portal, &id, now));
    }
    if let Some(shown) = &mut shown {
        tell(shown);
    }
    Ok(shown)
}
