//! How the stages of a notice follow each other.

use serde::{Deserialize, Serialize};
use wire::{Kind, Stage};

/// A change of stage that a person asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Transition {
    Publish,
    /// Begin a maintenance ahead of its window.
    Start,
    /// Give a new end.
    Extend,
    /// End an outage.
    Resolve,
    /// End a maintenance.
    Complete,
    /// Call off what has not begun, withdraw an information, discard a draft.
    Cancel,
    /// Take back what was published by mistake.
    Withdraw,
    /// Take up again what was ended, called off or withdrawn too early.
    Reopen,
}

impl Transition {
    /// Every transition.
    pub const ALL: [Self; 8] = [
        Self::Publish,
        Self::Start,
        Self::Extend,
        Self::Resolve,
        Self::Complete,
        Self::Cancel,
        Self::Withdraw,
        Self::Reopen,
    ];

    /// The word in the API's path.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Start => "start",
            Self::Extend => "extend",
            Self::Resolve => "resolve",
            Self::Complete => "complete",
            Self::Cancel => "cancel",
            Self::Withdraw => "withdraw",
            Self::Reopen => "reopen",
        }
    }

    /// The stage that it leads to from here (`None`: a draft); `Err` where it is not allowed.
    ///
    /// # Errors
    /// [`NotAllowed`], when such a notice cannot make this transition.
    pub fn leads_to(self, kind: Kind, stage: Option<Stage>) -> Result<Stage, NotAllowed> {
        use Stage::{Cancelled, Completed, InProgress, Overrunning, Published, Resolved, Scheduled, Withdrawn};
        let next = match (self, kind, stage) {
            (Self::Publish, _, None) => opening(kind),
            (Self::Start, Kind::Maintenance, Some(Scheduled)) => InProgress,
            (Self::Extend, Kind::Maintenance, Some(Overrunning)) => InProgress,
            (Self::Extend, _, Some(now)) if !now.is_final() => now,
            (Self::Resolve, Kind::Outage, Some(now)) if !now.is_final() => Resolved,
            (Self::Complete, Kind::Maintenance, Some(InProgress | Overrunning)) => Completed,
            (Self::Cancel, _, None) | (Self::Cancel, Kind::Maintenance, Some(Scheduled)) => Cancelled,
            (Self::Cancel, Kind::Information, Some(Published)) => Withdrawn,
            // Also what has ended: otherwise the record would go on saying that it was true.
            (Self::Withdraw, _, Some(now)) if now != Withdrawn => Withdrawn,
            (Self::Reopen, Kind::Maintenance, Some(Completed)) => InProgress,
            (Self::Reopen, _, Some(now)) if now.is_final() => opening(kind),
            _ => {
                return Err(NotAllowed {
                    transition: self.word(),
                    kind,
                    stage,
                });
            }
        };
        Ok(next)
    }
}

/// The notice is not in a stage from which this is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a notice of kind `{kind}` that is `{stage}` cannot {transition}", kind = .kind.word(), stage = .stage.map_or("a draft", Stage::word))]
pub struct NotAllowed {
    pub transition: &'static str,
    pub kind: Kind,
    pub stage: Option<Stage>,
}

/// The stage in which a notice of this kind is published.
pub const fn opening(kind: Kind) -> Stage {
    match kind {
        Kind::Outage => Stage::Investigating,
        Kind::Maintenance => Stage::Scheduled,
        Kind::Information => Stage::Published,
    }
}

/// The stages that an update may set from this one. Overrunning is set by time alone.
pub const fn successors(stage: Stage) -> &'static [Stage] {
    match stage {
        Stage::Investigating => &[Stage::Identified, Stage::Monitoring, Stage::Resolved],
        Stage::Identified => &[Stage::Investigating, Stage::Monitoring, Stage::Resolved],
        Stage::Monitoring => &[Stage::Investigating, Stage::Identified, Stage::Resolved],
        Stage::Scheduled => &[Stage::InProgress, Stage::Cancelled],
        Stage::InProgress | Stage::Overrunning => &[Stage::Completed],
        Stage::Published => &[Stage::Withdrawn],
        Stage::Resolved | Stage::Completed | Stage::Cancelled | Stage::Withdrawn => &[],
    }
}
