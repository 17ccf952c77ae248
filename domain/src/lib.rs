//! The pure core: what a notice is, who may do what when, and what each portal shows at an instant.
//!
//! ```text
//! command ──decide──▶ events ──append──▶ journal ──apply──▶ state ──project(now)──▶ what each portal shows
//! ```
//!
//! Invariant: no I/O, no clock, no randomness, no async. Time comes in as a parameter, so every rule can be tested at every
//! instant. The words and the wire types are always there; the rules come with the feature `rules`, which the browser
//! does without.

pub mod catalogue;
#[cfg(feature = "rules")]
mod catalogue_check;
#[cfg(feature = "rules")]
pub mod chain;
pub mod command;
#[cfg(feature = "rules")]
mod content_check;
#[cfg(feature = "rules")]
pub mod decide;
#[cfg(feature = "rules")]
pub mod dependencies;
mod direction;
pub mod event;
pub mod fault;
pub mod german;
#[cfg(feature = "rules")]
pub mod holidays;
#[cfg(feature = "rules")]
pub mod hours;
pub mod id;
#[cfg(feature = "rules")]
mod link;
#[cfg(feature = "rules")]
pub mod markdown;
pub mod notice;
#[cfg(feature = "rules")]
mod phone_number;
#[cfg(feature = "rules")]
pub mod plausible;
#[cfg(feature = "rules")]
pub mod project;
pub mod public;
pub mod role;
#[cfg(feature = "rules")]
pub mod state;
pub mod text;
pub mod vocabulary;
