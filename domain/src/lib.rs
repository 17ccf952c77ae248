//! The pure core: what a notice is, who may do what when, and what each portal shows at an instant.
//!
//! ```text
//! command ──decide──▶ events ──append──▶ journal ──apply──▶ state ──project(now)──▶ what each portal shows
//! ```
//!
//! Invariant: no I/O, no clock, no randomness, no async. Time comes in as a parameter, so every rule can be tested at every
//! instant.

pub mod catalogue;
mod catalogue_check;
pub mod chain;
pub mod command;
mod content_check;
pub mod decide;
pub mod dependencies;
mod direction;
pub mod event;
pub mod fault;
pub mod german;
pub mod holidays;
pub mod hours;
pub mod id;
mod link;
pub mod markdown;
pub mod notice;
mod phone_number;
pub mod plausible;
pub mod project;
pub mod role;
pub mod state;
pub mod text;
