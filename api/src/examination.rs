//! Whether a portal embeds the notices as it is to.

use serde::{Deserialize, Serialize};

/// What was found on a portal's pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Examination {
    /// Whether this server looks at pages at all (`serve --no-arrivals`).
    pub looks: bool,
    /// The start page, then those that the catalogue names.
    pub pages: Vec<ExaminedPage>,
}

/// A page that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExaminedPage {
    pub address: String,
    /// Empty: nothing is in the way.
    pub findings: Vec<Finding>,
}

/// Something that is in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    pub kind: FindingKind,
    /// More of it, for people: an address, a status, an id; may be empty.
    pub detail: String,
}

/// What is in the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// This server may not look there: it is not on the open internet.
    NotAllowed,
    /// It does not answer.
    Unreachable,
    /// It answers with another status than 200.
    Status,
    /// The page has no tag in its source.
    NoTag,
    /// The tag on the page is another portal's.
    OtherPortal,
    /// The page has the tag more than once.
    Doubled,
    /// The tag leads to another server than this one.
    OtherServer,
    /// What the tag leads to is not the loader.
    NotTheLoader,
    /// The tag is pinned to another file than the one that comes: browsers refuse it.
    PinnedToAnother,
    /// The tag is pinned and lacks `crossorigin`: browsers refuse it.
    PinnedWithoutOrigin,
    /// The page's policy refuses the loader.
    ScriptRefused,
    /// The page's policy refuses that the state is fetched from this address.
    ConnectionRefused,
    /// The page's policy refuses WebAssembly: the short notice stays.
    WebAssemblyRefused,
    /// A finding of a later release.
    #[default]
    #[serde(other)]
    Unlisted,
}
