//! What people ask for.

use super::upkeep;
use crate::{approval, catalogue, channel_state, freeze, notice, schedule};

/// One request to change something, by the subject that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Catalogue(catalogue::Command),
    Channel(channel_state::Command),
    Notice(notice::Command),
    /// Take into the record what other tools have told of what is over. What is there already stays as it is.
    Import(Vec<notice::Imported>),
    Schedule(schedule::Command),
    Freeze(freeze::Command),
    Approval(approval::Command),
    Upkeep(upkeep::Command),
    /// The same, with what is said for it.
    On {
        grounds: Grounds,
        command: Box<Self>,
    },
}

/// What is said for a command: nothing of it is part of what is asked for, and all of it counts only where a rule asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grounds {
    /// Why it may plan work in frozen time.
    pub freeze_reason: Option<String>,
    pub second: Second,
}

/// What is to be done where a second person has to say yes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Second {
    /// Nothing: the caller did not know.
    #[default]
    Unasked,
    /// It waits for one.
    Asked,
    /// It is done without one, because it cannot wait; somebody looks at it afterwards.
    Bypassed(String),
}

impl Command {
    /// This one, with what is said for it.
    #[must_use]
    pub fn on(self, grounds: Grounds) -> Self {
        Self::On {
            grounds,
            command: Box::new(self),
        }
    }
}

impl From<catalogue::Command> for Command {
    fn from(command: catalogue::Command) -> Self {
        Self::Catalogue(command)
    }
}

impl From<channel_state::Command> for Command {
    fn from(command: channel_state::Command) -> Self {
        Self::Channel(command)
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

impl From<approval::Command> for Command {
    fn from(command: approval::Command) -> Self {
        Self::Approval(command)
    }
}

impl From<upkeep::Command> for Command {
    fn from(command: upkeep::Command) -> Self {
        Self::Upkeep(command)
    }
}
