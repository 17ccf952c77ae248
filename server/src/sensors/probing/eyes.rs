//! One look at a probe: its attempts, how long the answer took, and why it failed.

use std::{path::Path, sync::Arc, time::Duration};

use domain::{
    catalogue::{PAUSE_SECONDS, Probe, host_and_port},
    words::{Outcome, ProbeKind},
};
use jiff::Timestamp;
use store::clock::Clock;
use tokio::time::timeout;

use super::{
    names,
    reach::{Reach, certificate_until, patience},
    web,
};
use crate::reactors::{Network, reasons};

/// The longest reason that is kept, in characters.
const LONGEST_FAILURE: usize = 300;

/// Looks at probes.
pub(crate) struct Eyes {
    reach: Reach,
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
        let reach = Reach::new(network, authorities, clock.clone())?;
        Ok(Self { reach, clock })
    }

    /// Looks, as often as it may until it is answered.
    pub(crate) async fn look(&self, probe: &Probe) -> Seen {
        let mut attempt = 1;
        loop {
            let began = self.clock.steady();
            let patience = patience(probe);
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
            ProbeKind::Http => web::ask(&self.reach, probe).await,
            ProbeKind::Dns => names::ask(&self.reach.network, probe).await.map(|()| None),
            ProbeKind::Tcp | ProbeKind::Tls => {
                let (host, port) = host_and_port(&probe.target).ok_or("the target names no host with its port")?;
                let stream = self
                    .reach
                    .connect(host, port, patience(probe))
                    .await
                    .map_err(|error| reasons(&error))?;
                if probe.kind == ProbeKind::Tcp {
                    return Ok(None);
                }
                let secured = self.reach.secure(host, stream).await.map_err(|error| reasons(&error))?;
                Ok(certificate_until(&secured))
            }
        }
    }
}
