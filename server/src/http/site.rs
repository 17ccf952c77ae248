//! What the handlers share.

use std::sync::Arc;

use ipnet::IpNet;
use tokio::sync::watch;

use super::public::pages::Shelf;
use crate::{accounts::Accounts, assets::Loader, demo::Demo, document::Document, releases::Releases, show::Windows};
use engine::Publisher;

/// What the handlers share.
pub(crate) struct Site {
    pub(crate) publisher: Arc<Publisher>,
    /// What each portal shows.
    pub(crate) windows: Arc<Windows>,
    pub(crate) accounts: Accounts,
    pub(crate) loader: Loader,
    /// The loader without a state, the same for everyone.
    pub(crate) bare_loader: Document,
    /// The public pages that were rendered and are still true.
    pub(crate) pages: Shelf,
    pub(crate) demo: Demo,
    /// The address under which people reach the server, without a slash at the end.
    pub(crate) public_url: String,
    /// Whether the public address begins with `https:`; cookies are then sent over nothing else.
    pub(crate) secure: Secure,
    /// Where proxies stand whose word is taken for whom they speak for.
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// The widget's files of earlier releases.
    pub(crate) releases: Releases,
    /// Turns true when the server is about to stop, so that endless answers end.
    pub(crate) closing: watch::Receiver<bool>,
}

/// Whether people reach the server over TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secure {
    Https,
    Plain,
}
