//! The words for what the server looks at itself.

use serde::{Deserialize, Serialize};

use super::spelled::words;

/// How something is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProbeKind {
    /// A page is asked for.
    Http,
    /// A connection is made.
    Tcp,
    /// A name is asked for.
    Dns,
    /// A connection is made, and its certificate is looked at.
    Tls,
}

words!(ProbeKind {
    Http: "http",
    Tcp: "tcp",
    Dns: "dns",
    Tls: "tls"
});

/// What came of a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It answered as it has to.
    Good,
    /// It did, and took longer than it may.
    Slow,
    /// It did not.
    Bad,
}

words!(Outcome {
    Good: "good",
    Slow: "slow",
    Bad: "bad"
});
