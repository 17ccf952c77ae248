//! The point of no return of planned work: until then it can be rolled back within its window, and at that instant somebody has to say which it is
//! to be.

use jiff::{SignedDuration, Timestamp};
use wire::{Kind, Stage};

use super::{
    command::Change,
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

    /// Whether work that can be rolled back goes on at an instant, so that something can be decided about it.
    pub fn can_be_decided(&self, now: Timestamp) -> bool {
        let is_on = matches!(self.stage_at(now), Some(Stage::InProgress | Stage::Overrunning));
        is_on && self.decide_until().is_some()
    }

    /// Whether the instant has come at which somebody has to decide, and nobody has since. A new end asks anew.
    pub fn has_to_be_decided(&self, now: Timestamp) -> bool {
        let decided_at = self.decided.as_ref().map(|decided| decided.at);
        let is_open = |until: Timestamp| until <= now && decided_at.is_none_or(|at| at < until);
        self.can_be_decided(now) && !self.is_rolled_back() && self.decide_until().is_some_and(is_open)
    }

    /// Whether somebody has decided that the work is given up.
    pub fn is_rolled_back(&self) -> bool {
        self.decided.as_ref().is_some_and(|decided| decided.decision == Decision::RollBack)
    }
}

/// Whether rolling back takes some time, and less than the window has.
pub(crate) fn fits(minutes: u16, window: SignedDuration) -> bool {
    minutes > 0 && SignedDuration::from_mins(minutes.into()) < window
}

/// How long rolling back takes is said of a window, and fits into it.
pub(super) fn check_rollback(content: &Content, at: &str, faults: &mut Faults) {
    let Some(minutes) = content.rollback_minutes else { return };
    let field = format!("{at}/rollback_minutes");
    if content.kind != Kind::Maintenance {
        faults.add(field, Code::OnlyWithMaintenance, "goes only with a maintenance");
        return;
    }
    let window = content.starts_at.zip(content.ends_at).map(|(from, to)| to.duration_since(from));
    if !fits(minutes, window.unwrap_or(SignedDuration::MAX)) {
        not_within(field, faults);
    }
}

/// Reports a length that the window does not have.
pub(crate) fn not_within(field: String, faults: &mut Faults) {
    faults.add(
        field,
        Code::NotWithinWindow,
        "is not shorter than the window; give at least a minute, and less than it lasts",
    );
}

/// A decision is taken while the work goes on; whoever gives it up says so to those who wait for it.
pub(super) fn check_decision(notice: &Notice, change: &Change, now: Timestamp, faults: &mut Faults) {
    let Some(decision) = change.decision else { return };
    if !notice.can_be_decided(now) {
        faults.add(
            "/decision",
            Code::NothingToDecide,
            "goes only with a maintenance that is in progress and has `rollback_minutes`",
        );
    }
    if decision == Decision::RollBack && change.text.is_empty() {
        faults.add("/text", Code::Missing, "is missing; people are told that the work is rolled back");
    }
}
