//! Four eyes: what is asked for waits for the yes of a second person, and is decided anew when it comes. What could not wait is done at once,
//! and looked at afterwards.

mod approvals;
mod command;
pub(crate) mod decide;
mod event;
mod model;

pub use approvals::Approvals;
pub use command::{Asker, Command};
pub use event::Event;
pub use model::{Approval, Asked, Settled, Standing};
