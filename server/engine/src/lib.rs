//! The one writer: it turns commands into journal entries, and entries into what is known: after each command, and when another process has appended. Whoever
//! shows it is told at once.
//!
//! Two locks, so that nobody waits for more than they need: the `writer` is held by whoever writes, also while another process keeps the
//! writers' lock; the `follower` by whoever reads the journal into memory. Whoever renders has a lock of their own; time needs that one alone.
//!
//! What has to happen outside because of an entry or because of time are [reactors](reactor), which one process [drives](driver).
//!
//! Invariant: no HTTP, no pages, no compression. Time comes from a clock that is handed in.

mod audience;
mod audit;
pub mod driver;
mod follow;
mod follower;
pub mod health;
mod known;
mod pace;
mod publisher;
pub mod reactor;
mod submit;
mod writer;

pub use audience::{Audience, Extent, Present};
pub use publisher::Publisher;
pub use submit::{Asks, Done, SubmitError};
