//! A probe: something that the server itself looks at from time to time, whether it works.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{
    text::Localized,
    words::{ProbeId, ProbeKind, ServiceId},
};

/// What is looked at, how often, and what it has to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "CatalogueProbe"))]
#[serde(deny_unknown_fields)]
pub struct Probe {
    pub id: ProbeId,
    /// What ops staff know it by.
    pub name: Localized,
    /// The service that people cannot use when it fails. Planned work on it is no failure of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
    pub kind: ProbeKind,
    /// What is looked at: an address for `http`, `host:port` for `tcp` and `tls`, a name for `dns`.
    pub target: String,
    /// How many seconds from one look to the next.
    #[serde(default = "sixty")]
    pub every_seconds: u32,
    /// For how many seconds an answer is waited for.
    #[serde(default = "ten")]
    pub timeout_seconds: u32,
    /// How many attempts in a row fail before a look has failed.
    #[serde(default = "two")]
    pub attempts: u32,
    /// On how many servers a look has to fail before it counts, where that many look.
    #[serde(default = "one")]
    pub confirm: u32,
    /// An answer that takes longer is a slow one; `None`: none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slow_milliseconds: Option<u32>,
    /// For `http`: the status that has to be answered; `None`: any from 200 to 299. With one from 300 to 399 no redirect is followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What has to stand in the page, or among what a name answers with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// For `http`: how the address begins to which redirects lead in the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leads_to: Option<String>,
    /// For `tls`, and `http` over it: how many days before a certificate ends it is told of; 0: never.
    #[serde(default = "fourteen")]
    pub certificate_days: u32,
    /// For `dns`: what is asked for.
    #[serde(default = "address")]
    pub record: DnsRecord,
    /// For `dns`: the server that is asked, by its address; `None`: whoever this machine asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
}

/// What a name is asked for (RFC 1035, RFC 3596).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum DnsRecord {
    A,
    Aaaa,
    Cname,
    Mx,
    Ns,
    Txt,
}

const fn one() -> u32 {
    1
}

const fn two() -> u32 {
    2
}

const fn ten() -> u32 {
    10
}

const fn fourteen() -> u32 {
    14
}

const fn sixty() -> u32 {
    60
}

const fn address() -> DnsRecord {
    DnsRecord::A
}

impl Probe {
    /// How long from one look to the next.
    pub fn every(&self) -> SignedDuration {
        SignedDuration::from_secs(self.every_seconds.into())
    }
}

/// For so many seconds an attempt rests that failed.
pub const PAUSE_SECONDS: u32 = 2;

impl Probe {
    /// How many seconds a look takes at the most: all its attempts, and the pauses between them.
    pub(super) const fn longest_seconds(&self) -> u32 {
        let pauses = self.attempts.saturating_sub(1).saturating_mul(PAUSE_SECONDS);
        self.attempts.saturating_mul(self.timeout_seconds).saturating_add(pauses)
    }
}
