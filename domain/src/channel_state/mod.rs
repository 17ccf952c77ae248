//! Whether the channels work: the outage of a channel itself, in one place, wherever the channel is offered.

mod check;
mod command;
pub(crate) mod decide;
mod event;
mod model;
mod outages;

pub use command::Command;
pub use event::Event;
pub use model::{Outage, Report, Terms};
pub use outages::Outages;
