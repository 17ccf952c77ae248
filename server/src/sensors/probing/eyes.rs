//! One look at a probe: its attempts, how long the answer took, and why it failed.

use std::{
    fmt, io,
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use domain::{
    catalogue::{PAUSE_SECONDS, Probe, host_and_port},
    words::{Outcome, ProbeKind},
};
use jiff::Timestamp;
use store::clock::Clock;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
        time_provider::TimeProvider,
    },
};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::{names, web};
use crate::reactors::{Door, Network, reasons};

/// The longest reason that is kept, in characters.
const LONGEST_FAILURE: usize = 300;

/// Looks at probes.
pub(crate) struct Eyes {
    network: Network,
    /// Authorities that are trusted beside those of the system.
    authorities: Vec<CertificateDer<'static>>,
    /// How it is spoken over TLS: made when it is first needed, since the authorities of a system are many.
    tls: OnceLock<Arc<ClientConfig>>,
    clock: Arc<dyn Clock>,
}

/// What came of a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) outcome: Outcome,
    pub(crate) milliseconds: u32,
    pub(crate) failure: Option<String>,
    pub(crate) certificate_until: Option<Timestamp>,
}

impl Eyes {
    /// They look into this network, and trust whom the system trusts, and the authorities in this file beside them.
    ///
    /// # Errors
    /// When the file cannot be read, or holds no certificate.
    pub(crate) fn new(network: Network, authorities: Option<&Path>, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let authorities = authorities.map(read_authorities).transpose()?.unwrap_or_default();
        Ok(Self {
            network,
            authorities,
            tls: OnceLock::new(),
            clock,
        })
    }

    /// Looks, as often as it may until it is answered.
    pub(crate) async fn look(&self, probe: &Probe) -> Seen {
        let mut attempt = 1;
        loop {
            let began = self.clock.steady();
            let patience = Duration::from_secs(probe.timeout_seconds.into());
            let late = || Err(format!("no answer within {} seconds", probe.timeout_seconds));
            let answer = timeout(patience, self.ask(probe)).await.unwrap_or_else(|_| late());
            let took = self.clock.steady().saturating_sub(began).min(patience);
            let milliseconds = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
            let seen = |outcome, failure, certificate_until| Seen {
                outcome,
                milliseconds,
                failure,
                certificate_until,
            };
            match answer {
                Ok(until) if probe.slow_milliseconds.is_some_and(|slow| milliseconds > slow) => {
                    return seen(Outcome::Slow, None, until);
                }
                Ok(until) => return seen(Outcome::Good, None, until),
                Err(_) if attempt < probe.attempts => {
                    attempt += 1;
                    tokio::time::sleep(Duration::from_secs(PAUSE_SECONDS.into())).await;
                }
                Err(failure) => {
                    // Somebody else may have written it.
                    let short = failure.chars().filter(|c| !c.is_control()).take(LONGEST_FAILURE).collect();
                    return seen(Outcome::Bad, Some(short), None);
                }
            }
        }
    }

    /// Asks once; until when the certificate holds that was shown.
    async fn ask(&self, probe: &Probe) -> Result<Option<Timestamp>, String> {
        match probe.kind {
            ProbeKind::Http => web::ask(self, probe).await,
            ProbeKind::Dns => names::ask(&self.network, probe).await.map(|()| None),
            ProbeKind::Tcp | ProbeKind::Tls => {
                let (host, port) = host_and_port(&probe.target).ok_or("the target names no host with its port")?;
                let stream = self.connect(host, port).await.map_err(|error| reasons(&error))?;
                if probe.kind == ProbeKind::Tcp {
                    return Ok(None);
                }
                let secured = self.secure(host, stream).await.map_err(|error| reasons(&error))?;
                Ok(certificate_until(&secured))
            }
        }
    }

    /// A connection to where this server may look.
    pub(super) async fn connect(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        Door::new(self.network.clone()).reach(host.to_owned(), port, false).await
    }

    /// The same over TLS, with a certificate that holds for this host.
    pub(super) async fn secure(&self, host: &str, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        let config = match self.tls.get() {
            Some(config) => config.clone(),
            None => {
                let config = self.config().map_err(io::Error::other)?;
                self.tls.get_or_init(|| Arc::new(config)).clone()
            }
        };
        TlsConnector::from(config).connect(name, stream).await
    }

    fn config(&self) -> Result<ClientConfig, tokio_rustls::rustls::Error> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        roots.add_parsable_certificates(self.authorities.iter().cloned());
        let config = ClientConfig::builder_with_details(Arc::new(ring::default_provider()), Arc::new(Hours(self.clock.clone())))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots);
        Ok(config.with_no_client_auth())
    }
}

/// By which clock certificates hold.
struct Hours(Arc<dyn Clock>);

impl fmt::Debug for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the clock of the server")
    }
}

impl TimeProvider for Hours {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// The certificates in a file, each of which has to be one of an authority.
fn read_authorities(file: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let cannot = |reason: &dyn std::fmt::Display| anyhow::anyhow!("--probe-ca {}: {reason}", file.display());
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let read = read.map_err(|error| cannot(&error))?;
    let (taken, left) = RootCertStore::empty().add_parsable_certificates(read.iter().cloned());
    anyhow::ensure!(taken > 0 && left == 0, cannot(&"holds no certificates of authorities"));
    Ok(read)
}

/// Until when the certificate holds that was shown.
pub(super) fn certificate_until(stream: &TlsStream<TcpStream>) -> Option<Timestamp> {
    let (_, session) = stream.get_ref();
    let shown = session.peer_certificates()?.first()?;
    let (_, certificate) = X509Certificate::from_der(shown).ok()?;
    Timestamp::from_second(certificate.validity().not_after.timestamp()).ok()
}
