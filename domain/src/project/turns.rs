//! From when on a document is valid, and when time alone makes it another.

use jiff::{SignedDuration, Timestamp, ToSpan};
use wire::{Kind, Severity};

use super::{
    portal::{PortalView, Touched},
    ways::Offering,
};
use crate::{
    channel_state::Outage,
    notice::{Notice, model::gone_at},
    words::ChannelId,
};

/// By how many minutes the time left before planned work has to exceed what people usually need: not everybody is as fast as most.
const MARGIN: u32 = 10;

impl<'a> PortalView<'a> {
    /// The instants at which time alone changes what is shown, midnights apart.
    pub(super) fn turning_points(&self) -> impl Iterator<Item = Timestamp> {
        let notices = self.on_board().flat_map(|notice| {
            let gone = gone_at(notice, self.now, self.linger);
            notice.turning_points().chain(gone).chain(self.warnings_at(notice))
        });
        notices.chain(self.outages_turn())
    }

    /// When a channel that is offered here stops working, and when it works again. What was before the last event tells nothing more.
    fn outages_turn(&self) -> impl Iterator<Item = Timestamp> {
        let of_one = |(id, outage): (&'a ChannelId, &'a Outage)| {
            let turns = [Some(outage.terms.from), outage.terms.until].into_iter().flatten();
            let turns: Vec<_> = turns.filter(|at| self.listing.changed_at < *at).collect();
            if turns.is_empty() || self.may_offer(id) {
                turns
            } else {
                Vec::new()
            }
        };
        self.state.outages().iter().flat_map(of_one)
    }

    /// Whether a channel has to do with this portal.
    pub(super) fn may_offer(&self, channel: &ChannelId) -> bool {
        let offers = |notice: &Notice| self.state.catalogue.offers_by_itself(&notice.content, channel);
        self.state.portals_offering(channel).contains(&self.portal.id) || self.on_board().any(offers)
    }

    /// From when on announced work is about to begin: for the portal, or for whoever begins with one of its services.
    pub(super) fn nears_at(&self, notice: &'a Notice) -> Option<Timestamp> {
        self.warnings_at(notice).min()
    }

    /// When that is for the portal, and for each of the services.
    fn warnings_at(&self, notice: &'a Notice) -> impl Iterator<Item = Timestamp> {
        let begins = begins_at(notice);
        let nears = begins.map(|begins| before(begins, self.portal.approach_minutes));
        // Most work is not announced, or stops nothing.
        let touched = begins.map(|_| self.affected(notice)).unwrap_or_default();
        let too_late: Vec<_> = touched.iter().filter_map(|touched| self.too_late_at(notice, touched)).collect();
        nears.into_iter().chain(too_late)
    }

    /// From when on it is too late to begin with a service before work makes it stop; `None`: nobody has said how long it takes, or it goes on.
    pub(super) fn too_late_at(&self, notice: &Notice, touched: &Touched<'_>) -> Option<Timestamp> {
        let stops = notice.content.kind == Kind::Maintenance && touched.severity >= Severity::PartialOutage;
        let begins = begins_at(notice).filter(|_| stops)?;
        let needs = self.state.service(touched.service)?.usual_minutes?;
        Some(before(begins, needs.saturating_add(MARGIN)))
    }

    /// Whether opening hours are shown, which travel for some days from today on.
    pub(super) fn follows_the_calendar(&self, shown: &[Offering<'a>]) -> bool {
        let mut channels = shown.iter().flat_map(|offering| &offering.channels);
        channels.any(|id| self.state.channel(id).is_some_and(|channel| channel.hours.is_some()))
    }

    /// The beginning of today (0) or of a later day on the portal's clock.
    pub(super) fn midnight(&self, days: i64) -> Option<Timestamp> {
        let today = self.now.to_zoned(self.listing.time_zone.clone()).date();
        let day = today.checked_add(days.days()).ok()?;
        day.to_zoned(self.listing.time_zone.clone()).ok().map(|zoned| zoned.timestamp())
    }

    /// The instant from which the document is valid: the last event or the last turn of time, whichever is later.
    pub(super) fn shown_from(&self) -> Timestamp {
        self.valid_from(&self.offering(self.shown()))
    }

    /// The same, with what is shown.
    pub(super) fn valid_from(&self, shown: &[Offering<'a>]) -> Timestamp {
        let midnight = self.follows_the_calendar(shown).then(|| self.midnight(0)).flatten();
        let past = self.turning_points().chain(midnight).filter(|instant| *instant <= self.now);
        past.chain([self.listing.changed_at]).max().unwrap_or(self.listing.changed_at)
    }

    /// The next instant at which time alone changes what is shown.
    pub(super) fn next_change(&self, shown: &[Offering<'a>]) -> Option<Timestamp> {
        let midnight = self.follows_the_calendar(shown).then(|| self.midnight(1)).flatten();
        let coming = self.turning_points().chain(midnight).filter(|instant| *instant > self.now);
        coming.min()
    }
}

/// When announced work begins.
fn begins_at(notice: &Notice) -> Option<Timestamp> {
    let open = notice.stage.is_some_and(|stage| !stage.is_final()) && notice.content.kind != Kind::Outage;
    notice.content.starts_at.filter(|_| open)
}

fn before(instant: Timestamp, minutes: u32) -> Timestamp {
    let duration = SignedDuration::from_mins(i64::from(minutes));
    instant.saturating_sub(duration).unwrap_or(Timestamp::MIN)
}
