//! The tools that the chores need, pinned, below `target/tools`; browsers and servers come with the system.

mod browsers;
mod packages;
mod search;
mod set_up;

pub(crate) use browsers::environment as browser_environment;
pub(crate) use search::{axe_script, find, folder, path};
pub(crate) use set_up::{cargo_deny, for_building, for_testing};
