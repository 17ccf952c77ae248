//! The pure core: what a notice is, who may do what when, and what each portal shows at an instant.
//!
//! ```text
//! command ──decide──▶ events ──append──▶ journal ──apply──▶ state ──project(now)──▶ what each portal shows
//! ```
//!
//! Invariant: no I/O, no clock, no randomness, no async. Time comes in as a parameter, so every rule can be tested at every
//! instant.
//!
//! A room is a subject; each has the same doors: model, command, event, check, decide, apply. A room knows itself and the rooms above it in
//! this list; `apply` writes its own room only; what spans two rooms stands in the hall.

// Words, and what can be said with them.
pub mod text;
pub mod time;
pub mod words;

// Who may do what where.
pub mod access;

// The subjects.
pub mod approval;
pub mod catalogue;
pub mod channel_state;
pub mod freeze;
pub mod notice;
pub mod record;
pub mod schedule;
pub mod watch;

// The hall.
pub mod decide;
mod listings;
mod readable;
pub mod rejection;
pub mod state;
pub mod step;

// What follows from it.
pub mod project;
