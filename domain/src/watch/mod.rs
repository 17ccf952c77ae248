//! What machines see, and which notice came of it. Alerts, and what the server itself has looked at, are measured, and no part of the record.

mod alert;
mod availability;
mod probe;
mod watched;

pub(crate) use alert::after;
pub use alert::{Alert, Report};
pub use availability::{Availability, Sample, Span};
pub(crate) use availability::{is_within, merged};
pub use probe::{Finding, Look, PROBES, due, firing};
pub use watched::Watched;
