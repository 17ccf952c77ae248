//! A server that is asked over the network, by a program with a token.

use std::{env, process::ExitCode, time::Duration};

use anyhow::{Context, bail, ensure};
use api::{Approval, Notice, Outcome};
use axum::body::{Body, to_bytes};
use clap::Args;
use domain::words::ApprovalId;
use hyper::{
    Method, Request, StatusCode, Uri,
    header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::timeout;

use crate::{
    cli::{public_address::public_address, terminal::complain},
    reactors::{Connections, Network, client},
};

/// For how long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// No answer is longer.
const LONGEST: usize = 32 * 1024 * 1024;

/// The exit status of what waits.
const WAITS: u8 = 3;

/// Where the server is when `--server` does not say it, and the token of the program.
const SERVER: &str = "UMLEITUNG_SERVER";
const TOKEN: &str = "UMLEITUNG_TOKEN";

/// Which server is asked, and how its answer is told. The token is taken from `UMLEITUNG_TOKEN`.
#[derive(Args)]
pub(in crate::cli) struct Remote {
    /// The address of the server; left out: what `UMLEITUNG_SERVER` says.
    #[arg(long, value_name = "URL", value_parser = public_address)]
    server: Option<String>,
    /// Print the server's answer as it comes, as JSON.
    #[arg(long)]
    json: bool,
}

/// Under which name a change is known to the server.
#[derive(Args)]
pub(super) struct Once {
    /// Under the same key a change is carried out once, however often it is sent; left out: another each time.
    #[arg(long, value_name = "KEY", value_parser = key)]
    key: Option<String>,
}

/// Reads a key as the server takes it.
fn key(given: &str) -> Result<String, String> {
    let is_one = (1..=255).contains(&given.len()) && given.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
    let wrong = || "has 1 to 255 visible ASCII characters, such as a UUID".to_owned();
    is_one.then(|| given.to_owned()).ok_or_else(wrong)
}

impl Remote {
    /// Asks for something that is there.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<(T, Value)> {
        let (_, answer) = self.ask(Method::GET, path, None, None).await?;
        Ok((read(&answer)?, answer))
    }

    /// Asks for a change of a notice, and prints what has become of it. What waits for a second person is told by its id, with the exit status 3.
    pub(super) async fn change(
        &self,
        path: &str,
        body: &Value,
        once: &Once,
        line: impl FnOnce(&Notice) -> String,
    ) -> anyhow::Result<ExitCode> {
        match self.post(path, body, once).await? {
            (Became::Done(notice), answer) => {
                self.tell(&answer, &line(&notice))?;
                Ok(ExitCode::SUCCESS)
            }
            (Became::Waits(id), answer) => {
                self.tell(&answer, id.as_str())?;
                complain(format_args!("Nothing has happened yet: it waits for a second person, as {id}."));
                Ok(ExitCode::from(WAITS))
            }
        }
    }

    async fn post(&self, path: &str, body: &Value, once: &Once) -> anyhow::Result<(Became, Value)> {
        let key = match &once.key {
            Some(key) => key.clone(),
            None => fresh_key()?,
        };
        let answered = self.ask(Method::POST, path, Some(body), Some(&key)).await;
        let asked = answered.and_then(|(status, answer)| {
            let became = if status == StatusCode::ACCEPTED {
                Became::Waits(read::<Approval>(&answer)?.id)
            } else {
                Became::Done(Box::new(read(&answer)?))
            };
            Ok((became, answer))
        });
        if let Err(error) = &asked
            && error.is::<Unsettled>()
        {
            complain(format_args!(
                "It is not known whether it was carried out. The same command with `--key {key}` carries it out once."
            ));
        }
        asked
    }

    /// Prints what the server has answered: as a whole, or as a line for people.
    pub(super) fn tell(&self, answer: &Value, line: &str) -> anyhow::Result<()> {
        if self.json {
            say!("{answer:#}");
        } else {
            say!("{line}");
        }
        Ok(())
    }

    async fn ask(&self, method: Method, path: &str, body: Option<&Value>, key: Option<&str>) -> anyhow::Result<(StatusCode, Value)> {
        let server = self.address()?;
        let token = env::var(TOKEN).ok().filter(|token| !token.trim().is_empty());
        let token = token.with_context(|| format!("{TOKEN} is not set; make a token by `umleitung token create` where the data is"))?;
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{server}{path}"))
            .header(USER_AGENT, concat!("Umleitung/", env!("CARGO_PKG_VERSION")))
            .header(AUTHORIZATION, format!("Bearer {}", token.trim()));
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let request = match body {
            Some(body) => request.header(CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        let client = client(Network::anywhere(), Connections::Fresh).context("the authorities that this system trusts cannot be read")?;
        let lost = |reason: String| Unsettled(format!("{server} does not answer: {reason}"));
        let exchange = async {
            let answered = client.request(request.context("the request cannot be made; is the token as it was printed?")?);
            let (head, body) = answered
                .await
                .map_err(|error| lost(format!("{:#}", anyhow::Error::new(error))))?
                .into_parts();
            let body = to_bytes(Body::new(body), LONGEST).await;
            anyhow::Ok((head.status, body.map_err(|error| lost(error.to_string()))?))
        };
        let late = |_| lost(format!("not within {} seconds", PATIENCE.as_secs()));
        let (status, body) = timeout(PATIENCE, exchange).await.map_err(late)??;
        if status.is_success() {
            let answer: Value =
                serde_json::from_slice(&body).map_err(|error| Unsettled(format!("{server} answers something else than JSON: {error}")))?;
            return Ok((status, answer));
        }
        let problem: api::Problem = serde_json::from_slice(&body).unwrap_or_default();
        if self.json && problem.status != 0 {
            say!("{}", serde_json::to_string_pretty(&problem).unwrap_or_default());
        }
        let detail = Some(problem.detail).filter(|detail| !detail.is_empty()).unwrap_or(problem.title);
        let told = if detail.is_empty() {
            format!("{server} answers {status}; is it the address of an Umleitung server?")
        } else {
            detail
        };
        // What failed before anything was changed says so.
        if status.is_server_error() && problem.outcome != Some(Outcome::NothingChanged) {
            return Err(Unsettled(told).into());
        }
        bail!("{told}")
    }

    /// The server's address. A token goes over the network in the clear to this machine only.
    fn address(&self) -> anyhow::Result<String> {
        let address = match &self.server {
            Some(address) => address.clone(),
            None => {
                let given = env::var(SERVER).ok();
                let given = given.with_context(|| format!("which server? Give --server URL, or set {SERVER}"))?;
                public_address(&given).map_err(|reason| anyhow::anyhow!("{SERVER} {reason}"))?
            }
        };
        let uri: Uri = address.parse()?;
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let is_here = host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
        ensure!(
            uri.scheme_str() == Some("https") || is_here,
            "{address} would get the token without encryption; use https"
        );
        Ok(address)
    }
}

/// What has become of a change.
enum Became {
    Done(Box<Notice>),
    /// Nothing yet.
    Waits(ApprovalId),
}

/// An answer as what was asked for.
fn read<T: DeserializeOwned>(answer: &Value) -> anyhow::Result<T> {
    T::deserialize(answer).map_err(|error| Unsettled(format!("the server answers something else than was asked for: {error}")).into())
}

/// A key that nobody else takes.
fn fresh_key() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The server was asked, and nobody knows what became of it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unsettled(String);
