//! Notices: what is published, step by step, about an outage, a maintenance, or something worth knowing.

pub(crate) mod check;
mod command;
pub(crate) mod content;
pub(crate) mod decide;
mod event;
pub(crate) mod import;
mod imported;
pub(crate) mod model;
pub(crate) mod notices;
mod stage;
pub(crate) mod turning;

pub use command::{Change, Command, Intent};
pub use content::Content;
pub use event::{End, Event, Step};
pub use imported::{Imported, Origin, Told};
pub(crate) use model::minute_after;
pub use model::{Alteration, Author, Decided, Decision, Notice, Promise, Update};
pub use notices::Notices;
pub use stage::{NotAllowed, Transition, opening, successors};
pub use wire::Kind;
