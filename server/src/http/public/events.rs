//! `GET /p/{portal}/events`: what a portal shows, now and at each change, as server-sent events; first of all the server's time, by
//! which a visitor's clock that is wrong is corrected.

use std::{
    convert::Infallible,
    hash::{BuildHasher, RandomState},
    sync::Arc,
    time::Duration,
};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use tokio::{sync::watch, time::Interval};

use crate::{
    document::CROSS_ORIGIN_RESOURCE_POLICY,
    http::{answer::problem::Problem, ask::portal::Portal, site::Site},
    show::snapshot::Shared,
};

/// How often the time is told, so that nobody takes the line for dead: neither a proxy between nor the page, which asks anew after
/// half a minute of silence.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// Within how many milliseconds those whose line broke come back, each at a time of its own: a server that has just started is not met
/// by all of them at once.
const RETURN: u64 = 10_000;

pub(crate) async fn events(State(site): State<Arc<Site>>, Portal(shown): Portal) -> Result<Response, Problem> {
    let portal = &shown.state.portal;
    let snapshots = site.windows.listen(portal).ok_or_else(|| Problem::no_portal(portal))?;
    let first = format!("{}{}", come_again(), told(&site));
    let events = stream(snapshots, site.clone());
    let mut response = Response::new(Body::from_stream(
        futures::stream::once(async { Ok(Bytes::from(first)) }).chain(events),
    ));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Date, Age, ETag"));
    // nginx would otherwise hold events back until its buffer is full.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// When to come again should the line break.
fn come_again() -> String {
    format!("retry: {}\n", 1_000 + RandomState::new().hash_one(()) % RETURN)
}

/// The server's time as an event.
fn told(site: &Site) -> String {
    format!("event: clock\ndata: {}\n\n", site.publisher.clock().now().as_millisecond())
}

struct Listener {
    phase: Phase,
    snapshots: watch::Receiver<Shared>,
    closing: watch::Receiver<bool>,
    heartbeat: Interval,
    site: Arc<Site>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Open,
    /// The last word was said.
    Closed,
}

fn stream(mut snapshots: watch::Receiver<Shared>, site: Arc<Site>) -> impl Stream<Item = Result<Bytes, Infallible>> {
    snapshots.mark_changed();
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    heartbeat.reset();
    futures::stream::unfold(
        Listener {
            phase: Phase::Open,
            snapshots,
            closing: site.closing.clone(),
            heartbeat,
            site,
        },
        |mut listener| async move {
            if listener.phase == Phase::Closed {
                return None;
            }
            let bytes = tokio::select! {
                biased;
                _ = listener.closing.wait_for(|closing| *closing) => {
                    listener.phase = Phase::Closed;
                    Bytes::from(format!("{}\n", come_again()))
                }
                changed = listener.snapshots.changed() => {
                    changed.ok()?;
                    listener.snapshots.borrow_and_update().event.clone()
                }
                _ = listener.heartbeat.tick() => Bytes::from(told(&listener.site)),
            };
            Some((Ok(bytes), listener))
        },
    )
}
