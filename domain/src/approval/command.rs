//! What people ask for of what waits for a second person.

use crate::{access::Grants, words::ApprovalId};

/// The answer of a second person, or of whoever asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Yes: what was asked for is decided anew and done.
    Grant {
        id: ApprovalId,
        asker: Asker,
        /// The id of whoever heard the yes over the phone, and the code that proves it; `None`: the second person gave it themselves.
        heard_by: Option<String>,
    },
    /// No, and why.
    Decline { id: ApprovalId, text: String },
    /// It cannot wait any longer, and is done without one.
    Bypass { id: ApprovalId, emergency: String },
    /// It is asked for no more.
    Withdraw { id: ApprovalId },
    /// A second person has looked at what was done without one, and found this.
    Review {
        id: ApprovalId,
        asker: Asker,
        text: Option<String>,
    },
}

/// Whoever asked, as they stand when the answer comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asker {
    /// What they hold by now; nothing where the account or token is no more.
    pub grants: Grants,
    /// The id of the person behind a program, if there is one.
    pub person: Option<String>,
}

impl Command {
    /// Whether what was asked for is done by it.
    pub const fn has_it_done(&self) -> bool {
        matches!(self, Self::Grant { .. } | Self::Bypass { .. })
    }

    /// What it is about.
    pub const fn id(&self) -> &ApprovalId {
        match self {
            Self::Grant { id, .. }
            | Self::Decline { id, .. }
            | Self::Bypass { id, .. }
            | Self::Withdraw { id }
            | Self::Review { id, .. } => id,
        }
    }
}
