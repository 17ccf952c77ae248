//! The record: entries, events and commands of all subjects, and the chain that ties the entries together.

pub mod chain;
mod command;
mod entry;
mod event;
pub mod upkeep;

pub use command::{Command, Grounds, Second};
pub use entry::{Entry, NewEntry};
pub use event::Event;
