//! Who acts, and who may do what where.

mod actor;
mod grants;
mod role;

pub use actor::{Actor, COMMAND_LINE, Context, SCHEDULE, TOKEN, WATCH, rule_of};
pub use grants::{Grant, Grants, Where};
pub use role::Role;
