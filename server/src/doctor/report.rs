//! What there is to look at, and what was found.

use std::net::SocketAddr;

use ipnet::IpNet;
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    provider::ProviderSettings,
    reactors::{Relay, Target},
};
use store::{Place, StoreError};

/// How the server is run.
#[derive(Clone, Debug)]
pub struct Installation {
    /// Where the data are.
    pub place: Result<Place, String>,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The address under which people reach it; `None`: none was given.
    pub public_url: Option<String>,
    /// From where proxies come that are trusted to say who asks.
    pub trusted_proxies: Vec<IpNet>,
    /// Where the public side is kept as files, as it was given.
    pub mirror: Option<String>,
    /// Who vouches for people elsewhere, or why that cannot be known.
    pub provider: Result<Option<ProviderSettings>, String>,
    /// The relay for mails, if there is one, or why it cannot be used.
    pub relay: Result<Option<Relay>, String>,
}

/// Something that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at. A contract for programs: it never changes its meaning.
    pub check: &'static str,
    pub is_sound: bool,
    /// What was seen, in English.
    pub seen: String,
    /// What to do; empty where there is nothing to do.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub remedy: String,
}

/// All that was looked at, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report(pub Vec<Finding>);

impl Report {
    pub(super) fn sound(&mut self, check: &'static str, seen: impl Into<String>) {
        self.0.push(Finding {
            check,
            is_sound: true,
            seen: seen.into(),
            remedy: String::new(),
        });
    }

    pub(super) fn fault(&mut self, check: &'static str, seen: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Finding {
            check,
            is_sound: false,
            seen: seen.into(),
            remedy: remedy.into(),
        });
    }

    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.0.iter().all(|finding| finding.is_sound)
    }
}

/// Since when, for people.
pub(super) fn since(instant: Timestamp) -> String {
    format!("since {instant:.0}")
}

/// What a store says of itself, and what helps.
pub(super) fn remedy_of(error: &StoreError) -> &'static str {
    match error {
        StoreError::Missing(_) | StoreError::Empty(_) => {
            "Start the server once with these options, or say where its data are (--data, --database)."
        }
        StoreError::Unsupported(_) => "Write the address of the database as it is said here.",
        StoreError::Folder { .. } => "Name a folder that this user may write to (--data).",
        StoreError::Server { .. } => "See that PostgreSQL runs, and that address, user and password are right (--database, ~/.pgpass).",
        StoreError::Lost { .. } | StoreError::Damaged { .. } => {
            "Stop the server, keep what is there as it is, and restore the last backup (`umleitung restore`)."
        }
        StoreError::Open { .. } => {
            "See that there is room on the disk, that this user may write the file, and that this release is not older than the data."
        }
    }
}

/// Keeps a target apart from what it was made of: one that cannot be opened is a finding.
pub(super) fn target(given: &str) -> Result<Target, String> {
    Target::open(given).map_err(|error| error.to_string())
}
