//! Why something was not done.

use crate::{
    access::Role,
    notice::NotAllowed,
    time::plausible::Doubt,
    words::{Context, Faults, NoticeId},
};

/// Why a command was not carried out. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("this needs the role `{}`; you have `{}`", .needed.word(), .present.word())]
    Forbidden { needed: Role, present: Role },
    #[error("there is no notice {0}")]
    UnknownNotice(NoticeId),
    #[error("there is no journal entry {0}")]
    UnknownEntry(u64),
    #[error("the notice was changed meanwhile: you saw revision {expected}, it has revision {actual}")]
    Stale { expected: u32, actual: u32 },
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(
        "{0}; nothing was written. Set the clock right; if it is right already, an administrator confirms it with `umleitung journal confirm-clock`"
    )]
    ClockImplausible(#[from] Doubt),
    #[error("the input has faults")]
    Invalid(Faults),
}

impl From<Faults> for Rejection {
    fn from(faults: Faults) -> Self {
        Self::Invalid(faults)
    }
}

/// Asks whether the caller has at least this role.
pub(crate) fn need(role: Role, context: &Context) -> Result<(), Rejection> {
    if context.actor.role < role {
        Err(Rejection::Forbidden {
            needed: role,
            present: context.actor.role,
        })
    } else {
        Ok(())
    }
}
