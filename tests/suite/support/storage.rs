//! Object storage that speaks S3: s3s-fs, a server of the Rust registry, in a temporary folder.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use reqwest::{Client, Response, StatusCode};
use ring::hmac;
use sha2::{Digest, Sha256};
use store::clock::{Clock, SystemClock};
use tempfile::TempDir;
use tokio::net::TcpStream;

use super::{listener::PATIENCE, proxy::free_port};

/// The one bucket that there is.
pub(crate) const BUCKET: &str = "notices";
const REGION: &str = "eu-central-1";
const KEY: &str = "MUSTERKEY";
const SECRET: &str = "kranich-im-nebel";

/// A running server; it ends when it is dropped.
pub(crate) struct Storage {
    child: Child,
    port: u16,
    client: Client,
    _folder: TempDir,
}

impl Storage {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let port = free_port();
        let child = Command::new(program())
            .args([
                "--host",
                "127.0.0.1",
                "--port",
                &port.to_string(),
                "--access-key",
                KEY,
                "--secret-key",
                SECRET,
            ])
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask setup` installs it, or set S3S_FS", program().display()));
        let listening = async { while TcpStream::connect(("127.0.0.1", port)).await.is_err() {} };
        tokio::time::timeout(PATIENCE, listening)
            .await
            .expect("the object storage did not start");
        Self {
            child,
            port,
            client: Client::new(),
            _folder: folder,
        }
    }

    /// What a program has in its environment that writes there, as arguments of `env`.
    pub(crate) fn environment(&self) -> Vec<String> {
        [
            format!("AWS_ENDPOINT=http://127.0.0.1:{}", self.port),
            "AWS_ALLOW_HTTP=true".to_owned(),
            format!("AWS_REGION={REGION}"),
            format!("AWS_ACCESS_KEY_ID={KEY}"),
            format!("AWS_SECRET_ACCESS_KEY={SECRET}"),
        ]
        .into()
    }

    /// An object, with its headers; `None`: there is none. Signed by hand, so that not the same library reads and writes.
    pub(crate) async fn get(&self, key: &str) -> Option<Response> {
        let path = format!("/{BUCKET}/{key}");
        let host = format!("127.0.0.1:{}", self.port);
        let at = SystemClock.now().strftime("%Y%m%dT%H%M%SZ").to_string();
        let request = self
            .client
            .get(format!("http://{host}{path}"))
            .header("x-amz-date", &at)
            .header("x-amz-content-sha256", UNSIGNED)
            .header("authorization", authorization(&path, &host, &at));
        let response = request.send().await.unwrap();
        match response.status() {
            StatusCode::OK => Some(response),
            StatusCode::NOT_FOUND => None,
            status => panic!("{path}: {status}"),
        }
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// Signature Version 4 of a `GET` without query, whose path needs no escaping.
fn authorization(path: &str, host: &str, at: &str) -> String {
    const HEADERS: &str = "host;x-amz-content-sha256;x-amz-date";
    let day = &at[..8];
    let asked = format!("GET\n{path}\n\nhost:{host}\nx-amz-content-sha256:{UNSIGNED}\nx-amz-date:{at}\n\n{HEADERS}\n{UNSIGNED}");
    let scope = format!("{day}/{REGION}/s3/aws4_request");
    let text = format!("AWS4-HMAC-SHA256\n{at}\n{scope}\n{}", hex(&Sha256::digest(asked)));
    let sign = |key: &[u8], text: &str| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes());
    let mut key = sign(format!("AWS4{SECRET}").as_bytes(), day);
    for part in [REGION, "s3", "aws4_request"] {
        key = sign(key.as_ref(), part);
    }
    let signature = hex(sign(key.as_ref(), &text).as_ref());
    format!("AWS4-HMAC-SHA256 Credential={KEY}/{scope}, SignedHeaders={HEADERS}, Signature={signature}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the chores install it, or where a variable says.
fn program() -> PathBuf {
    std::env::var_os("S3S_FS").map_or_else(
        || Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tools/bin/s3s-fs")).to_owned(),
        PathBuf::from,
    )
}
