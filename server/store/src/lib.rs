//! Where the data lie: the journal with its chain, and the file that holds it and the tables beside it. And where time comes from.
//!
//! Invariant: what is said to be written is on disk; what is read back is what was written, or is told to be damaged.

pub mod clock;
pub mod journal;
mod place;
pub mod private;

pub use place::{Place, StoreError};
