//! What happens to what takes a second person.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::model::Asked;
use crate::words::{ApprovalId, PortalId, Subject};

/// What happened to something that takes a second person. Kept forever, so variants and fields are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// It was asked for, and waits.
    #[serde(rename = "approval_asked")]
    Asked {
        id: ApprovalId,
        portals: BTreeSet<PortalId>,
        asked: Box<Asked>,
        /// The revision of what it changes, as whoever asked saw it; `None`: it makes something new.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        freeze_reason: Option<String>,
    },
    /// A second person said yes; what was done of it follows in the journal.
    #[serde(rename = "approval_granted")]
    Granted {
        id: ApprovalId,
        done: Vec<Subject>,
        /// The id of whoever heard it over the phone, with a code of the second person's device.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        heard_by: Option<String>,
    },
    /// A second person said no.
    #[serde(rename = "approval_declined")]
    Declined { id: ApprovalId, text: String },
    /// Whoever asked for it asks no more.
    #[serde(rename = "approval_withdrawn")]
    Withdrawn { id: ApprovalId },
    /// It could not wait: what was done stands before this in the journal.
    #[serde(rename = "approval_bypassed")]
    Bypassed {
        id: ApprovalId,
        portals: BTreeSet<PortalId>,
        done: Vec<Subject>,
        emergency: String,
    },
    /// A second person has looked at what was done without one.
    #[serde(rename = "approval_reviewed")]
    Reviewed {
        id: ApprovalId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
}

impl Event {
    /// What it is about.
    pub const fn id(&self) -> &ApprovalId {
        match self {
            Self::Asked { id, .. }
            | Self::Granted { id, .. }
            | Self::Declined { id, .. }
            | Self::Withdrawn { id }
            | Self::Bypassed { id, .. }
            | Self::Reviewed { id, .. } => id,
        }
    }
}
