//! What one portal shows, rendered: the bytes that reads are answered with, none of which touches the database.

use std::sync::{Arc, OnceLock};

use axum::http::HeaderValue;
use bytes::Bytes;
use domain::public::PublicState;
use sha2::{Digest, Sha256};

/// A document in the encodings in which it is served.
#[derive(Clone, Debug)]
pub struct Document {
    pub plain: Bytes,
    pub brotli: Bytes,
    /// Weak, since both encodings share it.
    pub etag: HeaderValue,
}

impl Document {
    /// Compresses and fingerprints a document.
    pub fn new(plain: impl Into<Bytes>) -> Self {
        let plain = plain.into();
        let fingerprint = Sha256::digest(&plain)
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>();
        let etag = HeaderValue::try_from(format!("W/\"{fingerprint}\"")).unwrap_or_else(|_| HeaderValue::from_static("W/\"0\""));
        Self {
            brotli: compress(&plain),
            plain,
            etag,
        }
    }
}

/// Brotli; small documents at the highest quality, since they are read far more often than written.
pub fn compress(plain: &[u8]) -> Bytes {
    let quality = if plain.len() <= 2_048 { 11 } else { 5 };
    let parameters = brotli::enc::BrotliEncoderParams {
        quality,
        lgwin: 16,
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

/// A portal's state at its instant, in every form in which it is read.
#[derive(Debug)]
pub struct Snapshot {
    pub state: PublicState,
    /// `state.json`.
    pub json: Document,
    /// The same as a server-sent event.
    pub event: Bytes,
    loader: OnceLock<Document>,
}

impl Snapshot {
    /// Renders what is always read; the rest waits for its first reader.
    pub fn new(state: PublicState) -> Self {
        let json = serde_json::to_string(&state).unwrap_or_else(|error| unreachable!("the wire types are plain data: {error}"));
        let event = format!("event: state\nid: {}\ndata: {json}\n\n", state.revision);
        Self {
            json: Document::new(json),
            event: event.into(),
            state,
            loader: OnceLock::new(),
        }
    }

    /// The loader that carries this state; made from the bare loader at the first read.
    pub fn loader(&self, make: impl FnOnce(&[u8]) -> Vec<u8>) -> &Document {
        self.loader.get_or_init(|| {
            let source = make(&self.json.plain);
            let mut document = Document::new(source);
            // Read by every visitor: worth the highest quality, some milliseconds once per revision.
            let parameters = brotli::enc::BrotliEncoderParams {
                quality: 11,
                lgwin: 16,
                ..Default::default()
            };
            let mut out = Vec::new();
            if brotli::BrotliCompress(&mut &document.plain[..], &mut out, &parameters).is_ok() {
                document.brotli = out.into();
            }
            document
        })
    }
}

/// A snapshot as it is passed around.
pub type Shared = Arc<Snapshot>;
