//! Starts the server, and stops it cleanly.

use std::{future::Future, path::PathBuf, sync::Arc, time::Duration};

use ipnet::IpNet;
use tokio::{net::TcpListener, sync::watch, time::timeout};

use crate::{
    accounts::{Accounts, RelyingParty},
    assets::Loader,
    connections::{Doors, Limits},
    demo::{self, Demo},
    document::{Delivery, Document},
    forms::Forms,
    http::{Everything, PageCache, Secure, Site, Turns},
    measures::Measures,
    provider::{Provider, ProviderSettings},
    reactors::{
        Announcing, Arrival, Mailing, Mirror, MirrorError, Mirrored, Network, Post, Receivers, Relay, Silencing, Target, Telling, Visitor,
        Watching,
    },
    releases::Releases,
    sensors::{Eyes, Intake, Polling, Prober},
    show::Windows,
    subscribers::Subscribers,
};
use domain::words::PortalId;
use engine::{
    Audience, Extent, Publisher,
    driver::{Driver, Report},
    reactor::Reactor,
};
use store::{Store, alerts::Alerts, clock::Clock, outbox::Outbox, subscriptions::Subscriptions};

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
    /// Where the public side is kept as files, from change to change.
    pub mirror: Option<Target>,
    /// Networks beside the open internet to which webhooks may be sent.
    pub webhook_allow: Vec<IpNet>,
    /// Networks beside the open internet in which status pages of others may be read.
    pub source_allow: Vec<IpNet>,
    /// Networks beside the open internet in which probes may be looked at.
    pub probe_allow: Vec<IpNet>,
    /// A file with authorities that probes trust beside those of the system.
    pub probe_ca: Option<PathBuf>,
    /// By what this server is known among those on one database: the same from start to start, as long as its machine and its port are.
    pub node: String,
    /// Networks beside the open internet in which portals' pages may be looked at, whether notices have arrived; `None`: nobody looks.
    pub portal_allow: Option<Vec<IpNet>>,
    /// Who vouches for people elsewhere; `None`: nobody.
    pub provider: Option<ProviderSettings>,
    /// The relay by which people are told by mail; `None`: nobody is.
    pub relay: Option<Relay>,
}

/// A server that is ready to answer: the journal is replayed, every portal rendered.
pub struct Server {
    site: Arc<Site>,
    clock: Arc<dyn Clock>,
    limits: Limits,
    closing: watch::Sender<bool>,
    setup_link: Option<String>,
    driver: Driver,
}

/// Writes the public side of all portals once, without answering anybody; what was done for each.
///
/// # Errors
/// When the journal cannot be read, or the files cannot be written.
pub async fn mirror_once(
    store: Store,
    clock: Arc<dyn Clock>,
    options: Options,
    target: Target,
) -> anyhow::Result<Vec<(PortalId, Mirrored)>> {
    let Parts { site, .. } = Parts::assemble(store, clock, options).await?;
    let portals: Vec<PortalId> = site.publisher.present().0.portal_positions().map(|(id, _)| id.clone()).collect();
    let mirror = Mirror::new(Everything::new(site.clone()), target);
    let mut mirrored = Vec::new();
    for portal in portals {
        let done = loop {
            match mirror.bring_up_to_date(&portal).await {
                // Time has gone on meanwhile.
                Err(MirrorError::Behind) => site.windows.refresh(Extent::Touched, &|| site.publisher.present()),
                done => break done?,
            }
        };
        mirrored.push((portal, done));
    }
    mirrored.extend(mirror.sweep().await?);
    site.publisher.journal().close().await;
    Ok(mirrored)
}

/// What groups give on portals that there are not may be a slip of the pen, or for a catalogue that is still to come.
fn warn_of_unknown_portals(settings: &ProviderSettings, publisher: &Publisher) {
    let (state, _) = publisher.present();
    let known = &state.catalogue().portals;
    for portal in settings.portals().filter(|portal| !known.iter().any(|one| one.id == **portal)) {
        tracing::warn!(%portal, "groups of the provider give something on a portal that there is not");
    }
}

/// Who vouches for people elsewhere.
fn vouching(settings: ProviderSettings, publisher: &Publisher, public_url: &str, clock: Arc<dyn Clock>) -> anyhow::Result<Provider> {
    warn_of_unknown_portals(&settings, publisher);
    Ok(Provider::new(settings, public_url, clock)?)
}

/// What a server is made of.
struct Parts {
    site: Arc<Site>,
    limits: Limits,
    closing: watch::Sender<bool>,
    outbox: Outbox,
    subscriptions: Subscriptions,
    post: Option<Post>,
    alerts: Alerts,
    upstream: Visitor,
    silencing: Silencing,
    mirror: Option<Target>,
    visitor: Option<Arc<Visitor>>,
}

