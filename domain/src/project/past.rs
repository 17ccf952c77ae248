//! What a portal showed and is over, page by page, and the latest of all: years of it may be there, and only what is read is worked out.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::portal::{PortalView, was_shown};
use crate::{notice::Notice, state::State, words::PortalId};
use wire::{Stage, Untold};

/// One page of what is over.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// The document of this page.
    pub state: Untold,
    /// Which page it is, from 1.
    pub page: usize,
    /// How many pages there are, at least one.
    pub pages: usize,
}

/// The notices that the portal ever showed and that are over, the latest first, `length` per page; `None`: there is no such portal or
/// no such page.
pub fn project_history(state: &State, portal: &PortalId, now: Timestamp, page: usize, length: usize) -> Option<Past> {
    let view = PortalView::new(state, portal, now)?;
    let mut over: Vec<&Notice> = state
        .notices()
        .filter(|notice| notice.stage_at(now).is_some_and(Stage::is_final) && was_shown(notice, now) && view.is_concerned(notice))
        .collect();
    over.sort_by_key(|notice| Reverse(notice.starts_at()));
    let length = length.max(1);
    let pages = over.len().div_ceil(length).max(1);
    if !(1..=pages).contains(&page) {
        return None;
    }
    let shown: Vec<_> = over
        .into_iter()
        .skip((page - 1) * length)
        .take(length)
        .filter_map(|notice| view.show(notice))
        .collect();
    Some(Past {
        state: view.document(&view.offering(shown), view.shown_from()),
        page,
        pages,
    })
}

/// What the portal shows or ever showed, of what is wanted in the stage in which it is now: what people saw latest first, `limit` at most. `None`:
/// there is no such portal.
pub fn project_latest(
    state: &State,
    portal: &PortalId,
    now: Timestamp,
    limit: usize,
    is_wanted: impl Fn(&Notice, Stage) -> bool,
) -> Option<Untold> {
    let view = PortalView::new(state, portal, now)?;
    let is_meant = |notice: &&Notice| {
        let wanted = notice.stage_at(now).is_some_and(|stage| is_wanted(notice, stage));
        wanted && was_shown(notice, now) && view.is_concerned(notice)
    };
    let mut meant: Vec<&Notice> = state.notices().filter(is_meant).collect();
    meant.sort_by_key(|notice| Reverse((notice.visible_from(), &notice.id)));
    let shown: Vec<_> = meant.into_iter().filter_map(|notice| view.show(notice)).take(limit).collect();
    Some(view.document(&view.offering(shown), view.shown_from()))
}

impl PortalView<'_> {
    /// Whether a notice that is over belongs to this portal: cheap, since it is asked of every notice there is.
    pub(super) fn is_concerned(&self, notice: &Notice) -> bool {
        let dependents = self.state.dependents();
        let reaches = |service| notice.content.services.iter().any(|root| dependents.reach(root, service).is_some());
        notice.shown_on.contains(&self.portal.id)
            || notice.content.portals.contains(&self.portal.id)
            || self.portal.services.iter().any(reaches)
    }
}
