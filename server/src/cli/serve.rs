//! `umleitung serve`.

use std::{
    io::IsTerminal,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use anyhow::Context;
use ipnet::IpNet;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use super::{
    data::Data,
    oidc::Oidc,
    public_address::public_address,
    terminal::{complain, print},
};
use crate::{
    demo::Demo,
    doctor::Installation,
    reactors::{PostError, Relay, Target},
    releases::Releases,
    serve::{Options, Server},
};
use store::clock::{Clock, SystemClock};

/// Run the server.
#[derive(clap::Args)]
pub(super) struct Serve {
    #[command(flatten)]
    data: Data,
    /// Where to listen.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Fill an empty data folder with a fictitious city, and show its portal under /demo/.
    #[arg(long)]
    demo: bool,
    /// The address under which people reach the server, such as https://notices.example.
    #[arg(long, value_name = "URL", value_parser = public_address)]
    public_url: Option<String>,
    /// A reverse proxy in front, by address or range of addresses: it may take any share of the connections, since it speaks for many
    /// people, and who signs in is told apart by the `X-Forwarded-For` that it sends. Visitors' addresses are never logged.
    #[arg(long, value_name = "CIDR", value_parser = network)]
    trusted_proxy: Vec<IpNet>,
    /// Keep the public side of all portals as files, from change to change, for the day on which this server does not answer: a folder, or
    /// s3://BUCKET/PREFIX. Of several servers on one database one writes.
    #[arg(long, value_name = "DIR|s3://…")]
    mirror: Option<String>,
    /// A network, by address or range of addresses, to which webhooks may be sent although it is not on the open internet; there also
    /// without TLS. May be given several times.
    #[arg(long, value_name = "CIDR", value_parser = network)]
    webhook_allow: Vec<IpNet>,
    /// A network, by address or range of addresses, in which status pages of others may be read although it is not on the open internet. May be
    /// given several times.
    #[arg(long, value_name = "CIDR", value_parser = network)]
    source_allow: Vec<IpNet>,
    /// A network, by address or range of addresses, in which portals' pages may be looked at although it is not on the open internet. May be
    /// given several times.
    #[arg(long, value_name = "CIDR", value_parser = network)]
    portal_allow: Vec<IpNet>,
    /// A network, by address or range of addresses, in which probes may be looked at although it is not on the open internet. May be given
    /// several times.
    #[arg(long, value_name = "CIDR", value_parser = network)]
    probe_allow: Vec<IpNet>,
    /// Authorities that probes trust beside those of the system: a file of certificates in PEM.
    #[arg(long, value_name = "FILE")]
    probe_ca: Option<PathBuf>,
    /// Do not look at portals' pages whether notices have arrived there: for a server that reaches nothing outside.
    #[arg(long)]
    no_arrivals: bool,
    /// The relay by which people are told by mail: smtps://USER:PASSWORD@mail.example, smtp://mail.example:587?tls=required, or smtp://localhost.
    /// Better given as UMLEITUNG_SMTP or in a file, since whoever is on the machine sees what stands on the command line.
    #[arg(long, value_name = "URL", requires = "mail_from")]
    smtp: Option<String>,
    /// The address that writes, such as meldungen@musterstadt.example.
    #[arg(long, value_name = "ADDRESS", requires = "smtp")]
    mail_from: Option<String>,
    #[command(flatten)]
    oidc: Oidc,
}

impl Serve {
    /// What is run with these options.
    pub(super) fn installation(self) -> Installation {
        Installation {
            place: self.data.place().map_err(|error| error.to_string()),
            listen: self.listen,
            public_url: self.public_url,
            trusted_proxies: self.trusted_proxy,
            mirror: self.mirror,
            relay: relay(self.smtp.as_deref(), self.mail_from.as_deref()).map_err(|error| error.to_string()),
            provider: self.oidc.settings().map_err(|error| format!("{error:#}")),
        }
    }

    pub(super) async fn run(self) -> anyhow::Result<()> {
        start_logging();
        let _survives = survive_a_size_limit();
        let asked_to_stop = asked_to_stop().context("cannot be told to stop")?;
        let provider = self.oidc.settings()?;
        let relay = relay(self.smtp.as_deref(), self.mail_from.as_deref())?;
        let mirror = self.mirror.as_deref().map(Target::open).transpose()?;
        let listener = TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("cannot listen on {}", self.listen))?;
        let address = listener.local_addr()?;
        let public_url = self.public_url.unwrap_or_else(|| format!("http://{address}"));
        let demo = if self.demo { Demo::Shown } else { Demo::Absent };
        let mut asked_to_stop = Box::pin(asked_to_stop);
        let store = tokio::select! {
            store = self.data.store() => store?,
            () = &mut asked_to_stop => return Ok(()),
        };
        let releases = match self.data.place()?.releases() {
            Some(folder) => Releases::keep(folder, SystemClock.now()),
            None => Releases::keep_in(store.release_files.clone(), SystemClock.now()).await,
        };
        let prepared = Server::prepare(
            store,
            Arc::new(SystemClock),
            Options {
                demo,
                public_url: public_url.clone(),
                releases,
                trusted_proxies: self.trusted_proxy,
                mirror,
                webhook_allow: self.webhook_allow,
                source_allow: self.source_allow,
                probe_allow: self.probe_allow,
                probe_ca: self.probe_ca,
                node: node(address),
                portal_allow: (!self.no_arrivals).then_some(self.portal_allow),
                provider,
                relay,
            },
        );
        let server = tokio::select! {
            server = prepared => server?,
            () = &mut asked_to_stop => return Ok(()),
        };
        let mut greeting = format!("Umleitung listens on http://{address}\n");
        if let Some(link) = server.setup_link() {
            greeting.push_str("There is no administrator yet. Make the first one here (the link works once):\n");
            greeting.push_str(link);
            greeting.push('\n');
        }
        if demo == Demo::Shown {
            greeting.push_str(&format!("The demo: {public_url}/demo/\n"));
        }
        greeting.push_str("Stop with Ctrl-C.");
        // Also where nobody listens to it: a server serves.
        if let Err(error) = print(format_args!("{greeting}")) {
            tracing::warn!("the greeting could not be printed: {error}");
        }
        tracing::info!(%address, %public_url, connections = server.limits().total(), "ready");
        server.run(listener, asked_to_stop).await;
        tracing::info!("stopped");
        Ok(())
    }
}

