//! How any document is served: fingerprinted, compressed, ready down to the headers.

use std::sync::OnceLock;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use bytes::Bytes;
use sha2::{Digest, Sha256};

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
    pub(crate) fn compressed_later(plain: impl Into<Bytes>, delivery: Delivery) -> Self {
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

/// Packs what one reader asks for, quickly.
pub(crate) fn pack(plain: &[u8]) -> Bytes {
    compress(plain, 5)
}

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
