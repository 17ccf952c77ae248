//! Where it is looked whether notices have arrived, and what may be in their way.

use serde::{Deserialize, Serialize};

use super::spelled::words;

/// A place at which people read what a portal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// The portal's start page: it has the tag, and the tag leads to a server that tells what it is to tell.
    Page,
    /// A mirror that the tag names.
    Mirror,
    /// What this server itself answers under its public address.
    Documents,
}

/// Why a place does not show what it is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ObstacleKind {
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
    /// What comes is not the document, or not the loader.
    Unreadable,
    /// It shows an earlier state, as a cache may do for a while.
    Old,
}

words!(PlaceKind {
    Page: "page",
    Mirror: "mirror",
    Documents: "documents"
});
words!(ObstacleKind {
    NotAllowed: "not_allowed",
    Unreachable: "unreachable",
    Status: "status",
    NoTag: "no_tag",
    OtherPortal: "other_portal",
    Unreadable: "unreadable",
    Old: "old"
});
