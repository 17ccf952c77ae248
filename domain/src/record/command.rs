//! What people ask for.

use super::upkeep;
use crate::{catalogue, notice, schedule};

/// One request to change something, by the subject that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Catalogue(catalogue::Command),
    Notice(notice::Command),
    Schedule(schedule::Command),
    Upkeep(upkeep::Command),
}

impl From<catalogue::Command> for Command {
    fn from(command: catalogue::Command) -> Self {
        Self::Catalogue(command)
    }
}

impl From<notice::Command> for Command {
    fn from(command: notice::Command) -> Self {
        Self::Notice(command)
    }
}

impl From<schedule::Command> for Command {
    fn from(command: schedule::Command) -> Self {
        Self::Schedule(command)
    }
}

impl From<upkeep::Command> for Command {
    fn from(command: upkeep::Command) -> Self {
        Self::Upkeep(command)
    }
}
