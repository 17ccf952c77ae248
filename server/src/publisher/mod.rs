//! Turns commands into journal entries, and the state into what each portal shows: after each event, at each turn of time,
//! and when another process has appended.
//!
//! Three locks, so that nobody waits for more than they need: the `desk` is held by whoever writes, also while another process keeps the
//! writers' lock; the `follower` by whoever reads the journal into memory; the boards' own by whoever renders. Time needs the last alone.

mod audit;
mod boards;
mod follow;
mod follower;
mod known;
#[expect(clippy::module_inception, reason = "the room is named after what lives in it")]
mod publisher;
mod submit;

pub use publisher::Publisher;
pub use submit::{Done, SubmitError};
