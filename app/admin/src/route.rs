//! Which part of the page is shown. It stands in the address behind `#`, so that the back button, bookmarks and a link
//! read out on the phone work.

use std::sync::OnceLock;

use domain::catalogue::PartKind;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wire::Kind;

/// What stands behind `#` where somebody has come back from the provider in vain.
const REFUSED: &str = "oidc=refused";

/// One of the pages: where in the path it lies, and with it which routes are its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum House {
    /// `/admin/`: what a night shift needs.
    Desk,
    /// `/admin/office`: what is planned and agreed.
    Office,
    /// `/admin/registry`: who may do what, what there is, and what was done.
    Registry,
}

static HERE: OnceLock<House> = OnceLock::new();

impl House {
    /// From now on the page is this one.
    pub(crate) fn enter(self) {
        let _first = HERE.set(self);
    }

    fn is_here(self) -> bool {
        HERE.get() == Some(&self)
    }

    /// Its address, as the other one writes it.
    const fn path(self) -> &'static str {
        match self {
            Self::Desk => "./",
            Self::Office => "office",
            Self::Registry => "registry",
        }
    }
}

/// A place in the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// `#/`
    Overview,
    /// `#/new/outage`
    New(Kind),
    /// `#/template/{id}`
    Template(String),
    /// `#/report/{service}`
    Report(String),
    /// `#/notice/{id}`
    Notice(String),
    /// `#/notice/{id}/edit`
    Edit(String),
    /// `#/notice/{id}/repeat`
    Repeat(String),
    /// `#/channels`
    Channels,
    /// `#/planning`
    Planning,
    /// `#/approvals`
    Approvals,
    /// `#/reports`
    Reports,
    /// `#/people`
    People,
    /// `#/catalogue`
    Catalogue,
    /// `#/catalogue/{kind}`
    NewPart(PartKind),
    /// `#/catalogue/{kind}/{id}`
    Part(PartKind, String),
    /// `#/account`
    Account,
    /// `#/record`, `#/record/{subject}`
    Record(Option<String>),
    /// `#setup=TOKEN`
    Setup(String),
    /// `#invitation=TOKEN`
    Invitation(String),
    Unknown,
}

impl Route {
    fn parse(hash: &str) -> Self {
        let hash = hash.trim_start_matches('#');
        if let Some(token) = hash.strip_prefix("setup=") {
            return Self::Setup(token.to_owned());
        }
        if let Some(token) = hash.strip_prefix("invitation=") {
            return Self::Invitation(token.to_owned());
        }
        match hash.trim_matches('/').split('/').collect::<Vec<_>>()[..] {
            [""] | [REFUSED] => Self::Overview,
            ["new", kind] => Kind::ALL
                .iter()
                .find(|known| known.word() == kind)
                .map_or(Self::Unknown, |kind| Self::New(*kind)),
            ["template", id] => Self::Template(id.to_owned()),
            ["report", service] => Self::Report(service.to_owned()),
            ["notice", id] => Self::Notice(id.to_owned()),
            ["notice", id, "edit"] => Self::Edit(id.to_owned()),
            ["notice", id, "repeat"] => Self::Repeat(id.to_owned()),
            ["channels"] => Self::Channels,
            ["planning"] => Self::Planning,
            ["approvals"] => Self::Approvals,
            ["reports"] => Self::Reports,
            ["people"] => Self::People,
            ["catalogue"] => Self::Catalogue,
            ["catalogue", kind] => kind.parse().map_or(Self::Unknown, Self::NewPart),
            ["catalogue", kind, id] => kind.parse().map_or(Self::Unknown, |kind| Self::Part(kind, id.to_owned())),
            ["account"] => Self::Account,
            ["record"] => Self::Record(None),
            ["record", about] => Self::Record(Some(about.to_owned())),
            _ => Self::Unknown,
        }
    }

    /// Whether somebody has come back from the provider in vain. It is said once: the address does not tell it any more.
    pub(crate) fn was_refused_elsewhere() -> bool {
        let was_refused = window().location().hash().is_ok_and(|hash| hash.trim_start_matches('#') == REFUSED);
        if was_refused && let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some("#/"));
        }
        was_refused
    }

    /// The route in the address now.
    pub(crate) fn current() -> Self {
        Self::parse(&window().location().hash().unwrap_or_default())
    }

    /// The page in which this is shown.
    const fn house(&self) -> House {
        match self {
            Self::Repeat(_) | Self::Channels | Self::Planning | Self::Approvals | Self::Reports => House::Office,
            Self::People | Self::Catalogue | Self::NewPart(_) | Self::Part(..) | Self::Account | Self::Record(_) => House::Registry,
            _ => House::Desk,
        }
    }

    /// Whether this is shown in the page that is open.
    pub(crate) fn is_here(&self) -> bool {
        self.house().is_here()
    }

    /// The address that leads here: within the page a mere fragment.
    pub(crate) fn href(&self) -> String {
        let path = if self.is_here() { "" } else { self.house().path() };
        format!("{path}{}", self.hash())
    }

    /// The fragment, which also names what was typed at this place.
    pub(crate) fn hash(&self) -> String {
        match self {
            Self::Overview | Self::Setup(_) | Self::Invitation(_) | Self::Unknown => "#/".to_owned(),
            Self::New(kind) => format!("#/new/{}", kind.word()),
            Self::Template(id) => format!("#/template/{id}"),
            Self::Report(service) => format!("#/report/{service}"),
            Self::Notice(id) => format!("#/notice/{id}"),
            Self::Edit(id) => format!("#/notice/{id}/edit"),
            Self::Repeat(id) => format!("#/notice/{id}/repeat"),
            Self::Channels => "#/channels".to_owned(),
            Self::Planning => "#/planning".to_owned(),
            Self::Approvals => "#/approvals".to_owned(),
            Self::Reports => "#/reports".to_owned(),
            Self::People => "#/people".to_owned(),
            Self::Catalogue => "#/catalogue".to_owned(),
            Self::NewPart(kind) => format!("#/catalogue/{kind}"),
            Self::Part(kind, id) => format!("#/catalogue/{kind}/{id}"),
            Self::Account => "#/account".to_owned(),
            Self::Record(None) => "#/record".to_owned(),
            Self::Record(Some(about)) => format!("#/record/{about}"),
        }
    }

    /// Goes there, with an entry in the browser's history.
    pub(crate) fn go(&self) {
        // Fails only for documents without an address.
        let _ = window().location().set_href(&self.href());
    }

    /// Puts this in the place of the current address, without an entry in the history.
    pub(crate) fn replace(&self) {
        let _ = window().location().replace(&self.href());
    }
}
