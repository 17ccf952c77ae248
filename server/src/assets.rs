//! The files in the binary: loader, widget, admin page, messages, demo portal, what describes the HTTP interface.

use std::sync::OnceLock;

use wire::lookup;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A file in the binary.
#[derive(Debug)]
pub(crate) struct Embedded {
    /// `web/…`, `messages/…`, `preview/…`, `demo/…` or `contract/…`.
    pub(crate) path: &'static str,
    /// `None`: it is large, and there compressed only.
    plain: Option<&'static [u8]>,
    pub(crate) brotli: &'static [u8],
    unpacked: OnceLock<Vec<u8>>,
}

impl Embedded {
    const fn new(path: &'static str, plain: Option<&'static [u8]>, brotli: &'static [u8]) -> Self {
        let unpacked = OnceLock::new();
        Self {
            path,
            plain,
            brotli,
            unpacked,
        }
    }

    /// The file as it is. What is there compressed only is unpacked for the first who asks.
    pub(crate) fn plain(&self) -> &[u8] {
        let unpack = || {
            let mut plain = Vec::new();
            match brotli::BrotliDecompress(&mut &*self.brotli, &mut plain) {
                Ok(()) => plain,
                Err(error) => unreachable!("the build has compressed it: {error}"),
            }
        };
        self.plain.unwrap_or_else(|| self.unpacked.get_or_init(unpack))
    }
}

/// All files.
pub(crate) fn all() -> impl Iterator<Item = &'static Embedded> {
    FILES.iter()
}

/// The file at a path.
pub(crate) fn find(path: &str) -> Option<&'static Embedded> {
    FILES.iter().find(|file| file.path == path)
}

/// The address of the widget's files, which changes with any of them: `/assets/{fingerprint}`.
pub(crate) fn widget_base() -> String {
    format!("/assets/{FINGERPRINT}")
}

/// Whether this is the fingerprint of the files in this binary.
pub(crate) fn is_current(fingerprint: &str) -> bool {
    fingerprint == FINGERPRINT
}

/// The message file of a language, else of its wider one, else of the first.
pub(crate) fn message_file(language: &str) -> Option<&'static Embedded> {
    let name = |file: &'static Embedded| file.path.strip_prefix("messages/")?.strip_suffix(".json");
    let tag = lookup(language, all().filter_map(name)).unwrap_or("de");
    find(&format!("messages/{tag}.json"))
}

/// The messages of a language, key by key; those of the first language where there are none of its own.
pub(crate) fn messages(language: &str) -> view::Messages {
    message_file(language)
        .and_then(|file| serde_json::from_slice(file.plain()).ok())
        .unwrap_or_default()
}

/// The loader's source around its two gaps, one for the widget's files and one for a state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loader {
    before: &'static str,
    between: &'static str,
    after: &'static str,
}

/// The binary was built without its front-end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this binary was built without its front-end; build it with `cargo xtask build`")]
pub(crate) struct Incomplete;

impl Loader {
    /// Takes the loader out of the binary.
    ///
    /// # Errors
    /// When it is not there, or lacks one of its gaps.
    pub(crate) fn embedded() -> Result<Self, Incomplete> {
        let source = find("web/umleitung.js")
            .and_then(|file| std::str::from_utf8(file.plain()).ok())
            .ok_or(Incomplete)?;
        let (before, rest) = source.split_once("\"__ASSETS__\"").ok_or(Incomplete)?;
        let (between, after) = rest.split_once("\"__STATE__\"").ok_or(Incomplete)?;
        Ok(Self { before, between, after })
    }

    /// The loader carrying a JSON document, or `null`; where that has notices, with what they wear and what finds their place.
    pub(crate) fn with_state(&self, json: &[u8], has_notices: bool) -> Vec<u8> {
        let placement = if has_notices { format!(",...{PLACEMENT}") } else { String::new() };
        let assets = format!("{{files:{:?},hash:{INTEGRITY:?}{placement}}}", widget_base());
        [
            self.before.as_bytes(),
            assets.as_bytes(),
            self.between.as_bytes(),
            json,
            self.after.as_bytes(),
        ]
        .concat()
    }
}
