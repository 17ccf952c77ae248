//! `GET /api/v1/notices`: the notices, newest first, in pages; what is asked for may be narrowed.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use domain::{
    notice::Notice,
    words::{Code, Fault, NoticeId, PortalId, ServiceId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wire::{Kind, Stage};

use crate::http::{
    answer::problem::Problem,
    api::notice::{Answer, names},
    ask::{authentication::Known, parameters::Parameters},
    site::Site,
};

/// How many notices a page has when nothing is said, and at most.
const USUAL: usize = 100;
const MOST: usize = 500;

/// Which notices, and from where on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Selection {
    /// Only drafts and what is not over.
    open: Option<bool>,
    stage: Option<Part>,
    /// Those that show on this portal, or that it showed.
    portal: Option<PortalId>,
    /// Those that name this service.
    service: Option<ServiceId>,
    /// Those with this in their id or in their title in any language, in whatever case.
    text: Option<String>,
    limit: Option<usize>,
    /// The last notice of the page before. Ids only grow, so a notice that is new meanwhile moves nothing.
    after: Option<NoticeId>,
}

/// Where a notice stands, as seen by ops staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Draft,
    Announced,
    Current,
    Past,
}

impl Part {
    fn of(notice: &Notice, now: Timestamp) -> Self {
        match notice.stage_at(now) {
            None => Self::Draft,
            Some(stage) if stage.is_final() => Self::Past,
            Some(Stage::Scheduled) => Self::Announced,
            Some(_) if notice.content.kind != Kind::Outage && now < notice.starts_at() => Self::Announced,
            Some(_) => Self::Current,
        }
    }
}

/// One page.
#[derive(Serialize)]
pub(crate) struct Page {
    notices: Vec<Answer>,
    now: Timestamp,
    /// What to ask for next as `after`; `null`: this is the last page.
    next: Option<NoticeId>,
}

pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    uri: Uri,
    Parameters(selection): Parameters<Selection>,
) -> Result<Response, Problem> {
    let limit = selection.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::invalid(vec![Fault {
            pointer: "/limit".to_owned(),
            code: Code::OutOfRange,
            detail: format!("is {limit}; a page has 1 to {MOST} notices"),
        }]));
    }
    let names = names(&site).await;
    let page = site.publisher.read(|state, now| {
        let grants = &identity.actor.grants;
        let wanted = |notice: &&Notice| selection.wants(state, notice, now) && state.may_read(grants, notice);
        let mut found = state.notices_before(selection.after.as_ref()).filter(wanted);
        let notices: Vec<&Notice> = found.by_ref().take(limit).collect();
        let next = notices.last().filter(|_| found.next().is_some()).map(|last| last.id.clone());
        Page {
            notices: notices.into_iter().map(|notice| Answer::new(notice, now, &names)).collect(),
            now,
            next,
        }
    });
    let page = page.await?;
    let link = page.next.as_ref().and_then(|next| {
        let narrowed = uri.query().unwrap_or_default().split('&');
        let kept = narrowed.filter(|one| !one.is_empty() && !one.starts_with("after="));
        let query: String = kept.flat_map(|one| [one, "&"]).collect();
        HeaderValue::try_from(format!("</api/v1/notices?{query}after={next}>; rel=\"next\"")).ok()
    });
    let mut response = Json(page).into_response();
    if let Some(link) = link {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

impl Selection {
    fn wants(&self, state: &domain::state::State, notice: &Notice, now: Timestamp) -> bool {
        let part = Part::of(notice, now);
        let shows_on = |portal| notice.shown_on.contains(portal) || state.concerned_portals(&notice.content).contains(portal);
        let says = |text: &str| {
            let text = text.to_lowercase();
            let titles = notice.content.title.iter().map(|(_, title)| title);
            titles.chain([notice.id.as_str()]).any(|said| said.to_lowercase().contains(&text))
        };
        self.open.is_none_or(|open| !open || part != Part::Past)
            && self.stage.is_none_or(|wanted| part == wanted)
            && self
                .service
                .as_ref()
                .is_none_or(|service| notice.content.services.contains(service))
            && self.text.as_deref().is_none_or(says)
            && self.portal.as_ref().is_none_or(shows_on)
    }
}
