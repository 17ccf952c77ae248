//! What people ask for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    catalogue::Catalogue,
    id::NoticeId,
    notice::{Content, Transition},
    role::Role,
    text::Localized,
};
use wire::{EndCertainty, Stage};

/// One request to change something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    ApplyCatalogue {
        catalogue: Box<Catalogue>,
    },
    CreateNotice {
        content: Box<Content>,
        intent: Intent,
    },
    /// `expected` is the revision that the author saw.
    EditNotice {
        id: NoticeId,
        expected: u32,
        content: Box<Content>,
    },
    AddUpdate {
        id: NoticeId,
        change: Change,
    },
    MakeTransition {
        id: NoticeId,
        transition: Transition,
        change: Change,
    },
    Redact {
        seq: u64,
        reason: String,
    },
    /// Says that the machine's clock is right, although the journal doubts it.
    ConfirmClock {
        reason: String,
    },
}

/// What a new notice is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    Draft,
    Publish,
}

/// What comes with an update or a transition. On the wire it is the body of these calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// With the notations of `domain::markdown`.
    #[serde(default)]
    pub text: Localized,
    /// The stage that begins with it; for updates only.
    #[serde(default)]
    pub stage: Option<Stage>,
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    #[serde(default)]
    pub end_certainty: Option<EndCertainty>,
    #[serde(default)]
    pub next_update_at: Option<Timestamp>,
    /// When it was over in fact; for resolving and completing.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
}

/// Who asks, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    pub now: Timestamp,
    pub actor: Actor,
}

/// The id of the actor who works on the data by the command line of the machine.
pub const COMMAND_LINE: &str = "command-line";

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The opaque id of an account or token, or [`COMMAND_LINE`].
    pub id: String,
    pub role: Role,
}
