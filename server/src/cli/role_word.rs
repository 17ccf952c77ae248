//! A role, as a word on the command line.

use clap::ValueEnum;
use domain::access::Role;

/// A role, as a word on the command line.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum RoleWord {
    Viewer,
    Editor,
    Publisher,
    Admin,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Viewer => Self::Viewer,
            RoleWord::Editor => Self::Editor,
            RoleWord::Publisher => Self::Publisher,
            RoleWord::Admin => Self::Admin,
        }
    }
}
