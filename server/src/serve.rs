//! Starts the server, and stops it cleanly.

use std::{future::Future, sync::Arc, time::Duration};

use ipnet::IpNet;
use tokio::{net::TcpListener, sync::watch, time::timeout};

use crate::{
    accounts::Accounts,
    assets::Loader,
    connections::{Doors, Limits},
    demo::{self, Demo},
    document::{Delivery, Document},
    http::{Everything, Secure, Shelf, Site},
    measures::Measures,
    releases::Releases,
    show::Windows,
};
use engine::Publisher;
use store::{Store, clock::Clock};

/// The bare loader changes with releases only.
const BARE_LOADER: Delivery = Delivery {
    content_type: "text/javascript; charset=utf-8",
    cache: "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800",
};

/// How long the database may take to close once the server is to stop. What was answered is on disk long since.
const CLOSING: Duration = Duration::from_secs(2);

/// How a server is to run.
#[derive(Clone, Debug)]
pub struct Options {
    pub demo: Demo,
    /// The address under which people reach it, without a slash at the end.
    pub public_url: String,
    /// The widget's files of earlier releases.
    pub releases: Releases,
    /// Where proxies stand that speak for many people.
    pub trusted_proxies: Vec<IpNet>,
}

/// A server that is ready to answer: the journal is replayed, every portal rendered.
pub struct Server {
    site: Arc<Site>,
    clock: Arc<dyn Clock>,
    limits: Limits,
    closing: watch::Sender<bool>,
    setup_link: Option<String>,
}

impl Server {
    /// Reads the journal and renders every portal.
    ///
    /// # Errors
    /// When the journal cannot be read, or the binary lacks its front-end.
    pub async fn prepare(store: Store, clock: Arc<dyn Clock>, options: Options) -> anyhow::Result<Self> {
        let Store { journal, identities, .. } = store;
        let loader = Loader::embedded()?;
        if options.demo == Demo::Shown {
            demo::seed(&*journal, &options.public_url).await?;
        }
        let accounts = Accounts::new(identities, clock.clone());
        let setup_link = accounts.setup_link().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "no set-up link could be made");
            None
        });
        let setup_link = setup_link.map(|secret| format!("{}/admin/#setup={}", options.public_url, secret.as_str()));
        let windows = Arc::new(Windows::default());
        let publisher = Arc::new(Publisher::open(journal, clock.clone(), windows.clone()).await?);
        // What is missing at its end was said by now.
        publisher.journal().take_as_it_is().await?;
        let (closing, closed) = watch::channel(false);
        let site = Site {
            publisher,
            windows,
            accounts,
            bare_loader: Document::best(loader.with_state(b"null", false), BARE_LOADER),
            loader,
            pages: Shelf::default(),
            demo: options.demo,
            secure: if options.public_url.starts_with("https:") {
                Secure::Https
            } else {
                Secure::Plain
            },
            public_url: options.public_url,
            trusted_proxies: options.trusted_proxies.clone(),
            releases: options.releases,
            measures: Measures::default(),
            closing: closed,
        };
        Ok(Self {
            site: Arc::new(site),
            clock,
            limits: Limits::of_process(options.trusted_proxies),
            closing,
            setup_link,
        })
    }

    /// The one-time link for making the first administrator; `None`: there is one.
    pub fn setup_link(&self) -> Option<&str> {
        self.setup_link.as_deref()
    }

    /// The accounts, for the support code of tests.
    pub fn accounts(&self) -> &Accounts {
        &self.site.accounts
    }

    /// How many connections there may be, as the process may have descriptors.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Answers until `stop` is over; then lets running requests end, and closes the database, all within a few seconds.
    pub async fn run(self, listener: TcpListener, stop: impl Future<Output = ()> + Send + 'static) {
        let publisher = self.site.publisher.clone();
        let following = tokio::spawn({
            let (publisher, windows) = (publisher.clone(), self.site.windows.clone());
            async move { futures::join!(publisher.run(), windows.run(&publisher)) }
        });
        let closing = self.closing;
        let connections = self.site.measures.connections.clone();
        let doors = Doors {
            connections,
            answers: Everything::new(self.site),
            limits: self.limits,
            clock: self.clock,
            closing: closing.subscribe(),
        };
        let stopped = tokio::spawn(async move {
            stop.await;
            closing.send_replace(true);
        });
        doors.serve(listener).await;
        stopped.abort();
        following.abort();
        if timeout(CLOSING, publisher.journal().close()).await.is_err() {
            tracing::warn!("the database is still at work; leaving it to its journal");
        }
    }
}
