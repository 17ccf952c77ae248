//! Where the data lie: the journal with its chain, and the tables beside it, in one SQLite file or on a PostgreSQL server. And where time
//! comes from.
//!
//! The journal is written by hand for each of the two, because how it lasts depends on what is special about each; both pass one contract
//! suite. All other tables have one text of SQL for both ([`tables`]).
//!
//! Invariant: what is said to be written is on disk; what is read back is what was written, or is told to be damaged.

pub mod alerts;
pub mod arrivals;
pub mod backup;
pub mod clock;
mod failure;
pub mod forms;
pub mod identity;
pub mod journal;
pub mod outbox;
mod packed;
mod place;
mod postgres;
pub mod private;
pub mod probing;
mod release_files;
pub mod sources;
mod sqlite;
mod steps;
pub mod subscriptions;
pub mod tables;
pub mod webhooks;

pub use place::{Place, Store, StoreError};
pub use release_files::ReleaseFiles;
