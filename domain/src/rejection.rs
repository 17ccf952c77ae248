//! Why something was not done.

use std::fmt;

use crate::{
    access::{Context, Role, Where},
    catalogue::PartKind,
    notice::NotAllowed,
    schedule::NotPlanned,
    time::plausible::Doubt,
    words::{ApprovalId, ChannelId, Faults, FreezeId, NoticeId, PortalId, SeriesId},
};

/// Why a command was not carried out. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("this needs the role `{}`{}", .needed.word(), .lack)]
    Forbidden { needed: Role, lack: Lack },
    #[error("there is no notice {0}")]
    UnknownNotice(NoticeId),
    #[error("there is no series {0}")]
    UnknownSeries(SeriesId),
    #[error("there is no freeze {0}")]
    UnknownFreeze(FreezeId),
    #[error("the freeze {0} has ended")]
    FreezeEnded(FreezeId),
    #[error("there is no channel {0}")]
    UnknownChannel(ChannelId),
    #[error("there is no {0} `{1}` in the catalogue")]
    UnknownPart(PartKind, String),
    #[error("there is no approval {0}")]
    UnknownApproval(ApprovalId),
    #[error("the approval {0} is settled already")]
    ApprovalSettled(ApprovalId),
    #[error("{0} takes a second person; whoever asked for it, a program, or whoever sits at the machine itself is none")]
    OwnApproval(ApprovalId),
    #[error("only whoever asked for {0} has it done without a second person; anybody else who may can approve it")]
    ForeignRequest(ApprovalId),
    #[error("whoever asked for {0} may do it no longer; decline it, and have it asked for by somebody else")]
    AskerMayNoLonger(ApprovalId),
    #[error("there is no journal entry {0}")]
    UnknownEntry(u64),
    #[error("it was changed meanwhile: you saw revision {expected}, it has revision {actual}")]
    Stale { expected: u32, actual: u32 },
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    NotPlanned(#[from] NotPlanned),
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

/// What somebody lacks for a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// They hold this role at most, wherever it is; `None`: no role at all.
    Role(Option<Role>),
    /// They hold it, but not on these portals.
    Portals(Vec<PortalId>),
    /// They hold it, but not on the server as a whole.
    Everywhere,
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(Some(present)) => write!(f, "; you have `{}`", present.word()),
            Self::Role(None) => f.write_str("; you have no role"),
            Self::Portals(portals) => {
                let portals: Vec<String> = portals.iter().map(|portal| format!("`{portal}`")).collect();
                write!(f, " on {}, where you do not have it", portals.join(", "))
            }
            Self::Everywhere => f.write_str(" on all portals; you have it on some"),
        }
    }
}

/// Asks whether the caller has at least this role there.
///
/// # Errors
/// [`Rejection::Forbidden`], which tells what is lacking.
pub fn need(role: Role, place: Where<'_>, context: &Context) -> Result<(), Rejection> {
    let grants = &context.actor.grants;
    if grants.may(role, place) {
        return Ok(());
    }
    let highest = grants.highest();
    let lack = match place {
        _ if highest < Some(role) => Lack::Role(highest),
        Where::On(portal) => Lack::Portals(vec![portal.clone()]),
        Where::OnEach(portals) | Where::OnOne(portals) if !portals.is_empty() => {
            let lacks = |portal: &&PortalId| !grants.may(role, Where::On(portal));
            Lack::Portals(portals.iter().filter(lacks).cloned().collect())
        }
        _ => Lack::Everywhere,
    };
    Err(Rejection::Forbidden { needed: role, lack })
}
