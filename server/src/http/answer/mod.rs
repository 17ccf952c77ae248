//! How answers are worded and carried.

pub(crate) mod csv;
pub(crate) mod date;
pub(crate) mod packed;
pub(crate) mod problem;
pub(crate) mod revised;
pub(crate) mod serving;