/// The relay, and who writes; `None`: nobody is told by mail.
fn relay(address: Option<&str>, from: Option<&str>) -> Result<Option<Relay>, PostError> {
    address.zip(from).map(|(address, from)| Relay::at(address, from)).transpose()
}

/// What this server is called among those that share a database: its machine, and where it listens.
fn node(address: SocketAddr) -> String {
    let machine = rustix::system::uname().nodename().to_string_lossy().into_owned();
    format!("{machine}:{}", address.port())
}

/// A range of addresses, or one address.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    text.parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "is no range of addresses such as 10.0.0.0/8, and no address".to_owned())
}

/// For people on a terminal, as JSON for machines. `UMLEITUNG_LOG` chooses what: `debug`, `server=debug,sqlx=warn`.
fn start_logging() {
    let filter = EnvFilter::try_from_env("UMLEITUNG_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A log that cannot be written ends nothing.
        .log_internal_errors(false);
    let started = if std::io::stderr().is_terminal() {
        builder.try_init()
    } else {
        builder.json().flatten_event(true).try_init()
    };
    if let Err(error) = started {
        complain(format_args!("umleitung: logging could not be started: {error}"));
    }
}

/// A limit on the size of files (`ulimit -f`, `LimitFSIZE=`) fails the write and does not end the process, as a full disk does. It holds
/// while the answer is kept.
pub(super) fn survive_a_size_limit() -> Option<tokio::signal::unix::Signal> {
    /// `SIGXFSZ`, on all Linux but MIPS.
    const FILE_TOO_LARGE: i32 = 25;
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::from_raw(FILE_TOO_LARGE)).ok()
}

/// Ends on Ctrl-C or SIGTERM, also on one that came since this was called: whoever waits for "ready" may end the server at once.
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