impl Parts {
    /// Reads the journal and renders every portal.
    async fn assemble(store: Store, clock: Arc<dyn Clock>, options: Options) -> anyhow::Result<Self> {
        let Store {
            journal,
            identities,
            outbox,
            webhooks,
            subscriptions,
            arrivals,
            forms,
            sources,
            alerts,
            probing,
            ..
        } = store;
        let loader = Loader::embedded()?;
        if options.demo == Demo::Shown {
            demo::seed(&*journal, &options.public_url).await?;
        }
        let accounts = Accounts::new(identities, clock.clone());
        let windows = Arc::new(Windows::default());
        let publisher = Arc::new(Publisher::open(journal, clock.clone(), windows.clone()).await?);
        let (closing, closed) = watch::channel(false);
        let going_out = Arc::<Report>::default();
        let network = Network::with(options.webhook_allow);
        let receivers = Receivers::new(publisher.clone(), webhooks, outbox.clone(), network, going_out.clone());
        let post = options.relay.map(Post::by).transpose()?;
        let subscribers = Subscribers::new(publisher.clone(), subscriptions.clone(), going_out.clone(), post.is_some());
        let network = Network::with(options.source_allow.clone());
        let silencing = Silencing::new(publisher.clone(), sources.clone(), network.clone(), options.public_url.clone());
        let intake = Intake::new(publisher.clone(), sources, alerts.clone(), going_out.clone(), network);
        let upstream = Visitor::new(String::new(), Network::with(options.source_allow));
        let eyes = Eyes::new(Network::to_read(options.probe_allow), options.probe_ca.as_deref(), clock.clone())?;
        let prober = Prober::new(publisher.clone(), probing, alerts.clone(), going_out.clone(), eyes, options.node);
        let visitor = options
            .portal_allow
            .map(|allowed| Arc::new(Visitor::new(options.public_url.clone(), Network::to_read(allowed))));
        let provider = options
            .provider
            .map(|settings| vouching(settings, &publisher, &options.public_url, clock))
            .transpose()?;
        let site = Site {
            publisher,
            windows,
            accounts,
            bare_loader: Document::best(loader.with_state(b"null", false), BARE_LOADER),
            loader,
            pages: PageCache::default(),
            demo: options.demo,
            secure: Secure::at(&options.public_url),
            provider,
            relying_party: RelyingParty::at(&options.public_url),
            public_url: options.public_url,
            trusted_proxies: options.trusted_proxies.clone(),
            releases: options.releases,
            measures: Measures::default(),
            forms: Forms::new(forms),
            arrivals,
            visitor: visitor.clone(),
            turns: Turns::default(),
            subscribers,
            receivers,
            intake,
            prober,
            going_out,
            closing: closed,
        };
        Ok(Self {
            site: Arc::new(site),
            limits: Limits::of_process(options.trusted_proxies),
            closing,
            outbox,
            subscriptions,
            post,
            alerts,
            upstream,
            silencing,
            mirror: options.mirror,
            visitor,
        })
    }
}

impl Server {
    /// Reads the journal and renders every portal.
    ///
    /// # Errors
    /// When the journal cannot be read, or the binary lacks its front-end.
    pub async fn prepare(store: Store, clock: Arc<dyn Clock>, options: Options) -> anyhow::Result<Self> {
        let Parts {
            site,
            limits,
            closing,
            outbox,
            subscriptions,
            post,
            alerts,
            upstream,
            silencing,
            mirror,
            visitor,
        } = Parts::assemble(store, clock.clone(), options).await?;
        // What is missing at its end was said by now.
        site.publisher.journal().take_as_it_is().await?;
        let setup_link = site.accounts.setup_link().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "no set-up link could be made");
            None
        });
        let setup_link = setup_link.map(|secret| format!("{}/admin/#setup={}", site.public_url, secret.as_str()));
        let mirror = mirror.map(|target| Mirror::new(Everything::new(site.clone()), target));
        let telling = Telling::new(&site.receivers, site.public_url.clone());
        let mut reactors: Vec<Arc<dyn Reactor>> = vec![
            Arc::new(Announcing::new(site.publisher.clone())),
            Arc::new(Watching::new(site.publisher.clone(), alerts)),
            Arc::new(silencing),
            Arc::new(Polling::new(site.intake.clone(), upstream, getrandom::u64()?)),
            Arc::new(telling),
        ];
        let mailing = Mailing::new(site.publisher.clone(), subscriptions, post, site.public_url.clone());
        reactors.push(Arc::new(mailing));
        reactors.extend(mirror.map(|mirror| Arc::new(mirror) as Arc<dyn Reactor>));
        if let Some(visitor) = visitor {
            let arrival = Arrival::new(Everything::new(site.clone()), site.arrivals.clone(), visitor);
            reactors.push(Arc::new(arrival));
        }
        let name = format!("{}-{:x}", std::process::id(), getrandom::u64()?);
        let driver = Driver::new(site.publisher.clone(), outbox, reactors, name, site.going_out.clone());
        Ok(Self {
            site,
            clock,
            limits,
            closing,
            setup_link,
            driver,
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
            let site = self.site.clone();
            async move { futures::join!(publisher.run(), windows.run(&publisher), site.prober.run()) }
        });
        let driver = Arc::new(self.driver);
        let driving = tokio::spawn({
            let driver = driver.clone();
            async move { driver.run().await }
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
        driving.abort();
        let _ = driving.await;
        following.abort();
        let _ = timeout(CLOSING, driver.let_go()).await;
        if timeout(CLOSING, publisher.journal().close()).await.is_err() {
            tracing::warn!("the database is still at work; leaving it to its journal");
        }
    }
}
