//! Somebody's service, which can be killed, slowed, led in a circle, and shown with a wrong certificate.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tempfile::NamedTempFile;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    sync::watch,
    task::JoinHandle,
    time::timeout,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use super::listener::PATIENCE;

/// What it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// With this status and this text.
    Answer(u16, &'static str),
    /// It leads there.
    Lead(String),
    /// Not before it has another plan.
    Hold,
}

pub(crate) const FINE: Plan = Plan::Answer(200, "Kfz-Zulassung");

/// Somebody's service.
pub(crate) struct Target {
    port: u16,
    doing: Doing,
    running: Option<JoinHandle<()>>,
}

#[derive(Clone)]
struct Doing {
    plan: Arc<watch::Sender<Plan>>,
    /// How many requests it has read.
    asked: Arc<watch::Sender<usize>>,
    /// What it shows over TLS; `None`: it speaks without.
    shown: Arc<watch::Sender<Option<Arc<ServerConfig>>>>,
}

impl Target {
    pub(crate) async fn start() -> Self {
        let mut target = Self {
            port: 0,
            doing: Doing {
                plan: Arc::new(watch::Sender::new(FINE)),
                asked: Arc::new(watch::Sender::new(0)),
                shown: Arc::default(),
            },
            running: None,
        };
        target.live().await;
        target
    }

    /// Its page.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.doing.shown.borrow().is_some() { "https" } else { "http" };
        format!("{scheme}://127.0.0.1:{}/", self.port)
    }

    pub(crate) fn place(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) fn plan(&self, plan: Plan) {
        self.doing.plan.send_replace(plan);
    }

    /// From now on it speaks over TLS, with this certificate.
    pub(crate) fn show(&self, certificate: &Arc<ServerConfig>) {
        self.doing.shown.send_replace(Some(certificate.clone()));
    }

    /// How many requests it has read.
    pub(crate) fn asked(&self) -> usize {
        *self.doing.asked.borrow()
    }

    /// Waits until it has read so many requests.
    pub(crate) async fn until_asked(&self, count: usize) {
        let mut asked = self.doing.asked.subscribe();
        timeout(PATIENCE, asked.wait_for(|asked| *asked >= count))
            .await
            .expect("nobody asks")
            .unwrap();
    }

    /// Nobody listens there any more.
    pub(crate) async fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.abort();
            let _ = running.await;
        }
    }

    /// It listens again where it did.
    pub(crate) async fn live(&mut self) {
        if self.running.is_some() {
            return;
        }
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        self.port = listener.local_addr().unwrap().port();
        let doing = self.doing.clone();
        self.running = Some(tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let doing = doing.clone();
                tokio::spawn(async move {
                    let shown = doing.shown.borrow().clone();
                    match shown {
                        None => doing.answer(stream).await,
                        Some(config) => match TlsAcceptor::from(config).accept(stream).await {
                            Ok(stream) => doing.answer(stream).await,
                            Err(error) => Err(error),
                        },
                    }
                });
            }
        }));
    }
}

impl Doing {
    /// Reads a request, and answers it by the plan.
    async fn answer(self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<()> {
        let mut request = Vec::new();
        while !request.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
            if stream.read_buf(&mut request).await? == 0 {
                return Ok(());
            }
        }
        self.asked.send_modify(|asked| *asked += 1);
        let mut plans = self.plan.subscribe();
        let plan = plans
            .wait_for(|plan| *plan != Plan::Hold)
            .await
            .map_err(std::io::Error::other)?
            .clone();
        let answer = match plan {
            Plan::Answer(status, text) => format!("HTTP/1.1 {status} -\r\ncontent-length: {}\r\n\r\n{text}", text.len()),
            Plan::Lead(to) => format!("HTTP/1.1 302 -\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n"),
            Plan::Hold => String::new(),
        };
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await
    }
}

/// An authority that nobody but a test trusts.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// Its own certificate, in PEM.
    pub(crate) file: NamedTempFile,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(issuer.pem().as_bytes()).unwrap();
        Self { issuer, file }
    }

    /// A certificate for a host and its key, as files in a folder.
    pub(crate) fn files(&self, folder: &Path, host: &str) -> (PathBuf, PathBuf) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        (params.not_before, params.not_after) = (date_time_ymd(2026, 1, 1), date_time_ymd(2046, 1, 1));
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let files = [("certificate.pem", certificate.pem()), ("key.pem", key.serialize_pem())];
        let [certificate, key] = files.map(|(name, content)| {
            let file = folder.join(name);
            std::fs::write(&file, content).unwrap();
            file
        });
        (certificate, key)
    }

    /// A certificate for a host that ends at the beginning of this day, UTC.
    pub(crate) fn certificate(&self, host: &str, (year, month, day): (i32, u8, u8)) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        (params.not_before, params.not_after) = (date_time_ymd(2026, 1, 1), date_time_ymd(year, month, day));
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key);
        Arc::new(config.unwrap())
    }
}
