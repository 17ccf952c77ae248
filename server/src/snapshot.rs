//! What one portal shows, rendered: the bytes that reads are answered with, none of which touches the database.

use std::{
    cell::RefCell,
    sync::{Arc, OnceLock},
};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use view;
use wire::{PublicState, RichText, Text};

use crate::assets;

/// Whether pages of other origins may use a file without asking for leave: a script tag, an import of a worker.
pub(crate) const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// How a kind of document travels: its media type and for how long it may be kept.
#[derive(Clone, Copy, Debug)]
pub struct Delivery {
    pub content_type: &'static str,
    pub cache: &'static str,
}

/// A document in the forms in which it is served to anyone from any origin, ready down to the headers.
#[derive(Clone, Debug)]
pub struct Document {
    pub plain: Bytes,
    /// Made for its first reader: of the portals that an outage touches, few are read within the second.
    brotli: OnceLock<Bytes>,
    quality: i32,
    /// Weak, since both encodings share it.
    pub etag: HeaderValue,
    pub plain_headers: HeaderMap,
    pub brotli_headers: HeaderMap,
}

impl Document {
    /// Fingerprints a document, and compresses it.
    pub fn new(plain: impl Into<Bytes>, delivery: Delivery) -> Self {
        let document = Self::compressed_later(plain, delivery);
        document.brotli();
        document
    }

    /// The same, compressed when it is first read so.
    fn compressed_later(plain: impl Into<Bytes>, delivery: Delivery) -> Self {
        let plain = plain.into();
        // Small documents at the highest quality, since they are read far more often than written.
        let quality = if plain.len() <= 2_048 { BEST } else { 5 };
        Self::fingerprinted(plain, quality, delivery)
    }

    /// The document compressed with Brotli.
    pub fn brotli(&self) -> &Bytes {
        self.brotli.get_or_init(|| compress(&self.plain, self.quality))
    }

    /// The same at the highest quality, for what every visitor reads.
    pub(crate) fn best(plain: impl Into<Bytes>, delivery: Delivery) -> Self {
        let document = Self::fingerprinted(plain.into(), BEST, delivery);
        document.brotli();
        document
    }

    fn fingerprinted(plain: Bytes, quality: i32, delivery: Delivery) -> Self {
        let fingerprint = Sha256::digest(&plain)
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>();
        let etag = HeaderValue::try_from(format!("W/\"{fingerprint}\"")).unwrap_or_else(|_| HeaderValue::from_static("W/\"0\""));
        let plain_headers = HeaderMap::from_iter([
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
            (header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Date, Age, ETag")),
            (header::CACHE_CONTROL, HeaderValue::from_static(delivery.cache)),
            (header::VARY, HeaderValue::from_static("Accept-Encoding")),
            (header::ETAG, etag.clone()),
            (header::CONTENT_TYPE, HeaderValue::from_static(delivery.content_type)),
            // A page that demands a word from each file of others (`Cross-Origin-Embedder-Policy`) gets it.
            (CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin")),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ]);
        let mut brotli_headers = plain_headers.clone();
        brotli_headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        Self {
            plain,
            brotli: OnceLock::new(),
            quality,
            etag,
            plain_headers,
            brotli_headers,
        }
    }
}

/// The highest quality of Brotli.
const BEST: i32 = 11;

fn compress(plain: &[u8], quality: i32) -> Bytes {
    // Below 17 the encoder takes, at any but the highest quality, tables of 32 MB for each document.
    let window = if quality < BEST { 17 } else { 16 };
    let parameters = brotli::enc::BrotliEncoderParams {
        quality,
        lgwin: window,
        size_hint: plain.len(),
        ..Default::default()
    };
    let mut out = Vec::with_capacity(plain.len() / 3 + 64);
    match brotli::BrotliCompress(&mut &plain[..], &mut out, &parameters) {
        Ok(_) => out.into(),
        // Writing to memory does not fail; were it to, an empty answer would be a lie.
        Err(error) => unreachable!("compression in memory failed: {error}"),
    }
}

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
    pub fn new(mut state: PublicState) -> Self {
        tell(&mut state);
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

/// Puts the brief form of each notice into a document, as it is told at the instant from which that holds.
pub(crate) fn tell(state: &mut PublicState) {
    thread_local! {
        static READERS: RefCell<view::Readers> = RefCell::default();
    }
    let now = view::seconds(&state.generated_at).unwrap_or_default();
    READERS.with_borrow_mut(|readers| view::tell(state, now, readers, assets::messages));
}

/// A snapshot as it is passed around.
pub type Shared = Arc<Snapshot>;
