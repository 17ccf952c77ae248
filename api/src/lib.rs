//! The management API as types, for the server and whoever asks it.
//!
//! Invariant: no I/O, no HTTP. What is here is the contract; sentences are for people.

pub mod problem;

pub use problem::{Outcome, Problem, ProblemKind};
