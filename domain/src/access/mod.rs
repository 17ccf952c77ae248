//! Who acts, and who may do what where.

mod actor;
mod grants;
mod role;

pub use actor::{Actor, COMMAND_LINE, Context, SCHEDULE, TOKEN};
pub use grants::{Grant, Grants, Where};
pub use role::Role;
