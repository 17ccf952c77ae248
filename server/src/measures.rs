//! What is measured while the server runs. `/metrics` tells it.

use prometheus_client::metrics::{
    gauge::Gauge,
    histogram::{Histogram, exponential_buckets},
};

/// What is measured while the server runs.
#[derive(Clone, Debug)]
pub(crate) struct Measures {
    /// How many seconds a command took, from its decision until every portal of this server shows what follows.
    pub(crate) publishing: Histogram,
    /// The connections that are open.
    pub(crate) connections: Gauge,
}

impl Default for Measures {
    fn default() -> Self {
        Self {
            // From 2 milliseconds to about 16 seconds.
            publishing: Histogram::new(exponential_buckets(0.002, 2.0, 14)),
            connections: Gauge::default(),
        }
    }
}

/// Something that is counted for as long as it is there.
pub(crate) struct Counted(Gauge);

impl Counted {
    pub(crate) fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}
