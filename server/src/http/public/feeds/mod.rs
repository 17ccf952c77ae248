//! `/p/{portal}/feed.atom`, `feed.json`, `calendar.ics` and `calendar/{notice}.ics`: what a portal shows and showed, for programs by which people stay
//! informed. With `?service=` only what touches that service; with `?lang=` in another language of the portal.

mod atom;
mod calendar;
mod entry;
mod json_feed;

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::{IntoResponse, Response},
};
use domain::{notice::Notice, words::NoticeId};
use wire::Kind;

use self::entry::Feed;
use super::pages::{Page, Scene, Visit};
use crate::{
    document::Delivery,
    http::{
        answer::problem::{Problem, nothing_here},
        ask::portal::named,
        site::Site,
    },
};
const CACHE: &str = "public, max-age=60, stale-if-error=86400";

/// A kind of feed.
struct Format {
    /// What stands behind the portal's address.
    name: &'static str,
    content_type: &'static str,
    /// Which notices are in it.
    is_wanted: fn(&Notice) -> bool,
    document: fn(&Feed) -> Vec<u8>,
}

impl Format {
    const fn delivery(&self) -> Delivery {
        Delivery {
            content_type: self.content_type,
            cache: CACHE,
        }
    }
}

const ATOM: Format = Format {
    name: "feed.atom",
    content_type: "application/atom+xml; charset=utf-8",
    is_wanted: |_| true,
    document: atom::document,
};

const JSON: Format = Format {
    name: "feed.json",
    content_type: "application/feed+json; charset=utf-8",
    is_wanted: |_| true,
    document: json_feed::document,
};

const CALENDAR: Format = Format {
    name: "calendar.ics",
    content_type: "text/calendar; charset=utf-8",
    is_wanted: |notice| notice.content.kind == Kind::Maintenance,
    document: calendar::document,
};

pub(crate) async fn atom(site: State<Arc<Site>>, uri: Uri, headers: HeaderMap) -> Response {
    feed(site, &uri, headers, &ATOM).await
}

pub(crate) async fn json_feed(site: State<Arc<Site>>, uri: Uri, headers: HeaderMap) -> Response {
    feed(site, &uri, headers, &JSON).await
}

pub(crate) async fn calendar(site: State<Arc<Site>>, uri: Uri, headers: HeaderMap) -> Response {
    feed(site, &uri, headers, &CALENDAR).await
}

/// When what a notice touches is there again, as one event: `calendar/2026-0042.ics`.
pub(crate) async fn again(State(site): State<Arc<Site>>, uri: Uri, headers: HeaderMap) -> Response {
    let name = uri.path().rsplit('/').next().unwrap_or_default();
    let id = name.strip_suffix(".ics").and_then(|id| NoticeId::parse(id).ok());
    let (Some(id), Some(visit)) = (id, Visit::to(site, named(uri.path()), &uri, headers)) else {
        return nothing_here().await.into_response();
    };
    let path = format!("calendar/{id}.ics");
    let make = move |scene: &Scene| {
        // Most have none, and it is soon said.
        let notice = scene.state.notice(&id)?;
        let is_meant = notice.content.kind != Kind::Information && notice.ended_at(scene.now).is_none();
        notice.content.ends_at.filter(|end| is_meant && *end > scene.now)?;
        let feed = Feed::of(scene, None, |notice| notice.id == id)?;
        let event = calendar::again(&feed, feed.entries.first()?, &scene.said("again"))?;
        Some(Page::for_programs(event, CALENDAR.delivery(), feed.turns_at))
    };
    visit.answer_program(&path, make).await
}

async fn feed(State(site): State<Arc<Site>>, uri: &Uri, headers: HeaderMap, format: &'static Format) -> Response {
    let portal = named(uri.path());
    let Some(visit) = Visit::to(site, portal, uri, headers) else {
        return Problem::no_portal(portal).into_response();
    };
    let service = visit.asked("service").map(str::to_owned);
    let path = match &service {
        // Only what there is is kept: the set of other names is unbounded.
        Some(service) => format!("{}?service={service}", format.name),
        None => format.name.to_owned(),
    };
    let make = move |scene: &Scene| {
        let feed = Feed::of(scene, service.as_deref(), format.is_wanted)?;
        Some(Page::for_programs((format.document)(&feed), format.delivery(), feed.turns_at))
    };
    visit.answer_program(&path, make).await
}
