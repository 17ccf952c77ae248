//! The point of no return of planned work: until then it can be rolled back within its window, and at that instant somebody has to say which it is
//! to be.

use jiff::{SignedDuration, Timestamp};
use wire::{Kind, Stage};

use super::{
    content::Content,
    model::{Decision, Notice},
};
use crate::words::{Code, Faults};

impl Notice {
    /// The last instant at which rolling back still ends within the window; `None`: nobody has said how long that takes, or there is no end.
    pub fn decide_until(&self) -> Option<Timestamp> {
        let takes = SignedDuration::from_mins(self.content.rollback_minutes?.into());
        self.content.ends_at?.checked_sub(takes).ok()
    }

    /// Whether work that may still be rolled back goes on at an instant, so that something can be decided about it.
    pub fn can_be_decided(&self, now: Timestamp) -> bool {
        let is_on = matches!(self.stage_at(now), Some(Stage::InProgress | Stage::Overrunning));
        is_on && self.decide_until().is_some() && !self.is_rolled_back()
    }

    /// Whether the instant has come at which somebody has to decide, and nobody has since. A new end asks anew.
    pub fn has_to_be_decided(&self, now: Timestamp) -> bool {
        let decided_at = self.decided.as_ref().map(|decided| decided.at);
        let is_open = |until: Timestamp| until <= now && decided_at.is_none_or(|at| at < until);
        self.can_be_decided(now) && self.decide_until().is_some_and(is_open)
    }

    fn is_rolled_back(&self) -> bool {
        self.decided.as_ref().is_some_and(|decided| decided.decision == Decision::RollBack)
    }
}

/// How long rolling back takes is said of a window, and fits into it.
pub(super) fn check_rollback(content: &Content, at: &str, faults: &mut Faults) {
    let Some(minutes) = content.rollback_minutes else { return };
    let field = format!("{at}/rollback_minutes");
    if content.kind != Kind::Maintenance {
        faults.add(field, Code::OnlyWithMaintenance, "goes only with a maintenance");
        return;
    }
    let takes = SignedDuration::from_mins(minutes.into());
    let length = content.starts_at.zip(content.ends_at).map(|(from, to)| to.duration_since(from));
    if minutes == 0 || length.is_some_and(|length| takes >= length) {
        faults.add(
            field,
            Code::NotWithinWindow,
            "is not shorter than the window; give at least a minute, and less than it lasts",
        );
    }
}

/// A decision is taken while the work goes on.
pub(super) fn check_decision(notice: &Notice, decision: Option<Decision>, now: Timestamp, faults: &mut Faults) {
    if decision.is_some() && !notice.can_be_decided(now) {
        faults.add(
            "/decision",
            Code::NothingToDecide,
            "goes only with a maintenance that is in progress, has `rollback_minutes`, and is not rolled back",
        );
    }
}
