//! One portal at one instant: which of its notices are seen, and which of its services feel them.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};
use wire::{Kind, Severity, Stage, Status, Timing};

use crate::{
    catalogue::Portal,
    listings::{LINGERING, Listing, linger},
    notice::{Notice, model::gone_at},
    state::State,
    words::{PortalId, ServiceId},
};

/// One portal at one instant.
pub(super) struct PortalView<'a> {
    pub(super) state: &'a State,
    pub(super) portal: &'a Portal,
    pub(super) listing: &'a Listing,
    pub(super) now: Timestamp,
    pub(super) linger: SignedDuration,
}

/// A notice that is shown, with all that the portal's view of it needs.
pub(super) struct Shown<'a> {
    pub(super) notice: &'a Notice,
    pub(super) stage: Stage,
    pub(super) timing: Timing,
    pub(super) affected: Vec<Touched<'a>>,
}

/// A service of the portal that a notice touches.
pub(super) struct Touched<'a> {
    pub(super) service: &'a ServiceId,
    pub(super) status: Status,
    pub(super) severity: Severity,
    pub(super) because: Option<&'a ServiceId>,
}

impl<'a> PortalView<'a> {
    pub(super) fn new(state: &'a State, id: &PortalId, now: Timestamp) -> Option<Self> {
        let portal = state.portal(id)?;
        Some(Self {
            state,
            portal,
            listing: state.listing(id)?,
            now,
            linger: linger(Some(portal)),
        })
    }

    pub(super) fn on_board(&self) -> impl Iterator<Item = &'a Notice> {
        let state = self.state;
        self.listing.notices.iter().filter_map(move |id| state.notice(id))
    }

    /// The notices to show: current ones gravest first, then announced ones by their start, then those that are over.
    pub(super) fn shown(&self) -> Vec<Shown<'a>> {
        let mut shown: Vec<_> = self
            .on_board()
            .filter(|notice| self.is_visible(notice))
            .filter_map(|notice| self.show(notice))
            .collect();
        // Of what lingers the latest.
        let ended = |shown: &Shown<'a>| Some((shown.notice.ended_at(self.now)?, &shown.notice.id));
        let mut over: Vec<_> = shown.iter().filter_map(ended).collect();
        over.sort();
        if let Some(first) = over.len().checked_sub(LINGERING).and_then(|surplus| over.get(surplus)).copied() {
            shown.retain(|shown| ended(shown).is_none_or(|ended| first <= ended));
        }
        shown.sort_by_key(|shown| {
            let starts_at = shown.notice.starts_at().as_millisecond();
            // Of two that are equally grave, the one that more services feel comes first, then the newer one.
            let grave = (status_of(shown.notice), shown.affected.len());
            let order = match shown.timing {
                Timing::Current => (Reverse(Some(grave)), -starts_at),
                Timing::Announced | Timing::Seen => (Reverse(None), starts_at),
                Timing::Past => (Reverse(None), -starts_at),
            };
            (shown.timing, order, shown.notice.id.clone())
        });
        shown
    }

    pub(super) fn is_visible(&self, notice: &Notice) -> bool {
        was_shown(notice, self.now) && gone_at(notice, self.now, self.linger).is_none_or(|gone| self.now < gone)
    }

    /// A notice as this portal sees it; `None`: it does not concern the portal, or is a draft.
    pub(super) fn show(&self, notice: &'a Notice) -> Option<Shown<'a>> {
        let stage = notice.stage_at(self.now)?;
        let mut affected = self.affected(notice);
        if affected.is_empty() && !notice.content.portals.contains(&self.portal.id) {
            // The catalogue has changed since; what was shown here is still told, by the services that it named.
            if !stage.is_final() || !notice.shown_on.contains(&self.portal.id) {
                return None;
            }
            let status = status_of(notice);
            affected = notice
                .content
                .services
                .iter()
                .map(|service| Touched {
                    service,
                    status,
                    severity: notice.content.severity,
                    because: None,
                })
                .collect();
        }
        let begun = notice.content.kind == Kind::Outage || notice.starts_at() <= self.now;
        let timing = match stage {
            stage if stage.is_final() => Timing::Past,
            Stage::Scheduled => Timing::Announced,
            _ if begun => Timing::Current,
            _ => Timing::Announced,
        };
        Some(Shown {
            notice,
            stage,
            timing,
            affected,
        })
    }

    /// The portal's services that feel it, those that cause it first, else in the portal's order; each by the gravest of the ways on which it arrives.
    pub(super) fn affected(&self, notice: &'a Notice) -> Vec<Touched<'a>> {
        let status = status_of(notice);
        let dependents = self.state.dependents();
        let touched = |service: &'a ServiceId| {
            let ways = notice
                .content
                .services
                .iter()
                .filter_map(|root| dependents.reach(root, service).map(|reach| (reach.soften(status), root, reach)));
            // A service that is named itself is not in trouble because of another.
            let (status, root, reach) = ways.max_by_key(|(status, root, _)| (*status, *root == service))?;
            Some(Touched {
                service,
                status,
                severity: reach.soften_severity(notice.content.severity),
                because: (root != service).then_some(root),
            })
        };
        let mut affected: Vec<_> = self.portal.services.iter().filter_map(touched).collect();
        affected.sort_by_key(|touched| touched.because.is_some());
        affected
    }
}

/// Whether people have seen it by now. What was called off before anybody saw it never is.
pub(super) fn was_shown(notice: &Notice, now: Timestamp) -> bool {
    let from = notice.visible_from().filter(|from| *from <= now);
    from.is_some_and(|from| notice.ended_at(now).is_none_or(|ended| from <= ended))
}

/// What a notice makes of the services that it names, once it holds.
pub(super) fn status_of(notice: &Notice) -> Status {
    notice.content.status()
}
