//! What the handlers share.

use std::sync::Arc;

use ipnet::IpNet;
use tokio::sync::{Semaphore, watch};

use super::public::pages::PageCache;
use crate::{
    accounts::{Accounts, RelyingParty},
    assets::Loader,
    demo::Demo,
    document::Document,
    forms::Forms,
    measures::Measures,
    provider::Provider,
    reactors::{Receivers, Visitor},
    releases::Releases,
    sensors::{Intake, Prober},
    show::Windows,
    subscribers::Subscribers,
};
use domain::{access::Actor, record::Command};
use engine::{Done, Publisher, SubmitError, driver::Report};
use store::{arrivals::Arrivals, journal::RequestKey};

/// So many pages of the record are read at once for those who take it along.
const EXPORTS: usize = 4;

/// So many probes are tried at once for those who want to know now.
const PROBES: usize = 4;

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
    pub(crate) pages: PageCache,
    pub(crate) demo: Demo,
    /// The address under which people reach the server, without a slash at the end.
    pub(crate) public_url: String,
    /// For whom passkeys sign; `None`: the public address has no name.
    pub(crate) relying_party: Option<RelyingParty>,
    /// Who vouches for people elsewhere; `None`: nobody.
    pub(crate) provider: Option<Provider>,
    /// Whether the public address begins with `https:`; cookies are then sent over nothing else.
    pub(crate) secure: Secure,
    /// Where proxies stand whose word is taken for whom they speak for.
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// The widget's files of earlier releases.
    pub(crate) releases: Releases,
    /// What is measured while the server runs.
    pub(crate) measures: Measures,
    /// What procedures hand out.
    pub(crate) forms: Forms,
    /// What was seen of notices where people read.
    pub(crate) arrivals: Arrivals,
    /// Who looks at portals' pages; `None`: nobody is to.
    pub(crate) visitor: Option<Arc<Visitor>>,
    /// Who is next for what takes long.
    pub(crate) turns: Turns,
    /// Who is told of notices by mail.
    pub(crate) subscribers: Subscribers,
    /// Who is told of notices by a request.
    pub(crate) receivers: Receivers,
    /// Who tells of alerts.
    pub(crate) intake: Intake,
    /// Who looks at what is to be looked at from time to time.
    pub(crate) prober: Prober,
    /// How that does which goes out by itself.
    pub(crate) going_out: Arc<Report>,
    /// Turns true when the server is about to stop, so that endless answers end.
    pub(crate) closing: watch::Receiver<bool>,
}

/// The turns to do what takes long or much memory, so that no reader keeps others waiting.
pub(crate) struct Turns {
    /// The turn to read the whole record for one answer.
    pub(crate) looking_back: Semaphore,
    /// The turns to take the record along.
    pub(crate) exporting: Arc<Semaphore>,
    /// The turn to look at a portal's pages for whoever asks.
    pub(crate) examining: Semaphore,
    /// The turn to make a report of a month for everyone, and the one for staff, whom nobody else keeps waiting.
    pub(crate) reporting: Semaphore,
    pub(crate) reporting_to_staff: Semaphore,
    /// The turns to look at what is to be a probe.
    pub(crate) probing: Semaphore,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            looking_back: Semaphore::new(1),
            exporting: Arc::new(Semaphore::new(EXPORTS)),
            examining: Semaphore::new(1),
            reporting: Semaphore::new(1),
            reporting_to_staff: Semaphore::new(1),
            probing: Semaphore::new(PROBES),
        }
    }
}

impl Site {
    /// Carries out a command of somebody's, as [`Publisher::submit_once`], and measures how long it takes.
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn submit(&self, actor: Actor, command: impl Into<Command>, key: Option<RequestKey>) -> Result<Done, SubmitError> {
        let began = self.publisher.clock().steady();
        let done = self.publisher.submit_once(actor, command, key).await?;
        let took = self.publisher.clock().steady().saturating_sub(began);
        self.measures.publishing.observe(took.as_secs_f64());
        Ok(done)
    }
}

/// Whether people reach the server over TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secure {
    Https,
    Plain,
}

impl Secure {
    /// As the address says under which people reach the server.
    pub(crate) fn at(public_url: &str) -> Self {
        if public_url.starts_with("https:") {
            Self::Https
        } else {
            Self::Plain
        }
    }
}
