//! `GET /api/v1/notices`: the notices, newest first, in pages; what is asked for may be narrowed.

use std::sync::Arc;

use api::{NoticePage, NoticeQuery, Part};

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use domain::{
    notice::Notice,
    words::{Code, Fault},
};
use jiff::Timestamp;
use wire::{Kind, Stage};

use crate::http::{
    answer::problem::Problem,
    api::names::names,
    ask::{authentication::Known, parameters::Parameters},
    site::Site,
};

/// How many notices a page has when nothing is said, and at most.
const USUAL: usize = 100;
const MOST: usize = 500;

fn part_of(notice: &Notice, now: Timestamp) -> Part {
    match notice.stage_at(now) {
        None => Part::Draft,
        Some(stage) if stage.is_final() => Part::Past,
        Some(Stage::Scheduled) => Part::Announced,
        Some(_) if notice.content.kind != Kind::Outage && now < notice.starts_at() => Part::Announced,
        Some(_) => Part::Current,
    }
}

pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    uri: Uri,
    Parameters(query): Parameters<NoticeQuery>,
) -> Result<Response, Problem> {
    let limit = query.limit.unwrap_or(USUAL);
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
        let wanted = |notice: &&Notice| wants(&query, state, notice, now) && state.may_read(grants, notice);
        let mut found = state.notices_before(query.after.as_ref()).filter(wanted);
        let notices: Vec<&Notice> = found.by_ref().take(limit).collect();
        let next = notices.last().filter(|_| found.next().is_some()).map(|last| last.id.clone());
        NoticePage {
            notices: notices.into_iter().map(|notice| api::Notice::new(notice, now, &names)).collect(),
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

fn wants(query: &NoticeQuery, state: &domain::state::State, notice: &Notice, now: Timestamp) -> bool {
    let part = part_of(notice, now);
    let shows_on = |portal| notice.shown_on.contains(portal) || state.concerned_portals(&notice.content).contains(portal);
    let says = |text: &str| {
        let text = text.to_lowercase();
        let titles = notice.content.title.iter().map(|(_, title)| title);
        titles.chain([notice.id.as_str()]).any(|said| said.to_lowercase().contains(&text))
    };
    query.open.is_none_or(|open| !open || part != Part::Past)
        && query.stage.is_none_or(|wanted| part == wanted)
        && query
            .service
            .as_ref()
            .is_none_or(|service| notice.content.services.contains(service))
        && query.text.as_deref().is_none_or(says)
        && query.portal.as_ref().is_none_or(shows_on)
}
