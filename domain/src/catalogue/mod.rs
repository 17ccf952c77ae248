//! The catalogue: portals, services, channels, procedures, templates; what changes rarely.

pub(crate) mod check;
pub mod dependencies;
mod event;
mod in_force;
mod model;
pub(crate) mod names;

pub use event::{Command, Event};
pub use in_force::InForce;
pub use model::{Catalogue, Channel, Page, Portal, PortalLinks, Procedure, Service, Step, Template};
