//! What machines see, and which notice came of it. The alerts themselves are measured, and no part of the record.

mod alert;
mod watched;

pub(crate) use alert::after;
pub use alert::{Alert, Report};
pub use watched::Watched;
