//! How a probe reaches what it looks at: a connection to where this server may look, and over TLS with a certificate that holds.

use std::{
    fmt, io,
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use domain::catalogue::Probe;
use hyper_util::rt::TokioIo;
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
use x509_cert::{Certificate, der::Decode};

use crate::reactors::{Door, Network, reasons};

/// So long a certificate is asked for that is no probe's.
const WHOLE: Duration = Duration::from_secs(5);

/// A connection over TLS, as the one client of this server makes it too: it is compiled once.
pub(super) type Secured = TlsStream<TokioIo<TokioIo<TcpStream>>>;

/// Where it may look, and whom it trusts.
pub(super) struct Reach {
    pub(super) network: Network,
    /// Authorities that are trusted beside those of the system.
    authorities: Vec<CertificateDer<'static>>,
    /// How it is spoken over TLS: made when it is first needed, since the authorities of a system are many.
    tls: OnceLock<Arc<ClientConfig>>,
    clock: Arc<dyn Clock>,
}

impl Reach {
    /// Into this network, trusting whom the system trusts and the authorities in this file.
    ///
    /// # Errors
    /// When the file cannot be read, or holds something else.
    pub(super) fn new(network: Network, authorities: Option<&Path>, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        Ok(Self {
            network,
            authorities: authorities.map(read_authorities).transpose()?.unwrap_or_default(),
            tls: OnceLock::new(),
            clock,
        })
    }

    /// A connection to where this server may look.
    pub(super) async fn connect(&self, host: &str, port: u16, within: Duration) -> io::Result<TcpStream> {
        let door = Door::new(self.network.clone());
        door.reach(host.to_owned(), port, false, Some(within)).await
    }

    /// The same over TLS, with a certificate that holds for this host.
    pub(super) async fn secure(&self, host: &str, stream: TcpStream) -> io::Result<Secured> {
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        let config = match self.tls.get() {
            Some(config) => config.clone(),
            None => {
                let config = self.config().map_err(io::Error::other)?;
                self.tls.get_or_init(|| Arc::new(config)).clone()
            }
        };
        TlsConnector::from(config).connect(name, TokioIo::new(TokioIo::new(stream))).await
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

/// Until when the certificate holds that is shown at a host, by authorities that the system trusts.
///
/// # Errors
/// Why it is not known: nobody answers, or it does not hold.
pub(crate) async fn certificate_shown(host: &str, port: u16, clock: Arc<dyn Clock>) -> Result<Option<Timestamp>, String> {
    let looking = async {
        let reach = Reach::new(Network::anywhere(), None, clock).map_err(|error| error.to_string())?;
        let stream = reach.connect(host, port, WHOLE).await.map_err(|error| reasons(&error))?;
        let secured = reach.secure(host, stream).await.map_err(|error| reasons(&error))?;
        Ok(certificate_until(&secured))
    };
    timeout(WHOLE, looking).await.unwrap_or_else(|late| Err(late.to_string()))
}

/// For how long an answer is waited for.
pub(super) fn patience(probe: &Probe) -> Duration {
    Duration::from_secs(probe.timeout_seconds.into())
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
pub(super) fn certificate_until(stream: &Secured) -> Option<Timestamp> {
    let (_, session) = stream.get_ref();
    let shown = session.peer_certificates()?.first()?;
    let certificate = Certificate::from_der(shown).ok()?;
    let until = certificate.tbs_certificate().validity().not_after.to_unix_duration();
    Timestamp::from_second(i64::try_from(until.as_secs()).ok()?).ok()
}
