//! Which part of the page is shown. It stands in the address behind `#`, so that the back button, bookmarks and a link
//! read out on the phone work.

use leptos::prelude::*;
use wire::Kind;

/// A place in the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// `#/`
    Overview,
    /// `#/new/outage`
    New(Kind),
    /// `#/template/{id}`
    Template(String),
    /// `#/notice/{id}`
    Notice(String),
    /// `#/notice/{id}/edit`
    Edit(String),
    /// `#setup=TOKEN`
    Setup(String),
    Unknown,
}

impl Route {
    fn parse(hash: &str) -> Self {
        let hash = hash.trim_start_matches('#');
        if let Some(token) = hash.strip_prefix("setup=") {
            return Self::Setup(token.to_owned());
        }
        match hash.trim_matches('/').split('/').collect::<Vec<_>>()[..] {
            [""] => Self::Overview,
            ["new", kind] => Kind::ALL
                .iter()
                .find(|known| known.word() == kind)
                .map_or(Self::Unknown, |kind| Self::New(*kind)),
            ["template", id] => Self::Template(id.to_owned()),
            ["notice", id] => Self::Notice(id.to_owned()),
            ["notice", id, "edit"] => Self::Edit(id.to_owned()),
            _ => Self::Unknown,
        }
    }

    /// The route in the address now.
    pub(crate) fn current() -> Self {
        Self::parse(&window().location().hash().unwrap_or_default())
    }

    /// The fragment that leads here.
    pub(crate) fn hash(&self) -> String {
        match self {
            Self::Overview | Self::Setup(_) | Self::Unknown => "#/".to_owned(),
            Self::New(kind) => format!("#/new/{}", kind.word()),
            Self::Template(id) => format!("#/template/{id}"),
            Self::Notice(id) => format!("#/notice/{id}"),
            Self::Edit(id) => format!("#/notice/{id}/edit"),
        }
    }

    /// Goes there, with an entry in the browser's history.
    pub(crate) fn go(&self) {
        // Fails only for documents without an address.
        let _ = window().location().set_hash(&self.hash());
    }

    /// Puts this in the place of the current address, without an entry in the history.
    pub(crate) fn replace(&self) {
        let _ = window().location().replace(&self.hash());
    }
}
