//! The portal of the demo.

pub(crate) mod files;
pub(crate) mod stories;
