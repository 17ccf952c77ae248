//! What has become of a notice: moved, called off, ended, never true.

use wire::{Change, Instant, Kind, Notice, Stage, Timing};

/// Whether it was published by mistake. An information that is withdrawn has only had its day.
pub(super) fn is_mistake(notice: &Notice) -> bool {
    notice.stage == Stage::Withdrawn && notice.kind != Kind::Information
}

/// Whether it never was, whatever had been published: nothing is to be told of what people could do meanwhile.
pub(super) fn never_was(notice: &Notice) -> bool {
    notice.stage == Stage::Cancelled || is_mistake(notice)
}

/// When it was to be before its window moved, while that still misleads somebody.
pub(super) fn moved(notice: &Notice) -> Option<(&Instant, Option<&Instant>)> {
    let last = notice.updates.iter().find(|update| update.change == Some(Change::Moved))?;
    let from = last.from.as_ref().filter(|_| notice.timing == Timing::Announced)?;
    Some((from, last.to.as_ref()))
}

pub(super) const fn ended(stage: Stage) -> &'static str {
    match stage {
        Stage::Cancelled => "ended.cancelled",
        Stage::Withdrawn => "ended.withdrawn",
        Stage::Completed => "ended.completed",
        _ => "ended.resolved",
    }
}

/// When it ended, for a notice that is over. What was called off ended when that was said, whatever had been planned.
pub(super) fn ended_at(notice: &Notice) -> Option<&Instant> {
    let said = notice.updates.iter().find(|update| update.stage == Some(Stage::Cancelled));
    match notice.stage {
        Stage::Cancelled => Some(said.map_or(&notice.updated_at, |update| &update.at)),
        _ => notice.ends_at.as_ref(),
    }
}
