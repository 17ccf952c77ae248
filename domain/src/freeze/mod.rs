//! Freezes: times in which planned work is refused, or needs a reason or a second person. What is broken is never frozen.

mod check;
mod command;
pub(crate) mod decide;
mod event;
mod freezes;
mod model;

pub use command::Command;
pub use event::Event;
pub use freezes::Freezes;
pub use model::{Freeze, Level, Override, Terms, When};
