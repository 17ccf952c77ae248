//! What each portal has on show: which notices may still be seen there, kept from event to event so that no reading looks at all of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use crate::{
    catalogue::{InForce, Portal},
    notice::{Notice, Notices, model::may_show},
    words::{ChannelId, NoticeId, PortalId},
};

/// The listings of all portals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listings(BTreeMap<PortalId, Listing>);

/// What one portal has on show, seen from the last event that touched it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listing {
    /// The entry that touched it last, and when that was.
    pub(crate) position: u64,
    pub(crate) changed_at: Timestamp,
    /// Published notices that may still be shown. Those that are over for good leave at the next event.
    pub(crate) notices: BTreeSet<NoticeId>,
    /// From how many notices on it is worth looking for those that are over for good.
    tidy_from: usize,
    pub(crate) time_zone: TimeZone,
}

/// How many notices that are over linger on one portal, at most: the latest ones. Nobody reads more of them than that, and after a bad day
/// there would be thousands; the history has them all.
pub(crate) const LINGERING: usize = 20;

impl Listing {
    /// Takes off what is over for good, and all but the latest of what lingers. As it looks at every notice, it waits until there are twice
    /// as many as it last left.
    fn tidy(&mut self, notices: &Notices, now: Timestamp, linger: SignedDuration) {
        if self.notices.len() < self.tidy_from {
            return;
        }
        self.notices
            .retain(|id| notices.get(id).is_some_and(|notice| may_show(notice, now, linger)));
        let ended = |id: &NoticeId| Some((notices.get(id)?.ended_at(now)?, id.clone()));
        let mut over: Vec<_> = self.notices.iter().filter_map(ended).collect();
        over.sort();
        for (_, id) in over.iter().rev().skip(LINGERING) {
            self.notices.remove(id);
        }
        self.tidy_from = (2 * self.notices.len()).max(LINGERING);
    }
}

impl Listings {
    /// Listings for the portals of a catalogue that has just come into force, each with all that it may show.
    pub(crate) fn anew(catalogue: &InForce, notices: &Notices, position: u64, at: Timestamp) -> Self {
        let listing = |portal: &Portal| Listing {
            position,
            changed_at: at,
            notices: BTreeSet::new(),
            tidy_from: 0,
            time_zone: TimeZone::get(&portal.time_zone).unwrap_or(TimeZone::UTC),
        };
        let portals = &catalogue.catalogue().portals;
        let mut listings: BTreeMap<PortalId, Listing> = portals.iter().map(|portal| (portal.id.clone(), listing(portal))).collect();
        for notice in notices.iter().filter(|notice| notice.published_at.is_some()) {
            for portal in catalogue.portals_of(&notice.content) {
                if may_show(notice, at, linger(catalogue.portal(&portal)))
                    && let Some(listing) = listings.get_mut(&portal)
                {
                    listing.notices.insert(notice.id.clone());
                }
            }
        }
        Self(listings)
    }

    /// The listing of one portal.
    pub(crate) fn get(&self, id: &PortalId) -> Option<&Listing> {
        self.0.get(id)
    }

    /// The entry that touched a portal last; `None`: there is no such portal.
    pub(crate) fn position(&self, portal: &PortalId) -> Option<u64> {
        self.0.get(portal).map(|listing| listing.position)
    }

    /// All listings, in the order of the portals' ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&PortalId, &Listing)> {
        self.0.iter()
    }

    /// Says that everything may be other than it was.
    pub(crate) fn touch_all(&mut self, position: u64, at: Timestamp) {
        for listing in self.0.values_mut() {
            listing.position = position;
            listing.changed_at = at;
        }
    }

    /// Says that a channel may be offered otherwise than it was: on the portals whose services have it, and where a notice brings it along.
    pub(crate) fn touch_offering(&mut self, channel: &ChannelId, catalogue: &InForce, notices: &Notices, position: u64, at: Timestamp) {
        let offering = catalogue.portals_offering(channel);
        for (portal, listing) in &mut self.0 {
            let offers = |id: &NoticeId| {
                notices
                    .get(id)
                    .is_some_and(|notice| catalogue.offers_by_itself(&notice.content, channel))
            };
            if offering.contains(portal) || listing.notices.iter().any(offers) {
                listing.position = position;
                listing.changed_at = at;
            }
        }
    }

    /// Puts a notice that has changed onto the listings of the portals that it concerns, and takes it off all others that tell it: those that it
    /// concerned until now, and those that have it in their past only. Clears from all of them what is over for good.
    pub(crate) fn touch(&mut self, id: &NoticeId, catalogue: &InForce, notices: &Notices, position: u64, at: Timestamp) {
        let Some(notice) = notices.get(id) else { return };
        let concerned = concerned(notice, catalogue);
        for portal in notice.shown_on.union(&concerned) {
            let linger = linger(catalogue.portal(portal));
            let Some(listing) = self.0.get_mut(portal) else { continue };
            listing.position = position;
            listing.changed_at = at;
            listing.tidy(notices, at, linger);
            if concerned.contains(portal) && may_show(notice, at, linger) {
                listing.notices.insert(id.clone());
            } else {
                listing.notices.remove(id);
            }
        }
    }
}

/// The portals that a notice concerns now; none while it is a draft.
fn concerned(notice: &Notice, catalogue: &InForce) -> BTreeSet<PortalId> {
    if notice.published_at.is_some() {
        catalogue.portals_of(&notice.content)
    } else {
        BTreeSet::new()
    }
}

/// For how long a portal goes on showing what is over.
pub(crate) fn linger(portal: Option<&Portal>) -> SignedDuration {
    SignedDuration::from_mins(portal.map_or(0, |portal| i64::from(portal.linger_minutes)))
}
