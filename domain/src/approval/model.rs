//! What waits for a second person, and what became of it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    access::{Grants, Role, Where},
    notice::{self, Author},
    schedule,
    words::{ApprovalId, PortalId, Subject},
};

/// What somebody asked for. It is kept in the journal until it is decided, so variants and fields are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    Notice(notice::Command),
    Schedule(schedule::Command),
}

impl Asked {
    /// What it changes; `None`: it makes something new.
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::Notice(notice::Command::Create { .. }) | Self::Schedule(schedule::Command::Create { .. }) => None,
            Self::Notice(notice::Command::Edit { id, .. } | notice::Command::Update { id, .. } | notice::Command::Transit { id, .. }) => {
                Some(Subject::Notice(id.clone()))
            }
            Self::Schedule(
                schedule::Command::Edit { id, .. }
                | schedule::Command::Split { id, .. }
                | schedule::Command::Decide { id, .. }
                | schedule::Command::Announce { id, .. }
                | schedule::Command::End { id, .. },
            ) => Some(Subject::Series(id.clone())),
        }
    }
}

/// How it stands with something that takes a second person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nobody has answered.
    Waiting,
    /// A second person said yes, and it was done.
    Granted,
    /// A second person said no.
    Declined,
    /// Whoever asked for it asks no more.
    Withdrawn,
    /// It could not wait, and was done without a second person: somebody has to look at it yet.
    Bypassed,
    /// The same, and a second person has looked at it.
    Reviewed,
}

/// Something that takes a second person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    pub id: ApprovalId,
    /// The portals on which it shows; a second person publishes on each of them.
    pub portals: BTreeSet<PortalId>,
    /// What waits; `None`: it did not wait.
    pub asked: Option<Box<Asked>>,
    /// The revision of what it changes, when it was asked for: a yes is to what the second person reads, not to what became of it since.
    pub seen: Option<u32>,
    /// Why it may lie in frozen time.
    pub freeze_reason: Option<String>,
    pub asked_at: Timestamp,
    pub asked_by: Author,
    /// Why it could not wait.
    pub emergency: Option<String>,
    pub standing: Standing,
    /// `None` as long as somebody has to answer.
    pub settled: Option<Settled>,
    /// What was done of it: the notices and series that it changed.
    pub done: Vec<Subject>,
}

/// Who settled it, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    pub at: Timestamp,
    pub by: Author,
    /// What they said: why not, or what they found.
    pub text: Option<String>,
    /// Whoever heard a yes that was said over the phone; `None`: it was given on the page.
    pub heard_by: Option<Author>,
}

impl Approval {
    /// Whether somebody may read it: whoever holds a role on one of its portals.
    pub(crate) fn may_be_read(&self, grants: &Grants) -> bool {
        grants.may(Role::Viewer, Where::Everywhere) || grants.may(Role::Viewer, Where::OnOne(&self.portals))
    }
}
