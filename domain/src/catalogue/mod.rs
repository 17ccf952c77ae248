//! The catalogue: portals, services, channels, procedures, templates, rules, probes; what changes rarely.

pub(crate) mod check;
mod check_probes;
mod check_rules;
mod command;
pub mod dependencies;
mod event;
mod form_file;
mod in_force;
mod model;
pub(crate) mod names;
mod part;
mod probe;
mod rule;

pub use check_probes::{host_and_port, name_server, probe_faults};
pub use command::Command;
pub use event::Event;
pub use form_file::{FormFile, LARGEST_FORM};
pub use in_force::InForce;
pub use model::{Catalogue, Channel, Page, Portal, PortalLinks, Procedure, Service, Step, Template};
pub use part::{Part, PartKind};
pub use probe::{DnsRecord, PAUSE_SECONDS, Probe};
pub use rule::{Labels, Matcher, Rule};
