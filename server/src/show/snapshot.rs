//! What one portal shows, rendered: the bytes that reads are answered with, none of which touches the database.

use std::{
    cell::RefCell,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use view;
use wire::{PublicState, RichText, Text, Untold};

use crate::{
    assets,
    document::{Delivery, Document},
};

/// Short, because pages that are open ask anew anyway; an answer may outlive this server's trouble by a day.
const STATE: Delivery = Delivery {
    content_type: "application/json",
    cache: "public, max-age=5, stale-if-error=86400",
};

/// With a state inside it is as short-lived as the state.
const LOADER: Delivery = Delivery {
    content_type: "text/javascript; charset=utf-8",
    cache: "public, max-age=5, stale-if-error=86400",
};

/// A portal's state at its instant, in every form in which it is read.
#[derive(Debug)]
pub struct Snapshot {
    pub state: PublicState,
    /// `state.json`.
    pub json: Document,
    /// The same as a server-sent event.
    pub event: Bytes,
    loader: OnceLock<Document>,
    worker: OnceLock<Document>,
}

impl Snapshot {
    /// Renders what is always read; the rest waits for its first reader.
    pub fn new(state: Untold) -> Self {
        let state = tell(state);
        let json = serde_json::to_string(&state).unwrap_or_else(|error| unreachable!("the wire types are plain data: {error}"));
        let event = format!("event: state\nid: {}\ndata: {json}\n\n", state.revision);
        Self {
            json: Document::compressed_later(json, STATE),
            event: event.into(),
            state,
            loader: OnceLock::new(),
            worker: OnceLock::new(),
        }
    }

    /// The loader that carries this state; made from the bare loader at the first read.
    pub fn loader(&self, make: impl FnOnce(&[u8]) -> Vec<u8>) -> &Document {
        self.loader.get_or_init(|| {
            // Read by every visitor: worth the highest quality, some milliseconds once per revision.
            // Where nothing is wrong it is the whole document.
            let made = if self.state.notices.is_empty() {
                make(&self.json.plain)
            } else {
                make(first_sight(&self.state).as_bytes())
            };
            Document::best(made, LOADER)
        })
    }

    /// The service worker's part; made at the first read.
    pub(crate) fn worker(&self, make: impl FnOnce() -> Document) -> &Document {
        self.worker.get_or_init(make)
    }
}

/// What a first visit carries with the loader: what a banner is painted from. The whole document is asked for once that stands; its revision is
/// another one, so that it is taken for news.
fn first_sight(state: &PublicState) -> String {
    let mut short = state.clone();
    short.revision.push(SHORT);
    for service in &mut short.services {
        service.name = Text::default();
    }
    short.channels.clear();
    short.repeated_hours.clear();
    for procedure in &mut short.procedures {
        procedure.steps.clear();
        procedure.deadline = RichText::default();
    }
    for notice in &mut short.notices {
        for text in [
            &mut notice.impact,
            &mut notice.guidance,
            &mut notice.still_works,
            &mut notice.applications,
            &mut notice.deadline_note,
        ] {
            *text = RichText::default();
        }
        notice.updates.clear();
        notice.channels.clear();
        notice.issuer = Text::default();
        for affected in &mut notice.affected {
            affected.name = Text::default();
            affected.because_name = Text::default();
            affected.channels.clear();
        }
    }
    serde_json::to_string(&short).unwrap_or_else(|error| unreachable!("the wire types are plain data: {error}"))
}

/// Stands at the end of the revision of a document that has only what a banner needs.
const SHORT: char = '~';

/// The whole document, with the brief form of each notice as it is told at the instant from which that holds.
pub(crate) fn tell(state: Untold) -> PublicState {
    thread_local! {
        static READERS: RefCell<view::Readers> = RefCell::default();
    }
    let now = view::seconds(&state.generated_at).unwrap_or_default();
    READERS.with_borrow_mut(|readers| view::tell(state, now, readers, assets::messages))
}

/// The same for whoever keeps it: it does not say how long somebody is there today.
pub(crate) fn tell_to_keep(state: Untold) -> PublicState {
    let mut state = tell(state);
    for channel in &mut state.channels {
        channel.open = None;
        channel.always = false;
    }
    state
}

/// A snapshot as it is passed around.
pub type Shared = Arc<Snapshot>;
