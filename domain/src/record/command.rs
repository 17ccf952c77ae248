//! What people ask for.

use super::upkeep;
use crate::{catalogue, freeze, notice, schedule};

/// One request to change something, by the subject that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Catalogue(catalogue::Command),
    Notice(notice::Command),
    Schedule(schedule::Command),
    Freeze(freeze::Command),
    Upkeep(upkeep::Command),
    /// The same, and where it plans work in frozen time, for this reason.
    Nevertheless {
        command: Box<Self>,
        reason: String,
    },
}

impl Command {
    /// This one, with the reason for which it may plan work in frozen time; `None`: it may not.
    #[must_use]
    pub fn nevertheless(self, reason: Option<String>) -> Self {
        match reason {
            None => self,
            Some(reason) => Self::Nevertheless {
                command: Box::new(self),
                reason,
            },
        }
    }
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

impl From<freeze::Command> for Command {
    fn from(command: freeze::Command) -> Self {
        Self::Freeze(command)
    }
}

impl From<upkeep::Command> for Command {
    fn from(command: upkeep::Command) -> Self {
        Self::Upkeep(command)
    }
}
