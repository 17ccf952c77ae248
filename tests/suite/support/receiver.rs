//! Somebody's program that is told by webhooks.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tokio::{net::TcpListener, sync::watch, time::timeout};

use super::listener::PATIENCE;

/// A message that has come, however it was answered.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    taken: bool,
}

impl Heard {
    pub(crate) fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// What has happened, and to which notice.
    pub(crate) fn told(&self) -> String {
        let body = self.body();
        format!(
            "{} {}",
            body["type"].as_str().unwrap(),
            body["data"]["id"].as_str().unwrap_or_default()
        )
    }
}

/// What it answers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Plan {
    Answer(u16, Option<(&'static str, &'static str)>),
    Silence,
}

pub(crate) const FINE: Plan = Plan::Answer(204, None);

/// Somebody's program.
pub(crate) struct Receiver {
    pub(crate) address: String,
    pub(crate) heard: watch::Receiver<Vec<Heard>>,
    pub(crate) plan: watch::Sender<Plan>,
    counter: Arc<Counter>,
}

/// How many are told at the moment, and how often there were several.
#[derive(Debug, Default)]
struct Counter {
    now: AtomicUsize,
    overlaps: AtomicUsize,
}

/// Somebody who tells; they have gone when it is dropped, also where they were killed.
struct Teller(Arc<Counter>);

impl Teller {
    fn come(counter: &Arc<Counter>) -> Self {
        if counter.now.fetch_add(1, SeqCst) > 0 {
            counter.overlaps.fetch_add(1, SeqCst);
        }
        Self(counter.clone())
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, SeqCst);
    }
}

#[derive(Clone)]
struct Inside {
    heard: Arc<watch::Sender<Vec<Heard>>>,
    plan: watch::Receiver<Plan>,
    counter: Arc<Counter>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let (heard, hearing) = watch::channel(Vec::new());
        let (plan, planned) = watch::channel(FINE);
        let counter = Arc::<Counter>::default();
        let inside = Inside {
            heard: Arc::new(heard),
            plan: planned,
            counter: counter.clone(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/umleitung?secret=x", listener.local_addr().unwrap());
        let router = Router::new().fallback(hear).with_state(inside);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            address,
            heard: hearing,
            plan,
            counter,
        }
    }

    /// How often somebody told it something while somebody else did.
    pub(crate) fn overlaps(&self) -> usize {
        self.counter.overlaps.load(SeqCst)
    }

    /// All that was heard, once it is enough.
    pub(crate) async fn until(&self, enough: impl Fn(&[Heard]) -> bool) -> Vec<Heard> {
        let mut heard = self.heard.clone();
        let found = timeout(PATIENCE, heard.wait_for(|heard| enough(heard))).await;
        let Ok(found) = found else {
            let told: Vec<String> = self.heard.borrow().iter().map(Heard::told).collect();
            panic!("waited in vain; heard so far: {told:?}");
        };
        found.unwrap().clone()
    }

    /// What it was told, once it has taken so many messages.
    pub(crate) async fn told(&self, count: usize) -> Vec<String> {
        let heard = self.until(|heard| heard.iter().filter(|one| one.taken).count() >= count).await;
        heard.iter().filter(|one| one.taken).map(Heard::told).collect()
    }
}

async fn hear(State(inside): State<Inside>, headers: HeaderMap, body: Bytes) -> Response {
    let _teller = Teller::come(&inside.counter);
    // Long enough that two who tell at once meet.
    tokio::task::yield_now().await;
    let plan = *inside.plan.borrow();
    let taken = matches!(plan, Plan::Answer(200..300, _));
    let text = String::from_utf8(body.to_vec()).unwrap();
    inside.heard.send_modify(|heard| heard.push(Heard { headers, text, taken }));
    match plan {
        Plan::Silence => std::future::pending().await,
        Plan::Answer(status, header) => {
            let status = StatusCode::from_u16(status).unwrap();
            header.map_or_else(|| status.into_response(), |header| (status, [header]).into_response())
        }
    }
}
